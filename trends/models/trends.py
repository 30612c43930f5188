"""Snapshots, and the trends and outlooks each of them holds."""

from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from marketplace.skills.models import Category, Skill, TaxonomyVersion
from trends.arithmetic.labels import DOWNWARD, Label
from trends.models.demand import WORLD
from trends.models.headlines import SEARCHED_BY_MANY

LABELS = [(label.value, label.value) for label in Label]

# How many search now is not published.
CURRENT_HIDDEN = Q(hidden__contains=["c"])


class AskedGate(NamedTuple):
    """What a gate of the rising list asked of a trend: `passed` where `value` reaches `threshold`.

    Some gates ask that it stays below; the method page says which.
    """

    value: float
    threshold: float
    passed: bool


class TrendSnapshotQuerySet(models.QuerySet["TrendSnapshot"]):
    def current(self) -> "TrendSnapshot | None":
        """Return the snapshot readers see: the one published last."""
        return self.latest_first().first()

    def latest_first(self) -> Self:
        """Return those readers got to see, the one they see now before all others."""
        return self.published().order_by("-published_at", "-pk")

    def published(self) -> Self:
        """Keep those readers got to see as current; those for an edition alone are not."""
        return self.filter(published_at__isnull=False)

    def kept(self) -> Self:
        """Keep those an edition stands on: its own, and the one its labels were compared with."""
        return self.filter(Q(edition__isnull=False) | Q(editions_after__isnull=False))

    def a_week_before(self, as_of: date) -> "TrendSnapshot | None":
        """Return the snapshot of the weekly run before, whose labels a change is held against.

        None where that run did not happen: labels of long ago hold nothing back.
        """
        about_a_week = (as_of - timedelta(days=14), as_of - timedelta(days=7))
        earlier = self.published().filter(as_of__range=about_a_week)
        return earlier.order_by("-as_of", "-pk").first()


class TrendSnapshot(models.Model):
    """One computation of all trends as of a day; it appears whole, with everything in it."""

    as_of = models.DateField(help_text="first day not counted")
    taxonomy = models.ForeignKey(TaxonomyVersion, on_delete=models.PROTECT)
    parameters = models.JSONField(help_text="constants used and noise found (a0, kappa)")
    inputs = models.JSONField(help_text="what was counted, what was left out, what is missing")
    record = models.JSONField(default=dict, help_text="how past calls and outlooks turned out")
    platform_weekly = models.JSONField(
        default=dict,
        help_text="country: all searchers of each week, as far as they are published",
    )
    published_at = models.DateTimeField(
        null=True, default=timezone.now, help_text="empty: computed for an edition alone"
    )

    objects = TrendSnapshotQuerySet.as_manager()

    class Meta:
        get_latest_by = "as_of"

    def __str__(self) -> str:
        return f"as of {self.as_of}"


class Window(models.TextChoices):
    """Length of a window; each is compared with the one before it and the same season last year."""

    MONTH = "1m"
    QUARTER = "3m"
    HALF_YEAR = "6m"
    YEAR = "12m"


class TrendQuerySet(models.QuerySet[Any]):
    """Trends as readers ask for them."""

    def of(self, snapshot: TrendSnapshot, *, window: str, country: str = WORLD) -> Self:
        """Return all trends of one snapshot, window and country, the best placed first."""
        return self.filter(snapshot=snapshot, window=window, country=country).order_by("position")

    def listed(self) -> Self:
        """Return those on the rising list."""
        return self.filter(rank__isnull=False)

    def top(self) -> Self:
        """Keep those on the list with so many searchers that a reader may skip the interval."""
        return self.listed().filter(SEARCHED_BY_MANY)

    def falling(self) -> Self:
        """Keep those that go down, the most certain fall first, as far as it is published."""
        fallen = self.filter(label__in=DOWNWARD)
        return fallen.order_by(F("public_upper").asc(nulls_last=True), "position")

    def with_earnings(self, snapshot: TrendSnapshot) -> Self:
        """Add `earned`: what the skill's sellers earned and offered, by the same snapshot."""
        same = Q(skill__earnings__snapshot=snapshot)
        return self.annotate(earned=FilteredRelation("skill__earnings", condition=same))

    def in_category(self, slug: str) -> Self:
        """Return those of skills in a category or one of its children."""
        return self.filter(Q(skill__category__slug=slug) | Q(skill__category__parent__slug=slug))


