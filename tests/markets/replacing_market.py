"""A market where people leave one skill for another on purpose; in the database, and in sets."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY, Fields, at
from tests.tools.sending import send_searches
from trends.measuring.snapshot import refresh
from trends.models import TrendSnapshot

HALF_YEAR = 182
HALVES = 3
PEOPLE = 2_000
STEADY = [f"Steady {letter}" for letter in "ABCDEFGHIJ"]
CATEGORIES = {
    "Old Craft": "Craft > Hand",
    "New Craft": "Craft > Machine",
    "Faller": "Craft > Hand",
    "Riser": "Craft > Hand",
    "Small": "Craft > Hand",
    "Niche": "Craft > Machine",
    **dict.fromkeys(STEADY, "Craft > Hand"),
    "Elsewhere": "Trade",
}
AI = {"New Craft", "Niche"}
# How many of those who left the old craft took up the new one, and Small's for Niche: too few.
MOVED, TOO_FEW = 160, 9


@dataclass
class ReplacingMarket:
    """The snapshot, and who searched what: (half-year back, skill) and day by day."""

    snapshot: TrendSnapshot
    searched: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    days: list[tuple[date, str, str]] = field(default_factory=list)


def replacing_market(seed: int = 5) -> ReplacingMarket:
    """Fill the database and publish the snapshot of TODAY."""
    for name, category in CATEGORIES.items():
        Skill.objects.add(name=name, category=Category.objects.at_path(category))
    Skill.objects.filter(name__in=AI).update(is_ai=True)
    rng = random.Random(seed)
    days = [
        (TODAY - timedelta(days=1 + half * HALF_YEAR + rng.randrange(HALF_YEAR)), person, skill)
        for half in range(HALVES)
        for skill, people in _searchers(random.Random(seed), half).items()
        for person in people
        for _ in range(rng.choice([1, 1, 2]))
    ]
    send_searches(_row(place, *one) for place, one in enumerate(days, 1))
    market = ReplacingMarket(refresh(TODAY), days=days)
    for day, person, skill in days:
        market.searched[((TODAY - day).days - 1) // HALF_YEAR, skill].add(person)
    return market


def _row(number: int, day: date, person: str, skill: str) -> Fields:
    return {
        "event_id": f"r{number}",
        "occurred_at": at(day, second=number % 86_000),
        "query": skill,
        "searcher": person,
        "country": "DE",
    }


def _searchers(rng: random.Random, half: int) -> dict[str, list[str]]:
    """Who searches for each skill in a half-year, 0 being the last one; alike but for the movers.

    Most people search for one to four steady skills, other ones each time; some stay away.
    """
    everybody = [f"p{number}" for number in range(PEOPLE)]
    old, small = rng.sample(everybody, 500), rng.sample(everybody, 120)
    rng.seed(f"{rng.random()} {half}")
    found: dict[str, list[str]] = {skill: [] for skill in CATEGORIES}
    for person in everybody:
        for skill in rng.sample(STEADY, rng.choice([0, 0, 1, 1, 2, 4])):
            found[skill].append(person)
    now = half == 0
    found["Old Craft"] = old[:150] if now else old
    found["New Craft"] = rng.sample(everybody, 80 if now else 30)
    found["New Craft"] += old[-MOVED:] if now else []
    found["Small"] = small[:40] if now else small
    found["Niche"] = small[-TOO_FEW:] if now else []
    # One fades and one rises, and nobody goes from one to the other any likelier than others do.
    found["Faller"] = rng.sample(everybody, 100 if now else 450)
    found["Riser"] = rng.sample(everybody, 900 if now else 60)
    found["Elsewhere"] = rng.sample(everybody, 300)
    return {skill: sorted(set(people)) for skill, people in found.items()}
