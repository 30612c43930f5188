"""A list proposed in the place of ours: which skills move is learnt from all skills at once.

Most stay as they are and some move, the two-groups model of Efron. The still ones show how far half
a year scatters a skill that does not move. Given that, the counts of all skills show which growths
there are in this market, and how often (the non-parametric maximum likelihood of Kiefer and
Wolfowitz, on a grid). Of one skill both together say how probable a growth is: a count that would
convince nobody alone is worth more where many rise, and less where nothing does.
"""

import numpy as np
from scipy import special

from tests.benchmarks.methods import measured
from tests.benchmarks.simulated_market import Floats, Ints, Simulation
from trends.arithmetic.counted import Windows
from trends.arithmetic.growth import FALSE_DISCOVERY_RATE, pairs_of
from trends.arithmetic.share_ratio import CONTINUITY, matched, share_ratio
from trends.arithmetic.two_windows import ORDINARY_GROWTH, Pair

# Log growths that are asked about: a tenth apart up to sevenfold, coarser to a thousandfold.
GRID: Floats = np.concatenate(
    [np.arange(-4.5, -2, 0.25), np.arange(-20, 21) / 10, np.arange(2.25, 7.01, 0.25)]
)
STILL = int(np.argmin(np.abs(GRID)))
# Some skills are noisier than their weeks tell: variances of so many times what is expected, in
# these parts. Without them, where nothing moves a few of 20,000 would be called rising.
NOISIER = np.array([0.25, 0.75, 2.15])
NOISIER_PARTS = np.array([0.3, 0.4, 0.3])
# A market of few skills cannot tell how many move: ten that stand still are added to it.
STILL_SKILLS_ADDED = 10
# To begin with seven in ten stand still; thirty rounds later the data have decided.
STILL_AT_FIRST = 0.7
ROUNDS = 40
# Learnt from so many skills at most, evenly chosen; more would change nothing but the time.
MOST_TEACHERS = 4_000
# Below that many searchers in both windows a skill teaches nothing; the scatter takes more, as it
# is seen in logarithms.
FEWEST_TO_TEACH = 5
FEWEST_TO_SCATTER = 20
# How far movers move, in logs, while the scatter of the still is looked for.
MOVES = np.array([0.7, 1.2, 2.0])
MOVERS_AT_FIRST = np.array([0.15, 0.1, 0.05])
# Parts of the expected noise that are tried.
PARTS_TRIED = np.geomspace(0.02, 1.0, 48)
# The full part counts as if some skills had shown it: few skills cannot say that there is no noise.
PRIOR_SKILLS = 10


def ranked_by_two_groups(market: Simulation) -> Ints:
    """Rank the skills that a false-discovery rate of ten per cent lists, by our bound."""
    growth = measured(market)
    windows = Windows.named(
        weekly=market.weekly,
        by_country=market.by_country,
        platform_weekly=market.platform_weekly,
        platform_by_country=market.platform_by_country,
    )
    pairs, _ = pairs_of(windows, growth.dispersion)
    # Never more than what weeks and quarters show: some of that is movement.
    part = part_of_noise(pairs[0])
    chances = [chance_at_most(ORDINARY_GROWTH, pair, part) for pair in pairs]
    chance = np.max(chances, axis=0)
    asked = [gate.passed for name, gate in growth.gates.items() if name != "significant"]
    eligible = np.flatnonzero(np.logical_and.reduce(asked))
    surest = eligible[np.argsort(chance[eligible], kind="stable")]
    on_average = np.cumsum(chance[surest]) / np.arange(1, surest.size + 1)
    listed = surest[: int(np.sum(on_average <= FALSE_DISCOVERY_RATE))]
    return listed[np.argsort(-growth.bound[listed], kind="stable")]


def chance_at_most(ratio: float, pair: Pair, part: float) -> Floats:
    """Give the probability of each skill, (skills,), that its true ratio is at most this one.

    With this part of the noise of the pair, and as often as growth of each size is in this market.
    """
    n_c, n_w = pair.n_c.sum(axis=1) * pair.keep_c, pair.n_w.sum(axis=1) * pair.keep_w
    seen = matched(pair.n_c, pair.n_w, pair.platform_c, pair.platform_w)
    shown = seen.ratio(pair.keep_c, pair.keep_w)
    log_factor = np.log((n_c + CONTINUITY) / ((n_w + CONTINUITY) * shown))
    likelihood = _likelihood(n_c, n_w, log_factor, part * pair.noise)
    believed = likelihood * _prior(likelihood[_some(n_c + n_w >= FEWEST_TO_TEACH)])
    below = believed[:, np.log(ratio) >= GRID].sum(axis=1)
    return np.asarray(below / believed.sum(axis=1), dtype=float)


