"""How many people look for a skill for each who offers it, and whether a new gig finds a buyer."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trends.arithmetic.disclosure import FEWEST_PEOPLE, tells_few
from trends.arithmetic.opportunity import HORIZONS, NEW_DAYS
from trends.counting import sql
from trends.measuring.money.paid_orders import DAYS

_SUPPLY = """
SELECT o.skill_id, count(*), count(DISTINCT o.seller_id),
    count(DISTINCT o.seller_id) FILTER (WHERE o.created_on < %(before)s)
FROM trends_offer o JOIN gigs_gig g ON g.id = o.gig_id
WHERE g.status = 'active' AND o.created_on < %(as_of)s GROUP BY 1
"""
# Whatever became of the gig since: leaving out the deleted would leave out those that lost. A gig
# of the day before has had its days in full, whatever the hour.
_NEW_GIGS = """
SELECT o.skill_id, h.days, count(*), count(DISTINCT o.seller_id), count(*) FILTER (WHERE h.won),
    count(DISTINCT o.seller_id) FILTER (WHERE h.won),
    count(DISTINCT o.seller_id) FILTER (WHERE NOT h.won)
FROM trends_offer o JOIN gigs_gig g ON g.id = o.gig_id
LEFT JOIN (
    SELECT p.gig_id, min(p.ordered_at) AS first
    FROM gigs_order p JOIN gigs_gig g ON g.id = p.gig_id JOIN gigs_seller s ON s.id = g.seller_id
    WHERE p.buyer <> s.pseudonym AND p.status <> 'cancelled' AND p.amount > p.refunded
      AND g.created_at >= %(first)s
    GROUP BY 1
) AS sold ON sold.gig_id = g.id
CROSS JOIN LATERAL (
    SELECT days, coalesce(sold.first < g.created_at + days * interval '1 day', false) AS won
    FROM unnest(%(horizons)s::int[]) AS days WHERE o.created_on < %(as_of)s - days
) AS h
WHERE o.created_on >= %(first)s GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Supply:
    """Active gigs of a skill and their sellers, and how many of these offered it half a year ago.

    What gigs ended since is not known, so that earlier number is of today's sellers alone.
    """

    gigs: int = 0
    sellers: int = 0
    sellers_before: int = 0


def supply(as_of: date) -> dict[int, Supply]:
    """Return what is offered on the eve of `as_of`, by skill."""
    return {
        skill: Supply(*counts)
        for skill, *counts in sql.rows(
            _SUPPLY, {"as_of": as_of, "before": as_of - timedelta(days=DAYS)}
        )
    }


def new_gigs(as_of: date) -> dict[int, dict[str, dict[str, int]]]:
    """Count how many of each skill's new gigs had an order within each of HORIZONS days.

    By skill and days. Only gigs old enough to have had that long; an order counts unless it was
    cancelled, refunded whole or the seller's own. `sellers` are distinct, `winners` those of a gig
    that won an order, `others` those of one that did not. Source: the method page, section
    Opportunity.
    """
    names = ("gigs", "sellers", "won", "winners", "others")
    first = as_of - timedelta(days=NEW_DAYS)
    rows = sql.rows(_NEW_GIGS, {"as_of": as_of, "first": first, "horizons": list(HORIZONS)})
    by_skill: dict[int, dict[str, dict[str, int]]] = {}
    for skill, days, *counts in rows:
        by_skill.setdefault(skill, {})[str(days)] = dict(zip(names, counts, strict=True))
    return by_skill


def supply_growth(supply: Supply, *, exact: bool) -> float | None:
    """Return active sellers over those of them who offered the skill half a year ago.

    1.0 is the same. None where that would give away fewer than ten people, newcomers included.
    """
    now, before = supply.sellers, supply.sellers_before
    few = min(now, before) < FEWEST_PEOPLE or bool(tells_few(np.array(now - before)))
    return None if not before or (few and not exact) else now / before
