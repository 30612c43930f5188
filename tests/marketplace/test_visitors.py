"""Who searches on the site: one name a person, and the role that says whether it is demand."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from marketplace.searches.models import Role, SearchEvent
from marketplace.searches.pseudonyms import pseudonym
from marketplace.searches.visitors import Visitor
from tests.conftest import member, signed_in

PEOPLE = "Mozilla/5.0 (Android 14; Mobile)"
KNOWN = "0123456789abcdef" * 2
SEARCH = "/search/?q=python"


def visitor(user: User | None = None, *, agent: str = PEOPLE, cookie: str = "") -> Visitor:
    request = RequestFactory(REMOTE_ADDR="203.0.113.7").get("/", headers={"user-agent": agent})
    request.user = user or AnonymousUser()
    request.COOKIES["visitor"] = cookie
    return Visitor.of(request)


def given(visitor: Visitor) -> str | None:
    """Return the cookie a visitor leaves with."""
    response = HttpResponse()
    visitor.remember(response)
    return response.cookies["visitor"].value if response.cookies else None


def test_somebody_with_a_cookie_has_its_name_and_others_one_of_their_browser() -> None:
    assert visitor(cookie=KNOWN) == Visitor(KNOWN, "")
    name = visitor().name
    assert visitor() == Visitor(name, "")
    assert visitor(agent="Mozilla/5.0 (iPhone)").name != name
    # What the site never gave is no name: neither another's account nor a text of any length.
    for made_up in ("account 1", KNOWN[:-1], KNOWN + "0", KNOWN.upper()):
        assert visitor(cookie=made_up).name == name


def test_a_name_cannot_be_made_without_the_key_of_the_site(settings: Settings) -> None:
    name = visitor().name
    settings.SECRET_KEY = "another"
    assert visitor().name != name


def test_a_visitor_keeps_the_name_in_a_cookie_no_script_reads_for_400_days() -> None:
    response = HttpResponse()
    Visitor(KNOWN, "").remember(response)
    cookie = response.cookies["visitor"]
    assert cookie.value == KNOWN
    assert cookie["max-age"] == 400 * 24 * 60 * 60
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_new_visitor_comes_back_under_the_same_name_and_an_account_needs_no_cookie() -> None:
    first = given(visitor())
    assert first == visitor().name
    assert given(visitor(cookie=first)) == first
    assert given(Visitor("account 1", "")) is None


@pytest.mark.parametrize("agent", ["Googlebot/2.1", "a Crawler", "spider", "Slurp"])
def test_a_robot_and_the_staff_are_no_demand_and_everybody_else_is(agent: str) -> None:
    robot, staff = visitor(agent=agent), visitor(User(pk=7, is_staff=True))
    assert (robot.role, robot.is_counted) == ("bot", False)
    assert staff == Visitor("account 7", "staff")
    assert not staff.is_counted
    freelancer = visitor(User(pk=8), agent=agent, cookie=KNOWN)
    assert freelancer == Visitor("account 8", "")
    assert freelancer.is_counted
    assert visitor().is_counted


@pytest.mark.django_db
def test_a_search_is_stored_as_its_visitors() -> None:
    freelancer = User.objects.create_user("freelancer")
    staff = member()
    expected = [
        (pseudonym(f"account {freelancer.pk}"), Role.UNKNOWN),
        (pseudonym(f"account {staff.pk}"), Role.STAFF),
    ]
    for user in (freelancer, staff):
        assert not signed_in(user).get(SEARCH).cookies.get("visitor")
    nobody = Client(headers={"user-agent": PEOPLE})
    for _ in range(2):
        nobody.get(SEARCH)
    person = pseudonym(nobody.cookies["visitor"].value)
    stored = SearchEvent.objects.order_by("pk").values_list("searcher", "role")
    assert list(stored) == [*expected, *[(person, Role.UNKNOWN)] * 2]
