"""People who search for two skills for a year and a half, and the phrases a test adds to that."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from marketplace.gigs.importing import import_gigs
from marketplace.imports.rows import Row
from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY, Fields, at, search_row
from tests.tools import copies
from tests.tools.sending import send_orders, send_searches
from trends.backoffice.candidates.discovery import discover
from trends.backoffice.candidates.evidence import Proposal
from trends.counting.daily_rollup import roll_up
from trends.models import DiscoveryThresholds

HALF = range(26)
BEFORE = range(26, 52)
WEEKS = 80
COUNTRIES = ["DE", "FR", "US", "IN"]


def filled(emptied: Callable[[], None]) -> None:
    """A year and a half of people who search for two skills; each test adds its phrases."""
    copies.filled(searched)


def searched() -> None:
    for name in ("React", "Gardening", "Chat Bots for Shops"):
        Skill.objects.add(name=name, category=Category.objects.at_path("Work > Web"))
    for half in range(3):
        weeks = range(26 * half, 26 * half + 26)
        search("gardening", range(800), weeks=weeks)
        search("react", range(400), weeks=weeks)
    search("gardening", range(100), weeks=range(78, WEEKS))


def search(
    query: str, people: Iterable[int], *, weeks: range = HALF, country: str = "", **fields: Any
) -> None:
    """One search each, spread over weeks counted back from TODAY."""
    rows = [
        search_row(
            query,
            searcher=f"p{person}",
            occurred_at=at(TODAY - timedelta(days=1 + 7 * weeks[place % len(weeks)] + person % 7)),
            country=country or COUNTRIES[person % 4],
            **fields,
        )
        for place, person in enumerate(people)
    ]
    send_searches(rows)


def found(as_of: date = TODAY, **thresholds: Any) -> dict[str, Proposal]:
    """What is discovered, in its order."""
    roll_up()
    least = thresholds.pop("min_searchers", None)
    in_force = DiscoveryThresholds(**thresholds)
    return {one.text: one for one in discover(as_of, thresholds=in_force, min_searchers=least)}


def order_by(people: Iterable[int], day: date) -> None:
    gig: Fields = {
        "gig_id": "g1",
        "seller_id": "seller",
        "title": "I do it",
        "category": "Work",
        "skills": "React",
        "price": "5",
        "currency": "USD",
        "created_at": at(day),
        "status": "active",
    }
    import_gigs([Row(1, gig)])
    order = {"gig_id": "g1", "amount": "5", "currency": "USD", "status": "in_progress"}
    rows = [
        order | {"order_id": f"o{one}", "buyer_id": f"p{one}", "ordered_at": at(day)}
        for one in people
    ]
    send_orders(rows)
