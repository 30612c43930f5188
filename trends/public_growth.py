"""Growth as everybody reads it: worked out from published counts, so that it tells no others.

An exact ratio of shares depends on every country, its interval on every week: with enough digits
either can be solved for the one count that is hidden. Here the countries that are not published
enter as one, which published figures give anyway; weeks that are not are read as nine, and a skill
with any has the market's usual noise. Where nothing is hidden the figures are the exact ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trends.disclosure import FEWEST_PEOPLE
from trends.gates import kept_after_clipping
from trends.growth import WEEKS_OF_A_YEAR, Dispersion, Growth
from trends.share_ratio import (
    TAIL,
    Bools,
    Counts,
    Floats,
    Matched,
    country_weights,
    posterior,
    shown_interval,
)

# The most that "fewer than ten" can mean: growth from there is the least that can be promised.
MOST_OF_FEW = FEWEST_PEOPLE - 1
# The market's noise is learnt from hidden weeks, too. With three digits of an interval nobody finds
# one of them among all the others.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Known:
    """The counts of one window with what of them is hidden.

    `whole` (skills,) with the parts of it `strata` (skills, countries), and the platform's
    likewise (a number and (countries,)); `weekly` is (skills, weeks). True is hidden.
    """

    whole: Counts
    strata: Counts
    weekly: Counts
    platform: int
    platform_strata: Counts
    platform_weekly: Counts
    hidden: Bools
    hidden_strata: Bools
    hidden_weekly: Bools
    hidden_platform: bool
    hidden_platform_strata: Bools

    @property
    def open(self) -> Bools:
        """Which strata, (skills, countries), are published with their platform."""
        return ~(self.hidden_strata | self.hidden_platform_strata)

    @property
    def under_ten(self) -> Bools:
        return self.whole < FEWEST_PEOPLE


@dataclass(frozen=True, slots=True)
class PublicGrowth:
    """What is published of the growth of every skill, (skills,); NaN is not published."""

    ratio: Floats
    season_ratio: Floats
    lower: Floats
    upper: Floats
    bound: Floats

    @classmethod
    def unknown(cls, skills: int) -> "PublicGrowth":
        """Too little history to say anything."""
        return cls(*(np.full(skills, np.nan) for _ in range(5)))


def public_growth(growth: Growth, windows: Mapping[str, Known], year: Known) -> PublicGrowth:
    """Give what may be published of a run's growth.

    `windows` has the counts `growth` was measured with, by letter; `year` those of the 52 weeks
    the noise was learnt from (of it only the weeks are read).
    """
    quiet = _all_told(year)
    a = growth.dispersion.a
    usual = growth.dispersion.a0 * growth.dispersion.kappa
    noise = Dispersion(np.where(quiet, a, usual), growth.dispersion.a0, growth.dispersion.kappa)
    c, b, y = windows["c"], windows["b"], windows.get("y") if growth.season else None
    # As in `measure`: without a season check clipping would cut off what comes back every year.
    clipped = growth.season is not None or len(c.platform_weekly) >= WEEKS_OF_A_YEAR
    before = _against(c, b, noise, clipped=clipped)
    season = _against(c, y, noise, clipped=clipped) if y else None
    told = ~(c.hidden | b.hidden) & (not c.hidden_platform and not b.hidden_platform)
    against = [(c, b, before)] + ([(c, y, season)] if y and season else [])
    same = _all_open(c, b)
    ratio = np.where(same, growth.ratio, before.ratio)
    lower, upper = shown_interval(
        ratio, n_c=c.whole, n_w=b.whole, noise=noise.of_log_ratio(_weeks(c, b))
    )
    exact_interval = same & quiet
    season_ratio = np.full(len(a), np.nan)
    if y and season and growth.season:
        open_season = ~(c.hidden | y.hidden) & (not c.hidden_platform and not y.hidden_platform)
        known = np.where(_all_open(c, y), growth.season.ratio, season.ratio)
        season_ratio = np.where(open_season, known, np.nan)
    return PublicGrowth(
        ratio=np.where(told, ratio, np.nan),
        season_ratio=season_ratio,
        lower=rounded(np.where(told, np.where(exact_interval, growth.lower, lower), np.nan)),
        upper=rounded(np.where(told, np.where(exact_interval, growth.upper, upper), np.nan)),
        bound=rounded(_bound(growth, quiet, against)),
    )


def rounded(figures: Floats) -> Floats:
    """Positive figures, NaN among them, to DIGITS significant digits."""
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(figures)))
    found: Floats = np.round(figures * scale) / scale
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    ratio: Floats
    bound: Floats


def _bound(growth: Growth, quiet: Bools, against: list[tuple[Known, Known, _Change]]) -> Floats:
    """The bound where both windows are published, or the base is only known to be under ten."""
    exact, told = quiet.copy(), np.ones(len(quiet), dtype=bool)
    for c, base, _ in against:
        exact &= _all_open(c, base) & _all_told(c) & _all_told(base) & ~base.hidden
        told &= ~c.hidden & (~base.hidden | base.under_ten)
        told &= not c.hidden_platform and not base.hidden_platform
    careful = np.min([change.bound for _, _, change in against], axis=0)
    bound: Floats = np.where(told, np.where(exact, growth.bound, careful), np.nan)
    return bound


def _against(c: Known, base: Known, noise: Dispersion, *, clipped: bool) -> _Change:
    """Compare two windows by their published counts; what is under ten is read as nine."""
    whole = np.where(base.under_ten, MOST_OF_FEW, base.whole)
    between = _matched(c, base, whole)
    keep_c, keep_w = (_kept(one) if clipped else 1.0 for one in (c, base))
    believed = posterior(
        c.whole * keep_c,
        whole * keep_w,
        between.ratio(keep_c, keep_w),
        noise.of_log_ratio(_weeks(c, base)),
    )
    return _Change(ratio=between.ratio(), bound=believed.ratio_at(TAIL))


def _kept(one: Known) -> Floats:
    weekly = np.where(one.hidden_weekly, MOST_OF_FEW, one.weekly)
    return kept_after_clipping(weekly, one.platform_weekly)


def _matched(c: Known, base: Known, whole: Counts) -> Matched:
    """Weight the published countries one by one and all others together."""
    both = c.open & base.open
    current, parts = _with_rest(c, c.whole, both)
    before, base_parts = _with_rest(base, whole, both)
    weight_c, weight_w = country_weights(parts, base_parts)
    return Matched(
        current=(current * weight_c).sum(axis=1),
        base=(before * weight_w).sum(axis=1),
        platform_current=parts.sum(axis=1),
        platform_base=base_parts.sum(axis=1),
    )


def _with_rest(one: Known, whole: Counts, both: Bools) -> tuple[Counts, Counts]:
    """The counts and platforms of a window, (skills, countries + 1), the hidden ones last."""
    strata, platform = np.where(both, one.strata, 0), np.where(both, one.platform_strata, 0)

    def and_rest(parts: Counts, total: Counts) -> Counts:
        rest = np.maximum(total - parts.sum(axis=1), 0)
        return np.concatenate([parts, rest[:, None]], axis=1)

    return and_rest(strata, whole), and_rest(platform, np.full(len(whole), one.platform))


def _all_open(c: Known, base: Known) -> Bools:
    """Whether every country is published in both windows, (skills,)."""
    return np.asarray((c.open & base.open).all(axis=1))


def _all_told(one: Known) -> Bools:
    """Whether every week is published, (skills,)."""
    return np.asarray(~one.hidden_weekly.any(axis=1))


def _weeks(c: Known, base: Known) -> float:
    """The weeks with data in the worse seen of two windows."""
    seen = min(float(np.mean(one.platform_weekly > 0)) for one in (c, base))
    return seen * len(c.platform_weekly)
