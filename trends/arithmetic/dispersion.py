"""How much a skill's weeks wobble beyond chance, learnt from the weeks themselves.

Searches come in waves: counts vary more than dice would, and one wave lasts several weeks.
Ignoring that makes intervals promise 95 % and keep half of it. Each skill's own wobble is hard
to know from a year, so it is moderated by what is usual in the market this run.
"""

from dataclasses import dataclass

import numpy as np

from trends.arithmetic.share_ratio import Counts, Floats

# Four weeks: long enough for a small skill to have a count, short enough for 13 of them a year.
BLOCK_WEEKS = 4
# A quarter: what a wave of several weeks does to half a year shows here and not in four weeks.
LONG_BLOCK_WEEKS = 13
# One difference needs two blocks.
FEWEST_BLOCKS = 2
# Relative variance of a block lies in here; beyond are division accidents of tiny counts.
WOBBLE_RANGE = (-1.0, 4.0)
# Below ten searchers a block chance drowns the wobble: such skills borrow, they do not teach.
TEACHING_BLOCK_MEAN = 10.0
# The most extreme 2 % at either end are bursts and launches, not the ordinary wobble.
WINSORISED = (2.0, 98.0)
# Differences of neighbours share a block, so they are worth two thirds of as many free ones.
NEIGHBOUR_EFFICIENCY = 2 / 3
# No skill is believed calmer than a quarter of the market's usual wobble.
CALMEST = 0.25
# Few differences are lopsided: their median lies below their mean by (1 - 2/9d)^3, more so for
# three quarters' differences than for twelve of four weeks.
MEDIAN_SHORTFALL = 2 / 9
# Half a year remembers more than a quarter shows, as waves carry over from quarter to quarter.
# We take it halfway between "nothing more" and "growing on as it did from four weeks to thirteen":
# a factor 2^(ln k / 2 ln 3.25), which makes k^1.29 of every k found.
MEMORY_BEYOND = 1 + np.log(2) / (2 * np.log(LONG_BLOCK_WEEKS / BLOCK_WEEKS))
# Long memory cannot shrink the noise; beyond tenfold it is growth that is being measured.
MEMORY_RANGE = (1.0, 10.0)
# A market with a handful of busy skills cannot teach its own wobble: the usual values enter as
# ten more skills would, which a market of a thousand does not notice.
PRIOR_SKILLS = 10
USUAL_WOBBLE = 0.1
# Memory rests on three differences a skill, so it takes fifty skills to overrule the usual one: a
# real site with a dozen busy skills read anything from 1 to 9 by itself.
MEMORY_PRIOR_SKILLS = 50
USUAL_MEMORY = 2.0


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The noise of one run: `a` (skills,), relative variance of a four-week block with `kappa`
    in it; `a0` the usual value of the market; `kappa` the long memory in 1..10."""

    a: Floats
    a0: float
    kappa: float

    def of_log_ratio(self, weeks: float) -> Floats:
        """Give the variance of the log ratio of two windows of so many weeks, (skills,)."""
        return 2 * self.a / (max(weeks, BLOCK_WEEKS) / BLOCK_WEEKS)


def estimate(weekly: Counts, platform_weekly: Counts) -> Dispersion:
    """Learn the noise of every skill from consecutive weeks of both windows.

    weekly: distinct searchers a week, (skills, weeks), oldest first. platform_weekly: the same of
    the whole platform, (weeks,); 0 marks a week without data, which is left out. Never NaN.
    Source: the method page, Uncertainty, steps 1 to 3.
    """
    wobble, mean, blocks = _wobble(weekly, platform_weekly, BLOCK_WEEKS)
    teaching = mean >= TEACHING_BLOCK_MEAN
    usual = _usual_wobble(wobble[teaching])
    moderated = _moderated(wobble, mean=mean, usual=usual, blocks=blocks, teaching=teaching)
    slow, _, long_blocks = _wobble(weekly[teaching], platform_weekly, LONG_BLOCK_WEEKS)
    kappa = _memory(quick=wobble[teaching], slow=slow, blocks=(blocks, long_blocks))
    return Dispersion(a=kappa * moderated, a0=usual, kappa=kappa)


def _wobble(
    weekly: Counts, platform_weekly: Counts, block_weeks: int
) -> tuple[Floats, Floats, int]:
    """Give each skill's relative variance between neighbouring blocks, its mean, and the blocks."""
    starts = np.arange(0, len(platform_weekly), block_weeks)
    exposure = np.add.reduceat(np.asarray(platform_weekly, dtype=float), starts)
    seen = exposure > 0
    if seen.sum() < FEWEST_BLOCKS:
        return np.zeros(len(weekly)), np.zeros(len(weekly)), 0
    counts = np.add.reduceat(weekly, starts, axis=1)[:, seen]
    exposure = exposure[seen] / exposure[seen].mean()
    level = counts / exposure
    chance = level / exposure
    power = level**2 - chance
    excess = np.diff(level, axis=1) ** 2 - chance[:, 1:] - chance[:, :-1]
    scale = (power[:, 1:] + power[:, :-1]).sum(axis=1)
    wobble = excess.sum(axis=1) / np.where(scale > 0, scale, 1.0) * (scale > 0)
    return np.clip(wobble, *WOBBLE_RANGE), counts.mean(axis=1), int(seen.sum())


