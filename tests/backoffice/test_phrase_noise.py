"""Campaigns, templates and the talk of a week are told from what people want."""

from datetime import date, timedelta

import pytest

from trends.backoffice.candidates.noise import is_burst, is_local, is_template, of_a_course

DAY = date(2024, 3, 11)
LONG = "write an essay on my summer holiday"


@pytest.mark.parametrize(
    ("demand", "template"),
    [
        ({LONG: 100}, True),
        ({LONG: 50, f"please {LONG}": 50}, True),
        ({LONG: 80, "summer essay": 20}, True),
        ({LONG: 79, "summer essay": 21}, False),
        ({LONG: 30, f"please {LONG}": 30, f"hello {LONG}": 40}, False),
        ({"essay on my summer holiday": 100}, False),
        ({}, False),
    ],
)
def test_the_same_long_words_of_many_people_are_a_template(
    demand: dict[str, int], template: bool
) -> None:
    assert is_template(demand) is template


@pytest.mark.parametrize(
    ("days", "burst"),
    [
        ({0: 50, 6: 30, 40: 20}, True),
        ({0: 50, 6: 29, 40: 21}, False),
        ({0: 50, 7: 30, 40: 20}, False),
        ({0: 100}, True),
        ({7 * week: 10 for week in range(10)}, False),
        ({}, False),
    ],
)
def test_most_searches_within_a_week_are_a_burst(days: dict[int, int], burst: bool) -> None:
    assert is_burst({DAY + timedelta(days=n): people for n, people in days.items()}) is burst


@pytest.mark.parametrize(
    ("share", "market", "local"),
    [(0.9, 0.3, True), (0.89, 0.3, False), (0.95, 0.8, False), (1.0, 0.79, True)],
)
def test_local_is_nearly_all_from_a_country_that_is_not_the_market(
    share: float, market: float, local: bool
) -> None:
    assert is_local(share, market, one_country=0.9) is local


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("upskill90days", True),
        ("100daysofcode", True),
        ("ds101", True),
        ("nptel week", True),
        ("learnwithravi", True),
        ("steuererklärung", False),
        ("ayurveda", False),
        ("n8n", False),
        ("web3", False),
        ("3d", False),
        ("skills", False),
        ("gpt 4", False),
    ],
)
def test_a_course_is_known_by_what_it_is_called(text: str, course: bool) -> None:
    assert of_a_course(text) is course
