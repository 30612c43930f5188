"""What axe finds wrong with a page: by day by all its rules, by night by those of colour."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# By night nothing but colours is other than by day.
RULES_BY_SCHEME: dict[str, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["cat.color"]},
}


def axe_by_day_and_night(page: Page) -> Iterator[str]:
    """Give a report for each scheme in which axe finds something."""
    for scheme, rules in RULES_BY_SCHEME.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        results = Axe().run(page, options=rules)
        if results.violations_count:
            yield f"{scheme}: {results.generate_report()}"
