"""The answers about one skill, typed once, as `published.schema` does for rows of lists."""

from typing import Annotated, TypedDict

from trends.counting.windows import Days
from trends.published import serializers
from trends.published.schema import (
    LabelName,
    Outlook,
    SkillName,
    SkillSummary,
    SkillTrend,
    Snapshot,
    WindowName,
)


class MarketMonth(Days):
    """Four weeks; people to the nearest ten, null: fewer than ten; for exact readers exactly."""

    sellers: Annotated[int | None, "with a gig on offer"]
    buyers: Annotated[int | None, "by the day they ordered"]
    searchers: int | None


class SkillMarket(TypedDict):
    months: Annotated[list[MarketMonth], "oldest first; empty without sellers and buyers"]
    overtaken: Annotated[MarketMonth | None, "since when more people sell than buy; null: not so"]


class RelatedSearch(TypedDict):
    text: str
    people: Annotated[int, "who searched so in 182 days, to the nearest ten"]


class RelatedSkill(TypedDict):
    skill: SkillName
    people: Annotated[int, "who searched for both, to the nearest ten"]
    lift: Annotated[float, "over what chance would make it"]


class CountrySupply(Days):
    """Searchers of 91 days for each active seller of a country; the first row is the world's."""

    country: Annotated[str, "ISO 3166-1 alpha-2; 001 is the world"]
    searchers: int | None
    sellers: Annotated[
        int | None, "of known country, on `to`; to the nearest ten, for exact readers exactly"
    ]
    searchers_per_seller: Annotated[
        float | None, "null where either is not told, or searchers are < 30"
    ]
    ratio: Annotated[float | None, "that over the world's"]


class Surroundings(TypedDict):
    market: Annotated[SkillMarket, "sellers against buyers, month by month"]
    related_searches: Annotated[list[RelatedSearch], "that name it with other words"]
    related_skills: Annotated[list[RelatedSkill], "that the same people search for"]


class SkillDetail(Surroundings, SkillSummary):
    snapshot: Snapshot
    trends: list[SkillTrend]
    outlook: Annotated[Outlook | None, "null without the history for one"]
    supply_by_country: Annotated[
        list[CountrySupply], "of each country in `trends`; empty where no seller's country is told"
    ]


class ExplainedGate(TypedDict):
    name: str
    value: Annotated[float | None, "null where it would tell too much"]
    threshold: float | None
    passed: Annotated[bool | None, "null where it was not asked"]
    text: Annotated[str, "as people read it"]


class Explained(TypedDict):
    window: WindowName
    country: str
    listed: bool
    rank: int | None
    label: LabelName
    verdict: str
    gates: list[ExplainedGate]


class Day(TypedDict):
    day: serializers.Day
    searches: int | None
    searchers: int | None
    closed: Annotated[bool, "false while the day runs"]


class SkillExplained(Explained):
    snapshot: Snapshot
    skill: SkillName


class SkillSeries(TypedDict):
    skill: SkillName
    days: list[Day]
