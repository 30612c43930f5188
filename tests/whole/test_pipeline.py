"""The whole flow: searches in by file and API, a real worker, figures out by the API."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from marketplace.celery import app
from marketplace.searches.models import IngestBatch
from marketplace.skills.models import Skill
from tests.conftest import eventually, running_worker, search_row
from trends.models import DailyDemand, TrendSnapshot

pytestmark = pytest.mark.django_db(transaction=True)

WEEKS = 80
SKILLS = """name,category,aliases
Steady,Work,
Rising,Work,riser
"""


def send_as_beat_does() -> None:
    """Every scheduled task once, by its name: messages carry nothing else."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        app.send_task(str(entry["task"]))


def history(folder: Path) -> Path:
    """Searches of WEEKS weeks up to yesterday: one skill triples in the last half-year."""
    file = folder / "searches.csv"
    with file.open("w") as stream:
        writer = csv.DictWriter(stream, search_row().keys())
        writer.writeheader()
        for week in range(WEEKS):
            when = timezone.now() - timedelta(days=1, weeks=WEEKS - 1 - week)
            rising = 30 if week >= WEEKS - 26 else 10
            for query, people in [("steady", 30), ("riser", rising)]:
                for number in range(people):
                    person = f"{query} {week} {number}"
                    moment = when.isoformat()
                    writer.writerow(search_row(query, searcher=person, occurred_at=moment))
    return file


def test_a_search_becomes_a_figure_and_a_trend(tmp_path: Path, api: Client) -> None:
    (tmp_path / "skills.csv").write_text(SKILLS)
    call_command("import_skills", str(tmp_path / "skills.csv"))
    call_command("import_searches", str(history(tmp_path)))
    with running_worker(tmp_path / "worker.log"):
        send_as_beat_does()
        eventually(TrendSnapshot.objects.current)
        page = api.get("/api/v1/trends/skills/?listed=true").json()
        (row,) = page["results"]
        assert row["skill"]["name"] == "Rising"
        assert (row["previous"]["searchers"], row["current"]["searchers"]) == (260, 780)
        assert page["snapshot"]["as_of"] == timezone.now().date().isoformat()

        post_searches(api, people=12)
        assert today_of(api, "steady") is None
        send_as_beat_does()
        eventually(lambda: today_of(api, "steady") is not None)
        assert today_of(api, "steady") == {
            "day": timezone.now().date().isoformat(),
            "closed": False,
            "searches": 12,
            "searchers": 12,
        }
        assert not IngestBatch.objects.waiting().exists()

        Skill.objects.get(name="Rising").claim("brand new")
        send_as_beat_does()
        eventually(lambda: today_of(api, "rising") is not None)
        assert today_of(api, "rising")["searchers"] == 12
    # The snapshot of the day stays; refresh_trends publishes one a day.
    assert TrendSnapshot.objects.published().count() == 1


def post_searches(api: Client, *, people: int) -> None:
    now = timezone.now().isoformat()
    rows = [
        search_row(query, searcher=f"new {number}", occurred_at=now)
        for number in range(people)
        for query in ("steady", "brand new")
    ]
    answer = api.post(
        "/api/v1/searches/", json.dumps({"searches": rows}), content_type="application/json"
    )
    assert answer.json()["accepted"] == 2 * people


def today_of(api: Client, slug: str) -> Any:
    """The last day of a skill's series, where it is today."""
    days = api.get(f"/api/v1/skills/{slug}/series/").json()["days"]
    today = timezone.now().date().isoformat()
    return next((day for day in days if day["day"] == today), None)


def test_running_every_stage_again_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "skills.csv").write_text(SKILLS)
    call_command("import_skills", str(tmp_path / "skills.csv"))
    call_command("import_searches", str(history(tmp_path)))
    as_of = timezone.now().date().isoformat()
    call_command("refresh_trends", "--as-of", as_of)
    before = demand()
    call_command("import_searches", str(tmp_path / "searches.csv"))
    call_command("refresh_trends", "--as-of", as_of)
    assert demand() == before
    assert TrendSnapshot.objects.count() == 1


def demand() -> list[tuple[Any, ...]]:
    return list(DailyDemand.objects.order_by("pk").values_list())
