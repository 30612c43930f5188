"""The few who do not behave like people: agencies, a flood bot, a ring of spammers."""

import numpy as np

from marketplace.simulation.demand import DAYS_PER_HALF, DAYS_PER_WEEK
from marketplace.simulation.draws import Ints, generator
from marketplace.simulation.story import CURRENT_HALF, FIRST_HALF, Story
from marketplace.simulation.visits import Kind, Visits, of_kind, searched

# Agencies search all over the place on some days, yet stay below 60 an hour and 200 a day.
AGENCIES = 4
AGENCY_DAYS = 18
AGENCY_SEARCHES = 80
# The flood bot does not: this many searches within a few hours.
FLOOD_BOT = "harvester"
FLOOD_DAYS = 5
FLOOD_SEARCHES = 450
# Loud spammers search their skill this often a day (mean), the fresh ids once, some twice.
LOUD_SEARCHES = 14
FRESH_RETURNS = 0.2


class Outliers:
    """Searches that tell nothing about demand, and that a good index must not fall for."""

    def __init__(self, story: Story, *, seed: int) -> None:
        self.story, self.seed = story, seed
        # Machines and agencies go by the catalogue: skills that are everyday business everywhere.
        self.everyday = np.array(
            [
                place
                for place, skill in enumerate(story.skills)
                if skill.after is None and skill.country is None and skill.season is None
            ]
        )
        self.codes = [country.code for country in story.countries]

    def searches(self, half: int) -> list[Visits]:
        """Return the outliers' searches of one half-year, one element a sort of outlier."""
        draws = generator(self.seed, "outliers", half - FIRST_HALF)
        agencies = self._everywhere(
            [f"agency-{number}" for number in range(AGENCIES)],
            Kind.STRANGER,
            days=AGENCY_DAYS,
            searches=AGENCY_SEARCHES,
            draws=draws,
        )
        flood = self._everywhere(
            [FLOOD_BOT], Kind.FLOOD, days=FLOOD_DAYS, searches=FLOOD_SEARCHES, draws=draws
        )
        spam = [self._spam(draws)] if half == CURRENT_HALF else []
        return [agencies, flood, *spam]

    def _everywhere(
        self, names: list[str], kind: Kind, *, days: int, searches: int, draws: np.random.Generator
    ) -> Visits:
        busy = np.concatenate([draws.choice(DAYS_PER_HALF, days, replace=False) for _ in names])
        times = draws.poisson(searches, len(busy))
        who = np.repeat(np.arange(len(names)), days)
        searchers = of_kind(kind, names, np.arange(len(names)) % len(self.codes))
        return searched(
            searchers,
            who=np.repeat(who, times),
            day=np.repeat(busy, times),
            subject=draws.choice(self.everyday, int(times.sum())),
        )

    def _spam(self, draws: np.random.Generator) -> Visits:
        spam = self.story.spam
        first, last = (
            DAYS_PER_HALF - DAYS_PER_WEEK * ago for ago in (spam.first_week, spam.last_week)
        )
        loud = np.repeat(np.arange(spam.loud_ids), LOUD_SEARCHES * (last - first))
        fresh = spam.loud_ids + np.arange(spam.fresh_ids)
        who: Ints = np.concatenate(
            [loud, np.repeat(fresh, 1 + draws.poisson(FRESH_RETURNS, len(fresh)))]
        )
        names = [f"fan-{number}" for number in range(spam.loud_ids + spam.fresh_ids)]
        home = np.full(len(names), self.codes.index(spam.country))
        return searched(
            of_kind(Kind.STRANGER, names, home),
            who=who,
            subject=np.full(len(who), self.story.position[spam.skill]),
            day=draws.integers(first, last, len(who)),
        )
