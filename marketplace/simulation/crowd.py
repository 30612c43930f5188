"""What ordinary people search for: the demand of a half-year laid upon those who are about."""

from itertools import pairwise

import numpy as np

from marketplace.simulation.demand import DAYS_PER_HALF, Demand
from marketplace.simulation.draws import Floats, Ints, generator, pick
from marketplace.simulation.people import People, Roster
from marketplace.simulation.story import FIRST_HALF, Story, Subject
from marketplace.simulation.visits import NOTHING, Kind, Visits, of_kind, searched

# How often a searcher of average activity comes back to a subject within the half-year.
RETURNS = 0.1
# The chance a day that a return, if there is one, happens: most follow within the week.
RETURN_SOON = 0.2
# Share of the searches in which a person names the skill searched before as well.
TWO_SKILLS = 0.05
# Who has taken up the successor seldom searches for what it replaces.
MOVED_ON = 0.12


class Audiences:
    """Who might search for a subject, and how likely each of them is to."""

    def __init__(self, story: Story, roster: Roster) -> None:
        self.story, self.roster = story, roster
        self.interested: dict[tuple[str, bool, str | None], tuple[Ints, Floats]] = {}

    def of(self, subject: Subject) -> tuple[Ints, Floats]:
        """Return positions in the roster and their weights; the replaced lend both to heirs."""
        liked = subject
        if subject.replaces:
            liked = self.story.subjects[self.story.position[subject.replaces]]
        key = (liked.parent, subject.broad, subject.country)
        if key not in self.interested:
            self.interested[key] = self._interested(*key)
        people, interest = self.interested[key]
        return people, interest * self.roster.taste(liked.name, people)

    def _interested(self, parent: str, broad: bool, country: str | None) -> tuple[Ints, Floats]:
        if not parent:
            interest = np.ones(len(self.roster))
        else:
            interest = self.roster.interest(self.story.parents.index(parent), broad=broad)
        if country is not None:
            codes = [place.code for place in self.story.countries]
            interest = np.where(self.roster.country == codes.index(country), interest, 0.0)
        people = np.flatnonzero(interest)
        return people, interest[people]


class Crowd:
    """The people of the market at their searching."""

    def __init__(self, story: Story, demand: Demand, people: People, *, seed: int) -> None:
        self.story, self.demand, self.people, self.seed = story, demand, people, seed

    def searches(self, half: int) -> Visits:
        """Draw exactly as many distinct searchers a subject as this half-year's demand."""
        roster = self.people.roster(half)
        draws = generator(self.seed, "crowd", half - FIRST_HALF)
        who, subject = self._searchers(roster, self.demand.searchers(half), draws)
        day = self._first_days(subject, half, draws)
        who, subject, day = _with_returns(who, subject, day, roster, draws)
        persons = of_kind(Kind.PERSON, roster.names, roster.country)
        visits = searched(persons, who=who, subject=subject, day=day)
        return self._naming_two(visits, draws)

    def _searchers(
        self,
        roster: Roster,
        counts: Ints,
        draws: np.random.Generator,
    ) -> tuple[Ints, Ints]:
        """Choose the people of every subject; successors choose before what they replace."""
        subjects = self.story.subjects
        audiences = Audiences(self.story, roster)
        moved: dict[str, Ints] = {}
        chosen: dict[int, Ints] = {}
        for place in sorted(range(len(subjects)), key=lambda p: subjects[p].replaces is None):
            subject = subjects[place]
            people, weights = audiences.of(subject)
            if subject.name in moved:
                weights = np.where(np.isin(people, moved[subject.name]), MOVED_ON, 1.0) * weights
            chosen[place] = people[pick(weights, int(counts[place]), draws)]
            if subject.replaces:
                moved[subject.replaces] = chosen[place]
        places = np.array(list(chosen))
        return (
            np.concatenate(list(chosen.values())),
            np.repeat(places, [len(people) for people in chosen.values()]),
        )

    def _first_days(self, subject: Ints, half: int, draws: np.random.Generator) -> Ints:
        """Draw a day for every searcher's first search, by its subject's course."""
        courses = self.demand.days(half)
        day = np.empty(len(subject), dtype=np.int64)
        bounds = np.flatnonzero(np.diff(subject, prepend=-1, append=-1))
        for first, end in pairwise(bounds.tolist()):
            day[first:end] = np.searchsorted(courses[subject[first]], draws.random(end - first))
        return np.minimum(day, DAYS_PER_HALF - 1)

    def _naming_two(self, visits: Visits, draws: np.random.Generator) -> Visits:
        """Return some queries also name the skill their searcher looked for the time before."""
        in_turn = visits.where(np.lexsort((visits.day, visits.who)))
        skills = len(self.story.skills)
        before = np.roll(in_turn.subject, 1)
        fits = (
            (np.roll(in_turn.who, 1) == in_turn.who)
            & (before != in_turn.subject)
            & (before < skills)
            & (in_turn.subject < skills)
            & (draws.random(len(in_turn)) < TWO_SKILLS)
        )
        in_turn.also[fits] = before[fits]
        in_turn.also[:1] = NOTHING
        return in_turn


def _with_returns(
    who: Ints, subject: Ints, day: Ints, roster: Roster, draws: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Add the later searches of the same people for the same subjects."""
    times = 1 + draws.poisson(RETURNS * roster.activity[who])
    again = np.repeat(np.arange(len(who)), times)
    is_first = np.diff(again, prepend=-1) > 0
    later = day[again] + np.where(is_first, 0, draws.geometric(RETURN_SOON, len(again)) - 1)
    stays = later < DAYS_PER_HALF
    return who[again][stays], subject[again][stays], later[stays]
