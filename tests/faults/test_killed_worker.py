"""A worker killed in the midst of its work loses nothing and counts nothing twice."""

from pathlib import Path

import psutil
import pytest

from marketplace.searches.models import IngestBatch
from tests.conftest import TODAY, children, eventually, held, running_worker, waiting
from tests.markets.reference import Market, event
from trends.counting.locks import Lock
from trends.models import DailyDemand, DirtyDay
from trends.tasks import process_searches

pytestmark = pytest.mark.django_db(transaction=True)

# What the worker waits for when it is killed: everybody's turn before it matches terms, or the
# turn of one day amid its recount.
MIDSTS = {"matching terms": (Lock.DAY, 0), "counting a day": (Lock.DAY, TODAY.toordinal())}


@pytest.mark.parametrize("midst", MIDSTS)
def test_a_killed_child_is_replaced_and_its_task_done_by_the_next(
    tmp_path: Path, midst: str
) -> None:
    market = Market()
    market.send(event(number) for number in range(60))
    with running_worker(tmp_path / "worker.log") as worker:
        with held(MIDSTS[midst]):
            process_searches.delay()
            eventually(waiting)
            (child,) = children(worker)
            child.kill()
            # Sent again by the broker, not by us: acknowledged late, rejected when lost.
            eventually(lambda: new_children(worker, than=child))
            assert not DailyDemand.objects.filter(day=TODAY).exists()
            market.send(event(number) for number in range(30, 90))
        eventually(all_is_counted)
        process_searches.delay()
        eventually(all_is_done)
    market.check()


def new_children(worker: psutil.Process, *, than: psutil.Process) -> bool:
    return any(one.pid != than.pid for one in children(worker))


def all_is_counted() -> bool:
    return DailyDemand.objects.filter(day=TODAY).exists() and not DirtyDay.objects.exists()


def all_is_done() -> bool:
    return all_is_counted() and not IngestBatch.objects.waiting().exists()


def test_after_a_worker_is_killed_whole_the_next_one_does_its_work(tmp_path: Path) -> None:
    market = Market()
    market.send(event(number) for number in range(60))
    with held(MIDSTS["counting a day"]):
        with running_worker(tmp_path / "killed.log"):
            process_searches.delay()
            eventually(waiting)
        assert not DailyDemand.objects.filter(day=TODAY).exists()
        market.send(event(number) for number in range(30, 90))
    with running_worker(tmp_path / "next.log"):
        # The beat asks again every minute; the message of the killed one may come later, too.
        process_searches.delay()
        eventually(all_is_done)
    market.check()
