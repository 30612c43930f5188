"""On a slow line nothing moves: the room of a chart is there before its styles and scripts are."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import Visitor, opened
from tests.browser.test_pages import WIDTHS
from tests.markets.whole_market import whole_market

pytestmark = pytest.mark.browser

PAGES = (
    *("/", "/?show=all", "/skills/riser/", "/compare/?skills=riser,kept,fallen", "/categories/"),
    *("/categories/work/", "/replacing/", "/earners/", "/me/?skills=riser,kept"),
)
# Seconds that every style sheet and script takes to come.
SLOW = 0.15
# The browser itself tells what is not where it was, from the first paint on.
OBSERVE = """
window.moved = []
new PerformanceObserver(list => {
    for (const one of list.getEntries()) {
        const what = one.sources.map(({node}) => node?.outerHTML?.slice(0, 80) ?? node?.data)
        window.moved.push([one.value, `${what}`])
    }
}).observe({type: "layout-shift", buffered: true})
"""
# Down to the end, for what is drawn when it is seen, and two frames for what it moves.
TO_THE_END = """new Promise(done => {
    scrollTo(0, document.body.scrollHeight)
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))
})"""


# Where the wordmark is, and each item beside it.
MENU = """[...document.querySelectorAll(".wordmark, .nav li")].map(one => {
    const {x, y} = one.getBoundingClientRect()
    return [x, y]
})"""
NOTHING_MORE = """last => {
    while (last.nextElementSibling) last.nextElementSibling.remove()
}"""


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with something to show on every page."""
    return whole_market


def slowly(route: Route) -> None:
    time.sleep(SLOW)
    route.continue_()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_when_styles_and_scripts_come_late(
    chromium: Browser, site: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    with chromium.new_context(viewport=size) as context:  # type: ignore[arg-type]
        context.add_init_script(OBSERVE)
        context.route("**/static/**", slowly)
        page = context.new_page()
        found = {}
        for path in PAGES:
            page.goto(site + path, wait_until="networkidle")
            found[path] = moved(page)
    assert {path: some for path, some in found.items() if some} == {}


@pytest.mark.parametrize("width", [*WIDTHS, 768, 1024])
def test_an_item_of_the_menu_that_is_not_there_yet_moves_none_that_is(
    visit: Visitor, width: int
) -> None:
    # A browser paints what has arrived of a page, and a busy one paints half a menu.
    page = opened(visit, "/", width=width)
    whole = page.evaluate(MENU)
    page.locator(".nav li").nth(3).evaluate(NOTHING_MORE)
    assert page.evaluate(MENU) == whole[: 1 + 4]


def moved(page: Page) -> list[tuple[float, str]]:
    """What moved on an observed page from its first paint to its end, and how much each did."""
    page.evaluate(TO_THE_END)
    found: list[tuple[float, str]] = page.evaluate("window.moved")
    return found
