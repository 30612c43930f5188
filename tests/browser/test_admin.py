"""The admin stands in a browser: quiet, by itself, on a phone, in the dark, by keyboard."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from marketplace.skills.models import Category
from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import OVERFLOW

pytestmark = pytest.mark.browser

PASSWORD = "a long one that is right"
PAGES = [
    "index",
    "app_list trends",
    "trends_skilltrend_changelist",
    "trends_skilltrend_changelist ?window__exact=6m&label__exact=steady",
    "gigs_gig_changelist",
    "skills_skill_changelist",
    "skills_category_change one",
    "skills_category_add",
    "skills_category_history one",
    "auth_user_change me",
    "auth_user_changelist",
    "auth_group_delete spare",
    "password_change",
]


@pytest.fixture
def boss(site: str) -> User:
    cache.clear()
    user, new = User.objects.get_or_create(username="boss", is_staff=True, is_superuser=True)
    if new:
        user.set_password(PASSWORD)
        user.save()
    return user


@pytest.fixture
def inside(visit: Visitor, boss: User) -> Visitor:
    """A visitor who is signed in."""

    def come(**options: object) -> Visit:
        return visit(**options).sign_in(boss)

    return come


def path(page: str, boss: User) -> str:
    """The path of a page of PAGES: a name, what it is about, and a query."""
    name, _, rest = page.partition(" ")
    about, query = ("", rest) if rest.startswith("?") else (rest, "")
    arguments: dict[str, list[object]] = {
        "": [],
        "trends": ["trends"],
        "me": [boss.pk],
        "one": [Category.objects.all()[0].pk],
        "spare": [Group.objects.get_or_create(name="spare")[0].pk],
    }
    return reverse(f"admin:{name}", args=arguments[about]) + query


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quiet_asks_nobody_else_fits_and_axe_finds_nothing(
    inside: Visitor, boss: User, page: str, width: int, scheme: Scheme
) -> None:
    visitor = inside(width=width, color_scheme=scheme)
    visitor.open(path(page, boss))
    assert visitor.problems == []
    assert visitor.page.evaluate(OVERFLOW) == 0
    # What the policy of the site forbids axe comes after.
    assert axe_report(visitor.page) == ""


@pytest.fixture
def at_the_login(visit: Visitor, boss: User) -> Iterator[Visit]:
    visitor = visit(width=375, bypass_csp=True)
    visitor.open("/admin/")
    yield visitor
    cache.clear()


def type_in(page: Page, password: str) -> None:
    """By keyboard alone: the name has the focus, after a wrong password with the name in it."""
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("boss")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_somebody_signs_in_and_out_by_keyboard(at_the_login: Visit) -> None:
    page = at_the_login.page
    type_in(page, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you")
    page.get_by_role("button", name="Log out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logged out")
    assert at_the_login.problems == []


def test_who_guesses_is_told_how_long_to_wait(at_the_login: Visit) -> None:
    page = at_the_login.page
    assert axe_report(page) == ""
    for _ in range(6):
        type_in(page, "wrong")
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    expect(page.locator("main")).to_contain_text("for 15 minutes after the last wrong one")
    assert page.evaluate(OVERFLOW) == 0
    assert axe_report(page) == ""
    page.get_by_role("link", name="Back to the login").click()
    type_in(page, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")


def test_the_focus_is_seen(inside: Visitor) -> None:
    visitor = inside()
    visitor.open("/admin/")
    page = visitor.page
    for _ in range(4):
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_on_paper_there_are_only_the_rows(inside: Visitor) -> None:
    visitor = inside()
    visitor.open("/admin/gigs/gig/")
    visitor.page.emulate_media(media="print")
    for gone in ("#toolbar", "#changelist-filter", "#user-tools"):
        expect(visitor.page.locator(gone)).to_be_hidden()
    expect(visitor.page.locator("#result_list")).to_be_visible()
