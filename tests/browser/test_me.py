"""My skills in a browser, with scripts and without: from a choice to a mail and its end."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from tests.browser.conftest import Visit, Visitor
from tests.tools.mailbox import Mailbox, link_in
from trends.models import Follower
from trends.pages.me.mail_links import manage_token

pytestmark = pytest.mark.browser

SECRET = "correct horse battery"
CHOICE = "/me/?skills=skill-a,skill-b,skill-d"


@pytest.mark.parametrize("scripts", [True, False])
def test_skills_are_added_and_dropped_and_next_ones_ordered(visit: Visitor, scripts: bool) -> None:
    visitor = visit(java_script_enabled=scripts)
    visitor.open("/me/")
    page = visitor.page
    for name in ("Skill A", "skill d"):
        page.get_by_label("Add a skill you offer").fill(name)
        page.get_by_role("button", name="Add").click()
    assert page.url.endswith("/me/?skills=skill-a,skill-d")
    expect(page.locator("#mine tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Drop skill a").click()
    expect(page.locator("#mine tbody tr")).to_have_count(1)
    assert visitor.problems == []


def test_the_browser_remembers_ones_own_and_not_a_link_of_somebody_elses(visit: Visitor) -> None:
    visitor = visit()
    visitor.open("/me/")
    page = visitor.page
    page.get_by_label("Add a skill you offer").fill("skill a")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("This browser remembers it.")).to_be_visible()
    visitor.open("/me/")
    page.wait_for_url("**/me/?skills=skill-a")
    visitor.open("/")
    visitor.open(CHOICE)
    expect(page.locator("#others")).to_be_visible()
    page.get_by_role("link", name="Show mine").click()
    page.wait_for_url("**/me/?skills=skill-a")
    page.get_by_role("link", name="Drop skill a").click()
    visitor.open("/me/")
    expect(page.locator(".chosen")).to_have_count(0)
    visitor.open(CHOICE)
    expect(page.locator("#others")).to_be_visible()
    page.get_by_role("button", name="Remember these").click()
    visitor.open("/me/")
    page.wait_for_url(f"**{CHOICE}")


def test_a_skill_met_elsewhere_joins_those_the_browser_remembers(visit: Visitor) -> None:
    visitor = visit(width=375)
    visitor.open("/me/")
    page = visitor.page
    page.get_by_label("Add a skill you offer").press_sequentially("skill a")
    page.get_by_role("option", name="skill a").click()
    expect(page.get_by_text("This browser remembers it.")).to_be_visible()
    visitor.open("/skills/skill-d/")
    page.get_by_role("link", name="Add to my skills").click()
    page.get_by_role("link", name="Add these to mine").click()
    page.wait_for_url("**/me/?skills=skill-a,skill-d")
    visitor.open("/me/")
    page.wait_for_url("**/me/?skills=skill-a,skill-d")
    assert visitor.problems == []


@pytest.mark.parametrize("scripts", [True, False])
def test_from_an_account_to_a_watch_and_its_end(
    visit: Visitor, mailbox: Mailbox, scripts: bool, django_db_blocker: DjangoDbBlocker
) -> None:
    email = f"ada{scripts}@example.org".lower()
    visitor = visit(java_script_enabled=scripts)
    page = visitor.page
    _make_account(visitor, mailbox, email)
    visitor.open("/me/?skills=skill-a")
    page.get_by_role("button", name="Keep these with my account").click()
    expect(page.get_by_text("Kept with your account")).to_be_visible()
    page.get_by_role("link", name="Watch skill a").click()
    page.get_by_role("button", name="Watch it").click()
    expect(page.locator(".watched")).to_contain_text("skill a")
    with django_db_blocker.unblock():
        token = manage_token(Follower.objects.get(email=email))
    # In a mail program, where nobody is signed in.
    elsewhere = visit(java_script_enabled=scripts)
    elsewhere.open(f"/me/unsubscribe/{token}/")
    elsewhere.page.get_by_role("button", name="No more mail").click()
    expect(elsewhere.page.get_by_role("status")).to_contain_text("you get no more mail")
    visitor.open("/me/account/")
    expect(page.get_by_text("You watch nothing yet")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    visitor.open("/me/sign-in/")
    _fill(page, email, SECRET)
    expect(page.locator(".chosen")).to_contain_text("skill a")
    visitor.open("/me/account/")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("button", name="Send me the link")).to_be_visible()
    assert visitor.problems == []


def test_a_list_is_watched_with_an_address_alone(visit: Visitor, mailbox: Mailbox) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.open("/?show=all&label=new")
    page = visitor.page
    visitor.open("/me/watch/?label=new")
    expect(page.get_by_role("heading", level=1)).to_have_text("Watch Rising, labelled new")
    page.get_by_label("Your e-mail address").fill("eve@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
    visitor.open(link_in(mailbox.mails[0]))
    page.get_by_role("button", name="Yes, watch it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You watch Rising, labelled new")


def _make_account(visitor: Visit, mailbox: Mailbox, email: str) -> None:
    page = visitor.page
    visitor.open("/me/account/")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_be_visible()
    visitor.open(link_in(mailbox.mails.pop()))
    for label in ("New password", "New password confirmation"):
        page.get_by_label(re.compile(f"^{label}:?$")).fill(SECRET)
    page.get_by_role("button", name="Choose a password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def _fill(page: Page, email: str, password: str) -> None:
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
