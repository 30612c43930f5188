"""How many people search for each skill, week by week: adoption, fading, seasons, bursts, noise."""

from datetime import date, timedelta

import numpy as np

from marketplace.simulation.draws import Floats, Ints, generator
from marketplace.simulation.story import (
    CURRENT_HALF,
    FIRST_HALF,
    FIRST_HALF_STARTS,
    PRECEDING_HALF,
    WEEKS_OF_HISTORY,
    WEEKS_PER_HALF,
    Country,
    Story,
    Subject,
)

DAYS_PER_WEEK = 7
DAYS_PER_HALF = WEEKS_PER_HALF * DAYS_PER_WEEK
# The market can be followed for about seven years after its "now"; then it closes.
HALVES = 20
# Searches per person rise a little as well: half-year volumes grow faster than people do.
ORDINARY_GROWTH = 1.16
# A fading skill levels out at this share of what it still drew in half-year c.
FADED = 0.75
# Weekly noise, as (autocorrelation, standard deviation of the log): a short memory, which makes
# weekly counts over-dispersed, and a long one, which makes half-years drift by some ten percent.
NOISES = ((0.6, 0.25), (0.97, 0.10))
# What moves fast keeps closer to its course.
STATED_NOISE = 0.5
# Monday to Sunday.
WEEKDAYS = np.array([1.13, 1.16, 1.15, 1.10, 1.01, 0.71, 0.74])
# Shape of the daily gamma noise: a standard deviation of 16 %.
DAILY_SHAPE = 40.0
# At its peak a season multiplies demand by 1 + this, over a bell of this many days.
SEASON_HEIGHT = 8.0
SEASON_DAYS = 18.0
OFF_SEASON = 0.35
BURST_HEIGHT = 14.0
# Growth above this in half a year means that a country opens. It does most of that in a few weeks
# around the turn of the last half-year, from a small share of its later people.
LAUNCHING_GROWTH = 2.0
COUNTRY_PACE = 2.0
UNOPENED = 0.05

# One column a week, from the start of the first half-year (before the epoch, where all is zero).
WEEKS = FIRST_HALF_STARTS + np.arange(HALVES * WEEKS_PER_HALF)
# Nothing grows any more after "now".
GROWING = np.minimum(WEEKS, WEEKS_OF_HISTORY)


def columns(half: int) -> slice:
    """Return the 26 columns of half-year number `half`; CURRENT_HALF ends at the story's "now"."""
    start = (half - FIRST_HALF) * WEEKS_PER_HALF
    return slice(start, start + WEEKS_PER_HALF)


BEFORE = columns(PRECEDING_HALF)
AFTER = columns(CURRENT_HALF)


def country_people(country: Country) -> Floats:
    """Return people about in each week, relative to `country.searchers` in half-year b."""
    if country.growth > LAUNCHING_GROWTH:
        curve = _movement(country.growth, pace=COUNTRY_PACE, floor=UNOPENED)
    else:
        curve = country.growth ** (GROWING / WEEKS_PER_HALF)
    weekly: Floats = country.searchers * curve / curve[BEFORE].mean()
    return weekly


