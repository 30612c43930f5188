"""Which rising skills look pushed rather than wanted, for a person to review.

Pure functions on arrays, one entry a candidate. A flag holds a skill for review and says why; it
never drops a searcher and never changes a figure.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from trends.arithmetic.share_ratio import Bools, Counts, Floats

# One person behind more than a tenth of a skill's searches is a campaign or a customer of one.
LARGEST_SEARCHER = 0.10
# Searches spread over less than a third of the people usual at that volume.
LEAST_SPREAD = 0.3
# Accounts seen before, on another day or for another skill, are scarce among bought ones.
LEAST_ESTABLISHED = 0.6
# Real interest brings at least a quarter of the orders it used to bring ...
LEAST_ORDERS = 0.25
# ... counted with twenty ordinary searchers added, so that a new skill is not accused ...
PRIOR_SEARCHERS = 20
# ... and chance must explain a shortfall in fewer than one case in twenty.
UNLIKELY = 0.05


# Accounts, each searching once, evenly over the weeks and the countries, that put half of the flat
# skills of so many searchers on the list: (searchers, accounts), the least of the seeds. Measured
# by `print_price` of tests/benchmarks/bench_growth.py on its market of known truth.
PRICE_OF_A_PLACE = ((30, 90), (100, 150), (1_000, 1_250), (10_000, 12_500))
# Of so many skills listed so the review held, by the same measurement: every one where the accounts
# were fresh, hardly any where each had searched for something else before.
PUSHED, HELD_OF_FRESH, HELD_OF_AGED = 160, 160, 11


class Reason(StrEnum):
    """Why a skill is held until somebody has looked."""

    LARGEST_SEARCHER = "largest_searcher"
    FEW_SEARCHERS = "few_searchers"
    NEW_ACCOUNTS = "new_accounts"
    ORDERS_MISSING = "orders_missing"

    def in_words(self, value: float, threshold: float) -> str:
        """Say what was found and what would have been asked about, for the person who decides."""
        return _IN_WORDS[self].format(value, threshold).replace("%", " %")


_IN_WORDS = {
    Reason.LARGEST_SEARCHER: "One person made {:.1%} of the searches; asked about above {:.0%}.",
    Reason.FEW_SEARCHERS: (
        "The searches are spread as if over {:,.0f} people; asked about below {:,.0f},"
        " a third of what is usual at this volume."
    ),
    Reason.NEW_ACCOUNTS: (
        "{:.1%} of the searchers were seen on an earlier day or for another skill;"
        " asked about below {:.1%}."
    ),
    Reason.ORDERS_MISSING: (
        "If interest sold a quarter of what it did, so few orders had a chance of {:.1%};"
        " asked about below {:.0%}."
    ),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason, asked of every candidate: what was found, the limit, and whether it is passed.

    Every array (skills,).
    """

    value: Floats
    threshold: Floats
    raised: Bools


Signs = dict[Reason, Sign]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a candidate's searchers in the current window; every array (skills,).

    `top_share` 0..1 is the largest searcher's part of the searches, `effective` is 1 over the sum
    of squared parts (1..n_c), `established_share` 0..1 the searchers seen on an earlier day or for
    another skill. `n_c`, `n_b`, `orders_c`, `orders_b` count searchers and orders of both windows;
    an order of several skills is a part of one for each. `n_offered` 0..n_c searchers came when
    somebody offered the skill already.
    """

    top_share: Floats
    effective: Floats
    established_share: Floats
    n_c: Counts
    n_offered: Counts
    n_b: Counts
    orders_c: Floats
    orders_b: Floats


def signs(
    evidence: Evidence,
    *,
    usual_spread: Floats,
    platform_established: float,
    orders_per_searcher: float,
) -> Signs:
    """Say which candidates a person should look at before they are published, and why.

    `usual_spread`: the effective searchers usual at each candidate's volume, (skills,), from
    `effective_at_volume`. `platform_established`: the median established share of all skills,
    0..1. `orders_per_searcher`: of all skills in the current window, >= 0. Source: the method
    page, Manipulation.
    """
    established = LEAST_ESTABLISHED * platform_established
    return {
        Reason.LARGEST_SEARCHER: _above(evidence.top_share, LARGEST_SEARCHER),
        Reason.FEW_SEARCHERS: _below(evidence.effective, LEAST_SPREAD * usual_spread),
        Reason.NEW_ACCOUNTS: _below(evidence.established_share, established),
        Reason.ORDERS_MISSING: _below(chance_of_orders(evidence, orders_per_searcher), UNLIKELY),
    }


def held(signs: Signs) -> Bools:
    """Return whether there is any reason at all, (skills,)."""
    any_reason: Bools = np.logical_or.reduce([sign.raised for sign in signs.values()])
    return any_reason


def _above(value: Floats, threshold: float) -> Sign:
    return Sign(value, np.full_like(value, threshold), value > threshold)


def _below(value: Floats, threshold: Floats | float) -> Sign:
    limit: Floats = np.broadcast_to(threshold, value.shape)
    return Sign(value, limit, value < limit)


def effective_at_volume(n_c: Counts, *, of_searchers: Counts, effective: Floats) -> Floats:
    """Give the effective searchers usual at each volume in `n_c`, (skills,).

    `of_searchers` and `effective` describe the skills compared with, (others,): the median ratio
    of the two among skills of the same order of magnitude (a factor of two), or among all of them
    where that magnitude is empty.
    """
    ratio = effective / np.maximum(of_searchers, 1)
    magnitude = _magnitude(of_searchers)
    everywhere = float(np.median(ratio)) if ratio.size else 0.0
    usual = {step: float(np.median(ratio[magnitude == step])) for step in np.unique(magnitude)}
    part = np.array([usual.get(step, everywhere) for step in _magnitude(n_c)], dtype=float)
    return np.asarray(n_c * part, dtype=float)


def _magnitude(searchers: Counts) -> Counts:
    magnitude: Counts = np.floor(np.log2(np.maximum(searchers, 1))).astype(int)
    return magnitude


def chance_of_orders(evidence: Evidence, orders_per_searcher: float) -> Floats:
    """Give the probability of so few orders if interest sold a quarter of what it did, (skills,).

    Of those who came before anybody offered the skill no order is expected: a skill named today has
    their searches, and nothing they could have bought. 1.0 where none was to be expected at all.
    """
    usual = (evidence.orders_b + PRIOR_SEARCHERS * orders_per_searcher) / (
        evidence.n_b + PRIOR_SEARCHERS
    )
    expected = LEAST_ORDERS * evidence.n_offered * usual
    # The Poisson distribution function, continued between whole orders: parts of one count.
    chance: Floats = special.gammaincc(evidence.orders_c + 1.0, expected)
    return chance
