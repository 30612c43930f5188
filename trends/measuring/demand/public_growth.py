"""Growth as everybody reads it: worked out from published counts, so that it tells no others.

An exact ratio of shares depends on every country, its interval on every week: with enough digits
either can be solved for the one count that is hidden. Here what published countries leave of the
world is spread over the others as the platform's own searchers are; weeks that are not published
are read as nine, and a skill with any has the market's usual noise. Where nothing is hidden the
figures are the exact ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.gates import kept_after_clipping
from trends.arithmetic.growth import WEEKS_OF_A_YEAR, Dispersion, Growth
from trends.arithmetic.share_ratio import (
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

    def of(self, skills: Counts) -> "Known":
        """Return the same of some skills only."""
        return replace(
            self,
            whole=self.whole[skills],
            strata=self.strata[skills],
            weekly=self.weekly[skills],
            hidden=self.hidden[skills],
            hidden_strata=self.hidden_strata[skills],
            hidden_weekly=self.hidden_weekly[skills],
        )

    @property
    def published(self) -> Bools:
        """Whether the count and the platform's beside it are published, (skills,)."""
        return ~(self.hidden | self.hidden_platform)

    @property
    def published_as_base(self) -> Bools:
        """The same, or it is known to be under ten, which promises a growth of at least so much."""
        return (~self.hidden | self.under_ten) & (not self.hidden_platform)

    @property
    def under_ten(self) -> Bools:
        return self.whole < FEWEST_PEOPLE

    @property
    def open(self) -> Bools:
        """Which strata, (skills, countries), are published with their platform."""
        return ~(self.hidden_strata | self.hidden_platform_strata)

    @property
    def every_week(self) -> Bools:
        """Whether every week is published, (skills,)."""
        return np.asarray(~self.hidden_weekly.any(axis=1))

    @property
    def kept(self) -> Floats:
        """The part left after clipping bursts; a hidden week is read as nine."""
        weekly = np.where(self.hidden_weekly, MOST_OF_FEW, self.weekly)
        return kept_after_clipping(weekly, self.platform_weekly)


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
        """Return nothing is published."""
        return cls(*(np.full(skills, np.nan) for _ in fields(cls)))


def public_growth(growth: Growth, windows: Mapping[str, Known], year: Known) -> PublicGrowth:
    """Give what may be published of a run's growth.

    `windows` has the counts `growth` was measured with, by letter; `year` those of the 52 weeks
    the noise was learnt from (of it only the weeks are read).
    """
    # Most skills of a small country are under ten: of them nothing is worked out.
    skills = np.flatnonzero(windows["c"].published)
    some = {letter: window.of(skills) for letter, window in windows.items()}
    public = PublicGrowth.unknown(len(growth.bound))
    for field, figures in _published(growth, skills, some, year.of(skills)).items():
        getattr(public, field)[skills] = figures
    return public


def _published(
    growth: Growth, skills: Counts, windows: Mapping[str, Known], year: Known
) -> dict[str, Floats]:
    """Return the figures of some skills, by their names in PublicGrowth."""
    c, b, y = windows["c"], windows["b"], windows.get("y") if growth.season else None
    own = growth.dispersion
    usual = np.where(year.every_week, own.a[skills], own.a0 * own.kappa)
    noise = replace(own, a=usual)
    ratio = np.where(_all_open(c, b), growth.ratio[skills], _matched(c, b, b.whole).ratio())
    lower, upper = shown_interval(
        ratio, n_c=c.whole, n_w=b.whole, noise=noise.of_log_ratio(_weeks(c, b))
    )
    exact = year.every_week & _all_open(c, b)
    figures = {
        "ratio": np.where(b.published, ratio, np.nan),
        "lower": _rounded(np.where(exact, growth.lower[skills], lower), known=b.published),
        "upper": _rounded(np.where(exact, growth.upper[skills], upper), known=b.published),
        "bound": _bound(growth, skills, [b, y] if y else [b], c, noise),
    }
    if y and growth.season:
        known = growth.season.ratio[skills]
        season = np.where(_all_open(c, y), known, _matched(c, y, y.whole).ratio())
        figures["season_ratio"] = np.where(y.published, season, np.nan)
    return figures


