"""API keys in the admin: a token is shown once, rotation lets the old key end later."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from marketplace.searches.models import ApiKey, Source
from tests.conftest import member, signed_in
from tests.marketplace.test_searches_api import post, recent, rows_with

pytestmark = pytest.mark.django_db

LIST = "admin:searches_apikey_changelist"


def token_in(page: str) -> str:
    (token,) = re.findall(r'value="(up_[\w-]+)"', page)
    assert isinstance(token, str)
    return token


def sender(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"})


def page_of(name: str, key: ApiKey) -> str:
    return reverse(f"admin:searches_apikey_{name}", args=[key.pk])


def test_an_issued_key_works_and_its_token_is_shown_once_and_kept_nowhere(operator: Client) -> None:
    answer = operator.post(reverse("admin:searches_apikey_add"), {"source": "new shop"})
    assert "no-store" in answer["Cache-Control"]
    token = token_in(answer.content.decode())
    assert post(sender(token), recent())["accepted"] == 1
    assert ApiKey.objects.get().source == Source.objects.get(name="new shop")
    assert token not in operator.get(reverse(LIST)).content.decode()
    assert rows_with(token) == []
    assert all(token not in str(one.get_decoded()) for one in Session.objects.all())
    assert LogEntry.objects.get().get_change_message() == "Issued."


@pytest.mark.parametrize(("hours", "old"), [("0", 401), ("1", 200), ("24", 200)])
def test_a_rotated_key_ends_when_it_was_said_and_the_new_one_works_at_once(
    operator: Client, token: str, hours: str, old: int
) -> None:
    key = ApiKey.objects.get()
    answer = operator.post(page_of("rotate", key), {"old_ends": hours})
    new = token_in(answer.content.decode())
    post(sender(new), recent(), expected=200)
    post(sender(token), recent(), expected=old)
    ends = timezone.now() + timedelta(hours=int(hours))
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert abs(key.revoked_at - ends) < timedelta(minutes=1)
    assert {one.source for one in ApiKey.objects.all()} == {key.source}
    assert LogEntry.objects.count() == 2


def test_a_key_whose_end_has_come_is_worth_nothing(token: str) -> None:
    ApiKey.objects.update(revoked_at=timezone.now() + timedelta(hours=1))
    post(sender(token), recent(), expected=200)
    ApiKey.objects.update(revoked_at=timezone.now() - timedelta(seconds=1))
    post(sender(token), recent(), expected=401)


def test_a_rotation_gives_a_key_that_ends_no_more_time(operator: Client, token: str) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    ApiKey.objects.update(revoked_at=soon)
    operator.post(page_of("rotate", ApiKey.objects.get()), {"old_ends": "24"})
    assert ApiKey.objects.earliest("pk").revoked_at == soon


def test_a_key_is_revoked_at_once(operator: Client, token: str) -> None:
    key = ApiKey.objects.get()
    assert "Revoke" in operator.get(page_of("revoke", key)).content.decode()
    post(sender(token), recent(), expected=200)
    operator.post(page_of("revoke", key))
    post(sender(token), recent(), expected=401)
    assert LogEntry.objects.get().get_change_message() == "Revoked."


def test_a_key_is_noted_as_used_once_a_minute_and_no_other_key_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    shop = Source.objects.create(name="shop")
    key, other = (ApiKey.objects.issue(shop)[0] for _ in range(2))
    start = timezone.now()

    def noted(seconds: int) -> datetime | None:
        key.touch(start + timedelta(seconds=seconds))
        return ApiKey.objects.get(pk=key.pk).last_used_at

    assert noted(0) == start
    # Who read the key before the other request noted it does not write again.
    assert noted(59) == start
    key.refresh_from_db()
    with django_assert_num_queries(0):
        key.touch(start + timedelta(seconds=59))
    assert noted(61) == start + timedelta(seconds=61)
    other.refresh_from_db()
    assert other.last_used_at is None


def test_a_key_opens_where_nothing_can_be_written(api: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL transaction_read_only = on")
    assert api.get("/api/v1/editions/").status_code == 200
    assert ApiKey.objects.get().last_used_at is None


def test_another_kind_of_authorization_is_nobody_and_nobody_may_send() -> None:
    other = Client(headers={"authorization": "Basic am86c2VjcmV0"})
    assert other.get("/api/v1/editions/").status_code == 200
    answer = post(other, recent(), expected=401)
    assert answer["detail"].startswith("An API key is needed")


def test_a_rotation_that_fails_leaves_the_key_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.searches.models.secrets.token_urlsafe", lambda _bytes: "same")
    key, _ = ApiKey.objects.issue(Source.objects.create(name="shop"))
    with pytest.raises(IntegrityError):
        key.rotate(old_ends=timezone.now())
    assert ApiKey.objects.get().revoked_at is None


def test_a_key_is_named_by_its_source_and_six_characters_of_its_digest(token: str) -> None:
    assert str(ApiKey.objects.get()) == f"shop ({ApiKey.digest_of(token)[:6]})"


@pytest.mark.django_db(transaction=True)
def test_a_key_somebody_edits_at_this_moment_still_opens(token: str) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM searches_apikey FOR UPDATE")
        answers: list[int] = []

        def ask() -> None:
            answers.append(post(sender(token), recent())["accepted"])
            connections.close_all()

        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(timeout=20)
        cursor.execute("COMMIT")
        waited = not answers
        asking.join()
        assert not waited
        assert ApiKey.objects.get().last_used_at is None
    other.close()
    ask()
    assert ApiKey.objects.get().last_used_at is not None


@pytest.mark.parametrize("group", ["viewer", "reviewer", "editor"])
def test_who_may_not_issue_keys_is_refused(token: str, group: str) -> None:
    client = signed_in(member(group))
    key = ApiKey.objects.get()
    pages = [reverse("admin:searches_apikey_add"), page_of("rotate", key), page_of("revoke", key)]
    for page in pages:
        assert client.get(page).status_code == 403, page
        assert client.post(page, {"source": "x", "old_ends": "0"}).status_code == 403, page
    assert ApiKey.objects.get().revoked_at is None


def test_only_a_key_that_still_works_is_offered_to_rotate_and_to_revoke(operator: Client) -> None:
    key, _ = ApiKey.objects.issue(Source.objects.create(name="shop"))
    ways = [page_of("rotate", key), page_of("revoke", key)]
    for ends, offered in [(timezone.now() + timedelta(hours=1), True), (timezone.now(), False)]:
        key.revoke(at=ends)
        page = operator.get(page_of("change", key)).content.decode()
        assert [way in page for way in ways] == [offered, offered]
