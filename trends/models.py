"""Daily demand, snapshots, and the trends and earnings each snapshot holds."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models import Category, SearchTerm, Skill, TaxonomyVersion
from trends.labels import Label
from trends.manipulation import Reason

# UN M49 code of the world, as CLDR uses it: the row over all countries.
WORLD = "001"
LABELS = [(label.value, label.value) for label in Label]


class DirtyDay(models.Model):
    """A day whose rollup is out of date; only ever inserted, deleted by who recounts the day."""

    day = models.DateField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["day"], name="dirty_day")]

    def __str__(self) -> str:
        return f"{self.day} since {self.since:%Y-%m-%d %H:%M}"


class ExcludedSearcher(models.Model):
    """A person whose searches of a day are left out of every count, and why."""

    class Reason(models.TextChoices):
        FLOOD = "flood"

    day = models.DateField()
    searcher = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    searches = models.IntegerField(help_text="how many searches that leaves out")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "searcher"], name="searcher_is_excluded_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.searches} by one person ({self.reason})"


class KnownOffer(models.Model):
    """A skill a person offers, and since when, as the daily figures know it."""

    seller = models.BigIntegerField(help_text="pseudonym of the person")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "skill"], name="an_offer_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} since {self.since}"


class DailyTermDemand(models.Model):
    """How often a term was searched on a day, and by how many people."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, db_index=False)
    searches = models.IntegerField()
    searchers = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="daily_term_demand_day")]
        constraints = [
            models.UniqueConstraint(fields=["term", "day"], name="daily_term_demand_counts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.term_id}: {self.searchers}"


class DailyDemandQuerySet(models.QuerySet["DailyDemand"]):
    def of_all(self) -> Self:
        """Demand for anything at all."""
        return self.filter(skill=None, category=None)

    def worldwide(self) -> Self:
        return self.filter(country=WORLD)

    def between(self, start: date, end: date) -> Self:
        """Days from `start` up to, not including, `end`."""
        return self.filter(day__gte=start, day__lt=end)


class DailyDemand(models.Model):
    """Searches and distinct searchers of a day for a skill, a category, or (neither) for anything.

    `country` is a country, ZZ where unknown, or 001 for the world. A search that names two skills
    counts for both, but once in their category; a query repeated by the same person within the
    same half hour (paging, refresh) counts once.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    skill = models.ForeignKey(Skill, null=True, on_delete=models.CASCADE, db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, db_index=False)
    country = models.CharField(max_length=3)
    searches = models.IntegerField()
    searchers = models.IntegerField()
    excluded = models.IntegerField(default=0, help_text="searches left out of both counts")

    objects = DailyDemandQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "daily demand"
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "category", "country", "day"],
                name="daily_demand_counts_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(skill=None) | Q(category=None),
                name="daily_demand_is_for_a_skill_or_a_category",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="daily_demand_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.skill_id or self.category_id or 'all'} {self.country}"


class TrendSnapshotQuerySet(models.QuerySet["TrendSnapshot"]):
    def current(self) -> "TrendSnapshot | None":
        """The snapshot readers see: the one published last."""
        return self.order_by("-published_at", "-pk").first()

    def a_week_before(self, as_of: date) -> "TrendSnapshot | None":
        """The snapshot of the weekly run before, whose labels a change is held against.

        None where that run did not happen: labels of long ago hold nothing back.
        """
        about_a_week = (as_of - timedelta(days=14), as_of - timedelta(days=7))
        return self.filter(as_of__range=about_a_week).order_by("-as_of", "-pk").first()


class TrendSnapshot(models.Model):
    """One computation of all trends as of a day; it appears whole, with everything in it."""

    as_of = models.DateField(help_text="first day not counted")
    taxonomy = models.ForeignKey(TaxonomyVersion, on_delete=models.PROTECT)
    parameters = models.JSONField(help_text="constants used and noise found (a0, kappa)")
    inputs = models.JSONField(help_text="what was counted, what was left out, what is missing")
    record = models.JSONField(default=dict, help_text="how past calls and outlooks turned out")
    published_at = models.DateTimeField(default=timezone.now)

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
        """All trends of one snapshot, window and country, the best placed first."""
        return self.filter(snapshot=snapshot, window=window, country=country).order_by("position")

    def listed(self) -> Self:
        """Those on the rising list."""
        return self.filter(rank__isnull=False)

    def in_category(self, slug: str) -> Self:
        """Those of skills in a category or one of its children."""
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


class Paid(models.Model):
    """Money and completed orders of the 182 days before a snapshot.

    Net of refunds, in the snapshot's currency. An order with k skills counts 1/k for each.
    Figures are exact; what of them is not published, and why, `hidden` says.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    orders = models.FloatField()
    total = models.FloatField()
    hidden = models.CharField(max_length=20, blank=True, help_text="why not published, if not")

    class Meta:
        abstract = True


class EarningsTrend(Paid):
    """Supply of a skill, what its sellers earned in half a year, and how that compares.

    Growth is of shares, 1.0 = no change, against the 182 days before, at the mean rate of both.
    """

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="earnings")
    gigs = models.IntegerField(help_text="active gigs that offer the skill")
    offering = models.IntegerField(help_text="sellers with an active gig that offers the skill")
    offering_before = models.IntegerField(help_text="those of them who did so half a year ago")
    sellers = models.IntegerField(help_text="sellers who completed an order")
    buyers = models.IntegerField()
    provisional = models.FloatField(help_text="part of the total that is of the last 14 days")
    largest = models.FloatField(null=True, help_text="part of the largest seller, 0 to 1")
    two_largest = models.FloatField(null=True, help_text="part of the two largest together")
    p25 = models.FloatField(null=True, help_text="a quarter of the sellers earned less")
    median = models.FloatField(null=True, help_text="of what a seller earned")
    p75 = models.FloatField(null=True)
    p90 = models.FloatField(null=True)
    median_lower = models.FloatField(null=True, help_text="lower end of the 95 % interval")
    median_upper = models.FloatField(null=True, help_text="upper end of the 95 % interval")
    median_order = models.FloatField(null=True)
    shrunk_median = models.FloatField(null=True, help_text="moderated by those of the category")
    orders_before = models.FloatField()
    total_constant = models.FloatField(help_text="at the mean rate of both half-years")
    total_before = models.FloatField(help_text="of the half-year before, at the same rate")
    hidden_before = models.CharField(max_length=20, blank=True)
    orders_ratio = models.FloatField(null=True)
    orders_lower = models.FloatField(null=True)
    orders_upper = models.FloatField(null=True)
    orders_bound = models.FloatField(null=True, help_text="grew at least this, 95 in 100 times")
    money_ratio = models.FloatField(null=True)
    money_lower = models.FloatField(null=True)
    money_upper = models.FloatField(null=True)
    money_bound = models.FloatField(null=True, help_text="grew at least this, 95 in 100 times")
    best_rank = models.IntegerField(null=True, help_text="by shrunk median")
    total_rank = models.IntegerField(null=True, help_text="by total")
    rising_rank = models.IntegerField(null=True, help_text="by the bounds of growth, if rising")
    hype_gap = models.CharField(max_length=30, blank=True)
    searchers = models.IntegerField(help_text="distinct, of 91 days")
    searchers_told = models.BooleanField(help_text="whether `searchers` is published")
    usual_searchers = models.FloatField(null=True, help_text="for each seller in the category")
    new_gigs = models.JSONField(default=dict, help_text="days: gigs, sellers, won, winners, others")

    class Meta:
        verbose_name_plural = "earnings trends"
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill"], name="one_earnings_trend_a_skill_and_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id}"


