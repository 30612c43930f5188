"""POST /api/v1/searches/: each row has its answer, and `ok` means committed."""

import gzip
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from marketplace.searches.models import ApiKey, IngestBatch, RejectedRow, SearchEvent
from tests.conftest import Fields, search_row

URL = "/api/v1/searches/"
Answer = dict[str, Any]


def recent(query: str = "python", *, ago: timedelta = timedelta(hours=1), **fields: Any) -> Fields:
    """A search of the last weeks, which is what the API takes."""
    return search_row(query, occurred_at=(timezone.now() - ago).isoformat(), **fields)


def post(client: Client, *rows: object, expected: int = 200) -> Answer:
    return post_body(client, json.dumps({"searches": rows}).encode(), expected=expected)


def post_body(
    client: Client, body: bytes, *, expected: int, kind: str = "application/json", **headers: str
) -> Answer:
    response = client.post(URL, data=body, content_type=kind, headers=headers)
    answer: Answer = json.loads(response.content)
    assert response.status_code == expected, answer
    if expected >= 400:
        assert response["Content-Type"] == "application/problem+json"
        assert answer["status"] == expected
        assert answer["title"]
        assert len(answer["detail"]) > 10, "a problem says what is wrong"
    return answer


def test_each_row_has_its_own_answer_and_the_sum_is_right(api: Client) -> None:
    known = recent("react native")
    assert post(api, known)["results"] == [{"event_id": known["event_id"], "status": "ok"}]
    twin = recent("logo")
    rows = [
        recent("python"),
        known,
        known | {"query": "something else"},
        recent(""),
        recent("python", country="Narnia"),
        "no row at all",
        twin,
        twin,
    ]
    answer = post(api, *rows)
    assert [one["status"] for one in answer["results"]] == [
        *("ok", "duplicate", "conflict", "rejected", "rejected", "rejected", "ok", "duplicate")
    ]
    assert [one.get("field") for one in answer["results"] if "reason" in one] == [
        *("event_id", "query", "country", "")
    ]
    sums = [answer[part] for part in ("received", "accepted", "duplicate", "rejected")]
    assert sums == [8, 2, 2, 4]
    batch = IngestBatch.objects.order_by("pk").last()
    assert batch is not None
    assert [batch.received, batch.accepted, batch.duplicate, batch.rejected] == sums
    assert SearchEvent.objects.count() == 3
    kept = RejectedRow.objects.filter(batch=batch).order_by("row").values_list("row", "reason")
    assert [row for row, _ in kept] == [3, 4, 5, 6]
    assert all("expected" in reason.lower() for _, reason in kept)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"event_id": ""}, "event_id"),
        ({"event_id": "x" * 65}, "event_id"),
        ({"event_id": None}, "event_id"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-01-31T09:30:00"}, "occurred_at"),
        ({"occurred_at": "3000-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"query": "x" * 201}, "query"),
        ({"query": "py\0thon"}, "query"),
        ({"query": "?!"}, "query"),
        ({"query": "write to jo@example.org"}, "query"),
        ({"query": "call +49 170 1234567"}, "query"),
        ({"query": "https://example.org/me"}, "query"),
        ({"query": "=HYPERLINK(1)"}, "query"),
        ({"searcher": ""}, "searcher"),
        ({"searcher": "x" * 201}, "searcher"),
        ({"country": "XX"}, "country"),
        ({"role": "king"}, "role"),
        ({"results": -1}, "results"),
        ({"results": 2**31}, "results"),
        ({"results": "0" * 12 + "9" * 10}, "results"),
        ({"results": "١٢٣٤٥٦٧٨٩٠١٢٣٤٥"}, "results"),
        ({"results": [1]}, ""),
    ],
)
def test_a_bad_row_is_refused_with_its_field_and_the_next_is_taken(
    api: Client, fields: Fields, field: str
) -> None:
    bad, good = post(api, recent() | fields, recent())["results"]
    assert (bad["status"], bad["field"]) == ("rejected", field)
    assert bad["reason"]
    assert good["status"] == "ok"


def test_time_is_taken_from_35_days_back_to_10_minutes_ahead(api: Client) -> None:
    minute, month = timedelta(minutes=1), timedelta(days=35)
    ages = [month - minute, month + minute, -9 * minute, -11 * minute]
    answer = post(api, *(recent(ago=age) for age in ages))
    assert [one["status"] for one in answer["results"]] == ["ok", "rejected", "ok", "rejected"]
    assert "import_searches" in answer["results"][1]["reason"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"not json",
        b"[]",
        b"{}",
        b'{"searches": null}',
        b'{"searches": {}}',
        b'{"searches": [',
        b'{"searches": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
    ],
)
def test_an_envelope_nobody_can_read_is_a_bad_request(api: Client, body: bytes) -> None:
    post_body(api, body, expected=400)
    assert not IngestBatch.objects.exists()


def test_no_searches_are_fine(api: Client) -> None:
    assert post(api)["received"] == 0


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer nonsense", "Bearer \xff", "Basic eDp5"])
def test_without_a_known_key_nobody_gets_in(db: None, client: Client, header: str | None) -> None:
    headers = {"authorization": header} if header else {}
    post_body(client, b'{"searches": []}', expected=401, **headers)
    assert not IngestBatch.objects.exists()


