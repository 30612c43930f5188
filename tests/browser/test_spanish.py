"""Spanish in a browser: a quarter longer than English, every page still fits; the switch holds."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from tests.browser.axe import axe_report
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import OVERFLOW, WIDTHS
from tests.browser.test_site import SKILLS, UNFOLDED
from tests.markets.whole_market import EMAIL, whole_market
from tests.pages.test_spanish import ENGLISH, read
from tests.tools.public_pages import public_pages
from trends.models import Follower

pytestmark = pytest.mark.browser

# Of who has signed in.
OWN_PAGES = ("/me/account/", "/me/?skills=riser,kept", "/me/?skills=riser", "/me/watch/?skill=kept")
HEADLINE = "What rose"
# Beside the text of a list to choose from stands its arrow.
ARROW = 16
# Buttons, fields and lists that show less than what they say.
CUT_OFF = f"""() => {{
    const pen = document.createElement("canvas").getContext("2d")
    const cut = one => {{
        if (!one.getClientRects().length) return false
        if (one.tagName !== "SELECT") return one.scrollWidth > one.clientWidth + 1
        const style = getComputedStyle(one)
        pen.font = `${{style.fontWeight}} ${{style.fontSize}} ${{style.fontFamily}}`
        const text = pen.measureText(one.selectedOptions[0]?.text ?? "").width
        const beside = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight)
        return text + beside + {ARROW} > one.clientWidth
    }}
    return [...document.querySelectorAll("button, select, input, .nav a, .tabs a, .chip, h1")]
        .filter(cut)
        .map(one => `${{one.tagName}} ${{one.selectedOptions?.[0].text ?? one.innerText}}`)
}}"""


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with something to show on every page."""
    return whole_market


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_in_spanish_with_no_control_cut_off_and_no_english_left(
    chromium: Browser, site: str, width: int, settings: Settings
) -> None:
    # With the forms that ask for an address.
    settings.SENDS_MAIL = True
    size = {"width": width, "height": 800}
    with chromium.new_context(viewport=size, locale="es-ES") as context:  # type: ignore[arg-type]
        page = context.new_page()
        wrong = [one for path in public_pages(SKILLS) for one in faults(page, site, path)]
        Visit(page, site).sign_in(owner())
        wrong += [one for path in OWN_PAGES for one in faults(page, site, path)]
    assert wrong == [], "\n".join(wrong)


def owner() -> User:
    """Who has an account and follows something."""
    user, _ = User.objects.get_or_create(username=EMAIL, email=EMAIL)
    Follower.objects.filter(email=EMAIL).update(user=user)
    return user


def faults(page: Page, site: str, path: str) -> Iterator[str]:
    """What is wider than the page or its control, before and after everything is unfolded."""
    page.goto(site + path)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("h1, p").first).to_be_attached()
    for state in ("", " unfolded"):
        if state:
            page.evaluate(UNFOLDED)
        if over := page.evaluate(OVERFLOW):
            yield f"{path}: {over} px too wide{state}"
    yield from (f"{path}: cut off: {one}" for one in page.evaluate(CUT_OFF))
    # With what the scripts wrote; a headline is in the language of its editor.
    said = (one.replace(HEADLINE, "") for one in read(page.content()))
    yield from (f"{path}: English: {one}" for one in said if ENGLISH.search(one))


def test_axe_finds_nothing_in_spanish(visit: Visitor) -> None:
    # The policy of the site forbids axe, too; for it alone it is put aside.
    visitor = visit(width=375, locale="es-ES", bypass_csp=True)
    visitor.open("/")
    assert axe_report(visitor.page) == ""


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