class Trend(models.Model):
    """Distinct searchers of a subject in the current window, the one before, and a year ago.

    Ratios are of shares: 1.0 is no change against the platform. `None` is unknown, never zero.
    Counts are exact; what of them may be published, `hidden` says. Figures named `public_` follow
    from published counts; the others would tell those that are not.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    window = models.CharField(max_length=3, choices=Window.choices)
    country = models.CharField(max_length=3, default=WORLD)
    current = models.IntegerField()
    previous = models.IntegerField(null=True)
    season = models.IntegerField(null=True)
    platform_current = models.IntegerField()
    platform_previous = models.IntegerField(null=True)
    platform_season = models.IntegerField(null=True)
    hidden = ArrayField(
        models.CharField(max_length=1),
        default=list,
        help_text="windows (c b y) not published; capitals: of the platform",
    )
    ratio = models.FloatField(null=True, help_text="of shares, against the window before")
    season_ratio = models.FloatField(null=True, help_text="of shares, against the same season")
    lower = models.FloatField(null=True, help_text="lower end of the 95 % interval of ratio")
    upper = models.FloatField(null=True, help_text="upper end of the 95 % interval of ratio")
    bound = models.FloatField(null=True, help_text="growth is at least this, 95 in 100 times")
    public_ratio = models.FloatField(null=True, help_text="ratio from published counts alone")
    public_season_ratio = models.FloatField(null=True)
    public_lower = models.FloatField(null=True)
    public_upper = models.FloatField(null=True)
    public_bound = models.FloatField(null=True, help_text="with a base under 10 read as 9")
    p_value = models.FloatField(null=True, help_text="chance of no more than ordinary growth")
    gates = models.JSONField(default=dict, help_text="gate: [value, threshold, passed]")
    measured = models.CharField(max_length=15, choices=LABELS, help_text="label of this run")
    label = models.CharField(max_length=15, choices=LABELS, help_text="label shown")
    leader = models.CharField(max_length=3, help_text="country with the largest excess", blank=True)
    rank = models.IntegerField(null=True, help_text="place on the rising list, if listed")
    position = models.IntegerField(help_text="place among all measured, the listed first")
    flags = ArrayField(models.CharField(max_length=20), default=list)
    weekly = ArrayField(
        models.IntegerField(), null=True, help_text="searchers a week, oldest first; of 6m only"
    )
    public_weekly = ArrayField(
        models.IntegerField(null=True), null=True, help_text="the same, as far as it is published"
    )

    objects = TrendQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def current_hidden(self) -> bool:
        """Whether the searchers of the current window are not published."""
        return "c" in self.hidden

    def gate(self, name: str) -> AskedGate | None:
        """Return what a gate asked; None where it was not asked."""
        stored = self.gates.get(name)
        return AskedGate(*stored) if stored else None


class SkillTrend(Trend):
    """The trend of one skill in one snapshot, country and window."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="trends")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "window", "country", "skill"],
                name="one_trend_a_skill_and_snapshot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["snapshot", "window", "country", "position"], name="skill_trend_position"
            ),
            # Few of all are on these lists, of every snapshot there is; each with what tells
            # whether it is a headline.
            models.Index(
                fields=["snapshot", "window", "country"],
                include=["current"],
                condition=Q(rank__isnull=False),
                name="skill_trend_listed",
            ),
            models.Index(
                fields=["snapshot", "window", "country"],
                include=["previous"],
                condition=Q(label__in=DOWNWARD),
                name="skill_trend_falling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id} {self.country}"


class CategoryTrend(Trend):
    """The trend of one category in one snapshot, country and window."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="trends")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "window", "country", "category"],
                name="one_trend_a_category_and_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.snapshot_id} {self.country}"


class Outlook(models.Model):
    """Where the searchers of a skill may go in the months after a snapshot.

    In searchers a month at the platform's present size, all to two digits: `present` is the mean
    of the last months, the others are that of the months to come.
    """

    class Arrow(models.TextChoices):
        UP = "up"
        FLAT = "flat"
        DOWN = "down"

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="outlooks")
    months = models.SmallIntegerField(help_text="of four weeks each")
    present = models.IntegerField()
    point = models.IntegerField()
    lower = models.IntegerField(help_text="lower end of the 80 % band")
    upper = models.IntegerField(help_text="upper end of the 80 % band")
    arrow = models.CharField(max_length=4, choices=Arrow.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill"], name="one_outlook_a_skill_and_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id}: {self.arrow}"


def week_before(snapshot: TrendSnapshot) -> TrendSnapshot | None:
    """Return the snapshot that moves on a list compare with; None where that week has none."""
    return TrendSnapshot.objects.a_week_before(snapshot.as_of)