def _bound(
    growth: Growth, skills: Counts, bases: list[Known], c: Known, noise: Dispersion
) -> Floats:
    """Return the least growth against every base, exact where no input is hidden."""
    # As in `measure`: without a season check clipping would cut off what comes back every year.
    clipped = growth.season is not None or len(c.platform_weekly) >= WEEKS_OF_A_YEAR
    exact = noise.a == growth.dispersion.a[skills]
    published, careful = np.ones(len(skills), dtype=bool), np.full(len(skills), np.inf)
    for base in bases:
        exact &= _all_open(c, base) & c.every_week & base.every_week & base.published
        published &= base.published_as_base
        careful = np.minimum(careful, _careful(c, base, noise, clipped=clipped))
    return _rounded(np.where(exact, growth.bound[skills], careful), known=published)


def _careful(c: Known, base: Known, noise: Dispersion, *, clipped: bool) -> Floats:
    """Return the bound by published counts; a base under ten is read as nine."""
    whole = np.where(base.under_ten, MOST_OF_FEW, base.whole)
    keep_c, keep_w = (known.kept if clipped else np.ones(len(whole)) for known in (c, base))
    ratio = _matched(c, base, whole).ratio(keep_c, keep_w)
    spread = noise.of_log_ratio(_weeks(c, base))
    return posterior(c.whole * keep_c, whole * keep_w, ratio, spread).ratio_at(TAIL)


def _matched(c: Known, base: Known, whole: Counts) -> Matched:
    """Weight the countries; those not published have the rest, each by its platform's size."""
    both = c.open & base.open
    known = ~(c.hidden_platform_strata | base.hidden_platform_strata)
    platform_c, platform_w = _platform(c, known), _platform(base, known)
    weight_c, weight_w = country_weights(platform_c, platform_w)
    return Matched(
        current=_spread(c.strata, c.whole, both, platform_c) @ weight_c,
        base=_spread(base.strata, whole, both, platform_w) @ weight_w,
        platform_current=platform_c.sum(),
        platform_base=platform_w.sum(),
    )


def _platform(window: Known, known: Bools) -> Counts:
    """Return the platform by country, (countries + 1,), what is not published last."""
    strata = np.where(known, window.platform_strata, 0)
    return np.append(strata, max(window.platform - int(strata.sum()), 0))


def _spread(strata: Counts, whole: Counts, both: Bools, platform: Counts) -> Floats:
    """Estimate the searchers by country, (skills, countries + 1), from what is published."""
    shown = np.where(both, strata, 0)
    rest = np.maximum(whole - shown.sum(axis=1), 0)
    share = platform * ~np.pad(both, ((0, 0), (0, 1)))
    likely = rest[:, None] * share / np.maximum(share.sum(axis=1), 1)[:, None]
    spread: Floats = np.pad(shown, ((0, 0), (0, 1))) + likely
    return spread


def _all_open(c: Known, base: Known) -> Bools:
    """Return whether every country is published in both windows, (skills,)."""
    return np.asarray((c.open & base.open).all(axis=1))


def _weeks(c: Known, base: Known) -> float:
    """Return the weeks with data in the worse seen of two windows."""
    seen = min(float(np.mean(window.platform_weekly > 0)) for window in (c, base))
    return seen * len(c.platform_weekly)


def _rounded(figures: Floats, *, known: Bools) -> Floats:
    return np.where(known, rounded(figures), np.nan)


def rounded(figures: Floats) -> Floats:
    """Round positive figures to DIGITS significant digits; NaN stays NaN."""
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(figures)))
    figure: Floats = np.round(figures * scale) / scale
    return figure
