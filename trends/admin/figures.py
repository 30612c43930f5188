"""Snapshots and their trends in the admin, as they were published."""

from django.contrib import admin

from marketplace.readonly import ReadOnlyAdmin
from trends.models import CategoryTrend, EarningsTrend, SkillTrend, TrendSnapshot


@admin.register(TrendSnapshot)
class TrendSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["as_of", "taxonomy", "published_at", "left_out"]
    ordering = ["-id"]

    @admin.display(description="searches left out")
    def left_out(self, snapshot: TrendSnapshot) -> str:
        shares = snapshot.inputs["left_out"].items()
        return ", ".join(f"{reason} {share:.0%}" for reason, share in shares)


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
