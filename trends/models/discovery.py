"""Phrases people search for that no skill answers to: candidates, decisions, and thresholds."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from marketplace.skills.models import Category, Skill
from marketplace.skills.naming import as_name
from trends.arithmetic.disclosure import FEWEST_PEOPLE

# Ten years: longer is a rejection, and the calendar ends somewhere.
LONGEST_SNOOZE = 3_650


class DiscoveryThresholds(models.Model):
    """What a phrase must show to be proposed; one row, edited in the admin."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    min_searchers = models.PositiveIntegerField(
        default=50,
        validators=[MinValueValidator(FEWEST_PEOPLE)],
        help_text="searchers in six months of a phrase that had almost none before",
    )
    min_bound = models.FloatField(
        default=1.5,
        validators=[MinValueValidator(1.0)],
        help_text="growth that is sure, 1.0 = none, of a phrase that had some",
    )
    false_discovery_rate = models.FloatField(
        default=0.2,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="part of the proposals that may be there by luck, 0 to 1",
    )
    one_country = models.FloatField(
        default=0.9,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="part of the searchers from one country that marks a local campaign, 0 to 1",
    )
    a_week = models.PositiveIntegerField(default=20, help_text="proposals put up a week")
    snooze_days = models.PositiveIntegerField(
        default=90,
        validators=[MaxValueValidator(LONGEST_SNOOZE)],
        help_text="how long a snoozed one rests",
    )

    class Meta:
        verbose_name_plural = "discovery thresholds"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="discovery_has_one_set_of_thresholds"),
        ]

    def __str__(self) -> str:
        return f"from {self.min_searchers} searchers or ×{self.min_bound:g}"

    @classmethod
    def now(cls) -> "DiscoveryThresholds":
        """Return those in force: as edited, or as they come."""
        return cls.objects.first() or cls(pk=1)


# Long enough to read a row's evidence and think, short enough that a coffee blocks nobody.
HELD_FOR = timedelta(minutes=5)


class CandidateTermQuerySet(models.QuerySet["CandidateTerm"]):
    def found_last(self) -> Self:
        """Return those the last run still found."""
        return self.filter(found=True)

    def take_in(self, proposals: Sequence[dict[str, Any]], *, as_of: date) -> None:
        """Make what a run found the evidence of candidates, old and new; what was decided stays.

        A phrase whose usual spelling has changed goes on under the one that people decided about.
        """
        known = set(self.values_list("text", flat=True))
        texts = {proposal["text"] for proposal in proposals}
        rows = []
        for proposal in proposals:
            spellings = [proposal["text"], *proposal["variants"]]
            old = [
                text for text in spellings if text in known and text not in texts - {spellings[0]}
            ]
            text = old[0] if old else proposal["text"]
            variants = [other for other in spellings if other != text]
            fresh = proposal | {"text": text, "variants": variants}
            rows.append(self.model(**fresh, as_of=as_of, proposed_on=as_of, found=True))
        with transaction.atomic():
            self.filter(found=True).update(found=False)
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["text"],
                update_fields=[*EVIDENCE, "found", "as_of"],
            )
            self.filter(state=CandidateTerm.State.SNOOZED, snoozed_until__lte=as_of).update(
                state=CandidateTerm.State.OPEN, snoozed_until=None
            )

    def settled(self, today: date) -> set[str]:
        """Return all spellings of those that do not wait: decided, or put off."""
        settled = self.decided() | self.asleep(today)
        return {text for term in settled for text in (term.text, *term.variants)}

    def undecided(self) -> Self:
        """Return those a person may still decide, whether or not they wait in the queue."""
        return self.filter(state__in=CandidateTerm.UNDECIDED)

    def decided(self) -> Self:
        return self.exclude(state__in=CandidateTerm.UNDECIDED)

    def waiting(self, today: date) -> Self:
        """Return the queue: found by the last run, no noise, not asleep."""
        return self.found_last().undecided().exclude(_asleep(today)).filter(noise="")

    def marked_as_noise(self, today: date) -> Self:
        return self.found_last().undecided().exclude(_asleep(today)).exclude(noise="")

    def asleep(self, today: date) -> Self:
        return self.filter(_asleep(today))

    def tally(self, today: date) -> dict[str, int]:
        """Return how many there are on each list, and how many make a week."""
        lists = {
            "waiting": self.waiting(today),
            "noise": self.marked_as_noise(today),
            "asleep": self.asleep(today),
            "decided": self.decided(),
        }
        return self.aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=terms.values("pk")))
                for name, terms in lists.items()
            },
            a_week=Coalesce(
                Max(Subquery(DiscoveryThresholds.objects.values("a_week")[:1])),
                DiscoveryThresholds().a_week,
            ),
        )

    def with_proposals(self) -> Self:
        """Return each with what was merged with it, and with the category to propose."""
        merged = self.model._default_manager.filter(
            merged_into=OuterRef("pk"), state=CandidateTerm.State.MERGED
        )
        slug_alike = KeyTextTransform(0, KeyTransform(0, "nearest"))
        skills = Skill.objects.filter(slug=OuterRef("slug_alike"))
        return self.annotate(slug_alike=slug_alike).annotate(
            merged_texts=ArraySubquery(merged.order_by("text").values("text")),
            nearest_category=Subquery(skills.values("category")[:1]),
        )

    def best_first(self) -> Self:
        return self.order_by("-priority", "text")

    def not_held_from(self, user: User, now: datetime) -> Self:
        """Keep those that no other person is looking at."""
        return self.filter(
            Q(held_by=None) | Q(held_by=user) | Q(held_at=None) | Q(held_at__lte=now - HELD_FOR)
        )

    def hold(self, pk: int, *, by: User, now: datetime) -> bool:
        """Keep an undecided row for one person, who lets go of any other; False if it is not free.

        One statement that wins or does not: of two people who ask at once, one gets the row.
        """
        won = self.undecided().filter(pk=pk).not_held_from(by, now).update(held_by=by, held_at=now)
        self.exclude(pk=pk).release(by)
        return won == 1

    def release(self, user: User) -> None:
        self.filter(held_by=user).update(held_by=None, held_at=None)


