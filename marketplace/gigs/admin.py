"""Gigs, orders and rates in the admin."""

from django.contrib import admin

from marketplace.gigs.models import ExchangeRate, Gig, Order, Seller


@admin.register(Seller)
class SellerAdmin(admin.ModelAdmin[Seller]):
    list_display = ["__str__", "pseudonym"]
    search_fields = ["=id"]


@admin.register(Gig)
class GigAdmin(admin.ModelAdmin[Gig]):
    list_display = ["title", "category", "price", "currency", "status", "created_at"]
    list_filter = ["status", "category"]
    search_fields = ["title", "=gig_id"]
    list_select_related = ["category__parent"]
    raw_id_fields = ["seller"]
    date_hierarchy = "created_at"


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin[Order]):
    list_display = ["order_id", "gig", "amount", "refunded", "currency", "status", "completed_at"]
    list_filter = ["status", "currency"]
    search_fields = ["=order_id"]
    list_select_related = ["gig"]
    raw_id_fields = ["gig"]
    date_hierarchy = "ordered_at"


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin[ExchangeRate]):
    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    date_hierarchy = "day"
