"""Which rising skills look pushed rather than wanted, for a person to review.

Pure functions on arrays, one entry a candidate. A flag holds a skill for review and says why; it
never drops a searcher and never changes a figure.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from trends.share_ratio import Bools, Counts, Floats

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


@dataclass(frozen=True, slots=True)
class Flags:
    """Reasons to review, each (skills,): True holds the skill until somebody has looked."""

    largest_searcher: Bools
    few_searchers: Bools
    new_accounts: Bools
    orders_missing: Bools

    @property
    def held(self) -> Bools:
        """Whether there is any reason at all."""
        return self.largest_searcher | self.few_searchers | self.new_accounts | self.orders_missing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a candidate's searchers in the current window; every array (skills,).

    `top_share` 0..1 is the largest searcher's part of the searches, `effective` is 1 over the sum
    of squared parts (1..n_c), `established_share` 0..1 the searchers seen on an earlier day or for
    another skill. `n_c`, `n_b`, `orders_c`, `orders_b` count searchers and orders of both windows.
    """

    top_share: Floats
    effective: Floats
    established_share: Floats
    n_c: Counts
    n_b: Counts
    orders_c: Counts
    orders_b: Counts


def flags(
    evidence: Evidence,
    *,
    usual_spread: Floats,
    platform_established: float,
    orders_per_searcher: float,
) -> Flags:
    """Say which candidates a person should look at before they are published.

    `usual_spread`: the effective searchers usual at each candidate's volume, (skills,), from
    `effective_at_volume`. `platform_established`: the median established share of all skills,
    0..1. `orders_per_searcher`: of the whole platform in the current window, >= 0. Source: the
    method page, Manipulation.
    """
    return Flags(
        largest_searcher=evidence.top_share > LARGEST_SEARCHER,
        few_searchers=evidence.effective < LEAST_SPREAD * usual_spread,
        new_accounts=evidence.established_share < LEAST_ESTABLISHED * platform_established,
        orders_missing=chance_of_orders(evidence, orders_per_searcher) < UNLIKELY,
    )


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

    1.0 where no order was to be expected.
    """
    usual = (evidence.orders_b + PRIOR_SEARCHERS * orders_per_searcher) / (
        evidence.n_b + PRIOR_SEARCHERS
    )
    chance: Floats = special.pdtr(evidence.orders_c, LEAST_ORDERS * evidence.n_c * usual)
    return chance
