"""A market with one skill of each kind, two years long, and the two snapshots half a year apart."""

import random
from collections.abc import Iterator
from datetime import timedelta

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY, Fields, at
from tests.tools.sending import send_gigs, send_orders, send_searches
from trends.measuring.snapshot import refresh
from trends.models import TrendSnapshot

WEEKS = 106
COUNTRIES = ("US", "US", "US", "DE", "DE", "FR")
PEOPLE = 6_000
CALLED = TODAY - timedelta(weeks=26)

# Searches a week in the half-years, the last one first; who searches is drawn anew each time.
SKILLS: dict[str, tuple[float, float, float, float]] = {
    "Riser": (60, 6, 5, 5),
    "Newcomer": (12, 0, 0, 0),
    "Local": (30, 4, 4, 4),
    "Kept": (40, 40, 4, 4),
    "Fallen": (4, 40, 5, 5),
    "Faded": (4, 20, 20, 20),
    "Tiny": (0.25, 0.25, 0.25, 0.25),
    **{f"Steady {letter}": (12, 12, 12, 12) for letter in "ABCDEFGHIJKLMN"},
}
NOBODY = "Nobody"
SELLERS, BUYERS = 70, 60
# Of the sellers of a skill that has any; where the last ones work is not known.
SELLERS_COUNTRIES = ["DE"] * 20 + ["US"] * 12 + [""] * 3


def small_market(*, seed: int = 3) -> TrendSnapshot:
    """Fill the empty database and publish the snapshots of CALLED and of TODAY."""
    for name in (*SKILLS, NOBODY):
        Skill.objects.add(name=name, category=Category.objects.at_path("Work > Desk"))
    send_searches(searches(random.Random(seed)))
    send_gigs(gigs())
    send_orders(orders())
    refresh(CALLED)
    return refresh(TODAY)


def searches(rng: random.Random) -> Iterator[Fields]:
    """Every search, the same for the same generator."""
    number = 0
    wobble = {name: [rng.lognormvariate(0, 0.15) for _ in range(WEEKS)] for name in SKILLS}
    for week in range(WEEKS):
        half = min(week // 26, 3)
        for name, levels in [*SKILLS.items(), ("gardening", (60,) * 4)]:
            usual = wobble[name][week // 4] if name.startswith("Steady") else 1.0
            for _ in range(int(levels[half] * usual + rng.random())):
                number += 1
                person = rng.randrange(PEOPLE)
                # What one country discovers is searched by all others as ever: four a week.
                launch = name == "Local" and half == 0 and rng.random() < 26 / 30
                day = TODAY - timedelta(days=1 + 7 * week + rng.randrange(7))
                yield {
                    "event_id": f"s{number}",
                    "occurred_at": at(day, second=rng.randrange(86_000)),
                    "query": name,
                    "searcher": f"p{person}",
                    "country": "DE" if launch else COUNTRIES[person % len(COUNTRIES)],
                }


def gigs() -> Iterator[Fields]:
    """One gig of every seller, offered for a year."""
    for seller in range(SELLERS):
        yield {
            "gig_id": f"g{seller}",
            "seller_id": f"seller {seller}",
            "country": SELLERS_COUNTRIES[seller // 2],
            "title": "I keep what you have",
            "category": "Work > Desk",
            # What nobody buys would be held for review.
            "skills": "Kept" if seller % 2 else "Newcomer",
            "price": "50",
            "currency": "USD",
            "created_at": at(TODAY - timedelta(days=500)),
            "status": "active",
        }


def orders() -> Iterator[Fields]:
    """Four orders of each gig in the last half-year, two in the one before of those there were."""
    for seller in range(SELLERS):
        for order in range(6 if seller % 2 else 4):
            day = TODAY - timedelta(days=10 + 45 * order)
            yield {
                "order_id": f"o{seller}-{order}",
                "gig_id": f"g{seller}",
                "buyer_id": f"buyer {(7 * seller + order) % BUYERS}",
                "amount": str(40 + seller // 2),
                "refunded": "0",
                "currency": "USD",
                "ordered_at": at(day - timedelta(days=3)),
                "completed_at": at(day),
                "status": "completed",
            }
