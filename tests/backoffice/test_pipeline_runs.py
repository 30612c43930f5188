"""Runs of the pipeline: seen from outside while they go on, told truly when they end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from marketplace.skills.models import SearchTerm
from tests.conftest import TODAY, eventually
from tests.markets.reference import Market, event
from trends.backoffice.pipeline.runs import in_short, recorded
from trends.counting.daily_rollup import roll_up
from trends.measuring.snapshot import PARTS, compute
from trends.models import (
    CategoryTrend,
    DailyDemand,
    DailyTermDemand,
    ExcludedSearcher,
    PipelineRun,
    SkillTrend,
)

Outside = Callable[[str], Any]

pytestmark = pytest.mark.django_db(transaction=True)

Stage, State = PipelineRun.Stage, PipelineRun.State


@pytest.fixture(autouse=True)
def _no_run_of_another_test() -> None:
    PipelineRun.objects.all().delete()


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Asks for the newest run's columns as somebody else would, on a connection of their own."""
    other = connections.create_connection("default")

    def ask(columns: str) -> Any:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM trends_pipelinerun ORDER BY id DESC LIMIT 1")
            return cursor.fetchone()

    yield ask
    other.close()


def test_progress_is_seen_from_outside_while_the_transaction_is_open(outside: Outside) -> None:
    boss = User.objects.create(username="boss")
    with recorded(Stage.SNAPSHOT, unit="stages", asked_by=boss) as run, transaction.atomic():
        SearchTerm.objects.create(text="unseen")
        run.progress(1, 4)
        eventually(lambda: outside("state, done, total, unit") == ("running", 1, 4, "stages"))
        run.rows = 7
        run.progress(3, 4)
        eventually(lambda: outside("done, rows") == (3, 7))
        (first,) = outside("heartbeat_at")
        eventually(lambda: outside("heartbeat_at") > (first,))
        run.result = "published"
    assert outside("state, done, result, error") == ("done", 4, "published", "")
    assert outside("asked_by_id, finished_at IS NOT NULL") == (boss.pk, True)


def test_a_run_with_nothing_to_do_leaves_no_row() -> None:
    with recorded(Stage.DAILY):
        pass
    assert not PipelineRun.objects.exists()


def test_a_failure_is_told_with_its_place_and_raised_on() -> None:
    with pytest.raises(ZeroDivisionError), recorded(Stage.DAILY):
        _ = 1 / 0
    run = PipelineRun.objects.get()
    assert (run.state, run.error.splitlines()[0]) == (
        State.FAILED,
        "ZeroDivisionError: division by zero",
    )
    assert "test_pipeline_runs.py" in run.error


def test_an_error_tells_nothing_of_the_people_it_broke_on() -> None:
    SearchTerm.objects.create(text="jane doe 4711")
    with pytest.raises(IntegrityError), recorded(Stage.DAILY):
        SearchTerm.objects.create(text="jane doe 4711")
    error = PipelineRun.objects.get().error
    assert error.startswith("IntegrityError: duplicate key")
    assert "jane" not in error
    assert "jo@" not in in_short(ValueError("nobody is called jo@example.org"))
    assert "jane" not in in_short(ValueError("unknown person 'jane'"))


def test_a_run_that_cannot_be_written_down_does_its_work_all_the_same() -> None:
    """Who asked for it is not committed yet, so no other connection can refer to them."""
    with transaction.atomic():
        boss = User.objects.create(username="boss")
        with recorded(Stage.DAILY, asked_by=boss) as run:
            run.progress(1, 1)
    found = PipelineRun.objects.get()
    assert (found.state, found.done, found.asked_by) == (State.DONE, 1, None)


def test_no_connection_is_left_behind() -> None:
    def connected() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            (sessions,) = cursor.fetchone()
            return int(sessions)

    before = connected()
    for _ in range(3):
        with recorded(Stage.DAILY) as run:
            run.progress(1, 1)
    eventually(lambda: connected() <= before)


def test_a_run_whose_heart_stopped_is_lost() -> None:
    now = timezone.now()
    run = PipelineRun(stage=Stage.DAILY, started_at=now - timedelta(minutes=10), heartbeat_at=now)
    assert run.condition(now + timedelta(seconds=5)) == "running"
    assert run.condition(now + timedelta(minutes=2)) == "lost"
    run.state = State.DONE
    assert run.condition(now + timedelta(minutes=2)) == "done"


def test_speed_and_remaining_time_come_from_what_is_done() -> None:
    start = timezone.now()
    now = start + timedelta(seconds=20)
    run = PipelineRun(stage=Stage.DAILY, started_at=start, heartbeat_at=now, done=25, total=100)
    assert run.speed(now) == pytest.approx(1.25)
    assert run.remaining(now) == timedelta(seconds=60)
    run.rows = 400
    assert run.speed(now) == pytest.approx(20)
    run.total = None
    assert run.remaining(now) is None
    run.done = 0
    assert run.remaining(now) is None


def test_counting_and_measuring_tell_their_progress() -> None:
    market = Market()
    market.send(event(number) for number in range(60))
    told: list[tuple[int, int, int]] = []

    def progress(done: int, total: int, rows: int) -> None:
        told.append((done, total, rows))

    days = roll_up(progress)
    tables = (ExcludedSearcher, DailyTermDemand, DailyDemand)
    assert told == [(days, days, sum(table._default_manager.count() for table in tables))]
    told.clear()
    snapshot = compute(TODAY + timedelta(days=1), progress=progress)
    assert told == sorted(told)
    assert {total for _, total, _ in told} == {PARTS}
    assert [done for done, *_ in told][:: len(told) - 1] == [0, PARTS - 1]
    rows = SkillTrend.objects.filter(snapshot=snapshot).count()
    assert told[-1][2] == rows + CategoryTrend.objects.filter(snapshot=snapshot).count() > 0
