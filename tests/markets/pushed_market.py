"""A market with two honest risers, skills pushed in each of four ways, and flat ones."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from marketplace.skills.models import Category
from tests.conftest import TODAY, Fields, at, search_row
from tests.tools.sending import send_gigs, send_orders

# A Monday, so that weeks of searches are whole weeks of the windows.
AS_OF = TODAY
WEEKS = 60
PUSHED = {
    # Of hundreds of searchers one with a tenth of the searches leaves few others anyway.
    "Loud": ["few_searchers", "largest_searcher"],
    "Crowded": ["few_searchers"],
    "Fresh": ["new_accounts"],
    "Unbought": ["orders_missing"],
    "Unsold": ["orders_missing"],
}
HONEST = ["Honest", "Ahead"]
# Nobody looked for these before. What is unsold was on offer all the time; of what its searchers
# were ahead of, the first gig is three days old.
NEW = {"Unsold", "Ahead"}
FLAT = [f"Flat {letter}" for letter in "abcdefgh"]


def search(query: str, who: str, days_ago: int, *, second: int = 43_200, **fields: Any) -> Fields:
    when = at(AS_OF - timedelta(days=days_ago), second=second)
    country = "DE" if len(who) % 2 else "FR"
    return search_row(query, searcher=who, occurred_at=when, country=country, **fields)


def sell(gig: str, skills: str, orders: list[tuple[str, int, Fields]], *, since: int = 500) -> None:
    """One gig, so many days old, and its orders by (buyer, days ago)."""
    Category.objects.at_path("Work")
    known = {"gig_id": gig, "seller_id": f"seller of {gig}", "title": gig, "category": "Work"}
    price = {"price": "5", "currency": "USD"}
    sold = {"skills": skills, "status": "active", "created_at": at(AS_OF - timedelta(days=since))}
    send_gigs([known | price | sold])
    money = {"gig_id": gig, "amount": "5", "currency": "USD", "status": "in_progress"}
    send_orders(
        money | {"order_id": f"{gig} {n}", "buyer_id": buyer, "ordered_at": when} | more
        for n, (buyer, days_ago, more) in enumerate(orders)
        for when in [at(AS_OF - timedelta(days=days_ago))]
    )


def week_of(skill: str, week: int, people: int) -> Iterator[Fields]:
    """People who had searched for something else on the day before, as people do."""
    for number in range(people):
        who = f"{skill} {week} {'x' * (number % 2)}{number}"
        yield search("gardening", who, 7 * week + 2)
        yield search(skill, who, 7 * week + 1)


def history() -> Iterator[Fields]:
    """Every skill that is pushed grows like an honest one; the push comes on top of it."""
    for week in range(WEEKS):
        for skill in [*HONEST, *PUSHED]:
            yield from week_of(skill, week, 20 if week < 26 else 4 * (skill not in NEW))
        for skill in FLAT:
            yield from week_of(skill, week, 10)
    for day in range(1, 171):
        yield search("Loud", "Loud 0 0", day)
        for number in range(30):
            if day % 6 == 0:
                yield search("Crowded", f"Crowded {number // 2} {number % 2}", day, second=9_000)
        for number in range(4):
            yield search("Fresh", f"bought {day} {'x' * (number % 2)}{number}", day)
