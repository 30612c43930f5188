"""A run whose worker is killed is shown as lost, and its work is done by the next one."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.conftest import TODAY, eventually, held, running_worker, waiting
from tests.markets.reference import Market, event
from trends.backoffice.pipeline.runs import ask_a_worker
from trends.counting.daily_rollup import DAYS_AT_ONCE
from trends.counting.locks import Lock
from trends.models import DirtyDay, PipelineRun
from trends.models.pipeline import LOST_AFTER
from trends.tasks import process_searches

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_killed_run_is_lost_and_retried_by_a_real_worker(tmp_path: Path) -> None:
    boss = User.objects.create(username="boss")
    market = Market()
    days = DAYS_AT_ONCE + 10
    market.send(event(n * 3, day=TODAY - timedelta(days=days - n)) for n in range(days))
    market.send(event(number) for number in range(60))
    with (
        held((Lock.DAY, TODAY.toordinal())),
        running_worker(tmp_path / "killed.log"),
    ):
        process_searches.delay()
        eventually(waiting)
        # The first days are counted and the last one is waited for: amid the run.
        eventually(PipelineRun.objects.exists)
        run = PipelineRun.objects.get()
        assert (run.state, run.done) == ("running", DAYS_AT_ONCE)
        assert run.total is not None
        assert run.total > run.done
        assert run.condition(timezone.now()) == "running"
        # Its heart beats on while it waits.
        eventually(lambda: PipelineRun.objects.get().heartbeat_at > run.heartbeat_at)
    # Killed, child and all, when the block ended; nobody was left to write down an end.
    run.refresh_from_db()
    later = timezone.now() + LOST_AFTER
    assert (run.state, run.condition(later)) == ("running", "lost")
    assert PipelineRun.objects.broken(later).get() == run
    with running_worker(tmp_path / "next.log"):
        assert ask_a_worker(PipelineRun.Stage.DAILY, asked_by=boss, retry_of=run)
        eventually(lambda: not DirtyDay.objects.exists())
        eventually(lambda: run.retries.filter(state="done").exists())
    again = run.retries.get()
    assert again.asked_by == boss
    assert again.done == again.total
    assert (again.rows or 0) > 0
    assert not PipelineRun.objects.broken(later).exists()
    market.check()
