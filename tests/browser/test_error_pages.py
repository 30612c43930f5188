"""Every page that says what went wrong, in a browser: it fits, and axe finds nothing."""

import pytest
from django.urls import path
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from marketplace.urls import handler400, handler403, handler404, handler500
from marketplace.urls import urlpatterns as real
from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visitor, opened
from tests.browser.test_pages import OVERFLOW
from tests.marketplace.test_error_pages import breaks

pytestmark = pytest.mark.browser

# The site with a list that breaks.
urlpatterns = [path("", breaks, name="rising"), *real]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

PAGES = {f"/refuses/{status}/": status for status in (400, 403, 405, 413, 429, 500, 503)} | {
    "/refuses/form/": 403,
    "/breaks/": 500,
    "/skills/skil-b/": 404,
}


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_that_refuses_fits_and_axe_finds_nothing_by_day_or_night(
    chromium: Browser, site: str, settings: Settings, width: int, scheme: Scheme, language: str
) -> None:
    settings.ROOT_URLCONF = "tests.marketplace.test_error_pages"
    size = {"width": width, "height": 800}
    options = {"viewport": size, "locale": language, "color_scheme": scheme}
    with chromium.new_context(**options) as context:  # type: ignore[arg-type]
        wrong = []
        for path, status in PAGES.items():
            page = context.new_page()
            answer = page.goto(site + path)
            assert answer is not None
            assert answer.status == status
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if over := page.evaluate(OVERFLOW):
                wrong.append(f"{path} {over} px too wide")
            if report := axe_report(page):
                wrong.append(f"{path} {report}")
            page.close()
    assert wrong == [], "\n".join(wrong)


def test_an_error_is_the_same_page_without_scripts(
    chromium: Browser, site: str, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "tests.marketplace.test_error_pages"
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/breaks/")
        expect(page.locator("#error-id")).to_have_text(page.locator("code").inner_text())
        page.get_by_role("link", name="what is rising").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("on the rise")


def test_a_filter_that_goes_wrong_says_so_where_the_list_was(
    visit: Visitor, settings: Settings
) -> None:
    page = opened(visit, "/?show=all")
    settings.ROOT_URLCONF = __name__
    page.select_option("select[name=window]", "3m")
    expect(page.locator("#error-id")).to_be_visible()
    expect(page.locator("#list")).to_have_count(0)
    expect(page.locator("main")).to_have_count(1)