def part_of_noise(pair: Pair) -> float:
    """Give the part, up to 1.0, of the noise of a pair that skills which do not move show."""
    n_c, n_w, noise = pair.n_c.sum(axis=1), pair.n_w.sum(axis=1), pair.noise
    ratio = share_ratio(pair.n_c, pair.n_w, pair.platform_c, pair.platform_w)
    enough = (n_c + n_w >= FEWEST_TO_SCATTER) & (np.minimum(n_c, n_w) >= FEWEST_TO_TEACH)
    some = _some(enough & (noise > 0))
    if not some.size:
        return 1.0
    square = np.log(ratio[some])[:, None] ** 2
    chance = (1 / (n_c[some] + CONTINUITY) + 1 / (n_w[some] + CONTINUITY))[:, None]
    likely = [_likely(part, square, chance, noise[some][:, None]) for part in PARTS_TRIED]
    return float(PARTS_TRIED[int(np.argmax(likely))])


def _likely(part: float, square: Floats, chance: Floats, expected: Floats) -> float:
    """Give the log likelihood of a part of the noise, with movers as numerous as fits it best."""
    still = chance + part * expected * NOISIER
    moving = chance + part * expected + MOVES**2
    dense = np.hstack([_density(square, still) @ NOISIER_PARTS[:, None], _density(square, moving)])
    weights = np.array([1 - MOVERS_AT_FIRST.sum(), *MOVERS_AT_FIRST])
    for _ in range(10):
        shared = dense * weights
        weights = (shared / shared.sum(axis=1, keepdims=True)).mean(axis=0)
    # Half a log of chi-square a skill: what one skill can say of a variance.
    held_back = PRIOR_SKILLS * (np.log(part) ** 2) / 4
    return float(np.log(dense @ weights).sum() - held_back)


def _density(square: Floats, variance: Floats) -> Floats:
    density: Floats = np.exp(-square / variance / 2) / np.sqrt(variance)
    return density


def _likelihood(n_c: Floats, n_w: Floats, log_factor: Floats, noise: Floats) -> Floats:
    """Give how well each growth of the grid explains the counts, (skills, grid), at best 1.0."""
    odds = GRID + log_factor[:, None]
    not_now, now = np.logaddexp(0, odds), np.logaddexp(0, -odds)
    both = n_c + n_w
    spread = n_c * (n_w / np.where(both > 0, both, 1.0))
    # As likely as the best growth of all, which has the share that was seen.
    best = special.xlogy(n_c, np.where(both > 0, n_c, 1.0) / np.where(both > 0, both, 1.0))
    best += special.xlogy(n_w, np.where(both > 0, n_w, 1.0) / np.where(both > 0, both, 1.0))
    explained = n_c[:, None] * now + n_w[:, None] * not_now + best[:, None]
    likelihood = np.zeros_like(explained)
    for noisier, part in zip(NOISIER, NOISIER_PARTS, strict=True):
        inflation = 1 + noisier * noise * spread
        likelihood += part * np.exp(-explained / inflation[:, None])
    return likelihood


def _prior(likelihood: Floats) -> Floats:
    """Learn how frequent each growth of the grid is, (grid,), by expectation-maximisation."""
    prior = np.full(GRID.size, (1 - STILL_AT_FIRST) / (GRID.size - 1))
    prior[STILL] = STILL_AT_FIRST
    for _ in range(ROUNDS):
        # Skills no growth explains, which rounding can make, teach nothing.
        explained = np.maximum(likelihood @ prior, np.finfo(float).tiny)
        shared = prior * ((1 / explained) @ likelihood)
        shared[STILL] += STILL_SKILLS_ADDED
        prior = shared / shared.sum()
    return prior


def _some(enough: np.typing.NDArray[np.bool_]) -> np.typing.NDArray[np.int64]:
    """Give the indices of skills to learn from, evenly chosen where there are many."""
    places = np.flatnonzero(enough)
    return places[:: max(1, -(-places.size // MOST_TEACHERS))]