class Demand:
    """Expected searchers of every subject in every week; noise and seasons included.

    `weekly` has one row a subject, one column a week (see `columns`). Its sum over a half-year is
    the number of distinct searchers of that half-year.
    """

    def __init__(self, story: Story, *, epoch: date, seed: int) -> None:
        self.story, self.epoch, self.seed = story, epoch, seed
        self.countries = {place.code: country_people(place) for place in story.countries}
        rows = [self._weeks(subject) for subject in story.subjects]
        self.weekly: Floats = np.where(WEEKS < 0, 0.0, np.array(rows))

    def searchers(self, half: int) -> Ints:
        """Return distinct searchers of every subject in this half-year."""
        counts: Ints = np.rint(self.weekly[:, columns(half)].sum(axis=1)).astype(np.int64)
        return counts

    def days(self, half: int) -> Floats:
        """Return the cumulated chance of each of the 182 days, by subject: the last column is 1."""
        weeks = np.repeat(self.weekly[:, columns(half)], DAYS_PER_WEEK, axis=1)
        draws = generator(self.seed, "days", half - FIRST_HALF)
        # The platform's good and bad days are everybody's; the rest is the subject's own.
        shared = draws.gamma(DAILY_SHAPE, size=DAYS_PER_HALF)
        chances = weeks * shared * draws.gamma(DAILY_SHAPE, size=weeks.shape)
        chances *= np.tile(np.roll(WEEKDAYS, -self.epoch.weekday()), WEEKS_PER_HALF)
        totals = np.cumsum(chances, axis=1)
        share: Floats = totals / np.maximum(totals[:, -1:], np.finfo(float).tiny)
        return share

    def _weeks(self, subject: Subject) -> Floats:
        if subject.after is None:
            curve = self._ordinary(subject)
            return curve * self._noise(subject) * self._season(subject)
        curve = _stated_curve(subject, subject.after) * self._noise(subject)
        return _meet(curve, before=subject.searchers, after=subject.after)

    def _ordinary(self, subject: Subject) -> Floats:
        if subject.country:
            curve = self.countries[subject.country]
        else:
            curve = ORDINARY_GROWTH ** (GROWING / WEEKS_PER_HALF)
        curve = curve * (subject.searchers / curve[BEFORE].sum())
        wild = np.isin(WEEKS_OF_HISTORY - WEEKS, subject.bursts)
        weekly: Floats = np.where(wild, BURST_HEIGHT * curve, curve)
        return weekly

    def _season(self, subject: Subject) -> Floats:
        if subject.season is None:
            return np.ones(len(WEEKS))
        peak = date.fromisoformat(f"2000-{subject.season}").timetuple().tm_yday
        middles = [self.epoch + timedelta(weeks=int(week), days=3) for week in WEEKS]
        away = np.array([middle.timetuple().tm_yday - peak for middle in middles])
        away = np.abs((away + 182) % 365 - 182)
        bell: Floats = OFF_SEASON + SEASON_HEIGHT * np.exp(-((away / SEASON_DAYS) ** 2) / 2)
        return bell

    def _noise(self, subject: Subject) -> Floats:
        draws = generator(self.seed, "noise of " + subject.name)
        strength = 1.0 if subject.after is None else STATED_NOISE
        return np.exp(strength * sum(_walk(draws, memory, spread) for memory, spread in NOISES))


def _walk(draws: np.random.Generator, memory: float, spread: float) -> Floats:
    """Return a stationary first-order autoregression around zero."""
    steps = draws.standard_normal(len(WEEKS)) * spread
    fresh = np.sqrt(1 - memory**2)
    for week in range(1, len(steps)):
        steps[week] = memory * steps[week - 1] + fresh * steps[week]
    return steps


def _stated_curve(subject: Subject, after: int) -> Floats:
    """Return the course between two stated counts, not yet to scale."""
    if subject.searchers:
        return _movement(after / subject.searchers, pace=subject.pace)
    launch = WEEKS_OF_HISTORY - (subject.launch or WEEKS_PER_HALF)
    # It takes off at once: half of its plateau is reached after one `pace`.
    return np.where(launch <= WEEKS, _logistic(launch + subject.pace, subject.pace), 0.0)


def _meet(curve: Floats, *, before: int, after: int) -> Floats:
    """Scale the curve so that both stated half-years come out exactly as told."""
    later = np.arange(len(WEEKS)) >= AFTER.start
    scale = before / curve[BEFORE].sum() if before else 0.0
    return curve * np.where(later, after / curve[AFTER].sum(), scale)


def _movement(ratio: float, *, pace: float, floor: float = 0.0) -> Floats:
    """Return an S-curve, up or down, whose half-year c is `ratio` times its half-year b.

    Where the S stands on the calendar is found by bisection: the later, the larger the ratio.
    """
    earliest = 0.0 if ratio > 1 else float(WEEKS[AFTER][0])
    latest = float(WEEKS_OF_HISTORY if ratio > 1 else WEEKS_OF_HISTORY + WEEKS_PER_HALF)
    for _ in range(50):
        middle = (earliest + latest) / 2
        share = _logistic(middle, pace)
        curve = floor + (1 - floor) * share if ratio > 1 else 1 - (1 - FADED * ratio) * share
        if curve[AFTER].sum() < ratio * curve[BEFORE].sum():
            earliest = middle
        else:
            latest = middle
    return curve


def _logistic(middle: float, pace: float) -> Floats:
    curve: Floats = 1 / (1 + np.exp(-(GROWING - middle) / pace))
    return curve
