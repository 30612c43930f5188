"""How the share of a skill changed between two windows, and how sure that is.

The estimate is the Mantel-Haenszel ratio of shares over countries; its uncertainty is a beta
posterior of the share of both windows' searchers who came in the current one. Plain arrays in,
plain arrays out: 1.0 means no change, log growth 0.0 means the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[Any]

# Half a searcher on either side keeps an empty window finite; it is split by the platform's own
# sizes, so that a skill nobody searched for reads as "no change" and not as the platform's growth.
CONTINUITY = 0.5
# Twenty imaginary searchers who say "no change": 0 -> 5 stays unremarkable, 0 -> 50 does not.
PRIOR_SEARCHERS = 20.0
# Both tails of what is believed: 5 % below the lower bound, 5 % above the upper.
TAIL = 0.05
# The interval people are shown is the usual two-sided 95 %.
SHOWN_Z = 1.96
# Probabilities this close to 0 or 1 only arise from windows of absurdly unequal size; stopping
# there keeps every logarithm finite.
SMALLEST_PROBABILITY = 1e-15


@dataclass(frozen=True, slots=True)
class Matched:
    """Searchers of two windows weighted so that every country counts alike in both.

    `current` and `base` are (skills,) in weighted searchers; the two platform totals are in
    distinct searchers, scalars or (skills,).
    """

    current: Floats
    base: Floats
    platform_current: Floats
    platform_base: Floats

    def comparable(self) -> Bools:
        """Return whether the platform was seen in both windows; without it there is no share."""
        return (self.platform_current > 0) & (self.platform_base > 0)

    def ratio(self, keep_current: Floats | float = 1.0, keep_base: Floats | float = 1.0) -> Floats:
        """Give the ratio of shares, 1.0 where the windows cannot be compared.

        `keep_current` and `keep_base` in 0..1 are the parts left after clipping bursts.
        """
        total = self.platform_current + self.platform_base
        half = CONTINUITY / np.where(total > 0, total, 1.0)
        top = self.current * keep_current + half * self.platform_base
        bottom = self.base * keep_base + half * self.platform_current
        usable = self.comparable()
        ratio: Floats = np.where(usable, top, 1.0) / np.where(usable, bottom, 1.0)
        return ratio


def matched(n_c: Counts, n_w: Counts, platform_c: Counts, platform_w: Counts) -> Matched:
    """Weight the (skills, countries) searchers of two windows by the (countries,) platforms."""
    weight_c, weight_w = country_weights(platform_c, platform_w)
    return Matched(
        current=np.asarray(n_c, dtype=float) @ weight_c,
        base=np.asarray(n_w, dtype=float) @ weight_w,
        platform_current=np.asarray(platform_c, dtype=float).sum(),
        platform_base=np.asarray(platform_w, dtype=float).sum(),
    )


def country_weights(platform_c: Counts, platform_w: Counts) -> tuple[Floats, Floats]:
    """Give each country's weight on current and on base searchers; an unseen country weighs 0."""
    current, base = np.asarray(platform_c, dtype=float), np.asarray(platform_w, dtype=float)
    total = np.where(current + base > 0, current + base, 1.0)
    return base / total, current / total


def share_ratio(n_c: Counts, n_w: Counts, platform_c: Counts, platform_w: Counts) -> Floats:
    """Give the country-stratified ratio of shares, (skills,), 1.0 = no change.

    n_c, n_w: distinct searchers of each skill in the current and the base window,
    (skills, countries). platform_c, platform_w: distinct searchers of the whole platform in the
    same windows, (countries,). Never NaN or infinite: 1.0 where a window has no platform at all.
    Raises ValueError when the shapes disagree. Source: the method page, section Growth.
    """
    check_shapes(n_c, n_w, platform_c, platform_w)
    return matched(n_c, n_w, platform_c, platform_w).ratio()


def check_shapes(n_c: Counts, n_w: Counts, platform_c: Counts, platform_w: Counts) -> None:
    """Raise ValueError unless skills and places agree over both windows and the platform."""
    if n_c.ndim != 2 or n_c.shape[0] != n_w.shape[0]:
        raise ValueError("counts must be (skills, places), with the same skills in each window")
    if n_c.shape[1:] != platform_c.shape or n_w.shape[1:] != platform_w.shape:
        raise ValueError("the platform must have one count for each place or week of the skills")


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed about a skill's growth: the share of both windows' searchers is a beta.

    `alpha`, `beta` and `log_factor` are (skills,); the factor is how much the platform around
    this skill grew, as odds.
    """

    alpha: Floats
    beta: Floats
    log_factor: Floats

    def ratio_at(self, probability: float) -> Floats:
        """Give the ratio below which the truth lies with this probability, (skills,)."""
        share = np.asarray(special.betaincinv(self.alpha, self.beta, probability), dtype=float)
        share = np.clip(share, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
        ratio: Floats = np.exp(special.logit(share) - self.log_factor)
        return ratio

    def probability_at_most(self, ratio: float) -> Floats:
        """Give the probability in 0..1 that the true ratio is at most this one, (skills,)."""
        share = special.expit(np.log(ratio) + self.log_factor)
        return np.asarray(special.betainc(self.alpha, self.beta, share), dtype=float)


def posterior(n_c: Floats, n_w: Floats, ratio: Floats, noise: Floats) -> Posterior:
    """Turn two counts, their share ratio and the noise of that ratio into a posterior.

    All (skills,): searchers (not necessarily whole after clipping), ratio > 0, and noise >= 0 the
    variance of the log ratio beyond chance, 2a/K. A zero base needs no special case: the prior
    carries it. Source: the method page, Uncertainty, steps 4 and 5.
    """
    factor = (n_c + CONTINUITY) / ((n_w + CONTINUITY) * ratio)
    both = n_c + n_w
    inflation = 1 + noise * n_c * (n_w / np.where(both > 0, both, 1.0))
    prior = factor / (1 + factor)
    return Posterior(
        alpha=n_c / inflation + PRIOR_SEARCHERS * prior,
        beta=n_w / inflation + PRIOR_SEARCHERS * (1 - prior),
        log_factor=np.log(factor),
    )


def shown_interval(
    ratio: Floats, *, n_c: Floats, n_w: Floats, noise: Floats
) -> tuple[Floats, Floats]:
    """Give the 95 % interval of the ratio, without shrinking, as lower and upper (skills,)."""
    variance = 1 / (n_w + CONTINUITY) + 1 / (n_c + CONTINUITY) + noise
    spread = np.exp(SHOWN_Z * np.sqrt(variance))
    return ratio / spread, ratio * spread
