"""The shapes of the answers about one skill, for the OpenAPI description."""

from rest_framework import serializers

from trends.models import LABELS, Window
from trends.models import Outlook as OutlookTable
from trends.published.schema import Shape, SkillName, SkillSummary, SkillTrend, Snapshot


class Outlook(Shape):
    """Searchers a month over the coming months, at the platform's present size, to two digits."""

    months = serializers.IntegerField(help_text="of four weeks each")
    present = serializers.IntegerField(help_text="mean of as many months before")
    point = serializers.IntegerField()
    lower = serializers.IntegerField(help_text="lower end of the 80 % band")
    upper = serializers.IntegerField(help_text="upper end of the 80 % band")
    arrow = serializers.ChoiceField(OutlookTable.Arrow.choices, help_text="where the band points")


class MarketMonth(Shape):
    """Four weeks; people to the nearest ten, null: fewer than ten; for exact readers exactly."""

    # `from` is a word of Python's own.
    vars()["from"] = serializers.DateField(help_text="first day")
    to = serializers.DateField(help_text="last day")
    sellers = serializers.IntegerField(allow_null=True, help_text="with a gig on offer")
    buyers = serializers.IntegerField(allow_null=True, help_text="by the day they ordered")
    searchers = serializers.IntegerField(allow_null=True)


class SkillMarket(Shape):
    months = MarketMonth(many=True, help_text="oldest first; empty without sellers and buyers")
    overtaken = MarketMonth(
        allow_null=True, help_text="since when more people sell than buy; null: not so"
    )


class RelatedSearch(Shape):
    text = serializers.CharField()
    people = serializers.IntegerField(help_text="who searched so in 182 days, to the nearest ten")


class RelatedSkill(Shape):
    skill = SkillName()
    people = serializers.IntegerField(help_text="who searched for both, to the nearest ten")
    lift = serializers.FloatField(help_text="over what chance would make it")


class CountrySupply(Shape):
    """Searchers of 91 days for each active seller of a country; the first row is the world's."""

    country = serializers.CharField(help_text="ISO 3166-1 alpha-2; 001 is the world")
    searchers = serializers.IntegerField(allow_null=True)
    sellers = serializers.IntegerField(
        allow_null=True,
        help_text="of known country, on `to`; to the nearest ten, for exact readers exactly",
    )
    searchers_per_seller = serializers.FloatField(
        allow_null=True, help_text="null where either is not told, or searchers are < 30"
    )
    ratio = serializers.FloatField(allow_null=True, help_text="that over the world's")
    # `from` is a word of Python's own.
    vars()["from"] = serializers.DateField(help_text="first day of `searchers`")
    to = serializers.DateField(help_text="last day")


class SkillDetail(SkillSummary):
    snapshot = Snapshot()
    trends = SkillTrend(many=True)
    outlook = Outlook(allow_null=True, help_text="null without the history for one")
    market = SkillMarket(help_text="sellers against buyers, month by month")
    related_searches = RelatedSearch(many=True, help_text="that name it with other words")
    related_skills = RelatedSkill(many=True, help_text="that the same people search for")
    supply_by_country = CountrySupply(
        many=True, help_text="of each country in `trends`; empty where no seller's country is told"
    )


class ExplainedGate(Shape):
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="null where it would tell too much")
    threshold = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True, help_text="null where it was not asked")
    text = serializers.CharField(help_text="as people read it")


class SkillExplained(Shape):
    snapshot = Snapshot()
    skill = SkillName()
    window = serializers.ChoiceField(Window.choices)
    country = serializers.CharField()
    listed = serializers.BooleanField()
    rank = serializers.IntegerField(allow_null=True)
    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    verdict = serializers.CharField()
    gates = ExplainedGate(many=True)


class Day(Shape):
    day = serializers.DateField()
    searches = serializers.IntegerField(allow_null=True)
    searchers = serializers.IntegerField(allow_null=True)
    closed = serializers.BooleanField(help_text="false while the day runs")


class SkillSeries(Shape):
    skill = SkillName()
    days = Day(many=True)
