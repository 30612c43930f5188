"""What is replacing what, in a browser: a picture on a desk, bars on a phone, and words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.markets.replacing_market import replacing_market

pytestmark = pytest.mark.browser

PAGE = "/replacing/"


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market in which people leave one skill for another."""
    return replacing_market


def test_a_desk_has_the_picture_and_a_phone_the_bars(visit: Visitor) -> None:
    for width, picture in ((1280, True), (375, False)):
        visitor = visit(width=width)
        visitor.open(PAGE)
        page = visitor.page
        expect(page.locator("svg.flow")).to_be_visible(visible=picture)
        expect(page.locator(".flow-list li")).to_have_count(1)
        expect(page.locator(".flow-list")).to_be_visible(visible=not picture)
        expect(page.locator(".folded table")).to_be_visible(visible=picture)
        expect(page.locator(".folded summary")).to_be_visible(visible=not picture)


def test_a_phone_unfolds_the_table_and_has_all_of_it_without_scrolling_sideways(
    visit: Visitor,
) -> None:
    visitor = visit(width=375, java_script_enabled=False)
    visitor.open(PAGE)
    page = visitor.page
    page.get_by_text("As a table").first.click()
    table = page.locator(".wide-table")
    frame, cells = table.bounding_box(), table.locator("tbody :is(th, td)")
    assert frame
    expect(cells).to_have_count(8)
    expect(table.locator("tbody")).to_contain_text("95 % interval")
    for cell in cells.all():
        box = cell.bounding_box()
        assert box
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    narrow = [
        one.evaluate("one => one.scrollWidth <= one.clientWidth")
        for one in (table, page.locator("html"))
    ]
    assert narrow == [True, True]


def test_the_caption_of_the_table_is_read_whole_wherever_its_columns_are(visit: Visitor) -> None:
    visitor = visit(width=780)
    visitor.open(PAGE)
    table, caption = (
        visitor.page.locator(one) for one in (".wide-table", ".wide-table caption span")
    )
    # As wide as long names make it.
    table.evaluate("one => { one.querySelector('table').style.width = '60rem' }")
    assert table.evaluate("one => one.scrollWidth > one.clientWidth + 100")
    for left in (0, 150):
        table.evaluate("(one, left) => one.scrollLeft = left", left)
        frame, words = table.bounding_box(), caption.bounding_box()
        assert frame
        assert words
        assert frame["x"] <= words["x"]
        assert words["x"] + words["width"] <= frame["x"] + frame["width"]


def test_the_names_of_the_picture_lie_inside_it_and_apart(visit: Visitor) -> None:
    visitor = visit()
    visitor.open(PAGE)
    frame = visitor.page.locator("svg.flow").bounding_box()
    assert frame
    places = [
        box for name in visitor.page.locator(".flow-name").all() if (box := name.bounding_box())
    ]
    assert len(places) == 2
    for box in places:
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_a_category_is_chosen_and_a_skill_followed_without_scripts(visit: Visitor) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.open(PAGE)
    page = visitor.page
    with_scripts = visit()
    with_scripts.open(PAGE)
    assert page.locator("main").inner_text() == with_scripts.page.locator("main").inner_text()
    page.select_option("select[name=category]", "trade")
    page.click("form.filters button")
    expect(page.locator(".lede")).to_contain_text("Nothing is surely replacing")
    page.go_back()
    page.get_by_role("table").first.get_by_role("link", name="New Craft").click()
    expect(page.get_by_role("heading", name="Comes from")).to_be_visible()
    page.get_by_role("link", name="What is replacing what").click()
    assert page.url.endswith(PAGE)


def test_paper_shows_the_picture_in_its_colours(visit: Visitor) -> None:
    visitor = visit()
    visitor.open(PAGE)
    visitor.page.emulate_media(media="print")
    band = visitor.page.locator(".flow-band").first
    assert band.evaluate("band => getComputedStyle(band).printColorAdjust") == "exact"
    expect(visitor.page.locator("form.filters")).to_be_hidden()
    for width in (717, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        expect(visitor.page.locator(".folded table")).to_be_visible()
        expect(visitor.page.locator(".folded summary")).to_be_hidden()
