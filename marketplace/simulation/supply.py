"""Who offers what: sellers, and gigs that follow demand with a lag."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

import numpy as np

from marketplace.simulation.demand import AFTER, DAYS_PER_HALF, DAYS_PER_WEEK, WEEKS, Demand
from marketplace.simulation.draws import Floats, Ints, generator
from marketplace.simulation.story import FIRST_HALF, FIRST_HALF_STARTS, WEEKS_OF_HISTORY, Story
from marketplace.simulation.visits import Kind, Visits, of_kind, searched

SELLERS = 3000
GIGS = 6000
# Supply grows slower than demand: twice the searchers draw 2^0.7 = 1.6 times the gigs.
SUPPLY_EXPONENT = 0.7
FEWEST_GIGS = 7
# Weeks until sellers answer to what is searched.
LAG_WEEKS = 4
# Gigs from before the epoch: as if this many weeks like the first had gone by.
EARLIER_WEEKS = 60
# Chances of a second and a third skill in a gig.
MORE_SKILLS = (0.45, 0.15)
PRICE_SPREAD = 0.4
# How unequal gigs are in the buyers' eyes.
APPEAL_SPREAD = 0.7
STATUSES = ("active", "paused", "deleted")
STATUS_SHARES = (0.86, 0.09, 0.05)
OPEN_END = 10**6
# Sellers look at what they compete with: searches a half-year and gig.
OWN_SEARCHES = 0.6
TITLES = (
    "I will do {} for you",
    "Professional {}",
    "{} that sells",
    "{} in 48 hours",
    "Your expert for {}",
    "{} with unlimited revisions",
)


class GigRow(TypedDict):
    """A row of the gig import."""

    gig_id: str
    seller_id: str
    country: str
    title: str
    category: str
    skills: str
    price: str
    currency: str
    created_at: str
    status: str


class Supply:
    """All gigs up to the story's "now"; parallel arrays, one entry a gig. Days since the epoch."""

    def __init__(self, story: Story, demand: Demand, *, epoch: date, seed: int) -> None:
        self.story, self.epoch, self.seed = story, epoch, seed
        draws = generator(seed, "supply")
        weekly = demand.weekly[: len(story.skills)]
        self.skill = _skills(weekly)
        self.created = _created(self.skill, weekly, draws)
        self.status = draws.choice(len(STATUSES), len(self.skill), p=STATUS_SHARES)
        life = draws.random(len(self.skill)) * (WEEKS_OF_HISTORY * DAYS_PER_WEEK - self.created)
        self.ended = np.where(self.status > 0, self.created + life.astype(np.int64), OPEN_END)
        self.more_skills = self._companions(draws)
        self.seller = self._sellers(draws)
        self.country = draws.choice(len(story.countries), SELLERS, p=_shares(story))
        self.home = self._homes()
        self.price = self._prices(draws)
        self.appeal = draws.lognormal(0, APPEAL_SPREAD, len(self.skill))
        self.of_skill = [np.flatnonzero(self.skill == skill) for skill in range(len(story.skills))]

    def rows(self) -> Iterator[GigRow]:
        """Yield the gigs as the import takes them."""
        draws = generator(self.seed, "gig rows")
        titles = draws.integers(len(TITLES), size=len(self.skill))
        seconds = draws.integers(86_400, size=len(self.skill))
        for gig, main in enumerate(self.skill.tolist()):
            skill = self.story.skills[main]
            names = [self.story.skills[named].name for named in (main, *self.more_skills[gig])]
            yield GigRow(
                gig_id=f"gig-{gig:05d}",
                seller_id=self.seller_id(gig),
                country=self.home[self.seller[gig]],
                title=TITLES[titles[gig]].format(skill.name),
                category=skill.category,
                skills="|".join(names),
                price=f"{self.price[gig]:.2f}",
                currency=self.currency(gig),
                created_at=moment(self.epoch, int(self.created[gig]), int(seconds[gig])),
                status=STATUSES[self.status[gig]],
            )

    def seller_id(self, gig: int) -> str:
        return f"seller-{self.seller[gig]:04d}"

    def currency(self, gig: int) -> str:
        return self.story.countries[int(self.country[self.seller[gig]])].currency

    def live(self, skill: int, day: int) -> Ints:
        """Return the gigs of this skill that can be bought on a day."""
        gigs = self.of_skill[skill]
        return gigs[(self.created[gigs] <= day) & (self.ended[gigs] > day)]

    def results(self, half: int) -> Ints:
        """Return how many gigs a search has: a row a subject, a column a day of the half-year."""
        days = first_day(half) + np.arange(DAYS_PER_HALF)
        counts = np.zeros((len(self.story.subjects), DAYS_PER_HALF), dtype=np.int64)
        for skill, gigs in enumerate(self.of_skill):
            opened = np.searchsorted(np.sort(self.created[gigs]), days, side="right")
            counts[skill] = opened - np.searchsorted(np.sort(self.ended[gigs]), days, side="right")
        return counts

    def own_searches(self, half: int) -> Visits:
        """Return sellers who look for the very skill they offer."""
        draws = generator(self.seed, "own searches", half - FIRST_HALF)
        gigs = np.repeat(np.arange(len(self.skill)), draws.poisson(OWN_SEARCHES, len(self.skill)))
        day = draws.integers(DAYS_PER_HALF, size=len(gigs))
        date_of = day + first_day(half)
        gigs, day = (
            column[(self.created[gigs] <= date_of) & (self.ended[gigs] > date_of)]
            for column in (gigs, day)
        )
        names = [f"seller-{number:04d}" for number in range(SELLERS)]
        return searched(
            of_kind(Kind.SELLER, names, self.country),
            who=self.seller[gigs],
            subject=self.skill[gigs],
            day=day,
        )

    def _companions(self, draws: np.random.Generator) -> list[list[int]]:
        """Return further skills of the same top category, none whose time may not have come."""
        near: dict[str, list[int]] = {parent: [] for parent in self.story.parents}
        for place, skill in enumerate(self.story.skills):
            if skill.after is None:
                near[skill.parent].append(place)
        counts = (draws.random((len(self.skill), len(MORE_SKILLS))) < MORE_SKILLS).sum(axis=1)
        return [
            sorted(set(draws.choice(near[self.story.skills[main].parent], count).tolist()) - {main})
            for main, count in zip(self.skill.tolist(), counts.tolist(), strict=True)
        ]

    def _sellers(self, draws: np.random.Generator) -> Ints:
        """Return every seller works in one top category and has one gig at least."""
        parents = np.array(
            [
                self.story.parents.index(self.story.subjects[skill].parent)
                for skill in self.skill.tolist()
            ]
        )
        seller = np.empty(len(parents), dtype=np.int64)
        bounds = np.rint(np.cumsum([0, *np.bincount(parents)]) * SELLERS / len(parents))
        for parent in range(len(self.story.parents)):
            gigs = np.flatnonzero(parents == parent)
            pool = np.arange(int(bounds[parent]), int(bounds[parent + 1]))
            rest = draws.choice(pool, len(gigs) - len(pool))
            seller[gigs] = draws.permutation(np.concatenate([pool, rest]))
        return seller

    def _homes(self) -> list[str]:
        """Return the country every seller works in, "" where it is not known.

        The country they search from and sell to is another: freelancers follow the demand.
        """
        parents = {
            seller: self.story.subjects[skill].parent
            for seller, skill in zip(self.seller.tolist(), self.skill.tolist(), strict=True)
        }
        draws = generator(self.seed, "homes of sellers")
        mixes = [self.story.homes(parents[seller]) for seller in range(SELLERS)]
        return [str(draws.choice(list(mix), p=list(mix.values()))) for mix in mixes]

    def _prices(self, draws: np.random.Generator) -> Floats:
        typical = np.array([skill.price for skill in self.story.skills])[self.skill]
        rate = np.array([place.per_dollar for place in self.story.countries])
        prices: Floats = np.round(
            typical
            * draws.lognormal(0, PRICE_SPREAD, len(typical))
            * rate[self.country[self.seller]],
            2,
        )
        return prices


