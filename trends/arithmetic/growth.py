"""Which skills are rising: counts of searchers in; growth, its certainty, gates and labels out.

Arithmetic on arrays, for all skills at once; it knows no database and no clock. Windows are named
as on the method page: "c" the current one, "b" the one before it, "y" the same season a year ago.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trends.arithmetic import dispersion, gates
from trends.arithmetic.counted import LEAST_SEEN, Counted, Windows
from trends.arithmetic.dispersion import Dispersion
from trends.arithmetic.gates import Gate
from trends.arithmetic.labels import Label, Labels, first_match, was_upward
from trends.arithmetic.share_ratio import (
    TAIL,
    Bools,
    Counts,
    Floats,
    share_ratio,
)
from trends.arithmetic.two_windows import ORDINARY_GROWTH, Comparison, Pair, places

__all__ = ["Comparison", "Dispersion", "Gate", "Growth", "Label", "measure", "share_ratio"]

# Below thirty searchers half a year a percentage says more about chance than about a skill.
FEWEST_SEARCHERS = 30
# One in ten listed skills may be listed by luck.
FALSE_DISCOVERY_RATE = 0.10
# A year is its own season: the window before it holds the same months.
WEEKS_OF_A_YEAR = 52
# Twice and five times, at the careful end: what the words "surging" and "breakout" promise.
SURGING = 2.0
BREAKOUT = 5.0
# Under ten searchers before, a skill has no past to grow from: it is new.
NEW_BELOW = 10
# A fifth less is a decline somebody would act on.
DECLINED = 0.8


@dataclass(frozen=True, slots=True)
class Growth:
    """One run's result. Arrays are (skills,), in the order given; ratios have 1.0 = no change.

    `preceding` is what is shown: the ratio of shares with its 95 % interval. `bound` and `p_value`
    are the less favourable of `preceding` and `season`, which is None without a comparable year
    ago. `known` is False for the whole run when the platform is missing from a window: every ratio
    then stands at 1.0 and must be shown as unknown. `leader` is the country with the largest
    excess, as a column of the input, -1 for the small ones together.
    """

    n_c: Counts
    bound: Floats
    p_value: Floats
    preceding: Comparison
    season: Comparison | None
    known: bool
    gates: dict[str, Gate]
    listed: Bools
    leader: Counts
    label: Labels
    dispersion: Dispersion

    @property
    def n_b(self) -> Counts:
        """Searchers of each skill in the preceding window."""
        return self.preceding.searchers

    @property
    def ratio(self) -> Floats:
        """The ratio of shares against the preceding window, as shown."""
        return self.preceding.ratio

    @property
    def lower(self) -> Floats:
        """The lower end of the interval of `ratio`."""
        return self.preceding.lower

    @property
    def upper(self) -> Floats:
        """The upper end of the interval of `ratio`."""
        return self.preceding.upper

    def ranking(self) -> Counts:
        """Give the indices of the listed skills, the surest growth first."""
        listed = np.flatnonzero(self.listed)
        order: Counts = listed[np.lexsort((listed, -self.n_c[listed], -self.bound[listed]))]
        return order


def measure(
    weekly: Mapping[str, Counts],
    by_country: Mapping[str, Counts],
    platform_weekly: Mapping[str, Counts],
    platform_by_country: Mapping[str, Counts],
    *,
    noise_of: Dispersion | None = None,
    previous_shown: Labels | None = None,
) -> Growth:
    """Measure the growth of every skill and decide which are rising.

    Each mapping has the keys "c", "b" and, with 78 weeks of history, "y", in any order; counts are
    whole and >= 0. `weekly`: distinct searchers a week, (skills, weeks), 26 weeks for six months.
    `by_country`: distinct searchers over the whole window, (skills, countries); the countries of a
    skill add up to its searchers. `platform_weekly` (weeks,) and `platform_by_country`
    (countries,): the same of everybody. A platform week of 0 is a gap and is left out; with more
    than a tenth of the weeks missing, a season is not used and any other window lists nothing.
    There is at least one week and one country. `noise_of`: the six-month dispersion, for windows
    of another length. `previous_shown`: the labels on show, "" for none; without them nothing can
    be cooling. No counts give NaN, infinity or an exception; shapes that disagree raise ValueError.
    Source: the method page, Growth.
    """
    windows = Windows.named(
        weekly=weekly,
        by_country=by_country,
        platform_weekly=platform_weekly,
        platform_by_country=platform_by_country,
    )
    current, preceding = windows.current, windows.preceding
    noise = noise_of or dispersion.estimate(
        np.concatenate([preceding.weekly, current.weekly], axis=1),
        np.concatenate([preceding.platform_weekly, current.platform_weekly]),
    )
    pairs, columns = pairs_of(windows, noise)
    compared = [pair.compare() for pair in pairs]
    bound = np.min([against.bound for against in compared], axis=0)
    p_value = np.max([against.p_value for against in compared], axis=0)
    leader = pairs[0].leading_country()
    passed = _gates(windows, p_value)
    passed |= _breadth(pairs, leader)
    listed = _all_passed(passed)
    n_c = current.by_country.sum(axis=1)
    n_b = compared[0].searchers
    label = _label(
        listed,
        enough=passed["complete"].passed & (np.maximum(n_c, n_b) >= FEWEST_SEARCHERS),
        bound=bound,
        compared=compared,
        cools=_cools(current, noise, previous_shown),
    )
    return Growth(
        n_c=n_c,
        bound=bound,
        p_value=p_value,
        preceding=compared[0],
        season=compared[1] if len(compared) > 1 else None,
        known=current.seen() > 0 and preceding.seen() > 0,
        gates=passed,
        listed=listed,
        leader=columns[leader],
        label=label,
        dispersion=noise,
    )


def pairs_of(windows: Windows, noise: Dispersion) -> tuple[list[Pair], Counts]:
    """Pair the current window with each base, and name the input column of each pooled country."""
    current = windows.current
    weeks = current.weekly.shape[1]
    # Clipping without a season check would cut off what comes back every year, in one window only.
    clipped = windows.season is not None or weeks >= WEEKS_OF_A_YEAR
    countries = places(*(window.platform_by_country for window in [current, *windows.bases]))
    keep_c = _kept(current, clipped=clipped)
    pairs = [
        Pair(
            n_c=countries.pool(current.by_country),
            n_w=countries.pool(base.by_country),
            platform_c=countries.pool(current.platform_by_country),
            platform_w=countries.pool(base.platform_by_country),
            keep_c=keep_c,
            keep_w=_kept(base, clipped=clipped),
            noise=noise.of_log_ratio(min(current.seen(), base.seen()) * weeks),
        )
        for base in windows.bases
    ]
    return pairs, countries.columns()


def _kept(window: Counted, *, clipped: bool) -> Floats:
    """Give the part of each skill's searchers that is left after clipping its largest weeks."""
    if not clipped:
        return np.ones(len(window.weekly))
    return gates.kept_after_clipping(window.weekly, window.platform_weekly)


