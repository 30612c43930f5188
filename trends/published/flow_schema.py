"""The rows about replacements and AI shares, typed once, as `schema` does for the others."""

from typing import Annotated, TypedDict

from trends.counting.windows import Days, HalfYears
from trends.published.schema import SkillName, Snapshot
from trends.published.serializers import Address


class ReplacingSkill(SkillName):
    category: Annotated[SkillName, "of the first level"]
    is_ai: bool


class Replacement(HalfYears):
    """People are told to the nearest ten; null: fewer than ten."""

    left: ReplacingSkill
    found: ReplacingSkill
    former: Annotated[int, "searched it before, and since then only others"]
    moved: Annotated[int, "those of them who newly search the other"]
    back: Annotated[int | None, "people who went the other way"]
    back_display: str
    comparable: Annotated[int, "people who left another skill of its category"]
    share: Annotated[float, "moved over former"]
    usual_share: Annotated[float, "the same of comparable people"]
    lift: Annotated[float, "share over usual_share"]
    lower: Annotated[float, "lower end of the 95 % interval of lift"]
    upper: Annotated[float, "upper end of the 95 % interval of lift"]


class ReplacementList(TypedDict):
    snapshot: Snapshot
    results: list[Replacement]
    next: Address | None


class PeriodShare(Days):
    searchers: int | None
    of_ai: Annotated[int | None, "who searched an AI skill of it"]
    share: Annotated[float | None, "of_ai over searchers"]


class AiShare(TypedDict):
    """People are told to the nearest ten; null: fewer than ten."""

    category: Annotated[SkillName | None, "null: the whole platform"]
    current: Annotated[PeriodShare | None, "the last half-year"]
    previous: Annotated[PeriodShare | None, "the half-year before"]
    months: Annotated[list[PeriodShare], "four weeks each, oldest first"]


class AiShareList(TypedDict):
    snapshot: Snapshot
    results: list[AiShare]


class Flow(TypedDict):
    """People who left the skills of one category for those of another; no answer of the API."""

    left: SkillName
    found: SkillName
    moved: int
