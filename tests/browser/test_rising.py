"""The front page in a browser: narrowed, ordered and dropped again by hand, key and finger."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, opened, tab_to

pytestmark = pytest.mark.browser


def test_a_phone_shows_the_first_skill_on_the_first_screen(visit: Visitor) -> None:
    page = opened(visit, "/?show=all", width=375)
    box = page.locator("tbody tr").first.bounding_box()
    assert box
    assert box["y"] < 667
    expect(page.locator("select[name=country]")).to_be_hidden()
    page.get_by_text("Filter and order").click()
    page.select_option("select[name=country]", "DE")
    expect(page.locator("caption")).to_contain_text("Germany")
    # Who chooses one thing often chooses a second: the filters stay open.
    expect(page.locator("select[name=country]")).to_be_visible()


def test_the_list_is_narrowed_ordered_and_widened_by_keyboard_alone(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    tab_to(page, "select[name=country]")
    page.keyboard.type("Germany")
    page.keyboard.press("Tab")
    expect(page.locator("caption")).to_contain_text("Germany")
    tab_to(page, "th a:has-text('People searching')")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("People searching")
    assert "country=DE" in page.url
    tab_to(page, "a.drop")
    page.keyboard.press("Enter")
    expect(page.locator("caption")).to_contain_text("Worldwide")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("People searching")


def test_focus_stays_on_the_filter_that_was_changed(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    page.locator("select[name=window]").focus()
    page.select_option("select[name=window]", "3m")
    expect(page.locator("a.drop")).to_contain_text("3 months")
    expect(page.locator("select[name=window]")).to_be_focused()
    assert page.url.endswith("/?show=all&window=3m")


def test_without_scripts_every_filter_and_order_is_a_link_or_a_form(visit: Visitor) -> None:
    page = opened(visit, "/?show=all", java_script_enabled=False)
    page.select_option("select[name=window]", "12m")
    page.select_option("select[name=order]", "searchers")
    page.click("form.filters button")
    assert page.url.endswith("/?show=all&window=12m&order=searchers")
    page.click("th a:has-text('Skill')")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Skill")
    page.click("a.drop")
    assert page.url.endswith("/?show=all&order=name")


def test_on_paper_the_list_stands_without_its_filters(visit: Visitor) -> None:
    page = opened(visit, "/?show=all")
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.locator("tbody tr").first).to_be_visible()
