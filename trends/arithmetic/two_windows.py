"""Two windows side by side: what is shown of their difference, and what is believed of it."""

from dataclasses import dataclass

import numpy as np

from trends.arithmetic.share_ratio import (
    TAIL,
    Counts,
    Floats,
    Matched,
    Posterior,
    country_weights,
    matched,
    posterior,
    shown_interval,
)

# Countries below 1 % of the platform are too small to be weighed alone.
SMALL_COUNTRY = 0.01
# A country with four fifths of all searchers is the market: leaving it out leaves nothing to ask.
WHOLE_MARKET = 0.8
# Nine in ten skills move less than +27 % in half a year for no reason at all (real tag counts).
ORDINARY_GROWTH = 1.25


@dataclass(frozen=True, slots=True)
class Places:
    """The countries of a run after pooling the small ones: `large` are their columns, in order.

    When any is small, one more column follows them: "other".
    """

    large: tuple[int, ...]
    small: tuple[int, ...]

    def pool(self, by_country: Counts) -> Counts:
        """Give the last axis with the small countries added up into one."""
        if not self.small:
            return by_country
        other = by_country[..., list(self.small)].sum(axis=-1, keepdims=True)
        return np.concatenate([by_country[..., list(self.large)], other], axis=-1)

    def columns(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Give the input column of every pooled one, -1 for "other"."""
        return np.array([*self.large, *([-1] if self.small else [])], dtype=np.int64)


def places(*platform_by_country: Counts) -> Places:
    """Sort countries into large and small by their part of all windows given, each (countries,)."""
    volume = np.sum(platform_by_country, axis=0, dtype=float)
    small = volume < SMALL_COUNTRY * volume.sum()
    return Places(
        large=tuple(np.flatnonzero(~small).tolist()), small=tuple(np.flatnonzero(small).tolist())
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The current window against one base; every array (skills,), ratios with 1.0 = no change.

    `searchers` are those of the base. `ratio` is unclipped and unshrunk with its 95 % interval
    `lower`..`upper`; `bound` is the lower 5 % end of what is believed, `p_value` the probability
    of no more than ordinary growth and `p_growth` that of any growth.
    """

    searchers: Counts
    ratio: Floats
    lower: Floats
    upper: Floats
    bound: Floats
    p_value: Floats
    p_growth: Floats


@dataclass(frozen=True, slots=True)
class Pair:
    """The counts of the current and of a base window, for the same skills and pooled countries.

    `n_c`, `n_w` are (skills, countries), the platforms (countries,); `keep_c`, `keep_w` (skills,)
    are the parts left after clipping; `noise` (skills,) is the variance of the log ratio.
    """

    n_c: Counts
    n_w: Counts
    platform_c: Counts
    platform_w: Counts
    keep_c: Floats
    keep_w: Floats
    noise: Floats

    def compare(self) -> Comparison:
        """Measure the change of every skill between the two windows."""
        n_c, n_w = self.n_c.sum(axis=1), self.n_w.sum(axis=1)
        ratio = self._everywhere().ratio()
        lower, upper = shown_interval(ratio, n_c=n_c, n_w=n_w, noise=self.noise)
        believed = self._believed(self._everywhere(), n_c, n_w)
        return Comparison(
            searchers=n_w,
            ratio=ratio,
            lower=lower,
            upper=upper,
            bound=believed.ratio_at(TAIL),
            p_value=believed.probability_at_most(ORDINARY_GROWTH),
            p_growth=1 - believed.probability_at_most(1.0),
        )

    def leading_country(self) -> Counts:
        """Give the column, (skills,), with most searchers beyond what the platform brought."""
        weight_c, weight_w = country_weights(self.platform_c, self.platform_w)
        leader: Counts = np.argmax(self.n_c * weight_c - self.n_w * weight_w, axis=1)
        return leader

    def elsewhere(self, leader: Counts) -> Posterior:
        """Give what is believed of the growth everywhere but in each skill's leading country.

        Where that country is the whole market, growth there is as broad as growth can be, and
        the answer is that of everywhere.
        """
        volume = self.platform_c + self.platform_w
        left_out = volume[leader] < WHOLE_MARKET * volume.sum()
        weight_c, weight_w = country_weights(self.platform_c, self.platform_w)
        skill = np.arange(len(leader))
        lead_c = np.where(left_out, self.n_c[skill, leader], 0)
        lead_w = np.where(left_out, self.n_w[skill, leader], 0)
        everywhere = self._everywhere()
        elsewhere = Matched(
            current=everywhere.current - lead_c * weight_c[leader],
            base=everywhere.base - lead_w * weight_w[leader],
            platform_current=everywhere.platform_current - left_out * self.platform_c[leader],
            platform_base=everywhere.platform_base - left_out * self.platform_w[leader],
        )
        n_c, n_w = self.n_c.sum(axis=1) - lead_c, self.n_w.sum(axis=1) - lead_w
        return self._believed(elsewhere, n_c, n_w)

    def _everywhere(self) -> Matched:
        return matched(self.n_c, self.n_w, self.platform_c, self.platform_w)

    def _believed(self, where: Matched, n_c: Counts, n_w: Counts) -> Posterior:
        ratio = where.ratio(self.keep_c, self.keep_w)
        return posterior(n_c * self.keep_c, n_w * self.keep_w, ratio, self.noise)