def _at_least(value: Floats, threshold: float) -> Gate:
    return Gate(value=value, threshold=threshold, passed=value >= threshold)


def _all_passed(passed: Mapping[str, Gate]) -> Bools:
    together: Bools = np.logical_and.reduce([gate.passed for gate in passed.values()])
    return together


def _gates(windows: Windows, p_value: Floats) -> dict[str, Gate]:
    """Ask everything a skill must show, except in how many countries."""
    c, b = windows.current, windows.preceding
    seen = np.full(len(p_value), min(c.seen(), b.seen()))
    passed = {
        "complete": _at_least(seen, LEAST_SEEN),
        "searchers": _at_least(c.by_country.sum(axis=1), FEWEST_SEARCHERS),
    }
    eligible = _all_passed(passed)
    cutoff = gates.false_discovery_cutoff(p_value, eligible=eligible, rate=FALSE_DISCOVERY_RATE)
    elevation = gates.recent_elevation(c.weekly, b.weekly, c.platform_weekly, b.platform_weekly)
    passed["significant"] = Gate(
        value=p_value, threshold=cutoff, passed=eligible & (p_value <= cutoff)
    )
    passed["still elevated"] = _at_least(elevation, ORDINARY_GROWTH)
    return passed


def _breadth(pairs: list[Pair], leader: Counts) -> dict[str, Gate]:
    """Ask whether a skill rises beyond the ordinary, and significantly, without its leader."""
    elsewhere = [pair.elsewhere(leader) for pair in pairs]
    median = np.min([believed.ratio_at(0.5) for believed in elsewhere], axis=0)
    unsure = np.max([believed.probability_at_most(1.0) for believed in elsewhere], axis=0)
    return {
        "broad": _at_least(median, ORDINARY_GROWTH),
        # The median alone lets one launch in twenty through: a flat rest of 15 searchers passes
        # it by luck, and such launches have the steepest growth of all.
        "sure elsewhere": _at_least(1 - unsure, 1 - TAIL),
    }


def _label(
    listed: Bools,
    *,
    enough: Bools,
    bound: Floats,
    compared: list[Comparison],
    cools: Bools,
) -> Labels:
    """Give each skill the first label it answers to."""
    return first_match(
        {
            Label.NOT_ENOUGH_DATA: ~enough,
            Label.DECLINING: np.all([_declining(against) for against in compared], axis=0),
            Label.COOLING: cools,
            Label.NEW: listed & (compared[0].searchers < NEW_BELOW) & (bound >= SURGING),
            Label.BREAKOUT: listed & (bound >= BREAKOUT),
            Label.SURGING: listed & (bound >= SURGING),
            Label.RISING: listed,
        }
    )


def _cools(current: Counted, noise: Dispersion, previous_shown: Labels | None) -> Bools:
    """Return whether a skill that went up has fallen back lately."""
    if previous_shown is None:
        return np.zeros(len(current.weekly), dtype=bool)
    cooling = gates.cooling(current.weekly, current.platform_weekly, noise)
    return was_upward(previous_shown) & cooling


def _declining(against: Comparison) -> Bools:
    """Return whether a skill significantly lost a fifth or more of its share against this base."""
    return (against.p_growth < TAIL) & (against.ratio <= DECLINED)
