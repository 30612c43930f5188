"""What a seller in the middle earns, how sure that is, and who is best paid: arithmetic on arrays.

Every skill's earnings stand in one long array, skill after skill and within a skill the least
first; `count` (skills,) says how many sellers each has.
"""

import numpy as np

from trends.arithmetic.share_ratio import Counts, Floats

# The standard error of a median is that of a mean times sqrt(pi/2).
MEDIAN_ERROR = 1.2533
# 95 % of the binomial with a chance of one half, 1.96/2.
INTERVAL = 0.98
# Nowhere do all sellers earn the same to a twentieth; a few who do by accident prove nothing.
LEAST_SPREAD = 0.05
# A quarter, half, three quarters and nine tenths of the sellers earn less.
QUANTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}


def quantile(earned: Floats, count: Counts, part: float) -> Floats:
    """Give what this part (0..1) of each skill's sellers earn less than, (skills,).

    Between two sellers it lies in proportion; NaN where a skill has no seller.
    """
    if not earned.size:
        return np.full(len(count), np.nan)
    place = part * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.int64)
    first = np.cumsum(count) - count
    last = np.maximum(count - 1, 0)
    at = [
        np.minimum(first + np.minimum(step, last), len(earned) - 1) for step in (below, below + 1)
    ]
    amounts = earned[at[0]] + (place - below) * (earned[at[1]] - earned[at[0]])
    return np.where(count > 0, amounts, np.nan)


def median_ranks(count: Counts) -> tuple[Counts, Counts]:
    """Give the ranks (1 the least) of the two sellers between whom the true median lies.

    95 times in 100; a rank below 1 or above `count` says that there are too few sellers to tell.
    Source: the method page, section Earnings.
    """
    reach = INTERVAL * np.sqrt(count)
    lower = np.floor(count / 2 - reach).astype(np.int64)
    upper = np.ceil(1 + count / 2 + reach).astype(np.int64)
    return lower, upper


def median_interval(earned: Floats, count: Counts) -> tuple[Floats, Floats]:
    """Give the 95 % interval of each skill's median, lower and upper (skills,), NaN for none."""
    lower, upper = median_ranks(count)
    known = (lower >= 1) & (upper <= count)
    first = np.cumsum(count) - count
    ends = [np.where(known, first + rank - 1, 0) for rank in (lower, upper)]
    if not earned.size:
        return np.full(len(count), np.nan), np.full(len(count), np.nan)
    low, high = (np.where(known, earned[end], np.nan) for end in ends)
    return low, high


def shrunk_medians(earned: Floats, count: Counts, category: Counts) -> Floats:
    """Pull each skill's median to those of its category, as far as its own is uncertain, (skills,).

    `category` (skills,) names each skill's. Sellers whose orders were all refunded take no part:
    earnings are compared as logarithms; NaN where nobody earned anything. How much skills differ
    beyond chance is learnt from all categories together: one of three skills cannot tell.
    Source: the method page, section Earnings.
    """
    skill = np.repeat(np.arange(len(count)), count)[earned > 0]
    logs = np.log(earned[earned > 0])
    paid = np.bincount(skill, minlength=len(count))
    middle = quantile(logs, paid, 0.5)
    known = paid > 0
    _, group = np.unique(category, return_inverse=True)
    error = MEDIAN_ERROR * _spread(logs, skill, paid, group) / np.sqrt(np.maximum(paid, 1))
    between = _between(middle[known], error[known], group[known])
    weight = np.where(known, 1 / (between + error**2), 0.0)
    centre = _sums(weight * np.nan_to_num(middle), group) / np.maximum(_sums(weight, group), 1e-300)
    trust = between / (between + error**2)
    shrunk: Floats = np.exp(centre[group] + trust * (middle - centre[group]))
    return shrunk


def _spread(logs: Floats, skill: Counts, paid: Counts, group: Counts) -> Floats:
    """Return the standard deviation of log earnings within skills, by category, (skills,)."""
    mean = _sums(logs, skill, len(paid)) / np.maximum(paid, 1)
    squares = _sums((logs - mean[skill]) ** 2, skill, len(paid))
    freedom = _sums(np.maximum(paid - 1, 0).astype(float), group)
    pooled = np.sqrt(_sums(squares, group) / np.maximum(freedom, 1))
    return np.asarray(np.maximum(pooled, LEAST_SPREAD)[group], dtype=float)


def _between(middle: Floats, error: Floats, group: Counts) -> float:
    """Return the variance of true medians within categories: the observed one less chance."""
    weight = 1 / error**2
    total = np.maximum(_sums(weight, group), 1e-300)
    centre = _sums(weight * middle, group) / total
    observed = float((weight * (middle - centre[group]) ** 2).sum())
    skills = np.bincount(group)
    by_chance = float(np.maximum(skills - 1, 0).sum())
    scale = float((total - _sums(weight**2, group) / total)[skills > 0].sum())
    return max(observed - by_chance, 0.0) / scale if scale > 0 else 0.0


def _sums(values: Floats, group: Counts, groups: int = 0) -> Floats:
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=float)
