"""The columns of the list in a browser: all in sight at every width, each said in words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, opened, tab_to
from tests.markets.list_market import list_market

pytestmark = pytest.mark.browser

DAYS = "13 Sep 2023 to 9 Feb 2024"


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    return list_market


@pytest.mark.parametrize("width", [375, 768, 1024, 1280])
@pytest.mark.parametrize("query", ["", "&country=DE&order=competition"])
def test_no_column_sticks_out_of_the_page(visit: Visitor, width: int, query: str) -> None:
    page = opened(visit, f"/?show=all{query}", width=width)
    results, table = (page.locator(one).bounding_box() for one in ("#results", "table.rising"))
    assert results
    assert table
    assert table["width"] <= results["width"] + 1


def test_a_list_by_a_newcomers_chance_is_one_key_away(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    tab_to(page, "th a:has-text('A newcomer’s chance')")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text(DAYS)
    expect(page.locator("tbody tr").first.locator(".newcomers")).to_have_text(
        re.compile(r"more than 30 of 40\s+new gigs")
    )


def test_a_card_says_of_which_days_and_which_country_its_figures_are(visit: Visitor) -> None:
    page = opened(visit, "/?show=all&country=DE&order=newcomers", width=375)
    newcomers = page.locator("tbody tr").first.locator(".newcomers")
    expect(newcomers).to_contain_text(f"published {DAYS}, sold within 30 days")
    here = page.locator("td[data-label='Searchers per seller, Germany']")
    expect(here.first).to_be_visible()
    # A card without the figure has no empty place for it.
    none = page.locator("td.newcomers").filter(has_not_text="gigs").first
    expect(none).to_be_hidden()
