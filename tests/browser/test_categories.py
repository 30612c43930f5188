"""Categories and what pays, in a browser: a map on a desk, lanes on a phone, lists by hand."""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visitor, opened, tab_to
from tests.browser.test_pages import OVERFLOW
from tests.markets.category_market import FIELDS, category_market

pytestmark = pytest.mark.browser

PAGES = ["/categories/", "/categories/design/", "/earners/", "/earners/?show=rising"]
Rectangle = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with a dozen categories and many skills that pay."""
    return category_market


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
@pytest.mark.parametrize("path", PAGES[:1])
def test_a_crowded_map_fits_is_quiet_and_axe_finds_nothing(
    visit: Visitor, path: str, width: int, scheme: Scheme
) -> None:
    quiet = visit(width=width, color_scheme=scheme)
    quiet.open(path)
    assert quiet.problems == []
    assert quiet.page.evaluate(OVERFLOW) == 0
    # The policy of the site forbids axe, too; for it alone it is put aside.
    looked_at = visit(width=width, color_scheme=scheme, bypass_csp=True)
    looked_at.open(path)
    assert axe_report(looked_at.page) == ""


def test_a_desk_has_the_map_and_a_phone_the_lanes(visit: Visitor) -> None:
    for width, shown, other in (
        (1280, ".map-desk", ".map-phone"),
        (375, ".map-phone", ".map-desk"),
    ):
        page = opened(visit, "/categories/", width=width)
        expect(page.locator(shown)).to_be_visible()
        expect(page.locator(other)).to_be_hidden()
        assert set(page.locator(f"{shown} .map-name").all_text_contents()) >= set(FIELDS)


@pytest.mark.parametrize("width", [768, 1280])
def test_the_names_of_the_map_as_they_are_drawn_lie_inside_it_and_apart(
    visit: Visitor, width: int
) -> None:
    page = opened(visit, "/categories/", width=width)
    frame = _rectangle(page.locator(".map-desk"))
    names = [_rectangle(one) for one in page.locator(".map-desk .map-name").all()]
    dots = [_rectangle(one) for one in page.locator(".map-desk .map-dot").all()]
    assert len(names) == len(dots) == len(FIELDS) + 2
    assert not [pair for pair in combinations(names, 2) if _cover(*pair)]
    assert not [(name, dot) for name in names for dot in dots if _cover(name, dot)]
    for left, top, right, bottom in names:
        assert frame[0] <= left <= right <= frame[2] + 1
        assert frame[1] <= top <= bottom <= frame[3]


def test_the_picture_keeps_its_place_while_the_page_loads(visit: Visitor) -> None:
    page = opened(visit, "/categories/")
    size = page.locator(".map-desk").evaluate("map => [map.getAttribute('width'), map.clientWidth]")
    assert float(size[0]) == size[1]


def test_a_category_and_its_skills_are_reached_by_keyboard_alone(visit: Visitor) -> None:
    page = opened(visit, "/categories/")
    tab_to(page, "th a:has-text('Design')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Design")
    chart = page.get_by_role("slider")
    tab_to(page, "[role=slider]")
    page.keyboard.press("Home")
    expect(page.locator(".readout")).to_contain_text("Week of ")
    assert chart.get_attribute("aria-valuenow") == "1"
    tab_to(page, "a:has-text('What pays in Design')")
    page.keyboard.press("Enter")
    expect(page.locator("caption")).to_contain_text("Design")
    tab_to(page, "th a:has-text('Total')")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Total")
    assert page.url.endswith("/earners/?category=design&order=total")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_scripts(visit: Visitor, path: str) -> None:
    said = []
    for scripts in (True, False):
        page = opened(visit, path, java_script_enabled=scripts)
        said.append(page.locator("main h1, main table, main ol, main svg.map").all_text_contents())
    assert said[0] == said[1]
    assert len(said[0]) > 1


def test_what_pays_is_narrowed_and_widened_without_scripts(visit: Visitor) -> None:
    page = opened(visit, "/earners/?show=total&order=sellers", java_script_enabled=False)
    page.select_option("select[name=category]", "design")
    page.click("form.filters button")
    assert page.url.endswith("/earners/?show=total&order=sellers&category=design")
    page.click("a.drop")
    assert page.url.endswith("/earners/?show=total&order=sellers")


def test_a_strip_stands_under_the_amounts_of_its_scale(visit: Visitor) -> None:
    page = opened(visit, "/earners/")
    head = _rectangle(page.locator("thead .strip"))
    for row in page.locator("tbody .strip").all()[:10]:
        strip = _rectangle(row)
        assert abs(strip[0] - head[0]) <= 1
        assert abs(strip[2] - head[2]) <= 1


def test_on_paper_the_map_stands_and_the_form_does_not(visit: Visitor) -> None:
    page = opened(visit, "/categories/")
    page.emulate_media(media="print")
    dot = page.locator(".map-desk .map-dot").first
    assert dot.evaluate("dot => getComputedStyle(dot).printColorAdjust") == "exact"
    page = opened(visit, "/earners/")
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()


def _rectangle(one: Locator) -> Rectangle:
    """Left, top, right and bottom; of a name without the pale rim around its letters."""
    box = one.bounding_box()
    assert box
    rim = 2 if "map-name" in (one.get_attribute("class") or "") else 0
    left, top = box["x"] + rim, box["y"] + rim
    return left, top, box["x"] + box["width"] - rim, box["y"] + box["height"] - rim


def _cover(one: Rectangle, other: Rectangle) -> bool:
    """Whether two overlap by more than what rounding does."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 1 and high > 1
