"""Who guesses passwords at the login is kept waiting, and nobody else is."""

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from redis import Redis
from redis.exceptions import RedisError

from trends.admin.login import WAIT

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

LOGIN = "/admin/login/"
TRIES = 6
HOME, ELSEWHERE, PROXY = "203.0.113.5", "203.0.113.6", "10.0.0.1"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ada(settings: Settings) -> User:
    # The real ones take a third of a second a password.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    for name in ("ada", "eve"):
        User.objects.create_user(name, password=f"right of {name}", is_staff=True)
    return User.objects.get(username="ada")


def sign_in(
    *, name: str = "ada", password: str = "right of ada", address: str = HOME, forwarded: str = ""
) -> "Response":
    """What a browser that has just opened the login page sends."""
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
    page = client.get(LOGIN).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return client.post(LOGIN, form | {"next": "/admin/"}, headers=headers)


def guess(times: int, **how: str) -> list[int]:
    return [sign_in(password="wrong", **how).status_code for _ in range(times)]


def test_the_sixth_wrong_password_locks_the_name_even_for_the_right_one() -> None:
    assert guess(TRIES) == [200] * (TRIES - 1) + [429]
    locked = sign_in()
    assert locked.status_code == 429
    assert locked["Retry-After"] == str(int(WAIT.total_seconds()))
    page = locked.content.decode()
    assert "for 15 minutes after the last wrong one" in page
    assert "Upcurrent" in page
    assert "sessionid" not in locked.cookies


def test_another_name_and_another_address_are_not_locked() -> None:
    guess(TRIES)
    assert sign_in(name="eve", password="right of eve").status_code == 302
    assert sign_in(address=ELSEWHERE).status_code == 302


def test_the_right_password_lets_the_counting_begin_anew() -> None:
    guess(TRIES - 1)
    assert sign_in().status_code == 302
    assert guess(TRIES - 1) == [200] * (TRIES - 1)


def test_a_name_nobody_has_is_answered_as_one_that_somebody_has() -> None:
    """Else the lock-out would tell who works here."""
    assert guess(TRIES, name="nobody") == [200] * (TRIES - 1) + [429]


def test_trying_while_locked_out_does_not_make_it_longer() -> None:
    guess(TRIES)
    (key,) = _counted()
    left = _server().pexpire(key, 60_000)
    assert left
    sign_in()
    guess(1)
    assert int(_server().pttl(key)) <= 60_000


def test_neither_name_nor_address_is_kept() -> None:
    guess(TRIES - 1)
    (key,) = _counted()
    assert re.fullmatch(rb"upcurrent:1:axes-[0-9a-f]{64}", key)
    assert _server().get(key) == b"5"


def test_without_a_proxy_nobody_chooses_an_address() -> None:
    tries = [guess(1, forwarded=f"198.51.100.{number}")[0] for number in range(TRIES)]
    assert tries == [200] * (TRIES - 1) + [429]


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # What stands first is what the guesser sent along, a new one each time.
    made_up = [f"198.51.100.{number}, {HOME}" for number in range(TRIES)]
    tries = [guess(1, address=PROXY, forwarded=one)[0] for one in made_up]
    assert tries == [200] * (TRIES - 1) + [429]
    assert sign_in(address=PROXY, forwarded=ELSEWHERE).status_code == 302


def test_what_is_no_address_counts_as_the_proxy(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ports = [f"{HOME}:{40_000 + number}" for number in range(TRIES)]
    assert [guess(1, address=PROXY, forwarded=one)[0] for one in ports][-1] == 429


def test_the_addresses_of_one_household_are_one() -> None:
    tries = [guess(1, address=f"2001:db8:0:7::{number:x}")[0] for number in range(1, TRIES + 1)]
    assert tries[-1] == 429
    assert sign_in(address="2001:db8:0:8::1").status_code == 302
    assert sign_in(address="::ffff:203.0.113.5").status_code == 302


@pytest.fixture
def _no_cache(settings: Settings) -> Iterator[None]:
    """The server that counts is not there."""
    with pytest.MonkeyPatch.context() as changes:
        nowhere = {"LOCATION": "redis://127.0.0.1:1"}
        changes.setattr(settings, "CACHES", {"default": settings.CACHES["default"] | nowhere})
        AxesProxyHandler.get_implementation(force=True)
        yield
    AxesProxyHandler.get_implementation(force=True)


@pytest.mark.usefixtures("_no_cache")
def test_without_the_cache_nobody_gets_in_and_who_is_in_stays() -> None:
    closed = sign_in()
    assert closed.status_code == 503
    assert "Wrong passwords cannot be counted" in closed.content.decode()
    assert "sessionid" not in closed.cookies
    with pytest.raises(RedisError):
        cache.get("anything")


def _server() -> Redis:
    return Redis.from_url(os.environ["REDIS_URL"])


def _counted() -> list[bytes]:
    return list(_server().scan_iter(b"*axes-*"))
