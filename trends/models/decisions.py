"""What people decided about candidates: each decision, and all that is needed to undo it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from marketplace.skills.models import TaxonomyEdit
from trends.models.discovery import CandidateTerm


class CandidateDecisionQuerySet(models.QuerySet["CandidateDecision"]):
    def standing(self) -> Self:
        """Keep those that were not undone."""
        return self.filter(undone_at=None)

    def last_of(self, user: User) -> "CandidateDecision | None":
        """Return the last one this person made that stands."""
        return self.standing().filter(made_by=user).select_related("candidate").first()


class CandidateDecision(models.Model):
    """What somebody decided about a candidate, and what it was before; undone it counts no more."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "accept as a new skill"
        ALIAS = "alias", "alias of a skill"
        MERGE = "merge", "merge with another candidate"
        REJECT = "reject"
        SNOOZE = "snooze"

    candidate = models.ForeignKey(CandidateTerm, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edits = models.ManyToManyField(
        TaxonomyEdit, blank=True, related_name="+", help_text="what it changed in the taxonomy"
    )
    before = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="the candidate as it was"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CandidateDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.candidate}"