# What a run finds out; the rest of a candidate is what people decide.
EVIDENCE = (
    "noise",
    "first_seen",
    "priority",
    "current",
    "previous",
    "bound",
    "unmet",
    "countries",
    "weekly",
    "variants",
    "alike",
    "samples",
    "nearest",
)


def _asleep(today: date) -> Q:
    return Q(state=CandidateTerm.State.SNOOZED, snoozed_until__gt=today)


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

    UNDECIDED = (State.OPEN, State.SNOOZED)

    text = models.CharField(max_length=200, unique=True, help_text="normalised, its usual spelling")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    noise = models.CharField(max_length=20, blank=True, help_text="why it is kept out of the queue")
    found = models.BooleanField(default=True, help_text="whether the last run found it")
    as_of = models.DateField(help_text="first day not counted by the last run that found it")
    proposed_on = models.DateField(help_text="as_of of the first run that found it")
    first_seen = models.DateField(help_text="the first search for it")
    priority = models.FloatField()
    current = models.IntegerField(help_text="searchers of the last 182 days")
    previous = models.IntegerField(
        null=True, help_text="searchers of the 182 days before; unknown with too little history"
    )
    bound = models.FloatField(
        null=True, help_text="growth is at least this, 95 in 100 times; 1.0 = none"
    )
    unmet = models.FloatField(
        null=True, help_text="part of its searchers, 0 to 1, who found or ordered nothing"
    )
    countries = models.JSONField(default=dict, help_text="searchers by country, if 10 or more")
    weekly = ArrayField(models.IntegerField(), help_text="searchers of the last 12 weeks")
    variants = models.JSONField(default=list, help_text="other spellings folded into it")
    alike = models.JSONField(default=list, help_text="too common to be its misspellings, perhaps")
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

    objects = CandidateTermQuerySet.as_manager()

    class Meta:
        permissions = [("decide_candidateterm", "Can decide on candidates")]
        indexes = [models.Index(fields=["state", "-priority"], name="candidate_queue")]

    def __str__(self) -> str:
        return self.text

    @property
    def proposed_name(self) -> str:
        """Its text the way skills are written."""
        return as_name(self.text)

    def proposed_category(self) -> Category | None:
        """Return the category of the skill named most alike."""
        if not self.nearest:
            return None
        skill = Skill.objects.select_related("category").filter(slug=self.nearest[0][0]).first()
        return skill.category if skill else None

    def held_from(self, user: User, now: datetime) -> User | None:
        """Return who else is looking at it."""
        fresh = self.held_at is not None and self.held_at > now - HELD_FOR
        return self.held_by if fresh and self.held_by != user else None

    def spellings(self) -> list[str]:
        """Return its text, the texts folded into it, and those that people merged with it."""
        merged = self.merged.filter(state=self.State.MERGED)
        below = [text for term in merged for text in term.spellings()]
        return list(dict.fromkeys([self.text, *self.variants, *below]))
