"""A market whose truth is known: every skill's demand is drawn, so every answer can be marked.

Expected searchers of a week are volume x platform x season x trend x noise; the noise is each
skill's own, autocorrelated, heavy-tailed, wilder for some. True growth is growth of the trend
alone: bursts, spam and a launch in one country come on top and are never growth of the market.
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WINDOWS = ("y", "b", "c")
# What "rising" means on the list: more than the ordinary movement of half a year.
TRULY_RISING = 1.25


class Cause(IntEnum):
    """Why a skill's counts move; the kinds do not overlap."""

    ORDINARY = 0
    RISING = 1
    FROM_ZERO = 2
    FALLING = 3
    SEASONAL = 4
    BURST = 5
    LOCAL = 6
    SPAM_FEW_IDS = 7
    SPAM_FRESH_IDS = 8


@dataclass(frozen=True, slots=True)
class Market:
    """Every parameter of a simulated market; counts of skills are for the whole market."""

    skills: int = 20_000
    weeks_a_window: int = 26
    countries: tuple[float, ...] = (0.34, 0.22, 0.14, 0.11, 0.08, 0.06, 0.045, 0.005)
    # Expected weekly searchers of the skill of rank r: largest / (r + offset) ** exponent.
    largest: float = 30_000.0
    zipf_offset: float = 10.0
    zipf_exponent: float = 1.15
    # Platform size relative to its first week, at the end of the 78 weeks.
    platform_growth: float = 1.6
    platform_season: float = 0.1
    # Noise of the log rate: spread of a skill (median, and its own spread in logs), memory a week.
    noise: float = 0.22
    noise_spread: float = 0.4
    noise_memory: float = 0.75
    noise_tail: float = 4.0
    rising: int = 400
    from_zero: int = 20
    falling: int = 400
    seasonal: int = 2_000
    bursting: int = 600
    local: int = 200
    spam_few_ids: int = 0
    spam_fresh_ids: int = 0
    # Distinct searchers of half a year for one searcher-week, and how skills differ in it.
    distinct: tuple[float, float] = (0.55, 0.9)
    orders_a_searcher: float = 0.08
    established: float = 0.75


CLEAN = Market()
SPAMMED = Market(spam_few_ids=150, spam_fresh_ids=150)
SHRINKING = Market(platform_growth=0.6)
QUIET = Market(rising=0, from_zero=0, falling=0, local=0)


@dataclass(slots=True)
class Simulation:
    """One drawn market: what the platform can count, and what only the simulation knows.

    Keyed by window: weekly (skills, weeks), by_country (skills, countries) and the platform's.
    `truth` is the least true ratio of share against both bases, `truth_b` that against b alone.
    The rest is what a review sees, (skills,).
    """

    market: Market
    cause: Ints
    truth: Floats
    truth_b: Floats
    weekly: dict[str, Ints] = field(default_factory=dict)
    by_country: dict[str, Ints] = field(default_factory=dict)
    platform_weekly: dict[str, Ints] = field(default_factory=dict)
    platform_by_country: dict[str, Ints] = field(default_factory=dict)
    searches: dict[str, Ints] = field(default_factory=dict)
    orders: dict[str, Ints] = field(default_factory=dict)
    top_searcher_share: Floats = field(default_factory=lambda: np.empty(0))
    effective_searchers: Floats = field(default_factory=lambda: np.empty(0))
    established_share: Floats = field(default_factory=lambda: np.empty(0))

    def right(self) -> npt.NDArray[np.bool_]:
        """Whether a skill belongs on the worldwide rising list."""
        right: npt.NDArray[np.bool_] = self.truth > TRULY_RISING
        return right

    def searchers(self, window: str) -> Ints:
        """Distinct searchers of each skill in a window, worldwide."""
        searchers: Ints = self.by_country[window].sum(axis=1)
        return searchers


def simulate(market: Market, seed: int) -> Simulation:
    """Draw a market; the same market and seed give the same counts."""
    rng = np.random.default_rng(seed)
    weeks = market.weeks_a_window * len(WINDOWS)
    cause = _causes(market, rng)
    volume = (
        market.largest / (np.arange(market.skills) + market.zipf_offset) ** market.zipf_exponent
    )
    trend = _trends(market, cause, rng)
    volume[cause == Cause.FROM_ZERO] = rng.uniform(5, 100, np.sum(cause == Cause.FROM_ZERO))
    platform = _platform(market, weeks)
    size = market.weeks_a_window
    windows = {name: slice(i * size, (i + 1) * size) for i, name in enumerate(WINDOWS)}
    # The share of a window is weighed by the platform's weeks, as distinct counting does.
    mean = {
        name: trend[:, part] @ platform[part] / platform[part].sum()
        for name, part in windows.items()
    }
    ratio_b = mean["c"] / np.maximum(mean["b"], 1e-12)
    ratio_y = mean["c"] / np.maximum(mean["y"], 1e-12)
    drawn = Simulation(market, cause, np.minimum(ratio_b, ratio_y), ratio_b)
    expected = volume[:, None] * trend * platform * _season(market, cause, weeks, rng)
    expected *= np.exp(_noise(market, weeks, rng))
    expected *= _bursts(market, cause, weeks, rng)
    genuine = rng.poisson(expected)
    _count(drawn, genuine, windows, platform, rng)
    _review(drawn, rng)
    return drawn


