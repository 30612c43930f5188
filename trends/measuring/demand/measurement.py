"""Counts of every window become trends: growth, gates, labels, and what of them may be shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from trends.arithmetic.growth import Dispersion, Growth, measure
from trends.arithmetic.labels import LABEL_DTYPE, UPWARD, Label, Labels, shown_labels
from trends.counting.window_counts import Counts, WindowCounts, to_measure
from trends.counting.windows import WEEK, WEEKS_NEEDED, Period, covered, periods
from trends.measuring.demand.public_growth import Known, PublicGrowth, public_growth
from trends.measuring.demand.withholding import Withheld
from trends.models import WORLD, Window

Bools = npt.NDArray[np.bool_]
# (window, country, subject) to the labels (measured, shown).
PreviousLabels = Mapping[tuple[str, str, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MarketCounts:
    """What one run measures one kind of subject with; `first_day` is the first with a search."""

    as_of: date
    first_day: date
    subjects: WindowCounts
    platform: WindowCounts
    withheld: Withheld
    platform_withheld: Withheld
    previous: PreviousLabels

    def known(self, window: Window) -> dict[str, Period]:
        """Return the current period of a window, and the bases that history covers whole."""
        return covered(window, self.as_of, first_day=self.first_day)

    @property
    def measurable(self) -> bool:
        return self.as_of - self.first_day >= WEEKS_NEEDED * WEEK


@dataclass(frozen=True, slots=True)
class Measured:
    """All subjects in one window and country.

    `counts` and `withheld` are (subjects,) by period, `platform` one count by period; `growth` is
    None with too little history, and `label` is what is shown of `measured`.
    """

    window: Window
    country: str
    counts: Mapping[str, Counts]
    platform: Mapping[str, int]
    withheld: Mapping[str, Bools]
    platform_withheld: Mapping[str, bool]
    growth: Growth | None
    public: PublicGrowth
    measured: Labels
    label: Labels
    listed: Bools

    def held_back(self, held: Bools) -> "Measured":
        """Return a copy with some subjects (subjects,) kept off the list until a person looked."""
        label = np.where(held & np.isin(self.label, UPWARD), Label.STEADY.value, self.label)
        return replace(self, listed=self.listed & ~held, label=label)


def measure_market(market: MarketCounts) -> Iterator[Measured]:
    """Measure every window in the world and in every country, the six months of the world first."""
    countries = market.subjects.countries
    for country in [WORLD, *countries[:-1]]:
        noise: Dispersion | None = None
        # The six months come first: the other windows borrow their noise.
        for window in sorted(Window, key=lambda each: each != Window.HALF_YEAR):
            measured = _measure(market, window, country, noise)
            if noise is None and measured.growth:
                noise = measured.growth.dispersion
            yield measured


def _measure(
    market: MarketCounts,
    window: Window,
    country: str,
    noise: Dispersion | None,
) -> Measured:
    subjects, platform = market.subjects, market.platform
    column = subjects.countries.index(country)
    letters = market.known(window)
    previous = np.array(
        [
            market.previous.get((window, country, subject), ("", ""))
            for subject in subjects.subjects
        ],
        dtype=LABEL_DTYPE,
    ).reshape(-1, 2)
    growth = None
    if market.measurable and "b" in letters:
        counted = to_measure(
            subjects, platform, letters, window=window, as_of=market.as_of, country=country
        )
        growth = measure(*counted, noise_of=noise, previous_shown=previous[:, 1])
    unknown = np.full(len(previous), Label.NOT_ENOUGH_DATA.value, dtype=LABEL_DTYPE)
    label = growth.label if growth else unknown
    counts = {x: subjects.distinct[window, x][:, column] for x in letters}
    totals = {x: int(platform.distinct[window, x][0, column]) for x in letters}
    return Measured(
        window=window,
        country=country,
        counts=counts,
        platform=totals,
        withheld={x: market.withheld.counts[window, x][:, column] for x in letters},
        platform_withheld={
            x: bool(market.platform_withheld.counts[window, x][0, column]) for x in letters
        },
        growth=growth,
        public=_public(market, window, country, growth),
        measured=label,
        label=shown_labels(label, previous_measured=previous[:, 0], previous_shown=previous[:, 1]),
        listed=growth.listed if growth else np.zeros(len(label), dtype=bool),
    )


def _public(
    market: MarketCounts, window: Window, country: str, growth: Growth | None
) -> PublicGrowth:
    """Return what of the growth is published."""
    if growth is None or not growth.known:
        return PublicGrowth.unknown(len(market.subjects.subjects))
    letters = market.known(window)
    known = {letter: _known(market, window, letter, country) for letter in letters}
    return public_growth(growth, known, _known(market, Window.YEAR, "c", country))


def _known(market: MarketCounts, window: Window, letter: str, country: str) -> Known:
    """Return the counts of one period in a country, and what of them is withheld."""
    subjects, platform = market.subjects, market.platform
    key, weeks = (window, letter), periods(window, market.as_of)[letter].weeks(market.as_of)
    column = subjects.countries.index(country)
    strata = slice(0, -1) if country == WORLD else slice(column, column + 1)
    hidden, hidden_platform = market.withheld.counts[key], market.platform_withheld.counts[key]
    return Known(
        whole=subjects.distinct[key][:, column],
        strata=subjects.distinct[key][:, strata],
        weekly=subjects.weekly[:, column, weeks],
        platform=int(platform.distinct[key][0, column]),
        platform_strata=platform.distinct[key][0, strata],
        platform_weekly=platform.weekly[0, column, weeks],
        hidden=hidden[:, column],
        hidden_strata=hidden[:, strata],
        hidden_weekly=market.withheld.weekly[:, column, weeks],
        hidden_platform=bool(hidden_platform[0, column]),
        hidden_platform_strata=hidden_platform[0, strata],
    )
