"""Demand by day in the admin, as the workers left it."""

from django.contrib import admin

from marketplace.readonly import ReadOnlyAdmin
from trends.models import DailyDemand, DailyTermDemand, DirtyDay, ExcludedSearcher


@admin.register(DirtyDay)
class DirtyDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "since"]
    ordering = ["since"]


@admin.register(DailyDemand)
class DailyDemandAdmin(ReadOnlyAdmin):
    list_display = ["day", "skill", "category", "country", "searches", "searchers"]
    list_select_related = ["skill", "category__parent"]
    list_filter = ["country"]
    search_fields = ["skill__name", "category__name"]
    date_hierarchy = "day"


@admin.register(DailyTermDemand)
class DailyTermDemandAdmin(ReadOnlyAdmin):
    list_display = ["day", "term", "searches", "searchers"]
    list_select_related = ["term"]
    search_fields = ["term__text"]
    date_hierarchy = "day"


@admin.register(ExcludedSearcher)
class ExcludedSearcherAdmin(ReadOnlyAdmin):
    list_display = ["day", "reason", "searches"]
    list_filter = ["reason"]
    date_hierarchy = "day"
