"""The shapes of the API's answers, for its OpenAPI description."""

from typing import Any

from rest_framework import serializers

from trends.models import LABELS, Window

Shape = serializers.Serializer[Any]


class Snapshot(Shape):
    as_of = serializers.DateField(help_text="first day not counted")
    published_at = serializers.DateTimeField()
    taxonomy_version = serializers.IntegerField()
    parameters = serializers.JSONField(help_text="constants and noise (a0, kappa) of the run")
    inputs = serializers.JSONField(help_text="what was counted, left out, missing")


class SkillName(Shape):
    slug = serializers.SlugField()
    name = serializers.CharField()


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
    display = serializers.CharField(help_text="as people read it")


class Period(Shape):
    searchers = serializers.IntegerField(allow_null=True, help_text="distinct people; null: < 10")
    searchers_display = serializers.CharField()
    platform_searchers = serializers.IntegerField(allow_null=True)
    reach = serializers.FloatField(allow_null=True, help_text="searchers over platform_searchers")
    # `from` is a word of Python's own.
    vars()["from"] = serializers.DateField(help_text="first day")
    to = serializers.DateField(help_text="last day")


class Orders(Shape):
    count = serializers.IntegerField(allow_null=True)
    buyers = serializers.IntegerField(allow_null=True)


class Earnings(Shape):
    currency = serializers.CharField()
    sellers = serializers.IntegerField(allow_null=True)
    buyers = serializers.IntegerField(allow_null=True)
    orders = serializers.IntegerField(allow_null=True)
    total = serializers.FloatField(allow_null=True, help_text="net of refunds, 2 digits")
    median = serializers.FloatField(allow_null=True, help_text="of what a seller earned, 2 digits")
    hidden = serializers.BooleanField(help_text="fewer than 10 sellers or buyers")


class Supply(Shape):
    active_sellers = serializers.IntegerField(allow_null=True)
    active_sellers_display = serializers.CharField()
    gigs = serializers.IntegerField(allow_null=True)


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


class SkillTrend(Trend, Pay):
    skill = SkillName()
    category = serializers.SlugField()
    category_name = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())


class CategoryTrend(Trend):
    category = CategoryName()


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


class SkillQuery(Shape):
    q = serializers.CharField(required=False, help_text="part of a name or an alias")


class SkillSummary(SkillName):
    category = serializers.SlugField()
    category_name = serializers.CharField()
    tracked_since = serializers.DateField()
    aliases = serializers.ListField(child=serializers.CharField())


class SkillList(Shape):
    results = SkillSummary(many=True)


class SkillDetail(SkillSummary):
    snapshot = Snapshot()
    trends = SkillTrend(many=True)


class Day(Shape):
    day = serializers.DateField()
    searches = serializers.IntegerField(allow_null=True)
    searchers = serializers.IntegerField(allow_null=True)
    closed = serializers.BooleanField(help_text="false while the day runs")


class SkillSeries(Shape):
    skill = SkillName()
    days = Day(many=True)
