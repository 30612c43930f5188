"""Two snapshots a week apart, written row by row: sixty skills, of which each figure is chosen."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from marketplace.skills.models import Category, Skill, TaxonomyVersion
from tests.conftest import TODAY
from trends.labels import DOWNWARD, Label
from trends.models import WORLD, EarningsTrend, SkillTrend, TrendSnapshot, Window

SKILLS = 84
WEEK_BEFORE = TODAY - timedelta(days=7)
INPUTS = {"currency": "USD", "first_day": "2020-01-06"}
CATEGORIES = ("Design > Logo", "Design > Web", "Coding")
LABELS = (*[Label.RISING, Label.SURGING, Label.BREAKOUT, Label.NEW] * 3, *DOWNWARD, Label.STEADY)
PLACES = [(Window.HALF_YEAR, WORLD), (Window.QUARTER, WORLD), (Window.HALF_YEAR, "DE")]
# Either side of what reads as $2,000 in two digits, and further amounts.
MEDIANS = (1_949.9, 1_950.0, 1_951.0, 15.0, 300.0, 740.0, 5_100.0)


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
            )
