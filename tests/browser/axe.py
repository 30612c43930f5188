"""What axe finds wrong with a page, and the settings in which it looks."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
# Twice, not four times: no colour depends on the width, and no width on the colours.
SETTINGS: list[tuple[int, Scheme]] = [(375, "light"), (1280, "dark")]


def axe_report(page: Page) -> str:
    """Give what axe finds, in words; empty where it finds nothing."""
    results = Axe().run(page)
    return str(results.generate_report()) if results.violations_count else ""
