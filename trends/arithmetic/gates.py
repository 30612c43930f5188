"""What a skill must show, besides growth, before it is called rising.

Each function answers one question on arrays: is the growth more than a burst, still there, and more
than luck among thousands of skills. (Whether it is more than one country's, a comparison knows.)
"""

from dataclasses import dataclass

import numpy as np

from trends.arithmetic.dispersion import Dispersion
from trends.arithmetic.share_ratio import TAIL, Bools, Counts, Floats, matched, posterior

# A festival, an outage or a viral clip lasts up to three weeks; a trend does not fit into them.
BURST_WEEKS = 3
# With fewer weeks than two months a burst cannot be told from the rest: one month is not clipped.
SHORTEST_CLIPPED = 8
# Three standard deviations of chance: what a calm skill's best week may reach anyway.
CHANCE_REACH = 3.0
# The last two months decide whether growth of half a year is still going on.
RECENT_WEEKS = 8
# Those eight a tenth below the eight before them, with certainty: no longer going up.
COOLED = 0.9
# A base median of nothing is read as this many searchers a week, so that a first one is a rise.
ALMOST_NOBODY = 0.01


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition for the rising list: each skill's value, the least it may be, and the answer.

    For the gate of significance the value is a p value and `threshold` is the most it may be.
    """

    value: Floats
    threshold: float
    passed: Bools


def kept_after_clipping(weekly: Counts, platform_weekly: Counts) -> Floats:
    """Give the part of a window's searchers, 0..1, left when its bursts are cut down, (skills,).

    The three highest weeks by share are lowered to the fourth, or to what chance alone could
    reach above the other weeks. Weeks without a platform are left out.
    """
    seen = platform_weekly > 0
    if seen.sum() < SHORTEST_CLIPPED:
        return np.ones(len(weekly))
    exposure = platform_weekly[seen] / platform_weekly[seen].mean()
    counts = weekly if seen.all() else weekly[:, seen]
    level = counts / exposure
    ordered = np.sort(level, axis=1)
    usual = ordered[:, :-BURST_WEEKS].mean(axis=1)
    ceiling = np.maximum(ordered[:, -BURST_WEEKS - 1], usual + CHANCE_REACH * np.sqrt(usual))
    kept = np.minimum(level, ceiling[:, None]) @ exposure
    total = counts.sum(axis=1)
    part: Floats = np.where(total > 0, kept / np.maximum(total, 1), 1.0)
    return np.minimum(part, 1.0)


def recent_elevation(
    weekly_c: Counts, weekly_b: Counts, platform_c: Counts, platform_b: Counts
) -> Floats:
    """Give the median weekly share of the last 8 weeks over that of the whole base, (skills,)."""
    recent = _median_share(weekly_c[:, -RECENT_WEEKS:], platform_c[-RECENT_WEEKS:])
    base = _median_share(weekly_b, platform_b)
    if not (platform_c.any() and platform_b.any()):
        return np.zeros(len(weekly_c))
    nobody = ALMOST_NOBODY / platform_b[platform_b > 0].mean()
    elevation: Floats = recent / np.where(base > 0, base, nobody)
    return elevation


def _median_share(weekly: Counts, platform_weekly: Counts) -> Floats:
    seen = platform_weekly > 0
    if not seen.any():
        return np.zeros(len(weekly))
    counts = weekly if seen.all() else weekly[:, seen]
    median: Floats = np.median(counts / platform_weekly[seen], axis=1)
    return median


def false_discovery_cutoff(p_value: Floats, *, eligible: Bools, rate: float) -> float:
    """Give the largest p value Benjamini and Hochberg accept at this rate, 0.0 for none."""
    ordered = np.sort(p_value[eligible])
    allowed = rate * np.arange(1, ordered.size + 1) / max(ordered.size, 1)
    accepted = np.flatnonzero(ordered <= allowed)
    return float(ordered[accepted[-1]]) if accepted.size else 0.0


def cooling(weekly: Counts, platform_weekly: Counts, noise: Dispersion) -> Bools:
    """Return whether the last 8 weeks are significantly a tenth below the 8 before, (skills,).

    False for a window of less than 16 weeks.
    """
    earlier = slice(-2 * RECENT_WEEKS, -RECENT_WEEKS)
    if len(platform_weekly) < 2 * RECENT_WEEKS:
        return np.zeros(len(weekly), dtype=bool)
    n_late, n_early = weekly[:, -RECENT_WEEKS:].sum(axis=1), weekly[:, earlier].sum(axis=1)
    late, early = platform_weekly[-RECENT_WEEKS:].sum(), platform_weekly[earlier].sum()
    change = matched(n_late[:, None], n_early[:, None], late[None], early[None])
    believed = posterior(n_late, n_early, change.ratio(), noise.of_log_ratio(RECENT_WEEKS))
    return believed.probability_at_most(COOLED) > 1 - TAIL
