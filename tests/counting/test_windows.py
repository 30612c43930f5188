"""The windows that are compared: whole weeks up to a day that is not counted itself."""

from datetime import date, timedelta

import pytest

from trends.counting.windows import (
    WEEKS,
    WEEKS_READ,
    Period,
    covered,
    half_years,
    periods,
)
from trends.models import TrendSnapshot, Window

AS_OF = date(2024, 3, 11)
# First days by hand: so many whole weeks back, and a year is 52 of them.
FIRST_DAYS = {
    Window.MONTH: {"c": "2024-02-12", "b": "2024-01-15", "y": "2023-02-13"},
    Window.QUARTER: {"c": "2023-12-11", "b": "2023-09-11", "y": "2022-12-12"},
    Window.HALF_YEAR: {"c": "2023-09-11", "b": "2023-03-13", "y": "2022-09-12"},
    Window.YEAR: {"c": "2023-03-13", "b": "2022-03-14"},
}


@pytest.mark.parametrize("window", Window)
def test_a_window_is_compared_with_the_one_before_and_the_same_a_year_earlier(
    window: Window,
) -> None:
    spans = periods(window, AS_OF)
    assert {x: span.days["from"] for x, span in spans.items()} == FIRST_DAYS[window]
    assert spans["c"].days["to"] == "2024-03-10"
    assert {span.end - span.start for span in spans.values()} == {timedelta(weeks=WEEKS[window])}
    assert spans["b"].end == spans["c"].start
    if "y" in spans:
        assert spans["y"].end == AS_OF - timedelta(weeks=52)


def test_the_weeks_of_a_window_are_its_own_among_those_that_are_read() -> None:
    assert periods(Window.HALF_YEAR, AS_OF)["c"].weeks(AS_OF) == slice(78, 104)
    assert periods(Window.HALF_YEAR, AS_OF)["b"].weeks(AS_OF) == slice(52, 78)
    assert periods(Window.HALF_YEAR, AS_OF)["y"].weeks(AS_OF) == slice(26, 52)
    assert periods(Window.YEAR, AS_OF)["b"].weeks(AS_OF) == slice(0, 52)
    last = Period(AS_OF - timedelta(weeks=1), AS_OF)
    assert last.weeks(AS_OF) == slice(WEEKS_READ - 1, WEEKS_READ)


def test_only_what_history_covers_whole_is_compared_and_the_present_always() -> None:
    spans = periods(Window.HALF_YEAR, AS_OF)

    def known(first_day: date) -> list[str]:
        return list(covered(Window.HALF_YEAR, AS_OF, first_day=first_day))

    day = timedelta(days=1)
    assert known(spans["y"].start) == ["c", "b", "y"]
    assert known(spans["y"].start + day) == ["c", "b"]
    assert known(spans["b"].start) == ["c", "b"]
    assert known(spans["b"].start + day) == ["c"]
    assert known(AS_OF) == ["c"]


def test_the_half_years_of_a_flow_are_the_last_two() -> None:
    assert half_years(TrendSnapshot(as_of=AS_OF)) == {
        "previous": {"from": "2023-03-13", "to": "2023-09-10"},
        "current": {"from": "2023-09-11", "to": "2024-03-10"},
    }
