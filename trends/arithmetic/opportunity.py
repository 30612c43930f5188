"""Searchers for each seller, and how many new gigs sell: the arithmetic of opportunity."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trends.arithmetic.digits import rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.share_ratio import Bools, Counts, Floats

# Below thirty searchers in a quarter a ratio is about those people, not about the skill.
FEWEST_TO_DIVIDE = 30


# Three ordinary sellers more, with their searchers: a skill nobody offers has no infinite chance.
PRIOR_SELLERS = 3


# New gigs are those of the last half-year, give or take two days.
NEW_DAYS = 180


# A gig that sells at all has usually sold within a month; three show the slow trades.
HORIZONS = (30, 90)


# With fewer, "fewer than ten sold" or "did not" would say more: of 14, that five did or did not.
FEWEST_TO_TELL = 2 * FEWEST_PEOPLE - 1


def usual_searchers(
    searchers: Counts, sellers: Counts, category: Counts, *, published: Bools
) -> Floats:
    """Give the searchers for each active seller in each skill's category, (skills,).

    From what is published alone, or a ratio beside it would give away what is not: counts under
    ten enter as nine, and skills that are not `published` not at all; NaN where that leaves none.
    Source: the method page, section Opportunity.
    """
    _, group = np.unique(category, return_inverse=True)
    fewest = FEWEST_PEOPLE - 1
    demand, offered = (
        np.bincount(group, weights=published * np.maximum(counts, fewest))
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


def win_rate(counts: Mapping[str, int], *, exact: bool) -> WinRate | None:
    """Return the part of new gigs that won an order, as far as it may be published.

    None with fewer than ten sellers or FEWEST_TO_TELL gigs. Where the gigs that won, or those that
    did not, belong to fewer than ten people, at most that they are fewer than ten gigs.
    """
    gigs, won = counts["gigs"], counts["won"]
    if exact:
        return WinRate(won / gigs, "=") if gigs else None
    if counts["sellers"] < FEWEST_PEOPLE or gigs < FEWEST_TO_TELL:
        return None
    if won < FEWEST_PEOPLE:
        return WinRate(FEWEST_PEOPLE / gigs, "<")
    if gigs - won < FEWEST_PEOPLE:
        # Rounded down, or 99.5 % would be "more than 100 %".
        return WinRate(math.floor(100 * (1 - FEWEST_PEOPLE / gigs)) / 100, ">")
    few = min(counts["winners"], counts["others"]) < FEWEST_PEOPLE
    return None if few else WinRate(won / gigs, "=")


def first_published(as_of: date, *, within: int) -> tuple[date, date]:
    """Return the first and last day of publication of gigs that have had so many days."""
    return as_of - timedelta(days=NEW_DAYS), as_of - timedelta(days=within + 1)


def newcomers_won(by_horizon: Mapping[str, Mapping[str, int]]) -> float | None:
    """Return the least part of a skill's new gigs that sold within a month; None if not published.

    From published figures alone, so that a list may go by it. "Fewer than 91 %" of a handful
    promises nothing, and counts as nothing here.
    """
    counts = by_horizon.get(str(min(HORIZONS)))
    rate = win_rate(counts, exact=False) if counts else None
    if rate is None:
        return None
    return 0.0 if rate.compared == "<" else rounded(rate.part)
