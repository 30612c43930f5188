"""Phrases people search for that no skill answers to become candidates, with their evidence."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date

import numpy as np
from django.db import transaction

from marketplace.skills.matching import Matcher, current_taxonomy
from trends.arithmetic import growth
from trends.arithmetic.counted import LEAST_SEEN
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.gates import false_discovery_cutoff
from trends.backoffice.candidates import counts
from trends.backoffice.candidates.evidence import HALF_YEAR, Counted, Proposal, with_evidence
from trends.backoffice.candidates.folding import superseded
from trends.backoffice.candidates.reading import Untagged, read_terms, untagged
from trends.counting import window_counts
from trends.counting.locks import Lock, alone
from trends.counting.window_counts import WindowCounts
from trends.counting.windows import Period, covered
from trends.models import CandidateTerm, DailyDemand, DiscoveryThresholds

# Parts of a run, as progress is told.
PARTS = 4

Progress = Callable[[int, int], object]


class NothingSearched(Exception):
    """No search lies before the day asked for."""


def propose(as_of: date, *, progress: Progress = lambda done, total: None) -> list[Proposal]:
    """Store what `discover` finds as candidates for people to decide; twice changes nothing."""
    with alone(Lock.DISCOVERY):
        proposals = discover(as_of, thresholds=DiscoveryThresholds.now(), progress=progress)
        CandidateTerm.objects.take_in([asdict(proposal) for proposal in proposals], as_of=as_of)
    return proposals


@transaction.atomic
def discover(
    as_of: date,
    *,
    thresholds: DiscoveryThresholds,
    min_searchers: int | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Proposal]:
    """Return every phrase worth a person's look as of a day, the best first, noise marked.

    `min_searchers` takes the place of the least number of searchers, of phrases that are new and of
    those that grow. Nothing is stored. Source: the method page, Terms without a tag.
    """
    fresh_from = min_searchers or thresholds.min_searchers
    fewest = min_searchers or min(growth.FEWEST_SEARCHERS, thresholds.min_searchers)
    progress(0, PARTS)
    matcher = Matcher(current_taxonomy().phrases)
    terms = read_terms(as_of, matcher)
    if not terms:
        raise NothingSearched(f"There is no search before {as_of}; import some first.")
    progress(1, PARTS)
    phrases = untagged(terms, frozenset(matcher.phrases), fewest=fewest)
    counts.hold(phrases.of(terms))
    progress(2, PARTS)
    counted = _count(as_of, phrases)
    progress(3, PARTS)
    chosen = _chosen(counted, thresholds, fewest=fewest, fresh_from=fresh_from)
    proposals = with_evidence(
        as_of,
        counted,
        chosen,
        one_country=thresholds.one_country,
        least_bound=thresholds.min_bound,
    )
    ranked = sorted(proposals, key=lambda one: (-one.priority, -one.current, one.text))
    progress(4, PARTS)
    return ranked


def _count(as_of: date, phrases: Untagged) -> Counted:
    """Count the people of every phrase, and measure its growth as far as history reaches back."""
    countries = window_counts.countries_seen(as_of)
    people = window_counts.count(counts.SEARCHES, as_of=as_of, countries=countries)
    platform = window_counts.count(window_counts.PLATFORM, as_of=as_of, countries=countries)
    known = _known(as_of)
    measured = _measure(as_of, people, platform, known) if "b" in known else None
    # A window with gaps does not tell who was there before.
    if measured and measured.gates["complete"].value.min(initial=1.0) < LEAST_SEEN:
        measured = None
    return Counted(phrases, people, platform, measured)


def _known(as_of: date) -> dict[str, Period]:
    """Return the current half-year, and the earlier ones that history covers whole."""
    demand = DailyDemand.objects.of_all().worldwide().filter(day__lt=as_of)
    first_day = demand.order_by("day").values_list("day", flat=True).first() or as_of
    return covered(HALF_YEAR, as_of, first_day=first_day)


def _measure(
    as_of: date, people: WindowCounts, platform: WindowCounts, known: dict[str, Period]
) -> growth.Growth:
    return growth.measure(
        *window_counts.to_measure(people, platform, known, window=HALF_YEAR, as_of=as_of)
    )


def _chosen(
    counted: Counted, thresholds: DiscoveryThresholds, *, fewest: int, fresh_from: int
) -> list[int]:
    """Return the places of the phrases to propose: new or growing, and no part of another."""
    n_c, measured = counted.current, counted.growth
    # Fewer than ten people are never shown, whatever is asked for.
    new = n_c >= max(fresh_from, FEWEST_PEOPLE)
    grown = np.zeros(len(n_c), dtype=bool)
    if measured:
        new = new & (measured.n_b < growth.NEW_BELOW)
        eligible = n_c >= max(fewest, FEWEST_PEOPLE)
        cutoff = false_discovery_cutoff(
            measured.p_value, eligible=eligible, rate=thresholds.false_discovery_rate
        )
        grown = eligible & (measured.p_value <= cutoff) & (measured.bound >= thresholds.min_bound)
    places = np.flatnonzero(new | grown).tolist()
    texts = {place: counted.spellings(place)[0] for place in places}
    gone = superseded(
        {texts[place]: int(n_c[place]) for place in places},
        {texts[place]: counted.spellings(place) for place in places},
    )
    return [place for place in places if texts[place] not in gone]
