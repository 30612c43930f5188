"""How many people look for a skill for each who offers it, and whether a new gig finds a buyer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trends.arithmetic.digits import rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, tells_few
from trends.arithmetic.share_ratio import Bools, Counts, Floats
from trends.counting import sql
from trends.measuring.money.paid_orders import DAYS

# Below thirty searchers in a quarter a ratio is about those people, not about the skill.
FEWEST_SEARCHERS = 30
# Three ordinary sellers more, with their searchers: a skill nobody offers has no infinite chance.
PRIOR_SELLERS = 3
# New gigs are those of the last half-year, give or take two days.
NEW_DAYS = 180
# A gig that sells at all has usually sold within a month; three show the slow trades.
HORIZONS = (30, 90)
# With fewer, "fewer than ten sold" or "did not" would say more: of 14, that five did or did not.
FEWEST_TO_TELL = 2 * FEWEST_PEOPLE - 1

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
    """What is offered on the eve of `as_of`, by skill."""
    return {
        skill: Supply(*counts)
        for skill, *counts in sql.rows(
            _SUPPLY, {"as_of": as_of, "before": as_of - timedelta(days=DAYS)}
        )
    }


def new_gigs(as_of: date) -> dict[int, dict[str, dict[str, int]]]:
    """How many of each skill's gigs of the last NEW_DAYS had an order within each of HORIZONS.

    By skill and days. Only gigs old enough to have had that long; an order counts unless it was
    cancelled, refunded whole or the seller's own. `sellers` are distinct, `winners` those of a gig
    that won an order, `others` those of one that did not. Source: the method page, section
    Opportunity.
    """
    names = ("gigs", "sellers", "won", "winners", "others")
    first = as_of - timedelta(days=NEW_DAYS)
    rows = sql.rows(_NEW_GIGS, {"as_of": as_of, "first": first, "horizons": list(HORIZONS)})
    found: dict[int, dict[str, dict[str, int]]] = {}
    for skill, days, *counts in rows:
        found.setdefault(skill, {})[str(days)] = dict(zip(names, counts, strict=True))
    return found


def usual_searchers(searchers: Counts, sellers: Counts, category: Counts, *, told: Bools) -> Floats:
    """Give the searchers for each active seller in each skill's category, (skills,).

    From what is published alone, or a ratio beside it would give away what is not: counts under
    ten enter as nine, and skills whose searchers are withheld (`told`) not at all; NaN where that
    leaves none. Source: the method page, section Opportunity.
    """
    _, group = np.unique(category, return_inverse=True)
    fewest = FEWEST_PEOPLE - 1
    demand, offered = (
        np.bincount(group, weights=told * np.maximum(counts, fewest))
        for counts in (searchers, sellers)
    )
    usual = np.divide(demand, offered, out=np.full(len(demand), np.nan), where=offered > 0)
    return np.asarray(usual[group], dtype=float)


def opportunity(searchers: int, sellers: int, *, usual: float) -> float:
    """Give the searchers for each active seller as a multiple of the category's, > 0.

    O = [(D + 3 rho) / (A + 3)] / rho. Source: the method page, section Opportunity.
    """
    return (searchers + PRIOR_SELLERS * usual) / (sellers + PRIOR_SELLERS) / usual


@dataclass(frozen=True, slots=True)
class WinRate:
    """The part of new gigs, 0..1, that won an order; `compared` says "=", "<" or ">" than it."""

    part: float
    compared: str


def win_rate(found: Mapping[str, int], *, exact: bool) -> WinRate | None:
    """The part of new gigs that won an order, as far as it may be told.

    None with fewer than ten sellers or FEWEST_TO_TELL gigs. Where the gigs that won, or those that
    did not, belong to fewer than ten people, at most that they are fewer than ten gigs.
    """
    gigs, won = found["gigs"], found["won"]
    if exact:
        return WinRate(won / gigs, "=") if gigs else None
    if found["sellers"] < FEWEST_PEOPLE or gigs < FEWEST_TO_TELL:
        return None
    if won < FEWEST_PEOPLE:
        return WinRate(FEWEST_PEOPLE / gigs, "<")
    if gigs - won < FEWEST_PEOPLE:
        # Rounded down, or 99.5 % would be "more than 100 %".
        return WinRate(math.floor(100 * (1 - FEWEST_PEOPLE / gigs)) / 100, ">")
    few = min(found["winners"], found["others"]) < FEWEST_PEOPLE
    return None if few else WinRate(won / gigs, "=")


def first_published(as_of: date, *, within: int) -> tuple[date, date]:
    """The first and the last day of publication of new gigs that have had so many days."""
    return as_of - timedelta(days=NEW_DAYS), as_of - timedelta(days=within + 1)


def newcomers_won(found: Mapping[str, Mapping[str, int]]) -> float | None:
    """At least this part of a skill's new gigs, by days, sold within a month; None is not told.

    Of what everybody is told alone, so that a list may go by it. "Fewer than 91 %" of a handful
    promises nothing, and so is nothing here.
    """
    counts = found.get(str(min(HORIZONS)))
    rate = win_rate(counts, exact=False) if counts else None
    if rate is None:
        return None
    return 0.0 if rate.compared == "<" else rounded(rate.part)


def supply_growth(found: Supply, *, exact: bool) -> float | None:
    """Active sellers over those of them who offered the skill half a year ago, 1.0 = the same.

    None where that tells of fewer than ten people, be it those who came.
    """
    now, before = found.sellers, found.sellers_before
    few = min(now, before) < FEWEST_PEOPLE or bool(tells_few(np.array(now - before)))
    return None if not before or (few and not exact) else now / before
