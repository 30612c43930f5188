"""Two people at the review queue at once: no decision is lost, and none is made twice."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY
from tests.markets.candidates import candidate, reviewer
from tests.markets.reference import Market, event
from tests.tools.at_once import at_once
from trends.backoffice.candidates import queue
from trends.backoffice.candidates.queue import Decided, Refused
from trends.counting.daily_rollup import mark_dirty, roll_up
from trends.models import CandidateDecision, CandidateTerm

pytestmark = pytest.mark.django_db(transaction=True)

CONTESTED = 12
QUEUED = 30


@pytest.fixture
def people() -> list[User]:
    return [reviewer("ann"), reviewer("ben")]


def told(work: Callable[[], Any]) -> Any:
    """What came of it, or what the person was told."""
    try:
        return work()
    except Refused as problem:
        return str(problem)


def test_of_two_who_decide_one_row_at_once_one_does_and_the_other_is_told(
    people: list[User],
) -> None:
    ann, ben = people
    category = Category.objects.at_path("Work")
    for number in range(CONTESTED):
        pk, now = candidate(f"thing {number}").pk, timezone.now()
        answers = at_once(
            partial(told, partial(queue.accept, pk, category=category, by=ann, now=now)),
            partial(told, partial(queue.reject, pk, reason="Spam", by=ben, now=now)),
        )
        (won,) = [one for one in answers if isinstance(one, Decided)]
        (lost,) = [one for one in answers if isinstance(one, str)]
        assert f"{won.decision.made_by} has decided it already" in lost
        assert Skill.objects.filter(name=f"Thing {number}").exists() == (won is answers[0])
    assert CandidateDecision.objects.count() == CONTESTED


def test_of_two_who_hold_one_row_at_once_one_does(people: list[User]) -> None:
    for number in range(CONTESTED):
        pk, now = candidate(f"thing {number}").pk, timezone.now()
        hold = CandidateTerm.objects.hold
        held = at_once(*(partial(hold, pk, by=person, now=now) for person in people))
        assert sorted(held) == [False, True]


def test_two_who_walk_the_queue_decide_every_row_once(people: list[User]) -> None:
    for number in range(QUEUED):
        candidate(f"thing {number}", priority=number)

    def walk(person: User) -> int:
        decided = 0
        while True:
            now = timezone.now()
            free = CandidateTerm.objects.waiting(now.date()).not_held_from(person, now)
            if (row := free.best_first().first()) is None:
                return decided
            if CandidateTerm.objects.hold(row.pk, by=person, now=now):
                # Refused it would fail the test: what is held is the holder's.
                queue.reject(row.pk, reason="Spam", by=person, now=now)
                decided += 1

    walks = at_once(*(partial(walk, person) for person in people))
    assert sum(walks) == QUEUED
    made = Counter(CandidateDecision.objects.values_list("candidate__text", flat=True))
    assert made == {f"thing {number}": 1 for number in range(QUEUED)}


def test_two_who_merge_crosswise_both_get_an_answer(people: list[User]) -> None:
    for number in range(CONTESTED):
        now = timezone.now()
        one, two = candidate(f"one {number}").pk, candidate(f"two {number}").pk
        merge = partial(queue.merge, now=now)
        answers = at_once(
            partial(told, partial(merge, one, into=two, by=people[0])),
            partial(told, partial(merge, two, into=one, by=people[1])),
        )
        assert sorted(isinstance(answer, Decided) for answer in answers) == [False, True]
        left = CandidateTerm.objects.undecided().filter(pk__in=[one, two])
        assert left.count() == 1


def test_of_two_who_undo_at_once_one_does(people: list[User]) -> None:
    category = Category.objects.at_path("Work")
    for number in range(CONTESTED):
        now = timezone.now()
        pk = candidate(f"thing {number}").pk
        made = queue.accept(pk, category=category, by=people[0], now=now).decision.pk

        undo = partial(queue.undo, made, now=now)
        answers = at_once(*(partial(told, partial(undo, by=person)) for person in people))
        (lost,) = [one for one in answers if isinstance(one, str)]
        assert "has undone that already" in lost
        assert not Skill.objects.active().filter(name=f"Thing {number}").exists()


def test_two_who_decide_while_two_workers_count_leave_the_figures_right(
    people: list[User],
) -> None:
    market, (ann, ben) = Market(), people
    market.send(event(number) for number in range(400))
    snake, gardening = candidate("snake").pk, candidate("gardening").pk
    category, art = market.category("Web"), Skill.objects.get(name="Logo Design")

    def waver(decide: Callable[..., Decided], by: User) -> None:
        for _ in range(4):
            made = decide(by=by, now=timezone.now())
            queue.undo(made.decision.pk, by=by, now=timezone.now())
        decide(by=by, now=timezone.now())

    def count() -> None:
        for _ in range(6):
            mark_dirty([TODAY])
            roll_up()

    accept = partial(queue.accept, snake, category=category)
    alias = partial(queue.alias, gardening, skill=art)
    at_once(partial(waver, accept, ann), partial(waver, alias, ben), count, count)
    roll_up()
    market.aliases |= {"snake": "Snake", "gardening": "Logo Design"}
    market.categories["Snake"] = "Web"
    market.check()
    assert CandidateDecision.objects.standing().count() == 2
