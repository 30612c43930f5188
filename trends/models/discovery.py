"""Phrases people search for that no skill answers to: candidates, decisions, and thresholds."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models import Skill, TaxonomyEdit


class DiscoveryThresholds(models.Model):
    """What a phrase must show to be proposed; one row, edited in the admin."""

    min_searchers = models.PositiveIntegerField(
        default=50, help_text="searchers in six months of a phrase that had almost none before"
    )
    min_bound = models.FloatField(
        default=1.5, help_text="growth that is sure, 1.0 = none, of a phrase that had some"
    )
    false_discovery_rate = models.FloatField(
        default=0.2, help_text="part of the proposals that may be there by luck, 0 to 1"
    )
    one_country = models.FloatField(
        default=0.9, help_text="part of the searchers from one country that marks a local campaign"
    )
    a_week = models.PositiveIntegerField(default=20, help_text="proposals put up a week")
    snooze_days = models.PositiveIntegerField(default=90, help_text="how long a snoozed one rests")

    class Meta:
        verbose_name_plural = "discovery thresholds"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="discovery_has_one_set_of_thresholds"),
        ]

    def __str__(self) -> str:
        return f"from {self.min_searchers} searchers or ×{self.min_bound:g}"


class CandidateTerm(models.Model):
    """A phrase that may deserve a skill: the evidence of the last run that found it.

    Counts are of distinct searchers. `noise` is why it is kept out of the queue, if it is.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted", "accepted as a skill"
        ALIAS = "alias", "alias of a skill"
        MERGED = "merged", "merged with another candidate"
        REJECTED = "rejected"
        SNOOZED = "snoozed"

    text = models.CharField(max_length=200, unique=True, help_text="normalised, its usual spelling")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    noise = models.CharField(max_length=20, blank=True, help_text="why it is kept out of the queue")
    as_of = models.DateField(help_text="first day not counted by the last run that found it")
    proposed_on = models.DateField(help_text="as_of of the first run that found it")
    first_seen = models.DateField(help_text="the first search for it")
    priority = models.FloatField()
    current = models.IntegerField(help_text="searchers of the last 182 days")
    previous = models.IntegerField(help_text="searchers of the 182 days before")
    bound = models.FloatField(help_text="growth is at least this, 95 in 100 times; 1.0 = none")
    unmet = models.FloatField(
        null=True, help_text="part of its searchers, 0 to 1, who found or ordered nothing"
    )
    countries = models.JSONField(default=dict, help_text="searchers by country, if 10 or more")
    weekly = ArrayField(models.IntegerField(), help_text="searchers of the last 12 weeks")
    variants = models.JSONField(default=list, help_text="other spellings folded into it")
    samples = models.JSONField(default=list, help_text="queries of 10 people or more")
    nearest = models.JSONField(default=list, help_text="skills named alike: [slug, name, likeness]")
    snoozed_until = models.DateField(null=True, blank=True)
    skill = models.ForeignKey(
        Skill, null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_at = models.DateTimeField(null=True, blank=True, help_text="since when it is looked at")

    class Meta:
        permissions = [("decide_candidateterm", "Can decide on candidates")]
        indexes = [models.Index(fields=["state", "-priority"], name="candidate_queue")]

    def __str__(self) -> str:
        return self.text


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
    edit = models.ForeignKey(
        TaxonomyEdit,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="what it changed in the taxonomy",
    )
    before = models.JSONField(default=dict, help_text="the candidate as it was")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.candidate}"
