"""What surrounds a skill as readers get it: its months in tens, and its neighbours by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marketplace.skills.models import Skill
from trends.arithmetic.disclosure import FEWEST_PEOPLE, in_tens
from trends.measuring.surroundings.months import MONTH, first_days
from trends.models import SkillMarket, SkillNeighbours
from trends.pages.skill.schema import MarketMonth, Surroundings
from trends.published.rows import Reader

# One month with more sellers than buyers may be chance, three in a row are a state of the market.
MONTHS_TO_OVERTAKE = 3


@dataclass(frozen=True, slots=True)
class Month:
    """Four weeks of a skill's market, people to the nearest ten; None are fewer than ten."""

    first_day: date
    sellers: int | None
    buyers: int | None
    searchers: int | None

    @property
    def last_day(self) -> date:
        return self.first_day + MONTH - timedelta(days=1)

    @property
    def oversupplied(self) -> bool | None:
        """Whether more people sell than buy; None where either is not told."""
        if self.sellers is None or self.buyers is None:
            return None
        return self.sellers > self.buyers

    @property
    def row(self) -> MarketMonth:
        return {
            "from": self.first_day.isoformat(),
            "to": self.last_day.isoformat(),
            "sellers": self.sellers,
            "buyers": self.buyers,
            "searchers": self.searchers,
        }


_COUNTED = Month.__slots__[1:]


def surroundings_row(skill: Skill, reader: Reader) -> Surroundings:
    """Return a skill's months and neighbours as programs get them; exact people for keys."""
    of_skill = {"snapshot": reader.snapshot, "skill": skill}
    market = SkillMarket.objects.filter(**of_skill).values(*_COUNTED).first()
    beside = SkillNeighbours.objects.filter(**of_skill).values("searches", "skills").first()
    published = months_told(market, reader.snapshot.as_of, exact=reader.exact)
    near = neighbours_told(beside)
    return {
        "market": {
            "months": [month.row for month in published["months"]],
            "overtaken": published["overtaken"] and published["overtaken"].row,
        },
        "related_searches": [
            {"text": text, "people": people} for text, people in near["related_searches"]
        ],
        "related_skills": [
            {
                "skill": {"slug": related["skill"].slug, "name": related["skill"].name},
                "people": related["people"],
                "lift": related["lift"],
            }
            for related in near["related_skills"]
        ],
    }


def months_told(
    market: Mapping[str, Sequence[int]] | None, as_of: date, *, exact: bool = False
) -> dict[str, Any]:
    """Return the months of a skill's market, and the one in which supply overtook demand."""
    if market is None:
        return {"months": [], "overtaken": None}
    columns = [[people if exact else _told(people) for people in market[name]] for name in _COUNTED]
    months = [
        Month(first_day, *people)
        for first_day, *people in zip(first_days(as_of), *columns, strict=True)
    ]
    known = any(month.buyers for month in months) and any(month.sellers for month in months)
    return {"months": months if known else [], "overtaken": overtaken(months)}


def overtaken(months: Sequence[Month]) -> Month | None:
    """Return the first of the last months in which more people sell than buy.

    None where it is not so now, never was otherwise, or has not held for MONTHS_TO_OVERTAKE.
    """
    held = 0
    while held < len(months) and months[-held - 1].oversupplied:
        held += 1
    before = [month.oversupplied for month in months[: len(months) - held]]
    if held < MONTHS_TO_OVERTAKE or not before or before[-1] is not False:
        return None
    return months[-held]


def neighbours_told(neighbours: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return related searches and related skills; skills merged since are left out.

    Both are stored as they are published: people in tens.
    """
    if neighbours is None:
        return {"related_searches": [], "related_skills": []}
    skills = Skill.objects.active().in_bulk([pk for pk, _, _ in neighbours["skills"]])
    return {
        "related_searches": neighbours["searches"],
        "related_skills": [
            {"skill": skills[pk], "people": people, "lift": lift}
            for pk, people, lift in neighbours["skills"]
            if pk in skills
        ],
    }


def _told(people: int) -> int | None:
    return in_tens(people) if people >= FEWEST_PEOPLE else None
