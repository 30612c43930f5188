"""A market of small figures: few people a skill, tiny countries, categories of one skill."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY, Fields, at
from tests.tools.sending import send_gigs, send_orders, send_searches
from trends.measuring.snapshot import refresh
from trends.models import TrendSnapshot

HALF_YEAR = 182
HALVES = 4
PEOPLE = 3_000
# The last two are so small that some window of theirs holds a handful of people.
COUNTRIES = {"DE": 0.5, "FR": 0.25, "US": 0.15, "AT": 0.06, "": 0.03, "LU": 0.01}
# One search in fifty comes from abroad: countries overlap by a few people.
ABROAD = 0.02
CATEGORIES = ["Solo", "Pair > Left", "Pair > Right", "Pair > Right", "Many > One", "Many > One"]
SKILLS = 26
# Those that work with AI.
AI = range(0, SKILLS, 5)
# Searchers of a half-year, most of them on either side of what may be told.
SIZES = [0, 0, 2, 5, 8, 9, 10, 11, 14, 19, 25, 30, 42, 50, 90, 160, 400, 900]
# Fourteen for the first skill, a handful for the next.
GIGS = 18
# Where the sellers of the last skills work, with few in some countries or beside the others.
HOMES: dict[int, dict[str, int]] = {
    SKILLS - 1: {"DE": 30, "FR": 2},
    SKILLS - 2: {"DE": 25, "FR": 25, "AT": 1},
    SKILLS - 3: {"DE": 14, "FR": 11, "AT": 3, "LU": 1, "": 4},
    SKILLS - 4: {"DE": 12, "FR": 5},
}


def tiny_market(seed: int = 7) -> TrendSnapshot:
    """Fill the database with two years of a tiny market and publish the snapshot of TODAY."""
    for number in range(SKILLS):
        category = CATEGORIES[number] if number < len(CATEGORIES) else f"Many > {number % 3}"
        Skill.objects.add(name=_name(number), category=Category.objects.at_path(category))
    Skill.objects.filter(name__in=map(_name, AI)).update(is_ai=True)
    send_searches(searches(random.Random(seed)))
    offer_gigs()
    sell_gigs()
    return refresh(TODAY)


def offer_gigs() -> None:
    """Put a few gigs on the market, those of the first skill by enough sellers to be told."""
    gigs = [
        _gig(f"g{number}", f"seller {number}", number // 14, country="") for number in range(GIGS)
    ]
    abroad = [
        _gig(f"g{skill}-{country}-{number}", f"{country} {skill} {number}", skill, country=country)
        for skill, homes in HOMES.items()
        for country, sellers in homes.items()
        for number in range(sellers)
    ]
    send_gigs([*gigs, *abroad])


def _gig(gig: str, seller: str, skill: int, *, country: str) -> Fields:
    return {
        "gig_id": gig,
        "seller_id": seller,
        "country": country,
        "title": f"I will do your {_name(skill)} well",
        "category": "Many > One",
        "skills": _name(skill),
        "price": "50",
        "currency": "USD",
        "created_at": at(TODAY - timedelta(days=300)),
        "status": "active",
    }


def sell_gigs() -> None:
    """Sell the first skill to enough buyers to be told in one month, to a few in another."""
    orders = [
        {
            "order_id": f"o{number}",
            "gig_id": f"g{number % 14}",
            "buyer_id": f"buyer {number}",
            "amount": "50",
            "refunded": "0",
            "currency": "USD",
            "ordered_at": at(TODAY - timedelta(days=days_ago)),
            "completed_at": at(TODAY - timedelta(days=days_ago - 1)),
            "status": "completed",
        }
        for number, days_ago in enumerate([20] * 13 + [40] * 4)
    ]
    send_orders(orders)


def searches(rng: random.Random) -> Iterator[Fields]:
    """Every search of the market, the same for the same generator."""
    homes = rng.choices(list(COUNTRIES), list(COUNTRIES.values()), k=PEOPLE)
    number = 0
    for skill in range(-1, SKILLS):
        for half in range(HALVES):
            # Skill -1 is what no skill is named in: it makes the days whole.
            size = 1_200 if skill < 0 else rng.choice(SIZES)
            for person in rng.sample(range(PEOPLE), size):
                for day in _days(rng, half, burst=size == 19):
                    number += 1
                    abroad = rng.random() < ABROAD
                    yield {
                        "event_id": f"t{number}",
                        "occurred_at": at(day, second=rng.randrange(86_000)),
                        "query": _name(skill) if skill >= 0 else "gardening",
                        "searcher": f"p{person}",
                        "country": rng.choice(list(COUNTRIES)) if abroad else homes[person],
                    }


def _days(rng: random.Random, half: int, *, burst: bool) -> list[date]:
    """The days of a half-year, counted back, on which a person searches; a burst is two days."""
    times = rng.choice([1, 1, 2])
    length = 2 if burst else HALF_YEAR
    return [
        TODAY - timedelta(days=1 + half * HALF_YEAR + rng.randrange(length)) for _ in range(times)
    ]


def _name(number: int) -> str:
    return f"skill {chr(97 + number)}"
