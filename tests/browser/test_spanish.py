"""Spanish in a browser: a quarter longer than English, it still fits a phone; the switch holds."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

SKILL = "/skills/skill-a/"
PAGES = [
    *("/", "/?show=all", "/?show=falling", SKILL, f"{SKILL}embed/", "/compare/?skills=skill-a"),
    *("/categories/", "/categories/many/", "/earners/", "/replacing/", "/me/?skills=skill-a"),
    *("/me/sign-in/", "/search/?q=skill+a", "/editions/", "/method/"),
]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_spanish_fits_a_phone(visit: Visitor, path: str) -> None:
    visitor = visit(width=375, locale="es-ES")
    visitor.open(path)
    expect(visitor.page.locator("html")).to_have_attribute("lang", "es")
    assert visitor.page.evaluate(OVERFLOW) == 0
    assert visitor.problems == []


def test_axe_finds_nothing_in_spanish(visit: Visitor) -> None:
    # The policy of the site forbids axe, too; for it alone it is put aside.
    visitor = visit(width=375, locale="es-ES", bypass_csp=True)
    visitor.open("/")
    found = Axe().run(visitor.page)
    assert found.violations_count == 0, found.generate_report()


def test_the_language_is_switched_without_scripts_and_stays_so(visit: Visitor) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.open("/?show=all&country=DE")
    page = visitor.page
    page.get_by_role("button", name="Español").click()
    assert page.url.endswith("/?show=all&country=DE")
    expect(page.locator("caption")).to_contain_text("Alemania")
    visitor.open("/method/")
    expect(page.locator("h1")).to_have_text("Cómo se mide")
    page.get_by_role("button", name="English").press("Enter")
    expect(page.locator("h1")).to_have_text("How it is measured")
    assert visitor.problems == []
