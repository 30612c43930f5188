"""Demand, snapshots and trends in the admin, as the workers left them."""

from django.contrib import admin

from marketplace.readonly import ReadOnlyAdmin
from trends.models import (
    CategoryTrend,
    DailyDemand,
    DailyTermDemand,
    DirtyDay,
    EarningsTrend,
    ExcludedSearcher,
    SkillTrend,
    TrendSnapshot,
)


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


@admin.register(TrendSnapshot)
class TrendSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["as_of", "taxonomy", "published_at"]
    ordering = ["-id"]


@admin.register(SkillTrend)
class SkillTrendAdmin(ReadOnlyAdmin):
    list_display = [
        "skill",
        "snapshot",
        "window",
        "country",
        "label",
        "rank",
        "current",
        "previous",
        "season",
        "ratio",
    ]
    list_filter = ["window", "label", "country"]
    list_select_related = ["skill", "snapshot"]
    search_fields = ["skill__name"]
    ordering = ["-snapshot", "position"]


@admin.register(CategoryTrend)
class CategoryTrendAdmin(ReadOnlyAdmin):
    list_display = [
        "category",
        "snapshot",
        "window",
        "country",
        "label",
        "current",
        "previous",
        "season",
        "ratio",
    ]
    list_filter = ["window", "label", "country"]
    list_select_related = ["category__parent", "snapshot"]
    ordering = ["-snapshot", "position"]


@admin.register(EarningsTrend)
class EarningsTrendAdmin(ReadOnlyAdmin):
    list_display = ["skill", "snapshot", "sellers", "buyers", "orders", "total", "median"]
    list_select_related = ["skill", "snapshot"]
    search_fields = ["skill__name"]
    ordering = ["-snapshot", "-total"]
