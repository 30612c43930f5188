"""People follow the pipeline, replay refused rows and issue keys in a browser."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from marketplace.imports.rows import Row
from marketplace.searches.intake import take_in
from marketplace.searches.models import ApiKey, RejectedRow, SearchEvent, Source
from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import OVERFLOW
from tests.conftest import Fields, member, search_row
from tests.markets.reference import Market
from trends.counting.daily_rollup import roll_up
from trends.models import PipelineRun

pytestmark = pytest.mark.browser

PIPELINE = "/admin/trends/pipelinerun/"
REJECTED = "/admin/searches/rejectedrow/"
KEYS = "/admin/searches/apikey/"
PAGES = [PIPELINE, REJECTED, f"{REJECTED}?replay=waiting", KEYS, f"{KEYS}add/", "key", "row", "run"]
PAGES += ["rotate", "revoke", "/admin/searches/ingestbatch/"]


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """The admin with some weeks of searches, refused rows and runs of every kind."""

    def filled() -> None:
        Market()
        now = timezone.now()
        for ago in range(0, 50, 3):
            for name in ("shop", "second shop", "app", "site", "partner"):
                arrive(name, now - timedelta(days=ago), [search_row("python")])
        refused = [search_row("python", searcher=f"u{n}", country="Narnia") for n in range(3)]
        arrive("shop", now, [*refused, search_row("", country="DE")])
        roll_up()
        ApiKey.issue("shop")
        runs(now)

    return filled


def arrive(name: str, when: datetime, rows: list[Fields]) -> None:
    source, _ = Source.objects.get_or_create(name=name)
    fresh = [row | {"occurred_at": when.isoformat()} for row in rows]
    take_in([Row(n, row) for n, row in enumerate(fresh, 1)], source=source, now=when)


def runs(now: datetime) -> None:
    ago = now - timedelta(minutes=5)
    kinds: list[Fields] = [
        {"state": "done", "finished_at": now, "done": 3, "total": 3, "rows": 900},
        {"state": "failed", "finished_at": now, "error": "ZeroDivisionError: division by zero"},
        {"heartbeat_at": ago, "done": 1, "total": 9},
        {"heartbeat_at": now + timedelta(hours=1), "done": 4, "total": 10, "rows": 5_000},
    ]
    for kind in kinds:
        PipelineRun.objects.create(stage="daily", started_at=ago, unit="days", **kind)


@pytest.fixture
def operator(visit: Visitor) -> Iterator[Visitor]:
    """An operator with a browser of their own, signed in."""
    person = member("operator")

    def come(**options: object) -> Visit:
        return visit(**options).sign_in(person)

    yield come
    User.objects.filter(pk=person.pk).delete()


def path(page: str) -> str:
    key, row = ApiKey.objects.all()[0], RejectedRow.objects.waiting()[0]
    return {
        "key": f"{KEYS}{key.pk}/change/",
        "rotate": f"{KEYS}{key.pk}/rotate/",
        "revoke": f"{KEYS}{key.pk}/revoke/",
        "row": f"{REJECTED}{row.pk}/change/",
        "run": f"{PIPELINE}{PipelineRun.objects.get(state='failed').pk}/change/",
    }.get(page, page)


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_is_quiet_and_axe_finds_nothing(
    operator: Callable[..., Visit], page: str, width: int, scheme: Scheme
) -> None:
    visitor = operator(width=width, color_scheme=scheme, bypass_csp=True)
    visitor.open(path(page))
    assert visitor.problems == []
    assert visitor.page.evaluate(OVERFLOW) == 0
    assert axe_report(visitor.page) == ""


@pytest.mark.parametrize("page", [PIPELINE, REJECTED, KEYS])
def test_nothing_breaks_the_policy_of_the_site(operator: Callable[..., Visit], page: str) -> None:
    visitor = operator()
    visitor.open(page)
    assert visitor.problems == []


def test_refused_rows_are_replayed_by_hand(operator: Callable[..., Visit]) -> None:
    visitor = operator()
    visitor.open(f"{REJECTED}?replay=waiting&field__exact=country")
    page = visitor.page
    before = SearchEvent.objects.count()
    for box in page.locator("input[name=_selected_action]").all():
        box.check()
    page.select_option("select[name=action]", "replay")
    page.locator("#changelist .actions button").click()
    expect(page.get_by_text("3 rows can be replayed")).to_be_visible()
    page.get_by_label("Country of 3 rows").fill("de")
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_text("3 rows replayed: 3 accepted")).to_be_visible()
    assert visitor.problems == []
    assert SearchEvent.objects.count() == before + 3
    assert not RejectedRow.objects.waiting().filter(field="country").exists()


def test_a_key_is_rotated_and_its_token_shown_once(operator: Callable[..., Visit]) -> None:
    visitor = operator()
    visitor.open(KEYS)
    page = visitor.page
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("link", name="Rotate").click()
    page.get_by_label("in 24 hours").check()
    page.get_by_role("button", name="Rotate").click()
    token = page.get_by_label("Token").input_value()
    assert token.startswith("up_")
    assert ApiKey.objects.filter(digest=ApiKey.digest_of(token)).exists()
    page.get_by_role("link", name="I have copied it").click()
    assert token not in page.content()
    assert visitor.problems == []


def test_the_runs_move_by_themselves_and_an_open_error_stays_open(
    operator: Callable[..., Visit],
) -> None:
    visitor = operator()
    visitor.open(PIPELINE)
    page = visitor.page
    page.get_by_text("What went wrong").click()
    page.evaluate("window.sameDocument = true")
    running = PipelineRun.objects.get(done=4)
    expect(page.get_by_text("4 of 10 days")).to_be_visible()
    PipelineRun.objects.filter(pk=running.pk).update(done=7)
    expect(page.get_by_text("7 of 10 days")).to_be_visible(timeout=15_000)
    PipelineRun.objects.filter(pk=running.pk).update(done=4)
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_text("ZeroDivisionError: division by zero")).to_be_visible()
    assert visitor.problems == []


def test_the_page_says_the_same_without_scripts(operator: Callable[..., Visit]) -> None:
    said = []
    for scripts in (True, False):
        visitor = operator(java_script_enabled=scripts)
        visitor.open(PIPELINE)
        said.append(visitor.page.locator("main h1, main h2, main table th").all_inner_texts())
    assert said[0] == said[1]
    assert said[0]