def _causes(market: Market, rng: np.random.Generator) -> Ints:
    numbers = {
        Cause.RISING: market.rising,
        Cause.FROM_ZERO: market.from_zero,
        Cause.FALLING: market.falling,
        Cause.SEASONAL: market.seasonal,
        Cause.BURST: market.bursting,
        Cause.LOCAL: market.local,
        Cause.SPAM_FEW_IDS: market.spam_few_ids,
        Cause.SPAM_FRESH_IDS: market.spam_fresh_ids,
    }
    cause = np.zeros(market.skills, dtype=np.int64)
    chosen = rng.permutation(market.skills)
    start = 0
    for kind, number in numbers.items():
        cause[chosen[start : start + number]] = kind
        start += number
    return cause


def _trends(market: Market, cause: Ints, rng: np.random.Generator) -> Floats:
    """Give the true share of each skill in each week, 1.0 at the start; a logistic step."""
    weeks = np.arange(market.weeks_a_window * len(WINDOWS))
    step = np.ones(market.skills)
    up, down = cause == Cause.RISING, cause == Cause.FALLING
    step[up] = np.exp(rng.uniform(np.log(1.3), np.log(8.0), up.sum()))
    step[down] = np.exp(rng.uniform(np.log(0.15), np.log(0.8), down.sum()))
    middle = rng.uniform(1.6, 2.6, market.skills) * market.weeks_a_window
    width = rng.uniform(1.0, 6.0, market.skills)
    path = 1 / (1 + np.exp(-(weeks - middle[:, None]) / width[:, None]))
    trend = 1 + (step[:, None] - 1) * path
    new = cause == Cause.FROM_ZERO
    begins = rng.uniform(2.0, 2.5, market.skills) * market.weeks_a_window
    trend[new] = (weeks >= begins[new, None]) * np.minimum((weeks - begins[new, None]) / 8, 1.0)
    return trend


def _platform(market: Market, weeks: int) -> Floats:
    week = np.arange(weeks)
    growth = market.platform_growth ** (week / (weeks - 1))
    season = 1 + market.platform_season * np.sin(2 * np.pi * week / 52)
    size: Floats = growth * season
    return size


def _season(market: Market, cause: Ints, weeks: int, rng: np.random.Generator) -> Floats:
    """Give a yearly wave for seasonal skills; half of them peak in one short season."""
    week = np.arange(weeks)
    seasonal = np.flatnonzero(cause == Cause.SEASONAL)
    size = np.zeros(market.skills)
    size[seasonal] = rng.uniform(0.3, 1.6, seasonal.size)
    peak = rng.uniform(0, 52, (market.skills, 1))
    sharp = np.where(rng.random((market.skills, 1)) < 0.5, 1.0, 4.0)
    wave = ((1 + np.cos(2 * np.pi * (week - peak) / 52)) / 2) ** sharp
    return np.exp(size[:, None] * (wave - 0.5))


def _noise(market: Market, weeks: int, rng: np.random.Generator) -> Floats:
    """Draw autocorrelated heavy-tailed noise of the log rate with mean rate 1."""
    spread = market.noise * np.exp(market.noise_spread * rng.standard_normal(market.skills))
    tail = market.noise_tail
    shock = rng.standard_t(tail, (weeks, market.skills)) * np.sqrt((tail - 2) / tail)
    shock *= np.sqrt(1 - market.noise_memory**2)
    state = rng.standard_normal(market.skills)
    path = np.empty((market.skills, weeks))
    for week in range(weeks):
        state = market.noise_memory * state + shock[week]
        path[:, week] = state
    return np.clip(spread[:, None] * path, -3, 3) - spread[:, None] ** 2 / 2


def _bursts(market: Market, cause: Ints, weeks: int, rng: np.random.Generator) -> Floats:
    """Multiply one to three weeks of a bursting skill, most of them in the current window."""
    factor = np.ones((market.skills, weeks))
    current = 2 * market.weeks_a_window
    for skill in np.flatnonzero(cause == Cause.BURST):
        first = current if rng.random() < 0.7 else 0
        start = rng.integers(first, weeks - 3)
        factor[skill, start : start + rng.integers(1, 4)] = np.exp(rng.uniform(1.5, 4.0))
    return factor


