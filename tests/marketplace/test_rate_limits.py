"""Who asks too often is told when to come again; nobody's address is kept for it."""

import json
import time

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import Settings
from redis import Redis

from marketplace import rate_limits
from marketplace.rate_limits import API, API_WITH_KEY, SEARCHES, SIGN_INS, Limit

pytestmark = pytest.mark.django_db

# Public ones; who comes from a private network may be a proxy.
HOME, ELSEWHERE, PROXY = "11.0.0.5", "11.0.0.6", "10.0.0.1"
NOBODY_LISTENS = "127.0.0.1:1"


@pytest.fixture
def limited() -> None:
    cache.clear()


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
