"""What pays in a browser: each figure has its room, in English and in longer Spanish."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, opened
from tests.markets.category_market import category_market

pytestmark = pytest.mark.browser

LISTS = ("best", "total", "rising&order=sellers", "rising&order=buyers", "rising&order=orders")
# A browser takes no note of what moves by less.
STILL = 3
COLUMNS = """[...document.querySelectorAll("table.earners thead th")]
    .map(one => one.getBoundingClientRect().x)"""
RENAME = "(one, name) => { one.textContent = name }"
# Tables wider than their place, and texts of a table that stand outside their cell.
SQUEEZED = """() => {
    const within = (one, other) => one.left >= other.left - 1 && one.right <= other.right + 1
    const rectangle = one => one.getBoundingClientRect()
    const table = document.querySelector("table.earners")
    const found = within(rectangle(table), rectangle(table.parentElement)) ? [] : ["the table"]
    const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const text = texts.currentNode
        const range = document.createRange()
        range.selectNodeContents(text)
        const cell = text.parentElement.closest("th, td")
        // On a phone the heads of the columns are only heard; the axis is drawn beside its cell.
        if (!cell?.checkVisibility() || text.parentElement.closest("svg")) continue
        if (getComputedStyle(table.tHead).position === "absolute" && cell.closest("thead")) continue
        const boxes = [...range.getClientRects()]
        if (!boxes.every(box => within(box, rectangle(cell)))) found.push(text.data.trim())
    }
    return found
}"""


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with many skills that pay."""
    return category_market


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [375, 768, 1024, 1280])
def test_no_column_is_squeezed_by_its_neighbours(visit: Visitor, width: int, language: str) -> None:
    spoken = {"Accept-Language": language}
    page = opened(visit, "/earners/", width=width, extra_http_headers=spoken)
    assert {show: found for show in LISTS if (found := squeezed(page, show))} == {}


@pytest.mark.parametrize("order", ["sellers", "buyers", "orders"])
def test_the_column_that_orders_a_list_is_seen(visit: Visitor, order: str) -> None:
    page = opened(visit, f"/earners/?show=rising&order={order}", width=768)
    expect(page.locator("th[aria-sort]")).to_be_visible()


@pytest.mark.parametrize("width", [768, 1024, 1280])
@pytest.mark.parametrize("show", LISTS)
def test_a_long_name_that_comes_late_moves_no_column(visit: Visitor, show: str, width: int) -> None:
    page = opened(visit, f"/earners/?show={show}", width=width)
    columns = page.evaluate(COLUMNS)
    page.locator("tbody .name").last.evaluate(RENAME, "Customer Retention Management")
    assert page.evaluate(COLUMNS) == pytest.approx(columns, abs=STILL)


def squeezed(page: Page, show: str) -> list[str]:
    """What has too little room on a list."""
    answer = page.goto(f"{page.url.split('?')[0]}?show={show}")
    assert answer
    assert answer.ok
    found: list[str] = page.evaluate(SQUEEZED)
    return found