def _usual_wobble(wobble: Floats) -> float:
    """Give the market's usual wobble, never below zero: calmer than chance is chance."""
    total = USUAL_WOBBLE * PRIOR_SKILLS
    if wobble.size:
        total += float(np.clip(wobble, *np.percentile(wobble, WINSORISED)).sum())
    return max(total / (wobble.size + PRIOR_SKILLS), 0.0)


def _moderated(
    wobble: Floats,
    *,
    mean: Floats,
    usual: float,
    blocks: int,
    teaching: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> Floats:
    """Pull each skill's own wobble to the usual one, as far as its own is uncertain."""
    freedom = _freedom(max(blocks, FEWEST_BLOCKS))
    # A skill nobody searched for counts as searched for once: nothing divides by zero.
    uncertainty = 2 / freedom * (1 / np.maximum(mean, 1 / max(blocks, 1)) + usual) ** 2
    spread = (CALMEST * usual) ** 2
    if teaching.any():
        between = float(np.var(wobble[teaching]) - uncertainty[teaching].mean())
        spread = max(between, spread)
    trust = spread / (spread + uncertainty)
    moderated: Floats = np.maximum(CALMEST * usual, usual + trust * (wobble - usual))
    return moderated


def _memory(*, quick: Floats, slow: Floats, blocks: tuple[int, int]) -> float:
    """Give how much noisier half years are than independent four-week blocks would make them.

    `quick` and `slow` are the wobbles of short and long blocks, `blocks` how many of each.
    """
    if min(blocks) < FEWEST_BLOCKS or not quick.size:
        return USUAL_MEMORY
    expected = _typical(quick, blocks[0]) * BLOCK_WEEKS
    kept = _typical(slow, blocks[1]) * LONG_BLOCK_WEEKS
    low, high = MEMORY_RANGE
    # Where four weeks show no wobble at all, any that quarters show is as long as can be.
    memory = max(kept, 0.0) / expected if expected > 0 else high * (kept > 0)
    memory = min(max(memory, low) ** MEMORY_BEYOND, high)
    total = memory * quick.size + USUAL_MEMORY * MEMORY_PRIOR_SKILLS
    return float(total / (quick.size + MEMORY_PRIOR_SKILLS))


def _typical(wobble: Floats, blocks: int) -> float:
    """Give the mean wobble of ordinary skills, from the median that a few wild ones cannot move."""
    return float(np.median(wobble)) / (1 - MEDIAN_SHORTFALL / _freedom(blocks)) ** 3


def _freedom(blocks: int) -> float:
    return (blocks - 1) * NEIGHBOUR_EFFICIENCY