def _count(
    drawn: Simulation,
    genuine: Ints,
    windows: dict[str, slice],
    platform: Floats,
    rng: np.random.Generator,
) -> None:
    market, cause = drawn.market, drawn.cause
    shares = np.array(market.countries) / np.sum(market.countries)
    taste = rng.dirichlet(shares * 60, market.skills)
    distinct = rng.uniform(*market.distinct, market.skills)
    for name, part in windows.items():
        weekly = genuine[:, part].copy()
        persons = rng.binomial(weekly.sum(axis=1), distinct)
        by_country = rng.multinomial(persons, taste)
        if name == "c":
            _local_launch(drawn, weekly, by_country, rng)
            _fresh_ids(drawn, weekly, by_country, shares, rng)
        searches = weekly.sum(axis=1) * 2
        if name == "c":
            few = cause == Cause.SPAM_FEW_IDS
            searches[few] *= rng.integers(3, 30, few.sum())
            by_country[few, 0] += rng.integers(1, 6, few.sum())
        drawn.weekly[name], drawn.by_country[name] = weekly, by_country
        drawn.searches[name] = searches
        size = platform[part] * market.largest * 12
        drawn.platform_weekly[name] = rng.poisson(size)
        # The smaller countries grow a little faster: a mix that moves, as on a real platform.
        moving = shares * np.linspace(1, 1 + 0.1 * WINDOWS.index(name), len(shares))
        drawn.platform_by_country[name] = rng.poisson(size.sum() * 0.35 * moving / moving.sum())
        orders = market.orders_a_searcher * np.exp(0.3 * rng.standard_normal(market.skills))
        drawn.orders[name] = rng.poisson(persons * orders)


def _local_launch(
    drawn: Simulation, weekly: Ints, by_country: Ints, rng: np.random.Generator
) -> None:
    """Add searchers in one country: two to ten times what the whole world had."""
    for skill in np.flatnonzero(drawn.cause == Cause.LOCAL):
        country = rng.integers(0, by_country.shape[1] - 1)
        added = int(by_country[skill].sum() * rng.uniform(1.0, 9.0))
        by_country[skill, country] += added
        weekly[skill] += _spread_over_weeks(added, weekly.shape[1], rng)


def _fresh_ids(
    drawn: Simulation,
    weekly: Ints,
    by_country: Ints,
    shares: Floats,
    rng: np.random.Generator,
) -> None:
    """Add accounts made for the purpose: in every country, for months, each searching once."""
    for skill in np.flatnonzero(drawn.cause == Cause.SPAM_FRESH_IDS):
        added = int((by_country[skill].sum() + 20) * np.exp(rng.uniform(0, 2.3)))
        by_country[skill] += rng.multinomial(added, shares)
        weekly[skill] += _spread_over_weeks(added, weekly.shape[1], rng)


def _spread_over_weeks(number: int, weeks: int, rng: np.random.Generator) -> Ints:
    open_weeks = np.arange(weeks) >= rng.integers(0, weeks // 2)
    return rng.multinomial(number, open_weeks / open_weeks.sum())


def _review(drawn: Simulation, rng: np.random.Generator) -> None:
    """Draw what a review sees of the searchers of the current window."""
    market, cause = drawn.market, drawn.cause
    persons = np.maximum(drawn.searchers("c"), 1)
    few, fresh = cause == Cause.SPAM_FEW_IDS, cause == Cause.SPAM_FRESH_IDS
    effective = persons * np.clip(rng.normal(0.55, 0.06, market.skills), 0.3, 0.9)
    top = np.minimum((2 + rng.exponential(2, market.skills)) / (2 * persons), 1.0)
    heavy = drawn.searches["c"] / np.maximum(2 * drawn.weekly["c"].sum(axis=1), 1)
    top[few] = 1 / 4 - 1 / (4 * heavy[few])
    effective[few] = 1 / np.maximum(4 * top[few] ** 2, 1 / persons[few])
    # Before the push these skills were flat: about as many genuine searchers as in the base.
    genuine = np.where(fresh, np.minimum(np.maximum(drawn.searchers("b"), 1), persons), persons)
    share = np.clip(market.established + rng.normal(0, 0.06, market.skills), 0.05, 0.98)
    known = rng.binomial(genuine, share)
    drawn.top_searcher_share = top
    drawn.effective_searchers = np.clip(effective, 1.0, persons)
    drawn.established_share = known / persons