class EarningsTotal(Paid):
    """What all sellers of a category, or (without one) of the world, earned with its skills."""

    category = models.ForeignKey(
        Category, null=True, on_delete=models.CASCADE, related_name="earnings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "category"],
                name="one_total_a_category_and_snapshot",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or 'world'} {self.snapshot_id}"


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


class ReviewFlagQuerySet(models.QuerySet["ReviewFlag"]):
    # Half a year on, none of the searches that were looked at is in the current window any more.
    CLEARED_FOR = timedelta(weeks=26)

    def cleared_by(self, as_of: date) -> Self:
        """Those somebody had cleared on that day or before; an answer given later is not known."""
        return self.filter(decision=ReviewFlag.Decision.CLEARED, decided_at__date__lte=as_of)

    def silent(self, as_of: date) -> Self:
        """Those cleared so lately that their question is not asked again."""
        return self.cleared_by(as_of).filter(decided_at__date__gt=as_of - self.CLEARED_FOR)

    def standing(self, as_of: date) -> Self:
        """Those not cleared by that day, the first raised first."""
        cleared = self.cleared_by(as_of).values("pk")
        return self.exclude(pk__in=cleared).order_by("first_raised", "pk")

    def upheld(self, as_of: date) -> Self:
        """Those somebody upheld: they hold their skill whatever a later run finds."""
        found = self.standing(as_of).filter(decision=ReviewFlag.Decision.UPHELD)
        return found.filter(first_raised__lte=as_of)


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
        """The evidence and its limit, for the person who decides."""
        return Reason(self.reason).in_words(self.value, self.threshold)

    def asked_anew(self) -> bool:
        """Whether a later flag asks what this one answered."""
        others = ReviewFlag.objects.filter(skill=self.skill_id, reason=self.reason)
        return others.filter(first_raised__gt=self.last_raised).exists()

    def decide(self, decision: Decision, *, by: User, now: datetime) -> None:
        """Record what somebody decided, in the place of what was decided before."""
        self.decision, self.decided_by, self.decided_at = decision, by, now
        self.save(update_fields=["decision", "decided_by", "decided_at"])