def first_day(half: int) -> int:
    """Return the first day of a half-year, counted from the epoch."""
    return DAYS_PER_WEEK * FIRST_HALF_STARTS + DAYS_PER_HALF * (half - FIRST_HALF)


def moment(epoch: date, day: int, second: int) -> str:
    """Return a second of a day as the imports want it: ISO 8601, UTC."""
    midnight = datetime.combine(epoch + timedelta(days=day), time(), UTC)
    return (midnight + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _skills(weekly: Floats) -> Ints:
    """Return the main skill of every gig, in the order of the story."""
    volume = weekly[:, AFTER].sum(axis=1) ** SUPPLY_EXPONENT
    counts = np.maximum(np.rint(GIGS * volume / volume.sum()), FEWEST_GIGS).astype(np.int64)
    return np.repeat(np.arange(len(counts)), counts)


def _created(skill: Ints, weekly: Floats, draws: np.random.Generator) -> Ints:
    """Return the day each gig appears: where its skill's demand was, some weeks later."""
    opening = int(np.flatnonzero(WEEKS == 0)[0])
    seen = weekly[:, opening : opening + WEEKS_OF_HISTORY - LAG_WEEKS]
    earlier = np.repeat(seen[:, :1], EARLIER_WEEKS, axis=1)
    course = np.cumsum(np.concatenate([earlier, seen], axis=1), axis=1)
    uniform = draws.random(len(skill)) * course[skill, -1]
    week = np.array(
        [
            np.searchsorted(course[row], value)
            for row, value in zip(skill.tolist(), uniform, strict=True)
        ]
    )
    day: Ints = (week - EARLIER_WEEKS + LAG_WEEKS) * DAYS_PER_WEEK
    return day + draws.integers(DAYS_PER_WEEK, size=len(skill))


def _shares(story: Story) -> Floats:
    people = np.array([place.searchers for place in story.countries], dtype=np.float64)
    shares: Floats = people / people.sum()
    return shares
