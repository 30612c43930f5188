"""What three more months may bring: the Theta method on a skill's months, with a tested band.

Arithmetic on arrays; it knows no database and no clock. A forecast is worth its band, so the band
is not assumed but measured: as wide as it had to be at earlier months to hold what then came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[Any]

# Four whole weeks: every month has the same weekdays.
WEEKS_OF_A_MONTH = 4
# Two years of them: below that a season passes for a trend, and no band can be tested.
MONTHS_NEEDED = 26
# Under twenty searchers in a month chance alone is wider than any useful band.
FEWEST_A_MONTH = 20
# A season: as far as anybody plans a gig, and no farther than the tests below can follow.
MONTHS_AHEAD = 3
# The band is to hold what comes four times in five; a surer one would be too wide to say anything.
BAND = 0.80
# Where it held fewer than seven in ten, it promises what it does not keep: nothing is shown.
LEAST_COVERAGE = 0.70
# The first month to look ahead from: a line through less than a year is half a season's slope.
FIRST_ORIGIN = 13
# How much of the newest month enters the level; each skill takes what would have served it best.
SMOOTHING = np.linspace(0.1, 1.0, 10)
# The ends of the band are the tenth misses from either end; of fewer they would be accidents.
FEWEST_MISSES = 100


@dataclass(frozen=True, slots=True)
class Band:
    """Mean searchers a month over the next MONTHS_AHEAD, (skills,), at the platform's present size.

    `present` is the mean of as many months before. `coverage` 0..1 says how often the bands drawn
    at earlier months held what then came, over `tested` of them.
    """

    point: Floats
    lower: Floats
    upper: Floats
    present: Floats
    coverage: float
    tested: int

    @property
    def kept(self) -> bool:
        """Whether the bands held often enough to be shown at all."""
        return self.tested > 0 and self.coverage >= LEAST_COVERAGE


def lasting(monthly: Counts) -> Bools:
    """Return whether each skill, (skills, MONTHS_NEEDED) searchers, has enough in every month.

    The slope of one that was launched in between would be that of its launch.
    """
    return np.asarray(monthly.min(axis=1) >= FEWEST_A_MONTH)


def outlook(monthly: Counts, platform_monthly: Counts) -> Band:
    """Look ahead for every skill at once.

    monthly: distinct searchers a month, (skills, MONTHS_NEEDED), oldest first, of `lasting` skills.
    platform_monthly: the same of everybody, (MONTHS_NEEDED,), all > 0. Never NaN. Raises ValueError
    where the shapes disagree. Source: the method page, Outlook.
    """
    if monthly.shape[1:] != (MONTHS_NEEDED,) or platform_monthly.shape != (MONTHS_NEEDED,):
        raise ValueError(f"an outlook needs {MONTHS_NEEDED} months of every skill and of everybody")
    adjusted = monthly * (platform_monthly[-1] / platform_monthly)
    point = _ahead(adjusted)
    misses = _misses(adjusted)
    low, high = _band(np.concatenate(list(misses.values())))
    held = _held(misses)
    return Band(
        point=point,
        lower=point * np.exp(low),
        upper=point * np.exp(high),
        present=adjusted[:, -MONTHS_AHEAD:].mean(axis=1),
        coverage=float(held.mean()) if held.size else 0.0,
        tested=held.size,
    )


def _ahead(adjusted: Floats) -> Floats:
    """Predict the mean of the months to come, (skills,), from (skills, months)."""
    continued = theta(np.log1p(adjusted), ahead=MONTHS_AHEAD)
    return np.asarray(np.maximum(np.expm1(continued).mean(axis=1), 0.0))


def _misses(adjusted: Floats) -> dict[int, Floats]:
    """Return the log of outcome over prediction for each earlier month looked ahead from."""
    origins = range(FIRST_ORIGIN, adjusted.shape[1] - MONTHS_AHEAD + 1)
    return {
        origin: np.log1p(adjusted[:, origin : origin + MONTHS_AHEAD].mean(axis=1))
        - np.log1p(_ahead(adjusted[:, :origin]))
        for origin in origins
    }


def _band(misses: Floats) -> tuple[float, float]:
    """Return the ends of a band that held BAND of these misses; infinite if they are too few.

    The ends are those of split conformal prediction: the quantiles of n + 1 misses, the next one
    included.
    """
    if len(misses) < FEWEST_MISSES:
        return -np.inf, np.inf
    ordered = np.sort(misses)
    left_out = int((len(misses) + 1) * (1 - BAND) / 2)
    return float(ordered[left_out - 1]), float(ordered[-left_out])


def _held(misses: Mapping[int, Floats]) -> Bools:
    """Return whether each band held that was drawn at an earlier month."""
    held = []
    for origin, missed in misses.items():
        known = [misses[past] for past in misses if past + MONTHS_AHEAD <= origin]
        low, high = _band(np.concatenate([np.zeros(0), *known]))
        if np.isfinite(low):
            held.append((low <= missed) & (missed <= high))
    return np.concatenate(held) if held else np.zeros(0, dtype=bool)


def theta(series: Floats, *, ahead: int) -> Floats:
    """Continue every series, (skills, months >= 2), by `ahead` months: (skills, ahead).

    The Theta method with two lines: simple exponential smoothing, with half the slope of the
    straight line through the series as drift. Source: the method page, Outlook.
    """
    months = series.shape[1]
    time = np.arange(months) - (months - 1) / 2
    drift = series @ time / (time @ time) / 2
    level, errors = _smoothed(series)
    best = errors.argmin(axis=0)
    weight = SMOOTHING[best]
    # Smoothing lags behind a slope; what it lags by belongs to the drift.
    lag = (1 - (1 - weight) ** months) / weight
    steps = np.arange(ahead) + lag[:, None]
    continued: Floats = level[best, np.arange(len(series)), None] + drift[:, None] * steps
    return continued


def _smoothed(series: Floats) -> tuple[Floats, Floats]:
    """Return the last level and the summed squared one-month errors, (weights, skills)."""
    weight = SMOOTHING[:, None]
    level = np.broadcast_to(series[:, 0], (len(SMOOTHING), len(series)))
    errors = np.zeros_like(level)
    for value in series.T[1:]:
        errors = errors + (value - level) ** 2
        level = level + weight * (value - level)
    return level, errors
