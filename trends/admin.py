"""Demand, snapshots and trends in the admin, as the workers left them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from marketplace.readonly import ReadOnlyAdmin
from trends.models import (
    CategoryTrend,
    DailyDemand,
    DailyTermDemand,
    DirtyDay,
    EarningsTrend,
    ExcludedSearcher,
    ReviewFlag,
    ReviewFlagQuerySet,
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


@admin.register(ReviewFlag)
class ReviewFlagAdmin(ReadOnlyAdmin):
    """What waits for a decision, and what was decided; only the note is written by hand."""

    readonly_fields = (
        "skill",
        "reason",
        "evidence",
        "first_raised",
        "last_raised",
        "decision",
        "decided_at",
        "decided_by",
        "figures",
    )
    list_display = readonly_fields
    fields = (*readonly_fields, "note")
    list_filter = ["decision", "reason"]
    list_select_related = ["skill", "decided_by"]
    search_fields = ["skill__name"]
    # Nothing waits longer than what waits for a person.
    ordering = [
        Case(When(decision=ReviewFlag.Decision.PENDING, then=Value(0)), default=Value(1)).asc(),
        "-last_raised",
        "-id",
    ]
    actions = ["clear", "uphold"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The evidence may be about one person: it is for those who decide."""
        return self.has_change_permission(request, obj)

    @admin.display
    def evidence(self, flag: ReviewFlag) -> str:
        return flag.in_words()

    @admin.display
    def figures(self, flag: ReviewFlag) -> str:
        trends = reverse("admin:trends_skilltrend_changelist")
        return format_html(
            '<a href="{}?skill={}">all trends</a> · <a href="{}">its page</a>',
            trends,
            flag.skill_id,
            reverse("skill", args=[flag.skill.slug]),
        )

    @admin.action(permissions=["change"], description="Clear: honest, list it again")
    def clear(self, request: HttpRequest, flags: ReviewFlagQuerySet) -> None:
        self._decide(request, flags, ReviewFlag.Decision.CLEARED)

    @admin.action(permissions=["change"], description="Uphold: pushed, keep it off the lists")
    def uphold(self, request: HttpRequest, flags: ReviewFlagQuerySet) -> None:
        self._decide(request, flags, ReviewFlag.Decision.UPHELD)

    def _decide(
        self, request: HttpRequest, flags: ReviewFlagQuerySet, decision: ReviewFlag.Decision
    ) -> None:
        assert request.user.is_authenticated, "the admin lets nobody else in"
        # An answer of long ago is history once its question has been asked anew.
        decided = [flag for flag in flags if not flag.asked_anew()]
        for flag in decided:
            flag.decide(decision, by=request.user, now=timezone.now())
            self.log_change(request, flag, f"{decision}: {flag.in_words()}")
        message = f"{len(decided)} {decision}; the next snapshot (refresh_trends) shows it."
        self.message_user(request, message, messages.SUCCESS)
