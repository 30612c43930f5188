"""Sellers against buyers: who offered, bought and searched for each skill, month by month.

A gig was on offer from its first day to today, or, if it is active no more, to its last order: when
it was paused or deleted is not known.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from trends.counting.sql import read_integers
from trends.counting.window_counts import SKILLS, Counts
from trends.models import SkillMarket, TrendSnapshot

# Four whole weeks, so that every month has the same weekdays; a year and a half, as the chart of
# the weeks.
MONTH = timedelta(days=28)
MONTHS = 19

_OF_A_MONTH = "(%(as_of)s - 1 - day) / %(month)s"
_SELLERS = """
WITH offered AS (
    SELECT o.skill_id, o.seller_id, o.created_on, CASE WHEN g.status = 'active' THEN %(as_of)s - 1
        ELSE greatest(o.created_on, sold.day) END AS last_day
    FROM trends_offer o JOIN gigs_gig g ON g.id = o.gig_id
    LEFT JOIN (
        SELECT gig_id, max((ordered_at AT TIME ZONE 'UTC')::date) AS day
        FROM gigs_order WHERE (ordered_at AT TIME ZONE 'UTC')::date < %(as_of)s GROUP BY gig_id
    ) AS sold ON sold.gig_id = g.id
    WHERE o.created_on < %(as_of)s
)
SELECT skill_id, back, count(DISTINCT seller_id)
FROM offered JOIN generate_series(0, %(months)s - 1) AS back
    ON created_on < %(as_of)s - back * %(month)s
    AND last_day >= %(as_of)s - (back + 1) * %(month)s
GROUP BY 1, 2
"""
# An order counts on the day it is placed: that is when somebody wanted the skill.
_BUYERS = f"""
SELECT skill_id, {_OF_A_MONTH}, count(DISTINCT buyer)
FROM (
    SELECT o.skill_id, p.buyer, (p.ordered_at AT TIME ZONE 'UTC')::date AS day
    FROM gigs_order p JOIN trends_offer o ON o.gig_id = p.gig_id
    JOIN gigs_seller s ON s.id = o.seller_id
    WHERE p.buyer <> s.pseudonym AND p.status <> 'cancelled' AND p.amount > p.refunded
) AS bought
WHERE day >= %(first)s AND day < %(as_of)s GROUP BY 1, 2
"""
_SEARCHERS = f"""
SELECT subject, {_OF_A_MONTH}, count(DISTINCT searcher) FROM {SKILLS}
WHERE counted AND day >= %(first)s AND day < %(as_of)s GROUP BY 1, 2
"""
_COUNTED = {"sellers": _SELLERS, "buyers": _BUYERS, "searchers": _SEARCHERS}


def store_markets(snapshot: TrendSnapshot) -> None:
    """Store the months of every skill that anybody offered, bought or searched for in them."""
    known = _known(snapshot.as_of)
    markets: dict[int, dict[str, list[int]]] = defaultdict(
        lambda: {name: [0] * MONTHS for name in _COUNTED}
    )
    for name, query in _COUNTED.items():
        for skill, back, people in _rows(query, known):
            markets[skill][name][MONTHS - 1 - back] = people
    SkillMarket.objects.bulk_create(
        (
            SkillMarket(snapshot=snapshot, skill_id=skill, **markets[skill])
            for skill in sorted(markets)
        ),
        batch_size=1_000,
    )


def first_days(as_of: date) -> list[date]:
    """Return the first day of each month, oldest first."""
    return [as_of - (MONTHS - place) * MONTH for place in range(MONTHS)]


def _known(as_of: date) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "first": as_of - MONTHS * MONTH,
        "month": MONTH.days,
        "months": MONTHS,
    }


def _rows(query: str, known: Mapping[str, Any]) -> list[list[int]]:
    counted: Counts = read_integers(query, known)
    return counted.tolist()  # type: ignore[no-any-return]
