"""Two snapshots a week apart, written row by row: sixty skills, of which each figure is chosen."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from marketplace.skills.models import Category, Skill, TaxonomyVersion
from tests.conftest import TODAY
from trends.arithmetic.labels import DOWNWARD, Label
from trends.arithmetic.opportunity import newcomers_won
from trends.measuring.surroundings.sellers_by_country import sellers_told
from trends.models import (
    WORLD,
    CountrySupply,
    EarningsTrend,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.pages.rising.filters import read_filters
from trends.pages.rising.listing import all_rows

SKILLS = 84
WEEK_BEFORE = TODAY - timedelta(days=7)
INPUTS = {"currency": "USD", "first_day": "2020-01-06"}
CATEGORIES = ("Design > Logo", "Design > Web", "Coding")
LABELS = (*[Label.RISING, Label.SURGING, Label.BREAKOUT, Label.NEW] * 3, *DOWNWARD, Label.STEADY)
PLACES = [
    (Window.HALF_YEAR, WORLD),
    (Window.QUARTER, WORLD),
    (Window.HALF_YEAR, "DE"),
    (Window.QUARTER, "DE"),
]
# Either side of what reads as $2,000 in two digits, and further amounts.
MEDIANS = (1_949.9, 1_950.0, 1_951.0, 15.0, 300.0, 740.0, 5_100.0)
# New gigs, their sellers, and those sold: told to the digit, at most, at least, and not at all.
NEW_GIGS = ((85, 60, 12), (60, 40, 26), (24, 12, 9), (40, 30, 34), (200, 150, 25), (30, 9, 20))


def list_market() -> TrendSnapshot:
    """Write both snapshots into the empty database; the later one is published."""
    rng = random.Random(5)
    skills = [
        Skill.objects.add(
            name=f"Skill {number:02}",
            category=Category.objects.at_path(CATEGORIES[number % len(CATEGORIES)]),
        )
        for number in range(SKILLS)
    ]
    taxonomy = TaxonomyVersion.objects.create()
    for as_of in (WEEK_BEFORE, TODAY):
        snapshot = TrendSnapshot.objects.create(
            as_of=as_of, taxonomy=taxonomy, parameters={}, inputs=INPUTS
        )
        SkillTrend.objects.bulk_create(trends(snapshot, skills, rng))
        EarningsTrend.objects.bulk_create(earned(snapshot, skills))
        CountrySupply.objects.bulk_create(offered(snapshot, skills))
    return snapshot


def trends(
    snapshot: TrendSnapshot, skills: list[Skill], rng: random.Random
) -> Iterator[SkillTrend]:
    """A trend of every skill in every place; the order of one week is not that of the next."""
    for window, country in PLACES:
        shown = [skill for number, skill in enumerate(skills) if country == WORLD or number % 3]
        rng.shuffle(shown)
        by_name = {skill.name: LABELS[int(skill.name[-2:]) % len(LABELS)] for skill in shown}
        listed = [one for one in shown if by_name[one.name] in LABELS[:4]]
        others = [one for one in shown if one not in listed]
        for position, skill in enumerate(listed + others, 1):
            rank = position if position <= len(listed) else None
            label = by_name[skill.name]
            found = figures(skill, label, rng)
            weekly = [rng.randrange(10, 90) for _ in range(78)]
            yield SkillTrend(
                snapshot=snapshot,
                skill=skill,
                window=window,
                country=country,
                rank=rank,
                position=position,
                measured=label,
                label=label,
                public_weekly=weekly if window == Window.HALF_YEAR else None,
                **found,
            )


def figures(skill: Skill, label: Label, rng: random.Random) -> dict[str, Any]:
    """The counts of one skill and what is published of them; of every seventh nothing is."""
    number = int(skill.name[-2:])
    few = number % 7 == 6
    ratio = rng.uniform(0.2, 0.7) if label in DOWNWARD else rng.uniform(1.3, 15)
    previous = 9 if few else rng.randrange(40, 400)
    everybody = ("platform_current", "platform_previous", "platform_season")
    ends = {"ratio": 1.0, "lower": 0.8, "upper": 1.2, "bound": 0.9}
    return {
        **dict.fromkeys(everybody, 90_000),
        **{f"public_{name}": None if few else ratio * end for name, end in ends.items()},
        "current": 8 if few else round(previous * ratio),
        "previous": previous,
        "season": previous,
        "hidden": ["c", "b", "y"] if few else [],
        "ratio": ratio,
    }


def earned(snapshot: TrendSnapshot, skills: list[Skill]) -> Iterator[EarningsTrend]:
    """What each skill's sellers earned; every fifth is hidden, every sixth nobody has."""
    for number, skill in enumerate(skills):
        if number % 6 != 5:
            median = MEDIANS[number % len(MEDIANS)]
            sold = new_gigs(*NEW_GIGS[number % len(NEW_GIGS)])
            yield EarningsTrend(
                snapshot=snapshot,
                skill=skill,
                gigs=40,
                offering=5 + number,
                offering_before=5 + number,
                sellers=40,
                buyers=40,
                orders=90.0,
                total=median * 50,
                hidden="few buyers" if number % 5 == 0 else "",
                provisional=0.0,
                median=median,
                median_lower=median / 2,
                median_upper=median * 2,
                orders_before=90.0,
                total_constant=median * 50,
                total_before=median * 50,
                searchers=20 + 3 * number,
                searchers_told=number % 4 > 0,
                usual_searchers=6.0,
                new_gigs=sold,
                newcomers_won=newcomers_won(sold),
            )


def offered(snapshot: TrendSnapshot, skills: list[Skill]) -> Iterator[CountrySupply]:
    """Where the sellers of each skill work; of every fourth hardly any country is known."""
    for number, skill in enumerate(skills):
        every = 5 + number
        known = every // 4 if number % 4 == 3 else every - number % 3
        of_india, of_germany = known * 6 // 10, known * (1 + number % 3) // 10
        sellers = {"IN": of_india, "DE": of_germany, "US": known - of_india - of_germany}
        told = sellers_told(sellers, unknown=every - known)
        for country, people in (*sellers.items(), (WORLD, known)):
            if number % 6 != 5 and people:
                yield CountrySupply(
                    snapshot=snapshot,
                    skill=skill,
                    country=country,
                    sellers=people,
                    public_sellers=told.get(country),
                )


def new_gigs(gigs: int, sellers: int, won: int) -> dict[str, dict[str, int]]:
    """New gigs of so many sellers; of each that is sold the seller sold no other."""
    found = {"gigs": gigs, "sellers": sellers, "won": won, "winners": won, "others": gigs - won}
    return {"30": found}


def shown(snapshot: TrendSnapshot, **query: str) -> list[Any]:
    """The rows of the list that an address with this query shows."""
    filters, unknown = read_filters(query, Category.objects.all())
    assert not unknown
    return list(all_rows(snapshot, filters))
