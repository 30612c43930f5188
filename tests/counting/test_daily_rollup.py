"""After quiescence every rollup is what a plain count in Python says, whatever happened before."""

import random
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.conftest import TODAY, eventually, held, waiting
from tests.markets.reference import CATEGORIES, Market, event, flood, stored
from tests.tools.at_once import meanwhile
from trends.counting import daily_rollup
from trends.counting.daily_rollup import match_terms, roll_up
from trends.counting.known_offers import notice_offers
from trends.counting.locks import Lock
from trends.models import WORLD, DailyTermDemand, ExcludedSearcher

skill_names = st.sampled_from(list(CATEGORIES))
texts = st.sampled_from(["py", "snake", "gardening", "react", "python logo"])
steps = st.one_of(
    st.tuples(st.just("send"), st.lists(st.integers(0, 60), min_size=1, max_size=25)),
    st.tuples(st.just("flood"), st.sampled_from(["u1", "u2"])),
    st.tuples(st.just("roll up")),
    st.tuples(st.just("name"), texts, skill_names),
    st.tuples(st.just("unname"), texts),
    st.tuples(st.just("move"), skill_names, st.sampled_from(["Web", "Art", "New"])),
    st.tuples(st.just("merge"), skill_names, skill_names),
    st.tuples(st.just("retire"), skill_names),
    st.tuples(
        st.just("offer"),
        st.sampled_from(["g1", "g2"]),
        st.sampled_from(["u1", "u3"]),
        st.sampled_from(["python", "py", "snake", "react"]),
        st.integers(0, 3),
    ),
)


def play(market: Market, steps: Iterable[tuple[Any, ...]]) -> None:
    acts: dict[str, Callable[..., object]] = {
        "send": lambda numbers: market.send(event(number) for number in numbers),
        "flood": lambda searcher: market.send(flood(searcher, queries=61)),
        "roll up": roll_up,
        **{act: getattr(market, act) for act in ("name", "unname", "move", "merge", "retire")},
        "offer": market.offer,
    }
    for act, *arguments in steps:
        acts[act](*arguments)


ALL = ("send", list(range(60)))
ROLL = ("roll up",)


def the_gig(tag: str, *, seller: str = "u1", days_ago: int = 3) -> tuple[Any, ...]:
    """The one gig of these examples, as it is now."""
    return "offer", "g1", seller, tag, days_ago


