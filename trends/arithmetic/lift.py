"""How many times as many people as chance would bring: a ratio with its interval, and its test.

Arithmetic on arrays (pairs, strata): of so many people a number did something, and of so many
others like them. Source: the method page, What is replacing what.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from trends.arithmetic.share_ratio import CONTINUITY, SHOWN_Z, Bools, Counts, Floats

# The share of pairs called a replacement that may be luck, as on the rising list.
FALSE_DISCOVERY_RATE = 0.10
# Interests are neighbours: who liked one thing finds the next likelier than others do. On the
# simulated market that made an unplanned pair significantly 1.8 times as frequent, and every
# planned one more than twice.
LEAST_LIFT = 2.0
# A flow goes one way where chance would not make so many more go there than come back.
WAY_BACK_TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Lift:
    """Of each pair: the ratio of the two risks, its 95 % interval, and the chance of as much."""

    ratio: Floats
    lower: Floats
    upper: Floats
    p_value: Floats


def lift(moved: Counts, former: Counts, others_moved: Counts, others: Counts) -> Lift:
    """Compute the Mantel–Haenszel ratio of moved / former to others_moved / others, by strata.

    Arguments are (pairs, strata), results (pairs,). The interval is that of Greenland and Robins;
    the p value is of the one-sided Cochran–Mantel–Haenszel test, for "no more than others".
    """
    people = np.maximum(former + others, 1)
    here = (moved * others / people).sum(axis=1) + CONTINUITY
    there = (others_moved * former / people).sum(axis=1) + CONTINUITY
    spread = (moved + others_moved) * former * others / people**2 - moved * others_moved / people
    error = SHOWN_Z * np.sqrt(np.maximum(spread.sum(axis=1), CONTINUITY) / (here * there))
    ratio = here / there
    return Lift(
        ratio=ratio,
        lower=ratio * np.exp(-error),
        upper=ratio * np.exp(error),
        p_value=_chance(moved, former, others_moved, others),
    )


def _chance(moved: Counts, former: Counts, others_moved: Counts, others: Counts) -> Floats:
    """Return the chance that so many move if no likelier to than the others, (pairs,)."""
    people, movers = former + others, moved + others_moved
    whole = np.maximum(people, 2)
    expected = movers * former / whole
    variance = expected * others * (people - movers) / (whole * (whole - 1))
    excess = (moved - expected).sum(axis=1) - CONTINUITY
    chance: Floats = special.ndtr(-excess / np.sqrt(np.maximum(variance.sum(axis=1), 1e-12)))
    return chance


def one_way(moved: Counts, back: Counts) -> Bools:
    """Test whether more people moved than came back, (pairs,): a one-sided sign test."""
    chance = special.betainc(moved, back + 1, 0.5)
    significant: Bools = chance < WAY_BACK_TAIL
    return significant


def found(each: Lift, *, tests: int) -> Bools:
    """Return which pairs hold: at least the least lift, by Benjamini and Hochberg among `tests`.

    `tests` also counts the pairs with too few people to be worth a test.
    """
    ordered = np.sort(each.p_value)
    allowed = FALSE_DISCOVERY_RATE * np.arange(1, ordered.size + 1) / max(tests, ordered.size, 1)
    accepted = np.flatnonzero(ordered <= allowed)
    cutoff = ordered[accepted[-1]] if accepted.size else -1.0
    holds: Bools = (each.p_value <= cutoff) & (each.lower >= LEAST_LIFT)
    return holds
