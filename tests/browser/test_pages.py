"""Pages in a browser: by keyboard, without a script, and in place of the whole when narrowed."""

import pytest
from playwright.sync_api import expect

from marketplace.searches.models import SearchEvent
from tests.browser.conftest import Visitor, opened

pytestmark = pytest.mark.browser

SKILL = "/skills/skill-a/"
PAGES = ["/", "/?show=all", SKILL, "/search/?q=skill+a", "/categories/", "/earners/", "/method/"]
WIDTHS = [375, 1280]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_documents_of_the_api_are_quiet_ask_nobody_else_and_fit(
    visit: Visitor, width: int
) -> None:
    visitor = visit(width=width)
    visitor.open("/api/v1/docs/")
    assert visitor.problems == []
    assert visitor.page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_scripts(visit: Visitor, path: str) -> None:
    said = []
    for scripts in (True, False):
        visitor = visit(java_script_enabled=scripts)
        visitor.open(path)
        said.append(visitor.page.locator("main h1, main table").all_inner_texts())
    assert said[0] == said[1]
    assert said[0]


def test_the_list_is_narrowed_without_scripts(visit: Visitor) -> None:
    page = opened(visit, "/?show=all", java_script_enabled=False)
    page.select_option("select[name=country]", "DE")
    page.click("form.filters button")
    assert "country=DE" in page.url
    expect(page.locator("caption")).to_contain_text("Germany")


def test_the_list_is_narrowed_in_place_and_keeps_its_address(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    page.evaluate("window.sameDocument = true")
    page.select_option("select[name=country]", "DE")
    expect(page.locator("caption")).to_contain_text("Germany")
    assert page.evaluate("window.sameDocument")
    page.reload()
    expect(page.locator("caption")).to_contain_text("Germany")
    page.go_back()
    expect(page.locator("caption")).to_contain_text("Worldwide")


def test_the_chart_is_read_by_keyboard(visit: Visitor) -> None:
    page = opened(visit, SKILL)
    chart = page.get_by_role("slider").first
    for _ in range(40):
        if chart.evaluate("chart => chart === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(chart).to_be_focused()
    weeks = int(chart.get_attribute("aria-valuemax") or 0)
    steps = [("ArrowLeft", weeks - 1), ("PageDown", weeks - 5), ("Home", 1), ("End", weeks)]
    for key, week in steps:
        page.keyboard.press(key)
        assert chart.get_attribute("aria-valuenow") == str(week)
        said = chart.get_attribute("aria-valuetext") or ""
        expect(page.locator(".readout").first).to_have_text(said)
        assert said.startswith("Week of ")


def test_a_search_in_the_browser_becomes_an_event_of_one_person(visit: Visitor) -> None:
    page = opened(visit, "/search/")
    for query in ("Skill A", "skill b"):
        page.fill("input[name=q]", query)
        page.keyboard.press("Enter")
        expect(page.locator("ul.gigs li").first).to_be_visible()
    events = SearchEvent.objects.filter(source__name="site", term__text__in=["skill a", "skill b"])
    assert events.count() >= 2
    last_two = events.order_by("-id")[:2]
    assert len({event.searcher for event in last_two}) == 1
