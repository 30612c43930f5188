"""The usual ways to say what is trending, beside ours: every one ranks the same counts.

Each takes a simulated market and gives the indices of the skills it would list, best first.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from tests.benchmarks.simulated_market import Ints, Simulation
from trends.arithmetic import manipulation
from trends.arithmetic.growth import Growth, measure
from trends.arithmetic.manipulation import Evidence, effective_at_volume, signs

Ranking = Callable[[Simulation], Ints]
# The minimum base that makes a percentage respectable in most published indices.
MINIMUM_BASE = 30
# A trend score on social networks asks for a handful of people and compares with yesterday's.
FEWEST_PEOPLE = 5


def ranked(score: np.typing.NDArray[np.float64]) -> Ints:
    """Give the indices with a score above minus infinity, the highest first."""
    listed = np.flatnonzero(np.isfinite(score))
    return listed[np.argsort(-score[listed], kind="stable")]


def raw_percent(market: Simulation) -> Ints:
    """Rank by the change of the number of searches, whoever made them."""
    before, now = market.searches["b"], market.searches["c"]
    return ranked(np.where(before > 0, now / np.maximum(before, 1), -np.inf))


def percent_with_minimum_base(market: Simulation) -> Ints:
    """Rank by the change of the number of searchers, of skills that had some before."""
    before, now = market.searchers("b"), market.searchers("c")
    return ranked(np.where(before >= MINIMUM_BASE, now / np.maximum(before, 1), -np.inf))


def chi_square(market: Simulation) -> Ints:
    """Rank by the squared excess over the count before, relative to it."""
    before, now = np.maximum(market.searchers("b"), 1), market.searchers("c")
    score = (now - before) ** 2 / before
    return ranked(np.where((now >= FEWEST_PEOPLE) & (now > before), score, -np.inf))


def poisson_bound(market: Simulation) -> Ints:
    """Rank by the lower 5 % end of the ratio of shares if searchers came like dice."""
    before, now = market.searchers("b"), market.searchers("c")
    platform = market.platform_by_country
    log_factor = np.log(platform["c"].sum() / platform["b"].sum())
    share = special.betaincinv(now + 0.5, before + 0.5, 0.05)
    bound = special.logit(np.clip(share, 1e-15, 1 - 1e-15)) - log_factor
    return ranked(np.where(bound > 0, bound, -np.inf))


def ours(market: Simulation) -> Ints:
    """Rank as the project does, before anybody has reviewed the list."""
    return measured(market).ranking()


def ours_reviewed(market: Simulation) -> Ints:
    """Rank as the project does, without the skills held for review."""
    ranking = measured(market).ranking()
    return ranking[~held(market, ranking)]


def measured(market: Simulation) -> Growth:
    """Measure a simulated market."""
    return measure(
        market.weekly, market.by_country, market.platform_weekly, market.platform_by_country
    )


def held(market: Simulation, candidates: Ints) -> np.typing.NDArray[np.bool_]:
    """Say which candidates a flag holds for review."""
    n_c, n_b = market.searchers("c"), market.searchers("b")
    evidence = Evidence(
        top_share=market.top_searcher_share[candidates],
        effective=market.effective_searchers[candidates],
        established_share=market.established_share[candidates],
        n_c=n_c[candidates],
        # Every simulated skill has its sellers all the time.
        n_offered=n_c[candidates],
        n_b=n_b[candidates],
        orders_c=market.orders["c"][candidates].astype(float),
        orders_b=market.orders["b"][candidates].astype(float),
    )
    found = signs(
        evidence,
        usual_spread=effective_at_volume(
            n_c[candidates], of_searchers=n_c, effective=market.effective_searchers
        ),
        platform_established=float(np.median(market.established_share)),
        orders_per_searcher=float(market.orders["c"].sum() / max(n_c.sum(), 1)),
    )
    return manipulation.held(found)


METHODS: dict[str, Ranking] = {
    "raw percent of searches": raw_percent,
    "percent, base of 30": percent_with_minimum_base,
    "chi-square": chi_square,
    "Poisson bound": poisson_bound,
    "ours": ours,
    "ours, reviewed": ours_reviewed,
}
