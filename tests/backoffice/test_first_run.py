"""A site without figures says what is being done about it, as long as something is."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from redis import Redis

from marketplace import under_way
from tests.conftest import NOON
from tests.marketplace.test_imports import good, written
from tests.tools.importing import run
from trends.backoffice.pipeline import first_run
from trends.models import PipelineRun
from trends.models.pipeline import LOST_AFTER

pytestmark = pytest.mark.django_db

PAGES = ("/", "/compare/", "/categories/", "/earners/", "/replacing/", "/me/")
NOTHING = "come back in a day"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _nothing_is_loaded() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def page(path: str = "/", language: str = "en") -> str:
    html = Client(headers={"Accept-Language": language}).get(path).content.decode()
    return re.sub(r"\s+", " ", html)


def test_where_nothing_is_under_way_one_is_told_to_come_back() -> None:
    for path in PAGES:
        assert NOTHING in page(path), path
        assert 'http-equiv="refresh"' not in page(path), path


def test_while_a_market_is_simulated_every_page_says_how_far_it_is_and_goes_on_by_itself() -> None:
    under_way.tell("searches", now=timezone.now() - 40 * SECOND, done=1, total=784)
    under_way.tell("searches", now=timezone.now(), done=392, total=784)
    for path in PAGES:
        html = page(path)
        assert NOTHING not in html, path
        assert "A simulated market is being made" in html, path
        assert re.search(r"392 of 784 days, about 4[05] seconds left", html), path
        assert '<noscript><meta http-equiv="refresh"' in html, path
    assert "392 de 784 días, quedan unos 4" in page(language="es")
    # Every time it is loaded a search is one more search.
    assert "392 of 784" in page("/search/")
    assert "refresh" not in page("/search/")


def test_what_a_worker_counts_and_measures_is_said_until_it_shows_no_sign_of_life() -> None:
    daily = PipelineRun.objects.create(stage="daily", done=100, total=400, unit="days")
    daily.started_at = timezone.now() - 60 * SECOND
    daily.save()
    assert re.search(r"100 of 400 days, about 3 minutes left", page())
    PipelineRun.objects.create(stage="snapshot", done=2, total=5)
    assert "trends are being measured" in page()
    assert "2 of 5" in page()
    PipelineRun.objects.update(heartbeat_at=timezone.now() - LOST_AFTER - SECOND)
    assert NOTHING in page()


def test_the_market_that_is_sent_goes_before_the_days_counted_meanwhile() -> None:
    PipelineRun.objects.create(stage="daily", done=100, total=400)
    under_way.tell("searches", now=timezone.now(), done=10, total=784)
    assert "10 of 784 days" in page()
    under_way.tell(under_way.FIGURES, now=timezone.now())
    assert "100 of 400 days" in page()


def test_an_import_tells_how_much_of_its_file_is_read_and_that_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, said = written(tmp_path / "searches.csv", good(3)), list[str]()
    end: Callable[[], None] = under_way.over

    def over() -> None:
        said.append(page())
        end()

    monkeypatch.setattr(under_way, "over", over)
    run("import_searches", path, "--dry-run")
    assert said == []
    run("import_searches", path)
    assert "Data is being imported." in said[0]
    size = path.stat().st_size
    assert f'<progress max="{size}" value="{size}"' in said[0]
    assert "The first figures are under way" in said[0]
    assert NOTHING in page()


def test_who_was_killed_while_loading_is_soon_forgotten_and_no_cache_is_no_trouble(
    settings: Settings,
) -> None:
    under_way.tell("orders", now=timezone.now())
    kept = Redis.from_url(settings.REDIS_URL).ttl(cache.make_key(under_way.KEY))
    assert 0 < int(kept) <= under_way.SILENT_AFTER
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}
    under_way.tell("orders", now=timezone.now())
    under_way.over()
    assert NOTHING in page()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 5 seconds left"),
        (12, "about 15 seconds left"),
        (89, "about 2 minutes left"),
        (600, "about 10 minutes left"),
    ],
)
def test_the_time_left_is_told_as_people_wait(seconds: int, words: str) -> None:
    run_so_far = PipelineRun(stage="daily", done=1, total=2, started_at=NOON - seconds * SECOND)
    run_so_far.heartbeat_at = NOON
    left = run_so_far.remaining(NOON)
    assert first_run.left_in_words(left) == words
