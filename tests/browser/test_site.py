"""Every public page in a browser: quiet, by itself, still, on a phone, in the dark, for everybody.

The pages are asked of the resolver: a new one is looked at from its first day on.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, tab_to
from tests.browser.test_layout_shift import OBSERVE, moved
from tests.browser.test_pages import OVERFLOW
from tests.markets.whole_market import whole_market
from tests.tools.public_pages import public_pages

pytestmark = pytest.mark.browser

# One that is all there is to see, one that is new, and two of which little may be said.
SKILLS = ("riser", "newcomer", "tiny", "nobody")
KEYS = 80
STILL = 0.01
UNFOLDED = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with something to show on every page."""
    return whole_market


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
def test_every_page_is_quiet_and_still_fits_and_axe_finds_nothing_by_day_or_night(
    chromium: Browser, site: str, width: int, scheme: Scheme, settings: Settings
) -> None:
    # With the forms that ask for an address.
    settings.SENDS_MAIL = True
    size = {"width": width, "height": 800}
    with chromium.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        context.add_init_script(OBSERVE)
        wrong = []
        for path in public_pages(SKILLS):
            visitor = Visit(context.new_page(), site)
            visitor.open(path)
            found = faults(visitor.page)
            # What the policy of the site forbids axe comes after.
            wrong += [f"{path}: {one}" for one in [*visitor.problems, *found]]
            if report := axe_report(visitor.page):
                wrong.append(f"{path}: {report}")
            visitor.page.close()
    assert wrong == [], "\n".join(wrong)


def faults(page: Page) -> Iterator[str]:
    """What moves, and what is too wide, before and after everything is unfolded."""
    shifts = moved(page)
    if sum(value for value, _ in shifts) >= STILL:
        yield f"moves: {shifts}"
    for state in ("", " unfolded"):
        if state:
            page.evaluate(UNFOLDED)
        if over := page.evaluate(OVERFLOW):
            yield f"{over} px too wide{state}"


def test_from_the_list_to_a_comparison_and_its_weeks_by_keyboard_alone(
    chromium: Browser, site: str
) -> None:
    visitor = Visit(chromium.new_page(), site)
    page = visitor.page
    visitor.open("/?show=all")
    tab_to(page, "select[name=country]", presses=KEYS)
    page.keyboard.type("Germany")
    page.keyboard.press("Tab")
    expect(page.locator("caption")).to_contain_text("Germany")
    tab_to(page, "tbody a:has-text('Riser')", presses=KEYS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Riser")
    tab_to(page, "main a[href^='/compare/']", presses=KEYS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/**")
    tab_to(page, "input[name=add]", presses=KEYS)
    page.keyboard.type("Kept")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li").filter(has_text="Kept")).to_be_visible()
    tab_to(page, "[role=slider]", presses=KEYS)
    page.keyboard.press("Home")
    for name in ("Week of ", "Riser", "Kept"):
        expect(page.locator(".readout")).to_contain_text(name)
    assert visitor.problems == []
    page.close()
