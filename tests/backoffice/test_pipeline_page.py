"""The pipeline page: what runs, waits and broke, in few queries, and who may start what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.celery import app
from marketplace.imports.rows import Row
from marketplace.searches.intake import take_in
from marketplace.searches.models import IngestBatch, Source
from marketplace.searches.partitions import ensure_ahead
from marketplace.skills.models import Skill
from tests.conftest import NO_BROKER, member, search_row, signed_in
from trends.backoffice.pipeline.page import in_words
from trends.backoffice.pipeline.runs import TASKS
from trends.backoffice.pipeline.status import last_days, waiting
from trends.counting.daily_rollup import mark_dirty, roll_up
from trends.drawing.day_columns import day_columns, with_others
from trends.models import PipelineRun

PAGE = "/admin/trends/pipelinerun/"
MOST_QUERIES = 19


def searched(name: str, *queries: str, days_ago: int = 0) -> None:
    source, _ = Source.objects.get_or_create(name=name)
    now = timezone.now() - timedelta(days=days_ago)
    rows = [
        search_row(query, searcher=f"u{n}", occurred_at=now.isoformat())
        for n, query in enumerate(queries)
    ]
    take_in([Row(n, row) for n, row in enumerate(rows, 1)], source=source, now=now)


def run(**fields: object) -> PipelineRun:
    return PipelineRun.objects.create(**{"stage": PipelineRun.Stage.DAILY} | fields)


def lost() -> PipelineRun:
    ago = timezone.now() - timedelta(minutes=10)
    return run(started_at=ago, heartbeat_at=ago, done=10, total=20, unit="days")


def failed() -> PipelineRun:
    now = timezone.now()
    return run(state="failed", finished_at=now, error="ZeroDivisionError: division by zero")


def opened(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_market_has_a_page(operator: Client) -> None:
    page = opened(operator)
    assert "Nothing has run yet" in page
    assert "missing" in page
    ensure_ahead(timezone.now().date())
    assert "three that follow are there" in opened(operator)


def test_the_page_tells_what_waits(operator: Client, skills: dict[str, Skill]) -> None:
    searched("shop", "python", "gardening", days_ago=1)
    searched("shop", "python", "gardening", "react", "python gardening")
    before = waiting()
    assert (before.batches, before.dirty_days) == (2, 0)
    assert before.oldest == IngestBatch.objects.earliest("pk").received_at
    page = opened(operator)
    assert "24 h" in page
    roll_up()
    after = waiting()
    assert (after.batches, after.oldest, after.dirty_days) == (0, None, 0)
    assert "75%" in opened(operator)
    mark_dirty([timezone.now().date()] * 2)
    assert waiting().dirty_days == 1


def test_the_charts_have_their_tables(operator: Client, skills: dict[str, Skill]) -> None:
    searched("shop", "python", "python", "gardening")
    searched("second shop", "python")
    roll_up()
    ago = timezone.now() - timedelta(seconds=30)
    IngestBatch.objects.update(received_at=ago, processed_at=ago + timedelta(seconds=90))
    page = opened(operator)
    assert page.count("<svg") >= 4
    assert page.count("The figures as a table") == 4
    assert "shop 3, second shop 1" in page
    assert "worst 90 s, median 90 s" in page


def test_it_takes_few_queries_however_many_rows_there_are(operator: Client) -> None:
    counted = []
    for _ in range(2):
        for _ in range(5):
            lost()
            failed()
            searched("shop", "python")
            searched("site", "react", days_ago=3)
        roll_up()
        with CaptureQueriesContext(connection) as queries:
            opened(operator)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= MOST_QUERIES


def test_a_run_tells_its_progress_speed_and_time_left(operator: Client) -> None:
    ago = timezone.now() - timedelta(seconds=100)
    run(started_at=ago, done=25, total=100, rows=5_000, unit="days", result="")
    page = opened(operator)
    assert '<progress max="100" value="25"' in page
    assert "about 5 min left" in page
    assert "running" in page
    assert "rows/s" in page


def test_a_lost_run_says_so_and_can_be_retried_by_an_operator_alone(operator: Client) -> None:
    one, broken = lost(), failed()
    page = opened(operator)
    assert "lost" in page
    assert "ZeroDivisionError" in page
    assert page.count("Retry</button>") == 2
    viewer = signed_in(member("viewer"))
    assert "Retry" not in opened(viewer)
    for address in (f"{PAGE}{one.pk}/retry/", f"{PAGE}{broken.pk}/retry/", f"{PAGE}start/"):
        assert viewer.post(address, {"stage": "daily"}).status_code == 403
    nobody = signed_in(member())
    for address in (PAGE, f"{PAGE}runs/"):
        assert nobody.get(address).status_code == 403


def test_the_tiles_lead_only_where_one_may_go(operator: Client) -> None:
    page = opened(operator)
    assert "/admin/searches/rejectedrow/?replay=waiting" in page
    assert "/admin/trends/reviewflag/" not in page


def test_what_changes_is_posted(operator: Client) -> None:
    assert operator.get(f"{PAGE}start/").status_code == 405
    assert operator.get(f"{PAGE}{lost().pk}/retry/").status_code == 405
    assert operator.post(f"{PAGE}start/", {"stage": "nonsense"}).status_code == 400


def test_a_run_that_went_well_is_not_retried(operator: Client) -> None:
    done = run(state="done", finished_at=timezone.now())
    answer = operator.post(f"{PAGE}{done.pk}/retry/", follow=True)
    assert "did not fail" in answer.content.decode()


def test_a_proof_that_failed_is_not_retried_as_a_draft(operator: Client) -> None:
    proof = run(stage="proof", state="failed", finished_at=timezone.now())
    assert "Retry" not in opened(operator)
    assert operator.post(f"{PAGE}{proof.pk}/retry/").status_code == 400


def test_without_a_broker_the_page_says_that_nobody_was_asked(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", NO_BROKER)
    answer = operator.post(f"{PAGE}{lost().pk}/retry/", follow=True)
    assert "The broker does not answer" in answer.content.decode()


def test_the_index_leads_to_it(operator: Client) -> None:
    lost()
    assert f'href="{reverse("admin:trends_pipelinerun_changelist")}"' in opened(operator, "/admin/")


def test_the_page_asks_only_for_the_runs_again(operator: Client) -> None:
    failed()
    part = opened(operator, f"{PAGE}runs/")
    assert 'hx-trigger="every 5s"' in part
    assert "<html" not in part
    assert "ZeroDivisionError" in part


def test_older_runs_are_a_link_away(operator: Client) -> None:
    for _ in range(35):
        failed()
    page = opened(operator)
    assert "Older runs" in page
    before = PipelineRun.objects.order_by("-pk")[29].pk
    assert f"?before={before}" in page
    older = opened(operator, f"{PAGE}?before={before}")
    assert older.count("ZeroDivisionError") == 5
    assert "every 5s" not in older


def test_every_stage_a_person_can_start_is_a_task() -> None:
    app.loader.import_default_modules()
    assert set(TASKS.values()) <= set(app.tasks)


def test_columns_stand_on_each_other_up_to_the_scale() -> None:
    days = last_days(timezone.now().date(), 2)
    drawn = day_columns(
        days, [("a", [6, None]), ("b", [4, 5])], title="<b>", spelled="{:.0f}".format, ticks=(0, 10)
    )
    # 160 pixels for 10: 96 for the six, 64 for the four above them.
    assert 'class="series-0" x="5.000%" y="74.0" width="40.000%" height="96.0"' in drawn
    assert 'class="series-1" x="5.000%" y="10.0" width="40.000%" height="64.0"' in drawn
    assert f"{days[1].day} {days[1]:%b %Y}: b 5" in drawn
    assert "<b>" not in drawn


def test_sources_beyond_four_are_one() -> None:
    many = [(str(n), [float(n)]) for n in range(6)]
    assert with_others(many) == [*many[:3], ("others", [3 + 4 + 5])]


def test_times_are_told_in_the_unit_people_would_use() -> None:
    told = [in_words(timedelta(seconds=s)) for s in (0.4, 90, 130, 3 * 3600, 3 * 86_400)]
    assert told == ["0 s", "90 s", "2 min", "3 h", "3 days"]
