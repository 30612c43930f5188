"""A market of people: interests begin and end, and who is there searches, in some weeks.

Noise is nobody's parameter here: it comes of people who search more than others, come in some weeks
and are the same in both windows. What a skill truly does is how many are interested in it.
"""

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.simulated_market import WINDOWS, Cause, Floats, Ints, Market, Simulation

WEEKS_A_WINDOW = 26
WEEKS = WEEKS_A_WINDOW * len(WINDOWS)
# How many times as many are interested at the end, and how frequent that is among skills that move.
CHANGES = np.array([2.0, 1.5, 4.0, 0.5])
CHANGES_PARTS = np.array([0.35, 0.2, 0.15, 0.3])
COUNTRIES = np.array([0.5, 0.25, 0.15, 0.1])
# Interests of a person at a time, and the weeks an interest lasts on average.
INTERESTS = 1.2
LASTING = 40.0
# Somebody usual comes in so many of a hundred weeks; how people differ is a gamma of this shape.
PRESENT = 0.15
UNEVEN = 0.7
MOST_PRESENT = 0.9
# Who is there searches for an interest every other time.
SEARCHED = 0.5


@dataclass(frozen=True, slots=True)
class People:
    """How many search in half a year, about, of how many skills a part moves."""

    people: int
    skills: int = 350
    moving: float = 0.3


@dataclass(frozen=True, slots=True)
class Interests:
    """Who was interested in what, in which weeks: arrays of the same length."""

    skill: Ints
    person: Ints
    start: Floats
    end: Floats


def simulate_people(market: People, seed: int) -> Simulation:
    """Draw a market; the same market and seed give the same counts."""
    rng = np.random.default_rng(seed)
    moves = rng.random(market.skills) < market.moving
    change = np.where(moves, rng.choice(CHANGES, market.skills, p=CHANGES_PARTS), 1.0)
    interested = _interested(market, change, rng)
    interests = _interests(market, interested, rng)
    people = int(interests.person.max()) + 1
    country = rng.choice(COUNTRIES.size, people, p=COUNTRIES)
    skill, person, week = _searches(interests, people, rng)
    cause = np.select([change > 1, change < 1], [Cause.RISING, Cause.FALLING], Cause.ORDINARY)
    drawn = Simulation(Market(), cause, np.ones(market.skills), np.ones(market.skills))
    share = {}
    for number, window in enumerate(WINDOWS):
        first = number * WEEKS_A_WINDOW
        there = (week >= first) & (week < first + WEEKS_A_WINDOW)
        whom = (skill[there], person[there], week[there] - first)
        _count(drawn, window, market.skills, whom, country)
        mean = interested[:, first : first + WEEKS_A_WINDOW].mean(axis=1)
        share[window] = mean / drawn.platform_by_country[window].sum()
    drawn.truth_b = share["c"] / share["b"]
    drawn.truth = np.minimum(drawn.truth_b, share["c"] / share["y"])
    return drawn


def _interested(market: People, change: Floats, rng: np.random.Generator) -> Floats:
    """Give how many are interested in each skill in each week, as expected: a logistic step."""
    popular = 1 / (np.arange(market.skills) + 5)
    usual = np.maximum(popular / popular.sum() * market.people * INTERESTS, 1.0)
    middle = rng.uniform(46, 58, market.skills)[:, None]
    width = rng.uniform(1, 5, market.skills)[:, None]
    step = 1 / (1 + np.exp(-(np.arange(WEEKS) - middle) / width))
    interested: Floats = usual[:, None] * (1 + (change[:, None] - 1) * step)
    return interested


def _interests(market: People, interested: Floats, rng: np.random.Generator) -> Interests:
    """Draw interests that begin and end so that as many are there as are expected."""
    growing = np.maximum(np.diff(interested, axis=1, prepend=interested[:, :1]), 0)
    # In the first week everybody comes who is there already.
    come = rng.poisson(np.hstack([interested[:, :1], interested[:, 1:] / LASTING + growing[:, 1:]]))
    skill, start = (np.repeat(each.ravel(), come.ravel()) for each in np.indices(come.shape))
    end = start + rng.exponential(LASTING, start.size)
    # A skill that shrinks loses more: each is gone once fewer than its draw are left.
    lost = 1 - interested / np.maximum.accumulate(interested, axis=1)
    patience = rng.random(start.size)
    gone = (lost[skill] >= patience[:, None]).argmax(axis=1)
    leaves = (lost[skill, -1] >= patience) & (gone > start)
    person = rng.integers(0, int(market.people * 1.3), start.size)
    return Interests(skill, person, start.astype(float), np.where(leaves, gone, end))


def _searches(
    interests: Interests, people: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Draw who searches for what in which week: skill, person and week of each search."""
    often = np.minimum(PRESENT * rng.gamma(UNEVEN, 1 / UNEVEN, people), MOST_PRESENT)
    searched = []
    for week in range(WEEKS):
        present = rng.random(people) < often
        live = (interests.start <= week) & (interests.end > week) & present[interests.person]
        at = np.flatnonzero(live)
        at = at[rng.random(at.size) < SEARCHED]
        searched.append((interests.skill[at], interests.person[at], np.full(at.size, week)))
    skills, persons, weeks = (np.concatenate(each) for each in zip(*searched, strict=True))
    return skills, persons, weeks


def _count(
    drawn: Simulation, window: str, skills: int, whom: tuple[Ints, Ints, Ints], country: Ints
) -> None:
    """Count distinct people of a window by skill and week, by skill and country, and in all."""
    skill, person, week = whom
    weekly = np.zeros((skills, WEEKS_A_WINDOW), dtype=np.int64)
    of_skill, _, of_week = np.unique(np.stack([skill, person, week]), axis=1)
    np.add.at(weekly, (of_skill, of_week), 1)
    by_country = np.zeros((skills, COUNTRIES.size), dtype=np.int64)
    of_skill, who = np.unique(np.stack([skill, person]), axis=1)
    np.add.at(by_country, (of_skill, country[who]), 1)
    drawn.weekly[window], drawn.by_country[window] = weekly, by_country
    everybody = np.unique(np.stack([person, week]), axis=1)[1]
    drawn.platform_weekly[window] = np.bincount(everybody, minlength=WEEKS_A_WINDOW)
    here = country[np.unique(person)]
    drawn.platform_by_country[window] = np.bincount(here, minlength=COUNTRIES.size)