class TestAnyHistory(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(history=st.lists(steps, max_size=10))
    @example(history=[ALL, ("roll up",), ("name", "py", "Python"), ("unname", "py")])
    @example(history=[ALL, ("roll up",), ("name", "snake", "React")])
    @example(history=[("name", "python logo", "Python"), ALL])
    @example(history=[the_gig("py"), ALL, ROLL, ("name", "py", "Python")])
    @example(history=[the_gig("react"), ALL, ROLL, ("merge", "React", "Python")])
    @example(history=[the_gig("python"), ALL, ROLL, the_gig("python", days_ago=0)])
    @example(history=[the_gig("python"), ALL, ROLL, the_gig("python", seller="u3")])
    @example(history=[the_gig("python"), ALL, ROLL, the_gig("unheard of")])
    def test_ends_in_the_counts_of_the_reference(self, history: list[tuple[Any, ...]]) -> None:
        market = Market()
        play(market, history)
        roll_up()
        market.check()
        assert roll_up() == 0


@pytest.fixture
def market(db: None) -> Market:
    return Market()


def python_today(market: Market) -> tuple[int, int, int]:
    """Searches, searchers and excluded searches for Python, worldwide, after a rollup."""
    roll_up()
    market.check()
    return stored().get((TODAY, "Python", WORLD), (0, 0, 0))


@pytest.mark.parametrize(
    ("queries", "hours", "floods"),
    [(60, 1, False), (61, 1, True), (200, 20, False), (201, 20, True)],
)
def test_more_than_60_an_hour_or_200_a_day_is_no_person(
    market: Market, queries: int, hours: int, floods: bool
) -> None:
    market.send(flood("u1", queries=queries, hours=hours))
    searches, searchers, excluded = python_today(market)
    assert (searchers, searches == 0, excluded > 0) == (not floods, floods, floods)
    assert ExcludedSearcher.objects.count() == floods


def test_one_late_search_can_turn_a_day_into_a_flood(market: Market) -> None:
    *most, last = flood("u1", queries=61)
    market.send([*most, event(0, searcher="u2", query="python")])
    assert python_today(market) == (3, 2, 0)
    market.send([last])
    assert python_today(market) == (1, 1, 2)


def test_staff_and_bots_are_left_out_and_counted_as_left_out(market: Market) -> None:
    roles = ["staff", "bot", "buyer", "seller", ""]
    market.send(
        event(0, event_id=role or "none", searcher=f"u {role}", role=role) for role in roles
    )
    assert python_today(market) == (3, 3, 2)


def test_paging_within_the_half_hour_counts_once_and_after_it_again(market: Market) -> None:
    seconds = [0, 5, 1_799, 1_800, 3_599, 3_600]
    market.send(event(0, event_id=f"at {second}", second=second) for second in seconds)
    assert python_today(market) == (3, 1, 0)


def test_sellers_searching_for_what_they_offer_are_no_demand_from_the_first_day_they_do(
    market: Market,
) -> None:
    days = [TODAY - timedelta(days=back) for back in range(3)]
    market.send(
        event(3 * n, event_id=f"{n}", day=day, query="python logo design", searcher="u1")
        for n, day in enumerate(days)
    )
    roll_up()
    market.offer("g1", "u1", "python", 1)
    assert python_today(market) == (0, 0, 1)
    assert stored()[days[1], "Python", WORLD] == (0, 0, 1)
    assert stored()[days[2], "Python", WORLD] == (1, 1, 0)
    assert stored()[TODAY, "Logo Design", WORLD] == (1, 1, 0)
    assert stored()[TODAY, "in Web", WORLD] == (1, 1, 0)


def test_a_new_alias_has_its_history_with_the_next_count(market: Market) -> None:
    market.send(event(0, event_id=f"{n}", query="snake", searcher=f"u{n}") for n in range(4))
    assert python_today(market) == (0, 0, 0)
    market.name("snake", "Python")
    assert python_today(market) == (4, 4, 0)
    market.unname("snake")
    assert python_today(market) == (0, 0, 0)


def test_only_days_that_changed_are_counted_again(market: Market) -> None:
    market.send(event(number) for number in range(60))
    assert roll_up() == 3
    assert roll_up() == 0
    market.send([event(0)])
    assert roll_up() == 0
    market.send([event(0, event_id="late")])
    assert roll_up() == 1
    DailyTermDemand.objects.filter(day__lt=TODAY).delete()
    market.name("gardening", "Python")
    assert roll_up() == 1


def test_progress_is_told_as_days_done_of_days_known(market: Market) -> None:
    market.send(event(number) for number in range(60))
    told: list[tuple[int, int]] = []
    roll_up(lambda done, total, rows: told.append((done, total)))
    assert told == [(3, 3)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days_at_once", [1, 16])
def test_workers_writers_and_editors_at_once_end_in_the_same_counts(
    monkeypatch: pytest.MonkeyPatch, days_at_once: int
) -> None:
    monkeypatch.setattr(daily_rollup, "DAYS_AT_ONCE", days_at_once)
    market = Market()
    events = [event(number, day=TODAY - timedelta(days=number % 8)) for number in range(400)]
    events += flood("u1", queries=61)
    done = threading.Event()

    def send(seed: int) -> None:
        mine = events * 2
        random.Random(seed).shuffle(mine)
        for start in range(0, len(mine), 40):
            market.send(mine[start : start + 40])

    def edit() -> None:
        for number in range(12):
            market.name("snake", "Python")
            market.move("React", ["Web", "Art"][number % 2])
            market.offer("g1", f"u{number % 3}", ["python", "snake"][number % 2], number % 4)
            roll_up()
            market.unname("snake")
            roll_up()

    def count() -> None:
        while not done.is_set():
            roll_up()

    with meanwhile(count, count) as workers:
        with meanwhile(partial(send, 1), partial(send, 2), edit) as writers:
            pass
        done.set()
    assert workers == writers == []
    roll_up()
    market.check()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "arguments"), [("name", ("snake", "Python")), ("offer", ("g1", "u1", "python", 3))]
)
def test_what_changes_skills_or_offers_waits_for_counts_in_progress(
    act: str, arguments: tuple[Any, ...]
) -> None:
    market = Market()
    market.send(event(number) for number in range(60))
    roll_up()
    getattr(market, act)(*arguments)
    counting = ExitStack()
    # Those who count share this lock with each other, and with nobody else.
    counting.enter_context(held((Lock.DAY, 0), shared=True))
    with meanwhile(match_terms if act == "name" else notice_offers) as problems, counting:
        eventually(waiting, seconds=10)
    assert problems == []
    roll_up()
    market.check()
