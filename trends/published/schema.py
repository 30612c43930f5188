"""The shapes of the API's answers, for its OpenAPI description."""

from typing import Any

from rest_framework import serializers

from trends.arithmetic.hype_gap import HypeGap
from trends.models import LABELS, Window
from trends.wording.kinds import Kind

Shape = serializers.Serializer[Any]


class Snapshot(Shape):
    as_of = serializers.DateField(help_text="first day not counted")
    edition = serializers.SlugField(allow_null=True, help_text="whose figures these are")
    published_at = serializers.DateTimeField()
    taxonomy_version = serializers.IntegerField()
    parameters = serializers.JSONField(help_text="constants and noise (a0, kappa) of the run")
    inputs = serializers.JSONField(help_text="what was counted, left out, missing")


class SkillName(Shape):
    slug = serializers.SlugField()
    name = serializers.CharField()


KINDS = ", ".join(Kind)


class CategoryName(SkillName):
    parent = serializers.SlugField(allow_null=True)  # type: ignore[assignment]


class Growth(Shape):
    """1.0 = no change. Null where it is unknown, or would tell of fewer than ten people."""

    ratio = serializers.FloatField(allow_null=True, help_text="share now over share before")
    raw_ratio = serializers.FloatField(allow_null=True, help_text="searchers now over before")
    season_ratio = serializers.FloatField(allow_null=True, help_text="share over a year ago's")
    lower = serializers.FloatField(allow_null=True, help_text="lower end of the 95 % interval")
    upper = serializers.FloatField(allow_null=True, help_text="upper end of the 95 % interval")
    bound = serializers.FloatField(allow_null=True, help_text="it grew at least that much")
    kind = serializers.CharField(help_text=f"one of {KINDS}")
    display = serializers.CharField(help_text="as people read it")


class Period(Shape):
    searchers = serializers.IntegerField(allow_null=True, help_text="distinct people; null: < 10")
    searchers_kind = serializers.CharField(help_text=f"one of {KINDS}")
    searchers_display = serializers.CharField()
    platform_searchers = serializers.IntegerField(allow_null=True)
    reach = serializers.FloatField(allow_null=True, help_text="searchers over platform_searchers")
    # `from` is a word of Python's own.
    vars()["from"] = serializers.DateField(help_text="first day")
    to = serializers.DateField(help_text="last day")


class PaidGrowth(Shape):
    """Growth of a share against the half-year before, 1.0 = no change; null where withheld."""

    ratio = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField(allow_null=True, help_text="lower end of the 95 % interval")
    upper = serializers.FloatField(allow_null=True, help_text="upper end of the 95 % interval")
    bound = serializers.FloatField(allow_null=True, help_text="it grew at least that much")
    display = serializers.CharField(help_text="as people read it")


class Orders(Shape):
    count = serializers.IntegerField(allow_null=True, help_text="completed in 182 days")
    buyers = serializers.IntegerField(allow_null=True)
    previous = serializers.IntegerField(allow_null=True, help_text="completed in the 182 before")
    growth = PaidGrowth(help_text="of its share of all orders")
    hype_gap = serializers.ChoiceField(
        [one.value for one in HypeGap if one], allow_null=True, help_text="searches beside orders"
    )


class Earnings(Shape):
    """Of completed orders in 182 days, net of refunds; money to two digits."""

    currency = serializers.CharField()
    hidden = serializers.BooleanField(
        help_text="fewer than 10 sellers or buyers, or most of it one or two sellers' own,"
        " or it would tell such a figure by subtraction"
    )
    hidden_because = serializers.CharField(allow_null=True, help_text="for exact readers")
    sellers = serializers.IntegerField(allow_null=True, help_text="who completed an order")
    buyers = serializers.IntegerField(allow_null=True)
    orders = serializers.IntegerField(allow_null=True)
    total = serializers.FloatField(allow_null=True)
    provisional = serializers.FloatField(
        allow_null=True, help_text="part of the total that refunds may change; for exact readers"
    )
    provisional_from = serializers.DateField(help_text="later days are provisional")
    p25 = serializers.FloatField(allow_null=True, help_text="a quarter of the sellers earn less")
    median = serializers.FloatField(allow_null=True, help_text="of what a seller earned")
    p75 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    median_lower = serializers.FloatField(allow_null=True, help_text="95 % interval of median")
    median_upper = serializers.FloatField(allow_null=True)
    shrunk_median = serializers.FloatField(
        allow_null=True, help_text="median moderated by those of the category, for the rank"
    )
    median_order = serializers.FloatField(allow_null=True)
    growth = PaidGrowth(help_text="of its share of all money, at the mean rate of both half-years")
    best_paid_rank = serializers.IntegerField(allow_null=True, help_text="from 30 sellers on")
    most_money_rank = serializers.IntegerField(allow_null=True, help_text="from 30 sellers on")
    rising_rank = serializers.IntegerField(allow_null=True, help_text="orders and money grew")


