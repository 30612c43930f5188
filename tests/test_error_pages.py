"""What is missing, too much, broken or away is said in the look of the site, with a way on."""

import json
import logging
import os
import re
import subprocess
import sys
import time
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings
from redis import Redis

from marketplace import rate_limits
from marketplace.problems import PROBLEM
from marketplace.rate_limits import API, API_WITH_KEY, SEARCHES, SIGN_INS, Limit
from marketplace.skills.models import Skill
from marketplace.urls import handler404, handler500
from marketplace.urls import urlpatterns as real
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.django_db

# Public ones; who comes from a private network may be a proxy.
HOME, ELSEWHERE, PROXY = "11.0.0.5", "11.0.0.6", "10.0.0.1"
NOBODY_LISTENS = "127.0.0.1:1"
WITHOUT_DATABASE = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
row = '{"searches": []}'
answers = {
    "page": client.get("/"),
    "missing": client.get("/no/such/page/"),
    "search": client.get("/search/?q=python"),
    "read": client.get("/api/v1/trends/skills/"),
    "send": client.post("/api/v1/searches/", row, content_type="application/json",
        headers={"authorization": "Bearer some-key"}),
    "alive": client.get("/healthz"),
}
print(json.dumps({name: [one.status_code, one.get("Retry-After"), one.get("Content-Type"),
    one.content.decode()] for name, one in answers.items()}))
