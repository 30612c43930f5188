"""On a slow line nothing moves: the room of a chart is there before its styles and scripts are."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.test_pages import WIDTHS
from tests.whole_market import whole_market

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
        window.moved.push(`${one.value}: ${what}`)
    }
}).observe({type: "layout-shift", buffered: true})
"""
# Down to the end, for what is drawn when it is seen, and two frames for what it moves.
TO_THE_END = """new Promise(done => {
    scrollTo(0, document.body.scrollHeight)
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))
})"""


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
        found = {path: moved(context.new_page(), site + path) for path in PAGES}
    assert {path: some for path, some in found.items() if some} == {}


def moved(page: Page, address: str) -> list[str]:
    """What moved on a page from its first paint until somebody has seen its end."""
    page.goto(address, wait_until="networkidle")
    page.evaluate(TO_THE_END)
    found: list[str] = page.evaluate("window.moved")
    page.close()
    return found
