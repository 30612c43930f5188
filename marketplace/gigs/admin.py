"""Gigs, orders and rates in the admin, as they were imported; to mend one, import it again."""

from django.contrib import admin

from marketplace.gigs.models import ExchangeRate, Gig, Order, Seller
from marketplace.readonly import ReadOnlyAdmin


@admin.register(Seller)
class SellerAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "pseudonym", "country"]
    list_filter = ["country"]
    search_fields = ["=id"]


@admin.register(Gig)
class GigAdmin(ReadOnlyAdmin):
    list_display = ["title", "category", "price", "currency", "status", "created_at"]
    list_filter = ["status", "category"]
    search_fields = ["title", "=gig_id"]
    list_select_related = ["category__parent"]
    date_hierarchy = "created_at"


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["order_id", "gig", "amount", "refunded", "currency", "status", "completed_at"]
    list_filter = ["status", "currency"]
    search_fields = ["=order_id"]
    list_select_related = ["gig"]
    date_hierarchy = "ordered_at"


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnlyAdmin):
    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    date_hierarchy = "day"