class EarningsTotal(Shape):
    currency = serializers.CharField()
    hidden = serializers.BooleanField()
    orders = serializers.IntegerField(allow_null=True)
    total = serializers.FloatField(allow_null=True, help_text="net of refunds, 2 digits")


class Supply(Shape):
    active_sellers = serializers.IntegerField(allow_null=True)
    active_sellers_display = serializers.CharField()
    gigs = serializers.IntegerField(allow_null=True)
    active_sellers_before = serializers.IntegerField(
        allow_null=True, help_text="those of them who offered it half a year ago"
    )
    growth = serializers.FloatField(
        allow_null=True,
        help_text="active sellers over those of them who offered it half a year ago",
    )
    growth_display = serializers.CharField(allow_null=True)


class NewGigs(Shape):
    """How many gigs of the last 180 days won an order within so many days of being published."""

    days = serializers.IntegerField()
    gigs = serializers.IntegerField(help_text="published so many days ago or more")
    won = serializers.IntegerField(
        allow_null=True, help_text="about so many of them, by `part`; null unless `compared` is ="
    )
    part = serializers.FloatField(help_text="0 to 1")
    compared = serializers.ChoiceField(["=", "<", ">"], help_text="the true part with `part`")
    display = serializers.CharField()
    vars()["from"] = serializers.DateField(help_text="first day of publication")
    to = serializers.DateField(help_text="last day of publication")


class Opportunity(Shape):
    searchers = serializers.IntegerField(allow_null=True, help_text="of 91 days; null: < 30")
    searchers_per_seller = serializers.FloatField(allow_null=True)
    ratio = serializers.FloatField(allow_null=True, help_text="over its category's, moderated")
    at_least = serializers.BooleanField(help_text="fewer than 10 sellers: both are at least that")
    display = serializers.CharField(allow_null=True, help_text="as people read it")
    orders_per_seller = serializers.FloatField(allow_null=True)
    unproven = serializers.BooleanField(help_text="fewer than 10 people bought it in 182 days")
    new_gigs = NewGigs(many=True)


class Trend(Shape):
    window = serializers.ChoiceField(Window.choices)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2; 001 is the world")
    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    rank = serializers.IntegerField(allow_null=True, help_text="null when not listed")
    growth = Growth()
    current = Period()
    previous = Period(allow_null=True)
    season = Period(allow_null=True, help_text="the current window, a year earlier")
    weekly = serializers.ListField(
        child=serializers.IntegerField(allow_null=True),
        help_text="distinct searchers of each of the last 78 weeks, oldest first",
    )


class Pay(Shape):
    orders = Orders()
    earnings = Earnings()
    supply = Supply()
    opportunity = Opportunity()


class Here(Shape):
    """Searchers for each seller of one country, from published counts; keys get the same."""

    searchers = serializers.IntegerField(help_text="of the country, in 91 days")
    sellers = serializers.IntegerField(help_text="there, about so many")
    searchers_per_seller = serializers.FloatField()
    at_least = serializers.BooleanField(help_text="there are no more sellers than that")


class SkillTrend(Trend, Pay):
    skill = SkillName()
    category = serializers.SlugField()
    category_name = serializers.CharField()
    here = Here(allow_null=True, help_text="in lists of a country, where its sellers are told")
    flags = serializers.ListField(child=serializers.CharField())


class CategoryTrend(Trend):
    category = CategoryName()
    earnings = EarningsTotal(help_text="of all its skills together")


class Earner(Pay):
    skill = SkillName()
    category = serializers.SlugField()
    category_name = serializers.CharField()


class _List(Shape):
    snapshot = Snapshot()
    next = serializers.URLField(allow_null=True)


class SkillTrendList(_List):
    results = SkillTrend(many=True)


class CategoryTrendList(_List):
    results = CategoryTrend(many=True)


class EarnerList(_List):
    results = Earner(many=True)


class Compared(Shape):
    snapshot = Snapshot()
    platform_weekly = serializers.ListField(
        child=serializers.IntegerField(allow_null=True),
        help_text="all searchers of the same weeks as `weekly` of the results",
    )
    results = SkillTrend(many=True)


class SkillQuery(Shape):
    q = serializers.CharField(required=False, help_text="part of a name or an alias")


class SkillSummary(SkillName):
    category = serializers.SlugField()
    category_name = serializers.CharField()
    tracked_since = serializers.DateField()
    aliases = serializers.ListField(child=serializers.CharField())


class SkillList(Shape):
    results = SkillSummary(many=True)
