"""The windows that are compared, as days and as weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, TypedDict

from trends.models import TrendSnapshot, Window

WEEK = timedelta(days=7)
# Whole weeks, so that every window has the same weekdays.
WEEKS = {Window.MONTH: 4, Window.QUARTER: 13, Window.HALF_YEAR: 26, Window.YEAR: 52}
# Every window and everything it is compared with lies within two years.
WEEKS_READ = 104
# With less than a year of history a comparison of half-years is one of beginnings.
WEEKS_NEEDED = 52
# Shown on a chart: a year and a half, the three half-years a trend is made of.
WEEKS_SHOWN = 78


# By call, as `from` is a word of Python's own. What stands beside `str` is for the API's
# description.
Days = TypedDict(
    "Days", {"from": Annotated[str, date, "first day"], "to": Annotated[str, date, "last day"]}
)


class HalfYears(TypedDict):
    """The half-year people left a skill after, and the one they moved in."""

    previous: Annotated[Days, "when they searched the skill they left"]
    current: Annotated[Days, "when they searched the other instead"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def days(self) -> Days:
        """Its first and its last day, as readers get them."""
        last = self.end - timedelta(days=1)
        return {"from": self.start.isoformat(), "to": last.isoformat()}

    def weeks(self, as_of: date) -> slice:
        """Return where its weeks stand in WEEKS_READ weeks that end on `as_of`."""
        end = WEEKS_READ - (as_of - self.end) // WEEK
        return slice(end - (self.end - self.start) // WEEK, end)


def periods(window: Window, as_of: date) -> dict[str, Period]:
    """Return the current window c, the one before b, and c a year (52 whole weeks) earlier y.

    The y of a year would be its b, and is left out.
    """
    length, year = WEEKS[window] * WEEK, 52 * WEEK
    spans = {
        "c": Period(as_of - length, as_of),
        "b": Period(as_of - 2 * length, as_of - length),
        "y": Period(as_of - year - length, as_of - year),
    }
    if window == Window.YEAR:
        del spans["y"]
    return spans


def covered(window: Window, as_of: date, *, first_day: date) -> dict[str, Period]:
    """Return the current period, and those to compare with that history covers whole."""
    spans = periods(window, as_of)
    return {x: span for x, span in spans.items() if x == "c" or span.start >= first_day}


def half_years(snapshot: TrendSnapshot) -> HalfYears:
    """Return the days of the half-year people left a skill after, and of the one after it."""
    spans = periods(Window.HALF_YEAR, snapshot.as_of)
    return {"previous": spans["b"].days, "current": spans["c"].days}
