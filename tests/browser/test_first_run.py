"""The first minutes of a site in a browser: it says how far it is and opens by itself."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from marketplace import under_way
from tests.browser.axe import axe_report
from tests.browser.conftest import Visitor, opened
from tests.browser.test_pages import OVERFLOW
from tests.markets.tiny_market import tiny_market
from trends.models import TrendSnapshot

pytestmark = pytest.mark.browser

# The page without scripts waits for ten seconds, and is then loaded whole.
PATIENCE = 30_000


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """Nothing: the figures come while somebody looks."""
    return lambda: None


@pytest.fixture(autouse=True)
def _under_way(site: str) -> Iterator[None]:
    cache.clear()
    under_way.tell("searches", now=timezone.now(), done=340, total=784)
    yield
    under_way.over()


def test_it_fits_a_phone_and_axe_finds_nothing(visit: Visitor) -> None:
    visitor = visit(width=375, bypass_csp=True)
    visitor.open("/")
    assert axe_report(visitor.page) == ""
    assert visitor.page.evaluate(OVERFLOW) == 0
    assert visitor.problems == []


def test_it_waits_on_while_for_a_moment_nothing_is_under_way(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    under_way.over()
    with page.expect_response("**/?show=all") as answer:
        pass
    assert "No figures yet" in answer.value.text()
    under_way.tell("searches", now=timezone.now(), done=700, total=784)
    expect(page.locator("#so-far")).to_contain_text("700 of 784 days", timeout=PATIENCE)


def test_it_goes_on_by_itself_with_scripts_and_without_until_there_are_figures(
    visit: Visitor,
) -> None:
    visitors = [visit(), visit(java_script_enabled=False)]
    for one in visitors:
        one.open("/?show=all")
        expect(one.page.locator("#so-far")).to_contain_text("340 of 784 days")
    visitors[0].page.evaluate("window.sameDocument = true")
    under_way.tell("searches", now=timezone.now(), done=500, total=784)
    for one in visitors:
        expect(one.page.locator("#so-far")).to_contain_text("500 of 784 days", timeout=PATIENCE)
    assert visitors[0].page.evaluate("window.sameDocument")
    tiny_market()
    under_way.over()
    assert TrendSnapshot.objects.current()
    for one in visitors:
        expect(one.page.locator("table caption")).to_be_visible(timeout=PATIENCE)
        assert one.page.url.endswith("/?show=all")
        assert one.problems == []
