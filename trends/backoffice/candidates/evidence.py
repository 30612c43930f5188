"""What a person needs to know of a phrase to decide about it, and what speaks against it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import log, log2

from marketplace.searches.models import UNKNOWN_COUNTRY
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.growth import Growth
from trends.backoffice.candidates import counts
from trends.backoffice.candidates.noise import Noise, is_burst, is_local, is_template, of_a_course
from trends.backoffice.candidates.reading import Untagged
from trends.counting.window_counts import Counts, WindowCounts
from trends.models import Window

# What a person takes in at a glance: a quarter of a year, week by week.
WEEKS_SHOWN = 12

HALF_YEAR = Window.HALF_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A phrase and what speaks for it, or the `noise` that speaks against.

    `current` and `previous` are distinct searchers of the last two half-years, `bound` the growth
    that is sure (1.0 = none); `previous` and `bound` are None where history does not reach back so
    far, `unmet` where too little is known of results and orders.
    """

    text: str
    noise: str
    first_seen: date
    priority: float
    current: int
    previous: int | None
    bound: float | None
    unmet: float | None
    countries: dict[str, int]
    weekly: list[int]
    variants: list[str]
    alike: list[str]
    samples: list[str]
    nearest: list[tuple[str, str, float]]


@dataclass(frozen=True, slots=True)
class Counted:
    """The phrases of a run in the order of `people`; `growth` is None while the market is young."""

    phrases: Untagged
    people: WindowCounts
    platform: WindowCounts
    growth: Growth | None

    @property
    def current(self) -> Counts:
        """Searchers of each in the half-year, worldwide."""
        return self.people.distinct[HALF_YEAR, "c"][:, -1]

    def spellings(self, place: int) -> list[str]:
        """Return everything that is counted as this phrase, the usual spelling first."""
        return self.phrases.spellings[self.people.subjects[place]]

    def text(self, place: int) -> str:
        """Return the usual spelling."""
        return self.spellings(place)[0]


def with_evidence(
    as_of: date, counted: Counted, chosen: list[int], *, one_country: float, least_bound: float
) -> Iterator[Proposal]:
    """Yield the phrases in these places; `least_bound` stands in for an unknown growth."""
    subjects = [counted.people.subjects[place] for place in chosen]
    nearest = counts.nearest([counted.text(place) for place in chosen])
    first_seen = counts.first_seen(subjects, as_of)
    used = counts.spellings(subjects, as_of)
    samples = counts.samples(subjects, as_of)
    unmet = counts.unmet(subjects, as_of)
    noise = _noise(as_of, counted, chosen, one_country=one_country)
    alike = _alike(counted)
    for place, subject, named in zip(chosen, subjects, nearest, strict=True):
        text, *spellings = counted.phrases.spellings[subject]
        bound = float(counted.growth.bound[place]) if counted.growth else None
        current, without = int(counted.current[place]), unmet.get(subject)
        yield Proposal(
            text=text,
            noise=noise[place],
            first_seen=first_seen[subject],
            priority=priority(least_bound if bound is None else bound, current, without),
            current=current,
            previous=int(counted.growth.n_b[place]) if counted.growth else None,
            bound=bound,
            unmet=without,
            countries=_countries(counted, place),
            weekly=counted.people.weekly[place, -1, -WEEKS_SHOWN:].tolist(),
            variants=[spellings[number - 1] for number in used[subject] if number],
            alike=alike.get(text, []),
            samples=samples[subject],
            nearest=named,
        )


def priority(bound: float, searchers: int, unmet: float | None) -> float:
    """Return how early to look at a phrase: certain growth, many people, nothing there for them.

    Growth that is not certain weighs nothing; where results are not known, as if there were none.
    """
    return round(max(log(bound), 0.0) * log2(1 + searchers) * (1 if unmet is None else unmet), 4)


def _noise(
    as_of: date, counted: Counted, chosen: list[int], *, one_country: float
) -> dict[int, str]:
    """Return by place why a phrase is kept out of the queue; "" where nothing speaks against it."""
    subjects = [counted.people.subjects[place] for place in chosen]
    queries = counts.by_query(subjects, as_of)
    days = counts.by_day(subjects, as_of)
    signs = {}
    for place, subject in zip(chosen, subjects, strict=True):
        local = is_local(*_leading_country(counted, place), one_country=one_country)
        signs[place] = {
            Noise.TEMPLATE: is_template(queries[subject]),
            Noise.ONE_COUNTRY: local and of_a_course(counted.text(place)),
            Noise.BURST: is_burst(days[subject]),
        }
    return {
        place: next((str(noise) for noise, holds in reasons.items() if holds), "")
        for place, reasons in signs.items()
    }


def _leading_country(counted: Counted, place: int) -> tuple[float, float]:
    """Return the leading country's part of the searchers, and its part of everybody."""
    known = [
        column
        for column, country in enumerate(counted.people.countries[:-1])
        if country != UNKNOWN_COUNTRY
    ]
    here = counted.people.distinct[HALF_YEAR, "c"][place]
    everywhere = counted.platform.distinct[HALF_YEAR, "c"][0]
    most = max(known, key=lambda column: here[column], default=None)
    if most is None:
        return 0.0, 1.0
    return float(here[most] / here[:-1].sum()), float(everywhere[most] / everywhere[:-1].sum())


def _countries(counted: Counted, place: int) -> dict[str, int]:
    """Return its searchers by country, the most first, of those with ten or more."""
    here = counted.people.distinct[HALF_YEAR, "c"][place, :-1].tolist()
    shares = [
        (country, people)
        for country, people in zip(counted.people.countries[:-1], here, strict=True)
        if people >= FEWEST_PEOPLE
    ]
    return dict(sorted(shares, key=lambda one: -one[1]))


def _alike(counted: Counted) -> dict[str, list[str]]:
    """Return what each phrase may misspell, or be misspelt as, where ten people did."""
    heads = {
        counted.text(place)
        for place, people in enumerate(counted.current.tolist())
        if people >= FEWEST_PEOPLE
    }
    alike: dict[str, list[str]] = defaultdict(list)
    for text, other in counted.phrases.alike:
        if {text, other} <= heads:
            alike[text].append(other)
            alike[other].append(text)
    return alike
