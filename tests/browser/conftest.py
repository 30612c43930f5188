"""A headless Chromium and the site it looks at, with a tiny market published."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.conftest import signed_in
from tests.markets.tiny_market import tiny_market
from tests.tools.copies import filled

PROGRAMS = ("chromium-headless-shell", "chromium")
# A browser that asks nobody but the site: no updates, no accounts, no experiments.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped, unless they are required."""
    # Without a window around it, where there is one: it draws the same in half the time.
    programs = [os.environ.get("CHROMIUM"), *map(shutil.which, PROGRAMS)]
    program = next(filter(None, programs), None)
    if not program:
        required = os.environ.get("UPCURRENT_REQUIRE_BROWSER") == "1"
        (pytest.fail if required else pytest.skip)("There is no Chromium; CHROMIUM can name one.")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; no query of ours runs inside it.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """What fills the empty database of the site; a module with a market of its own says which."""
    return tiny_market


@pytest.fixture(scope="module")
def site(
    chromium: Browser,
    emptied: Callable[[], None],
    fill: Callable[[], object],
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """The address of the site; its database is the tests' own."""
    with django_db_blocker.unblock():
        filled(fill)
        server = LiveServer("localhost")
        yield server.url
        server.stop()


# Milliseconds in which a page is painted a few times; what is drawn when it is seen is asked for.
PAINTED = 60


@dataclass
class Visit:
    """A page being looked at, and everything that went wrong on it."""

    page: Page
    site: str
    problems: list[str] = field(default_factory=list)
    awaited: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)

    def open(self, path: str) -> None:
        """Go to a path of the site and wait till everything on it is there."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.settle()

    def settle(self) -> None:
        """Wait till a page has been painted and all it has asked for since has come.

        Waiting for the network to be idle would take half a second, each time.
        """
        self.page.wait_for_timeout(PAINTED)
        while self.awaited:
            self.page.wait_for_timeout(PAINTED)

    def sign_in(self, user: User) -> "Visit":
        """Go on as somebody who has signed in."""
        name = settings.SESSION_COOKIE_NAME
        session = signed_in(user).cookies[name].value
        cookie = {"name": name, "value": session, "url": self.site}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return self

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text}")

    def _answered(self, request: Request) -> None:
        self.awaited.discard(request)

    def _request(self, request: Request) -> None:
        self.awaited.add(request)
        asked = urlsplit(request.url)
        if asked.scheme not in {"data", "blob"} and asked.netloc != urlsplit(self.site).netloc:
            self.problems.append(f"asked another host: {request.url}")


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visitor]:
    """A visitor with a browser of their own; options are those of a browser context."""
    contexts = []

    def come(*, width: int = 1280, **options: object) -> Visit:
        viewport = {"width": width, "height": 800}
        contexts.append(chromium.new_context(viewport=viewport, **options))  # type: ignore[arg-type]
        return Visit(contexts[-1].new_page(), site)

    yield come
    for context in contexts:
        context.close()


def opened(visit: Visitor, path: str, **options: object) -> Page:
    """A page as a new visitor finds it."""
    visitor = visit(**options)
    visitor.open(path)
    return visitor.page


def tab_to(page: Page, what: str, *, presses: int = 60) -> None:
    """Go to something by the Tab key alone."""
    target = page.locator(what).first
    for _ in range(presses):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{what} is not reached by keyboard")
