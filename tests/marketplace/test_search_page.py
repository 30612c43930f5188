"""The search for gigs: narrowed by links, helpful when empty, and honest about what it counts."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from marketplace.gigs.importing import import_gigs
from marketplace.gigs.models import ExchangeRate
from marketplace.gigs.search import named_skills
from marketplace.imports.rows import Row, Status
from marketplace.searches.models import SearchEvent
from marketplace.searches.visitors import Visitor
from marketplace.skills.matching import Matcher, current_taxonomy
from marketplace.skills.models import Skill, SkillStatus
from tests.conftest import TODAY, at, member, signed_in
from tests.tools.reading import tidy

pytestmark = pytest.mark.django_db

PEOPLE = "Mozilla/5.0 (Android 14; Mobile)"
MOST_QUERIES = 10


def offer(number: int, skills: str, **fields: str) -> None:
    gig = {
        "gig_id": f"g{number}",
        "seller_id": f"seller {number}",
        "title": f"{skills} done well",
        "category": "Programming > Web",
        "skills": skills,
        "price": "80",
        "currency": "USD",
        "created_at": at(TODAY),
        "status": "active",
    } | fields
    assert [one.status for one in import_gigs([Row(1, gig)])] == [Status.OK]


@pytest.fixture(autouse=True)
def gigs(skills: dict[str, Skill]) -> None:
    cache.clear()
    ExchangeRate.objects.create(currency="EUR", day=TODAY, rate=Decimal(2))
    ExchangeRate.objects.create(currency="EUR", day=TODAY - timedelta(days=9), rate=Decimal(1))
    offer(1, "Python", price="20")
    offer(2, "Python", price="30", currency="EUR")
    offer(3, "Python", price="30", currency="NOK")
    offer(4, "Logo Design", category="Design", price="500")


def page(path: str, **headers: str) -> str:
    answer = Client(headers={"user-agent": PEOPLE} | headers).get(path, follow=True)
    assert answer.status_code == 200
    return unescape(tidy(answer.content.decode()))


def gigs_on(html: str) -> int:
    return html.count('<span class="price">')


def last_event() -> SearchEvent:
    return SearchEvent.objects.order_by("-pk")[0]


def test_a_search_that_finds_nothing_is_counted_as_such_and_says_so() -> None:
    html = page("/search/?q=zeppelin+mooring")
    assert "Nobody offers “zeppelin mooring” yet" in html
    assert "Your search was counted" in html
    assert last_event().results == 0


def test_what_a_filter_hides_is_no_unmet_demand() -> None:
    html = page("/search/?q=logo&price=25")
    assert "Your search was counted" not in html
    assert "At any price" not in html, "dropping the only filter is said once"
    assert last_event().results == 1


@pytest.mark.parametrize("query", ["ann@example.org", "+49 170 1234567"])
def test_what_is_not_counted_is_not_said_to_be(query: str) -> None:
    assert "Your search was counted" not in page(f"/search/?q={query.replace('+', '%2B')}")


def test_nobody_tells_a_robot_or_the_staff_that_they_count() -> None:
    assert "Your search was counted" not in page("/search/?q=zeppelin", **{"user-agent": "a bot"})
    staff = signed_in(member())
    assert "Your search was counted" not in staff.get("/search/?q=zeppelin").content.decode()


def test_behind_a_proxy_somebody_without_a_cookie_is_who_the_proxy_saw(settings: Settings) -> None:
    def name(address: str) -> str:
        seen = {"user-agent": PEOPLE, "x-forwarded-for": address}
        request = RequestFactory(REMOTE_ADDR="10.0.0.1").get("/search/", headers=seen)
        request.user = AnonymousUser()
        return Visitor.of(request).name

    assert name("203.0.113.7") == name("203.0.113.8")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert name("203.0.113.7") != name("203.0.113.8")
    assert name("203.0.113.7") == name("made up, 203.0.113.7")


def test_every_way_on_from_nothing_leads_to_as_many_gigs_as_it_says() -> None:
    offer(5, "underwater", title="Welding")
    offer(6, "React Native", title="Mobile apps")
    asked = ["q=reakt+nativ", "q=zeppelin+underwater", "q=logo&price=25"]
    asked.append("q=python&category=design")
    told = []
    for path in asked:
        html = page(f"/search/?{path}")
        assert gigs_on(html) == 0, path
        nothing = html[html.index('id="nothing"') :]
        told += re.findall(r'<a href="([^"]+)">[^<]*</a>: (\d+) gig', nothing)
    assert len(told) >= len(asked)
    assert [(path, gigs_on(page(path))) for path, _ in told] == [(p, int(n)) for p, n in told]


def test_a_price_is_compared_across_currencies_at_the_latest_rate() -> None:
    assert gigs_on(page("/search/?q=python")) == 3
    assert gigs_on(page("/search/?q=python&price=50")) == 1, "30 euros are 60 dollars"
    assert gigs_on(page("/search/?q=python&price=100")) == 2, "what a krone is worth nobody knows"


def test_every_option_says_how_many_gigs_it_leaves() -> None:
    html = page("/search/?q=python")
    for name in ("category", "price"):
        select = re.search(rf'name="{name}">(.*?)</select>', html, re.DOTALL)
        assert select
        options = re.findall(r'value="(\w[\w-]*)">[^<]*\((\d+)\)', select[1])
        assert options
        for value, gigs in options:
            assert gigs_on(page(f"/search/?q=python&{name}={value}")) == int(gigs), value


def test_a_form_that_leaves_filters_open_leads_to_the_short_address() -> None:
    answer = Client().get("/search/?q=python&category=&price=")
    assert answer["Location"] == "/search/?q=python"
    assert not SearchEvent.objects.exists()


def test_a_filter_there_is_not_is_told_and_left_out() -> None:
    html = page("/search/?q=python&category=cooking")
    assert "There is no category “cooking”" in html
    assert gigs_on(html) == 3


@pytest.mark.parametrize("path", ["/search/?q=python&price=1000&page={}", "/search/?q=&page={}"])
def test_a_page_of_gigs_takes_as_many_queries_however_many_there_are(path: str) -> None:
    took = []
    for more in (range(100, 130), range(200, 260)):
        for number in more:
            offer(number, "Python")
        # The second: the first writes a search down, in a transaction of its own.
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert gigs_on(page(path.format(2)))
        took.append(len(queries))
    assert took[0] == took[1] <= MOST_QUERIES


@pytest.mark.parametrize(
    "query", ["py", "react native app", "react c++", "go to market", "logo design python", ""]
)
def test_a_query_names_the_skills_the_whole_taxonomy_finds_in_it(
    query: str, skills: dict[str, Skill]
) -> None:
    Skill.objects.add(name="Go", category=skills["Python"].category)
    Skill.objects.filter(name="C++").update(status=SkillStatus.RETIRED)
    expected = Matcher(current_taxonomy().phrases).skills(query)
    assert {one.pk for one in named_skills(query)} == expected


def test_suggestions_know_every_name_and_record_nothing() -> None:
    for typed in ("pyt", "PY", "pythonn"):
        found = Client().get("/suggestions/", {"q": typed}).json()["suggestions"]
        assert found[0] == {"name": "Python", "slug": "python", "category": "Web"}, typed
    assert Client().get("/suggestions/?q=?").json() == {"suggestions": []}
    assert not SearchEvent.objects.exists()