def test_a_revoked_key_is_worth_nothing(api: Client) -> None:
    post(api, recent())
    ApiKey.objects.update(revoked_at=timezone.now())
    post(api, recent(), expected=401)


def test_the_key_itself_is_kept_nowhere(api: Client, token: str) -> None:
    post(api, recent())
    assert rows_with(token) == []


def test_a_thousand_rows_are_taken_and_one_more_is_too_many(api: Client) -> None:
    rows = [recent(searcher=f"u{number}") for number in range(1_001)]
    assert post(api, *rows[:1_000])["accepted"] == 1_000
    post(api, *rows, expected=413)
    assert SearchEvent.objects.count() == 1_000


def test_a_mebibyte_is_the_most_a_body_may_have(api: Client) -> None:
    body = json.dumps({"searches": [recent()]}).encode()
    post_body(api, body.ljust(1 << 20), expected=200)
    post_body(api, body.ljust((1 << 20) + 1), expected=413)


ZIPPED = {"content_encoding": "gzip"}


def test_five_mebibytes_are_the_most_a_gzipped_body_may_unzip_to(api: Client) -> None:
    body = json.dumps({"searches": [recent()]}).encode()
    taken = gzip.compress(body.ljust(5 << 20), compresslevel=1)
    assert post_body(api, taken, expected=200, **ZIPPED)["accepted"] == 1
    too_long = gzip.compress(body.ljust((5 << 20) + 1), compresslevel=1)
    post_body(api, too_long, expected=413, **ZIPPED)


def test_a_gzipped_body_that_is_none_or_cut_short_is_refused_and_so_is_a_bomb(api: Client) -> None:
    body = json.dumps({"searches": [recent()]}).encode()
    post_body(api, gzip.compress(body)[:-9], expected=400, **ZIPPED)
    post_body(api, body, expected=400, **ZIPPED)
    post_body(api, gzip.compress(b" " * (300 << 20), compresslevel=1), expected=413, **ZIPPED)


def test_its_description_gives_the_bounds_it_keeps(api: Client) -> None:
    described = api.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    post = described["paths"]["/api/v1/searches/"]["post"]
    body = post["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    answer = post["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    schemas = described["components"]["schemas"]
    assert set(schemas[body.split("/")[-1]]["properties"]) == {"searches"}
    assert set(schemas[answer.split("/")[-1]]["properties"]) == {
        *("received", "accepted", "duplicate", "rejected", "results")
    }
    row = schemas["SearchRow"]
    assert row["required"] == ["event_id", "occurred_at", "query", "searcher"]
    longest = {name: field.get("maxLength") for name, field in row["properties"].items()}
    assert (longest["event_id"], longest["query"]) == (64, 200)
    assert schemas["Verdict"]["required"] == ["event_id", "status"]


def test_what_is_not_json_is_refused_as_such(api: Client) -> None:
    post_body(api, b"a,b", kind="text/csv", expected=415)
    post_body(api, b'{"searches": []}', expected=415, content_encoding="br")


def test_other_methods_are_refused_as_problems(api: Client) -> None:
    response = api.get(URL)
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.django_db(transaction=True)
def test_ok_means_committed(api: Client) -> None:
    row = recent()
    post(api, row)
    # What this test's own transaction sees would prove nothing.
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM searches_searchevent WHERE event_id = %s", [row["event_id"]]
        )
        assert cursor.fetchone() == (1,)
    other.close()


def test_no_user_id_is_kept_wherever_it_was_written(api: Client) -> None:
    person = "customer-jane-doe-4711"
    misplaced = [recent() | {field: person} for field in ("country", "role", "results")]
    answer = post(
        api,
        recent(searcher=person),
        *misplaced,
        recent() | {"occurred_at": person},
        recent() | {"searcher": person, "country": "Narnia"},
        recent(searcher=person * 20),
    )
    assert Counter(one["status"] for one in answer["results"]) == {"ok": 1, "rejected": 6}
    assert rows_with(person) == []
    assert rows_with("customer") == []


def rows_with(text: str) -> list[str]:
    """Every row of every table that holds this text in any column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert "searches_rejectedrow" in tables
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE %s', [f"%{text}%"])
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
        return found


def test_one_person_has_one_pseudonym_that_is_not_a_plain_hash(api: Client) -> None:
    post(api, recent(searcher="u1"), recent(searcher="u1"), recent(searcher="u2"))
    people = Counter(SearchEvent.objects.values_list("searcher", flat=True))
    assert sorted(people.values()) == [1, 2]


def test_two_integrations_may_use_the_same_ids(api: Client) -> None:
    other = Client(headers={"authorization": "Bearer " + ApiKey.issue("second shop")})
    row = recent()
    assert post(api, row)["accepted"] == post(other, row)["accepted"] == 1
    assert SearchEvent.objects.count() == 2


def test_the_same_id_of_another_integration_is_no_conflict(api: Client) -> None:
    other = Client(headers={"authorization": "Bearer " + ApiKey.issue("second shop")})
    theirs, ours = recent(query="react"), recent(query="python")
    post(other, theirs | {"event_id": ours["event_id"]})
    assert post(api, ours)["accepted"] == 1
    again = post(api, ours, recent())
    assert (again["accepted"], again["duplicate"], again["rejected"]) == (1, 1, 0)
