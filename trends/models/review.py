"""Reasons to doubt a skill's searches, for a person to decide."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from marketplace.skills.models import Skill
from trends.arithmetic.manipulation import Reason


class ReviewFlagQuerySet(models.QuerySet["ReviewFlag"]):
    # Half a year on, none of the searches that were looked at is in the current window any more.
    CLEARED_FOR = timedelta(weeks=26)

    def cleared_by(self, as_of: date) -> Self:
        """Keep those cleared on that day or before; later answers were not known then."""
        return self.filter(decision=ReviewFlag.Decision.CLEARED, decided_at__date__lte=as_of)

    def silent(self, as_of: date) -> Self:
        """Return those cleared so lately that their question is not asked again."""
        return self.cleared_by(as_of).filter(decided_at__date__gt=as_of - self.CLEARED_FOR)

    def standing(self, as_of: date) -> Self:
        """Return those not cleared by that day, the first raised first."""
        cleared = self.cleared_by(as_of).values("pk")
        return self.exclude(pk__in=cleared).order_by("first_raised", "pk")

    def upheld(self, as_of: date) -> Self:
        """Return those somebody upheld: they hold their skill whatever a later run finds."""
        flags = self.standing(as_of).filter(decision=ReviewFlag.Decision.UPHELD)
        return flags.filter(first_raised__lte=as_of)


class ReviewFlag(models.Model):
    """A reason to doubt a skill's searches, once for each time it had to be asked.

    Pending it holds the skill off every rising list in the runs that raise it; upheld in all that
    follow; cleared it is not asked again for half a year. It changes no figure.
    """

    class Decision(models.TextChoices):
        PENDING = "pending"
        CLEARED = "cleared"
        UPHELD = "upheld"

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="review_flags")
    reason = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Reason])
    first_raised = models.DateField(help_text="first snapshot that asked")
    last_raised = models.DateField(help_text="last snapshot that asked")
    value = models.FloatField(help_text="found by the last")
    threshold = models.FloatField(help_text="beyond which a person is asked")
    decision = models.CharField(max_length=7, choices=Decision.choices, default=Decision.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    note = models.TextField(blank=True, help_text="why it was decided so")

    objects = ReviewFlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "reason"],
                condition=~Q(decision="cleared"),
                name="one_open_flag_a_skill_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_at=None)
                | (~Q(decision="pending") & Q(decided_at__isnull=False)),
                name="review_flag_decided_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {self.reason}"

    def in_words(self) -> str:
        """Return the evidence and its limit, for the person who decides."""
        return Reason(self.reason).in_words(self.value, self.threshold)

    def asked_anew(self) -> bool:
        """Return whether a later flag asks what this one answered."""
        others = ReviewFlag.objects.filter(skill=self.skill_id, reason=self.reason)
        return others.filter(first_raised__gt=self.last_raised).exists()

    def decide(self, decision: Decision, *, by: User, now: datetime) -> None:
        """Record what somebody decided, in the place of what was decided before."""
        self.decision, self.decided_by, self.decided_at = decision, by, now
        self.save(update_fields=["decision", "decided_by", "decided_at"])