"""


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the pipe burst")


urlpatterns = [path("breaks/", breaks), path("api/v1/breaks/", breaks), *real]
__all__ = ["handler404", "handler500", "urlpatterns"]


@pytest.fixture
def limited() -> None:
    cache.clear()


def test_a_misspelt_skill_is_missed_with_those_that_are_like_it(skills: dict[str, Skill]) -> None:
    answer = Client().get("/skills/reakt-nativ/")
    assert answer.status_code == 404
    near = re.findall(r'<li><a href="(/skills/[^"]+)">', answer.content.decode())
    assert near[0] == "/skills/react-native/"
    assert len(near) < len(skills)


@pytest.mark.parametrize("address", ["/nothing/", "/skills/%00/", "/favicon.ico", "/%F0%9F%92%A5"])
def test_whatever_is_asked_for_the_missing_page_leads_back(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert 'href="/search/"' in answer.content.decode()


def test_a_missing_address_of_the_api_is_a_problem() -> None:
    for address in ("/api/v1/nothing/", "/api/v1/skills/nothing/"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
        assert json.loads(answer.content)["status"] == 404


@pytest.mark.parametrize("address", ["/breaks/", "/api/v1/breaks/"])
def test_an_error_has_the_id_on_its_page_that_it_has_in_the_log(
    settings: Settings, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    settings.ROOT_URLCONF = __name__
    stderr = next(one for one in logging.getLogger().handlers if one.filters)
    caplog.handler.addFilter(stderr.filters[0])
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert "the pipe burst" in caplog.text
    assert "the pipe burst" not in answer.content.decode()
    logged = re.search(r"\(error (\w{8})\)", caplog.text)
    assert logged
    assert logged[1] in answer.content.decode()


def test_without_a_database_everything_says_so_and_when_to_come_again() -> None:
    env = os.environ | {
        "DATABASE_URL": f"postgresql://u:p@{NOBODY_LISTENS}/none",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_DATABASE],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        check=True,
        text=True,
    )
    answers = json.loads(ran.stdout.splitlines()[-1])
    assert answers.pop("alive")[0] == 200
    assert {(status, wait) for status, wait, *_ in answers.values()} == {(503, "30")}
    for name in ("read", "send"):
        assert answers[name][2] == PROBLEM
        assert json.loads(answers[name][3])["status"] == 503
    for name in ("page", "missing", "search"):
        assert "away for a moment" in answers[name][3]
        shown = re.search(r'id="error-id">(\w+)<', answers[name][3])
        assert shown
        assert f"(error {shown[1]})" in ran.stderr


def ask(address: str, limit: Limit, *, client: Client, post: bool = False) -> tuple[int, int, str]:
    """Ask until it is too much: how often it was not, the seconds to wait, and what was said.

    A new minute may begin meanwhile, so up to twice as often as the limit allows.
    """
    for asked in range(2 * limit.requests + 1):
        answer = client.post(address) if post else client.get(address)
        if answer.status_code == 429:
            return asked, int(answer["Retry-After"]), answer.content.decode()
    pytest.fail(f"{address} is never too much")


@pytest.mark.parametrize(
    ("address", "limit"),
    [("/search/?page=2&q=python", SEARCHES), ("/api/v1/nothing/", API)],
)
def test_who_asks_too_often_is_told_when_to_come_again(
    limited: None, address: str, limit: Limit
) -> None:
    client = Client(REMOTE_ADDR=HOME)
    asked, seconds, said = ask(address, limit, client=client)
    assert asked >= limit.requests
    assert 0 < seconds <= limit.seconds
    if address.startswith("/api/"):
        assert json.loads(said)["status"] == 429
    else:
        assert f"{seconds} second" in said
    assert Client(REMOTE_ADDR=ELSEWHERE).get(address).status_code != 429


@pytest.mark.parametrize("address", ["/admin/login/", "/me/sign-in/", "/me/password/"])
def test_many_names_at_a_login_are_too_much_as_well(limited: None, address: str) -> None:
    client = Client(REMOTE_ADDR=HOME)
    assert ask(address, SIGN_INS, client=client, post=True)[0] >= SIGN_INS.requests
    assert client.get(address).status_code == 200


def test_a_key_has_a_limit_of_its_own_but_made_up_keys_are_one_address(
    limited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "API_WITH_KEY", Limit("api-key", 3, seconds=3600))
    monkeypatch.setattr(rate_limits, "API_OF_AN_ADDRESS", Limit("api-address", 9, seconds=3600))
    now = time.time()

    def waits(key: str) -> bool:
        request = RequestFactory(REMOTE_ADDR=HOME).get("/api/v1/skills/")
        request.META["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return rate_limits.seconds_to_wait(request, now) > 0

    assert [waits("one") for _ in range(4)] == [False] * 3 + [True]
    assert [waits(f"made up {number}") for number in range(6)] == [False] * 5 + [True]


def test_all_who_come_by_one_proxy_are_counted_together_only_where_it_says_who_they_are(
    limited: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "PAGES", Limit("pages", 1, seconds=3600))
    now = time.time()

    def waits(visitor: str) -> bool:
        request = RequestFactory(REMOTE_ADDR=PROXY).get("/", headers={"x-forwarded-for": visitor})
        return rate_limits.seconds_to_wait(request, now) > 0

    assert [waits(one) for one in (HOME, HOME, ELSEWHERE)] == [False, False, False]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [waits(one) for one in (HOME, HOME, ELSEWHERE)] == [False, True, False]


def test_a_new_period_begins_with_nothing_counted(limited: None) -> None:
    limit, now = Limit("test", 1), 1_000_020.0
    assert [limit.seconds_to_wait(HOME, now + after) for after in (0, 1, 59, 60)] == [0, 59, 1, 0]


def test_no_address_is_in_the_cache_and_nothing_stays_there(
    limited: None, settings: Settings
) -> None:
    Client(REMOTE_ADDR=HOME).get("/search/?q=python")
    valkey = Redis.from_url(settings.REDIS_URL)
    keys = [key for key in valkey.scan_iter() if b"limit:" in key]
    assert keys
    for key in keys:
        assert HOME.encode() not in key
        assert 0 < valkey.ttl(key) <= SEARCHES.seconds


def test_a_cache_that_is_down_stops_nobody(limited: None, settings: Settings) -> None:
    down = settings.CACHES["default"] | {"LOCATION": f"redis://{NOBODY_LISTENS}"}
    settings.CACHES = {"default": down}
    assert Client().get("/").status_code == 200
    assert Client().get("/api/v1/skills/").status_code == 200


def test_the_api_says_what_its_limits_are() -> None:
    said = Client().get("/api/v1/schema/?format=json").json()["info"]["description"]
    assert f"{API.requests} requests a minute" in said
    assert f"{API_WITH_KEY.requests:,} with a key" in said


class CutOff(BytesIO):
    """What a server reads from when whoever sends goes away."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("connection reset")


def test_a_body_that_stops_half_way_is_asked_for_again(api: Client) -> None:
    sent: dict[str, Any] = {
        "CONTENT_LENGTH": "100",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": CutOff(),
    }
    answer = api.generic("POST", "/api/v1/searches/", **sent)
    assert (answer.status_code, answer["Content-Type"]) == (408, PROBLEM)
