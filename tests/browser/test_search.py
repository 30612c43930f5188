"""The gig search in a browser: suggested, chosen and narrowed by key, by finger, or plainly."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import Scheme, axe_report
from tests.browser.conftest import Visitor
from tests.browser.test_pages import OVERFLOW

pytestmark = pytest.mark.browser

FIELD = "#query"
OPTION = "[role=option]"


def opened(visit: Visitor, path: str = "/search/", **options: object) -> Page:
    visitor = visit(**options)
    visitor.open(path)
    return visitor.page


def typed(page: Page, text: str) -> None:
    page.focus(FIELD)
    page.keyboard.type(text)
    expect(page.locator(OPTION).first).to_be_visible()


def test_a_skill_is_chosen_by_keyboard_alone(visit: Visitor) -> None:
    page = opened(visit)
    field = page.locator(FIELD)
    typed(page, "skill b")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="Skills that fit")).to_be_attached()
    page.keyboard.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    expect(field).to_have_value("skill b")
    page.keyboard.press("Enter")
    expect(page.locator("h2")).to_contain_text("for “skill b”")
    assert page.url.endswith("/search/?q=skill+b")


def test_what_was_typed_comes_back_after_the_last_option_and_with_escape(visit: Visitor) -> None:
    page = opened(visit)
    field = page.locator(FIELD)
    typed(page, "skil")
    page.keyboard.press("ArrowUp")
    expect(field).not_to_have_value("skil")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_value("skil")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_have_value("skil")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    expect(page.locator(OPTION).first).to_be_hidden()


def test_a_skill_is_chosen_by_finger(visit: Visitor) -> None:
    page = opened(visit, width=375, has_touch=True)
    typed(page, "skill a")
    assert page.evaluate(OVERFLOW) == 0
    page.locator(OPTION).first.tap()
    expect(page.locator("ul.gigs li").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_the_open_list_nor_on_an_empty_result(
    visit: Visitor, width: int, scheme: Scheme
) -> None:
    visitor = visit(width=width, color_scheme=scheme, bypass_csp=True)
    visitor.open("/search/?q=zeppelin")
    typed(visitor.page, " skill")
    visitor.page.keyboard.press("ArrowDown")
    assert axe_report(visitor.page) == ""
    assert visitor.problems == []


def test_without_scripts_it_is_a_field_and_a_form(visit: Visitor) -> None:
    page = opened(visit, java_script_enabled=False)
    assert page.locator(FIELD).get_attribute("role") is None
    page.fill(FIELD, "skill a")
    page.select_option("select[name=price]", "100")
    page.click("form.find button")
    assert page.url.endswith("/search/?q=skill+a&price=100")
    expect(page.locator("ul.gigs li").first).to_be_visible()
