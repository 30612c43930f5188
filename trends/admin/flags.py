"""Flags in the admin: reasons to doubt a skill's searches, for a person to decide."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from marketplace.readonly import ReadOnlyAdmin
from trends.models import ReviewFlag, ReviewFlagQuerySet


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
    list_display = ["skill", "evidence", "last_raised", "decision", "decided_by", "figures"]
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
        """Let only those see the evidence who decide: it may be about one person."""
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
