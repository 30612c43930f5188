"""Refused rows are kept as far as they tell nobody's id, and replayed through the same intake."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marketplace.imports.rows import Row, Tally
from marketplace.searches.intake import take_in
from marketplace.searches.models import IngestBatch, RejectedRow, SearchEvent, Source
from marketplace.searches.pseudonyms import pseudonym
from marketplace.searches.replay import replay
from marketplace.skills.models import SearchTerm
from tests.conftest import NOON, TODAY, Fields, at, member, search_row, signed_in
from tests.marketplace.test_searches_api import rows_with
from tests.tools.at_once import at_once
from trends.tasks import forget_old

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
COLUMNS = ["event_id", "occurred_at", "query", "searcher", "country", "role", "results"]


@pytest.fixture
def source() -> Source:
    """An integration whose people have searched for python before."""
    source = Source.objects.create(name="shop")
    send(source, search_row("python"))
    return source


@pytest.fixture
def boss() -> User:
    return User.objects.create(username="boss")


def send(source: Source, *rows: Fields, **options: Any) -> None:
    numbered = [Row(number, row) for number, row in enumerate(rows, 1)]
    take_in(numbered, source=source, now=NOON, **options)


def again(boss: User, **supplied: str) -> Tally:
    return replay(RejectedRow.objects.all(), supplied, by=boss, now=LATER)


def test_a_row_refused_for_its_country_is_counted_once_somebody_supplies_it(
    source: Source, boss: User
) -> None:
    bad = search_row("Python!", searcher="jane", country="Narnia", role="buyer", results="3")
    send(source, bad)
    refused = RejectedRow.objects.get()
    assert refused.kept == {
        **{name: bad[name] for name in ("event_id", "occurred_at", "role", "results")},
        "query": "python",
    }
    assert again(boss, country="DE") == Tally(received=1, accepted=1)
    event = SearchEvent.objects.get(event_id=bad["event_id"])
    assert (event.searcher, event.country, event.results) == (pseudonym("jane"), "DE", 3)
    batch = IngestBatch.objects.latest("pk")
    assert batch.origin == f"replay of batch {refused.batch_id}"
    assert (batch.source, batch.received, batch.accepted) == (source, 1, 1)
    refused.refresh_from_db()
    assert (refused.outcome, refused.replayed_by, refused.replayed_at) == ("ok", boss, LATER)
    assert (refused.kept, refused.searcher) == (None, None)


def test_replayed_twice_changes_nothing(source: Source, boss: User) -> None:
    send(source, search_row(country="Narnia"), search_row(country="Narnia"))
    assert again(boss, country="DE").accepted == 2
    before = (SearchEvent.objects.count(), IngestBatch.objects.count())
    assert again(boss, country="FR") == Tally()
    assert (SearchEvent.objects.count(), IngestBatch.objects.count()) == before


def test_what_was_sent_again_meanwhile_is_a_duplicate(source: Source, boss: User) -> None:
    row = search_row(country="Narnia")
    send(source, row)
    send(source, row | {"country": "DE"})
    assert again(boss, country="DE") == Tally(received=1, duplicate=1)
    assert RejectedRow.objects.get().outcome == "duplicate"


def test_a_wrong_value_is_refused_with_its_reason_and_the_row_waits_on(
    source: Source, boss: User
) -> None:
    send(source, search_row(country="Narnia"))
    assert again(boss, country="jane doe") == Tally(received=1, rejected=1)
    first = RejectedRow.objects.earliest("pk")
    assert first.outcome.startswith("rejected: country is not an ISO 3166-1 country")
    assert rows_with("jane") == []
    assert again(boss, country="DE").accepted == 1


def test_a_row_too_old_for_the_api_is_taken_as_files_are(source: Source, boss: User) -> None:
    month = timedelta(days=35)
    row = search_row(occurred_at=at(TODAY - 2 * month))
    send(source, row, oldest=NOON - month)
    assert again(boss).accepted == 1
    assert SearchEvent.objects.get(event_id=row["event_id"]).day == TODAY - 2 * month


def test_each_row_gets_only_the_field_it_was_refused_for(source: Source, boss: User) -> None:
    send(source, search_row(country="Narnia"), search_row(role="king", country="FR"))
    assert again(boss, country="DE", role="buyer").accepted == 2
    assert Counter(SearchEvent.objects.values_list("country", "role")) == {
        ("DE", 0): 2,
        ("FR", 1): 1,
    }


def test_every_replay_accounts_for_every_row(source: Source, boss: User) -> None:
    known = search_row(country="Narnia")
    send(source, known, search_row(country="Narnia"), search_row(role="king"))
    send(source, known | {"country": "DE"})
    send(source, search_row(country="Narnia"))
    assert again(boss, country="DE", role="x") == Tally(4, accepted=2, duplicate=1, rejected=1)
    replays = IngestBatch.objects.filter(origin__startswith="replay of batch")
    assert sorted(replays.values_list("received", "accepted", "duplicate", "rejected")) == [
        (1, 1, 0, 0),
        (3, 1, 1, 1),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"country": "+49 170 1234567"},
        {"country": "Narnia", "role": "king"},
        {"country": "Narnia", "searcher": ""},
        {"country": "Narnia", "query": "what nobody sought before"},
        {"query": "write to jo@example.org"},
        {"searcher": ""},
        {"country": "buyer"},
        {"occurred_at": "python"},
    ],
)
def test_nothing_is_kept_where_in_doubt(source: Source, fields: Fields) -> None:
    send(source, search_row() | fields)
    refused = RejectedRow.objects.get()
    assert (refused.kept, refused.searcher) == (None, None)


def test_kept_fields_are_dropped_after_their_time(source: Source) -> None:
    send(source, search_row(country="Narnia"))
    assert RejectedRow.objects.forget_kept(before=NOON) == 0
    assert RejectedRow.objects.forget_kept(before=NOON + timedelta(seconds=1)) == 1
    refused = RejectedRow.objects.get()
    assert (refused.kept, refused.searcher) == (None, None)
    assert not RejectedRow.objects.waiting().exists()


def test_a_month_and_a_few_days_are_their_time(source: Source) -> None:
    send(source, search_row(country="Narnia"), search_row(country="Narnia"))
    old, young = IngestBatch.objects.order_by("pk").last(), RejectedRow.objects.last()
    assert old
    assert young
    young.batch = IngestBatch.objects.create(
        source=source, received=0, accepted=0, duplicate=0, rejected=0
    )
    young.save()
    now = timezone.now()
    IngestBatch.objects.filter(pk=old.pk).update(received_at=now - timedelta(days=35, minutes=1))
    IngestBatch.objects.filter(pk=young.batch_id).update(
        received_at=now - timedelta(days=35) + timedelta(minutes=1)
    )
    assert forget_old() == 1
    assert RejectedRow.objects.get(kept__isnull=False) == young


def test_ids_of_events_may_read_like_phone_numbers_and_queries_may_not(source: Source) -> None:
    send(source, search_row(event_id="49170123456", country="Narnia"))
    kept = RejectedRow.objects.get().kept
    assert kept
    assert kept["event_id"] == "49170123456"
    send(source, search_row(event_id="jo@example.org", country="Narnia"))
    assert RejectedRow.objects.latest("pk").kept is None


IDS = st.one_of(
    st.integers(10**4, 10**12).map(str),
    st.uuids().map(str),
    st.from_regex(r"(customer|user|jane|kim)[-_. ]?(doe|lee)?[-_]?[0-9]{2,6}", fullmatch=True),
    st.from_regex(r"[a-z]{8,12}", fullmatch=True).filter(lambda text: text != "python"),
)
SHIFTS = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, 6), st.just("")),
    st.tuples(st.just("insert"), st.integers(0, 6), st.sampled_from(["", "7", "DE", "buyer", "x"])),
    st.tuples(st.just("turn"), st.integers(1, 6), st.just("")),
    st.tuples(st.just("double"), st.integers(0, 6), st.just("")),
)


def shifted(values: list[str], shift: tuple[str, int, str]) -> list[str]:
    kind, place, value = shift
    match kind:
        case "drop":
            return [*values[:place], *values[place + 1 :], ""]
        case "insert":
            return [*values[:place], value, *values[place:]][: len(COLUMNS)]
        case "turn":
            return values[place:] + values[:place]
        case _:
            # The id once more, over what belongs there.
            return [values[3] if at == place else one for at, one in enumerate(values)]


OTHERS = st.tuples(
    st.sampled_from(["python", ""]),
    st.sampled_from(["DE", "", "Narnia"]),
    st.sampled_from(["", "buyer", "king"]),
    st.sampled_from(["", "3", "-1"]),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(person=IDS, shift=SHIFTS, others=OTHERS)
@example(person="janedoe", shift=("drop", 1, ""), others=("python", "Narnia", "", ""))
@example(person="janedoe", shift=("drop", 2, ""), others=("python", "", "", ""))
@example(person="janedoe", shift=("drop", 2, ""), others=("python", "DE", "buyer", ""))
@example(person="janedoe", shift=("turn", 3, ""), others=("python", "DE", "buyer", "3"))
@example(person="janedoe", shift=("double", 0, ""), others=("python", "Narnia", "", ""))
def test_an_id_in_any_column_is_never_stored_with_a_refused_row(
    source: Source, person: str, shift: tuple[str, int, str], others: tuple[str, str, str, str]
) -> None:
    query, country, role, results = others
    row = ["e1", at(TODAY), query, person, country, role, results]
    # What an earlier example had taken in is no news of this one.
    for model in (RejectedRow, SearchEvent):
        model._default_manager.all().delete()
    SearchTerm.objects.exclude(text="python").delete()
    send(source, dict(zip(COLUMNS, shifted(row, shift), strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r::text FROM searches_rejectedrow r WHERE r::text ILIKE %s", [f"%{person}%"]
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_replay_at_once_count_each_row_once(source: Source, boss: User) -> None:
    send(source, *(search_row(country="Narnia") for _ in range(50)))
    tallies = at_once(*[lambda: again(boss, country="DE")] * 3)
    assert sum(tallies, Tally()) == Tally(received=50, accepted=50)
    assert SearchEvent.objects.count() == 51


LIST = "/admin/searches/rejectedrow/"


def test_all_rows_of_a_filter_are_replayed_with_one_value(source: Source, operator: Client) -> None:
    send(source, *(search_row(country="Narnia") for _ in range(3)), search_row(role="king"))
    chosen = {"action": "replay", "select_across": "1"}
    chosen["_selected_action"] = str(RejectedRow.objects.earliest("pk").pk)
    page = operator.post(f"{LIST}?field=country", chosen).content.decode()
    assert "Country of 3 rows" in page
    assert "Role" not in page
    done = operator.post(
        f"{LIST}?field=country", chosen | {"country": "DE", "supplied": "1"}, follow=True
    )
    assert "3 rows replayed: 3 accepted" in done.content.decode()
    assert RejectedRow.objects.waiting().get().field == "role"
    told = LogEntry.objects.get()
    assert (told.user.groups.get().name, told.object_id) == (
        "operator",
        str(RejectedRow.objects.earliest("pk").batch_id),
    )
    assert "country = DE" in told.get_change_message()


def test_many_rows_are_never_given_one_id(source: Source, operator: Client) -> None:
    row = search_row()
    send(source, row, row | {"country": "FR"}, row | {"country": "US"})
    rows = [str(one.pk) for one in RejectedRow.objects.waiting()]
    assert len(rows) > 1
    chosen = {"action": "replay", "_selected_action": rows}
    assert 'name="event_id"' not in operator.post(LIST, chosen).content.decode()
    chosen["_selected_action"] = rows[:1]
    assert 'name="event_id"' in operator.post(LIST, chosen).content.decode()


def test_who_may_not_replay_is_refused(source: Source) -> None:
    send(source, search_row(country="Narnia"))
    viewer = member("viewer")
    viewer.user_permissions.add(Permission.objects.get(codename="view_rejectedrow"))
    client = signed_in(viewer)
    row = RejectedRow.objects.get()
    assert 'value="replay"' not in client.get(f"{LIST}{row.pk}/change/").content.decode()
    chosen = {"action": "replay", "_selected_action": row.pk, "country": "DE", "supplied": "1"}
    assert client.post(LIST, chosen).status_code == 403
    assert RejectedRow.objects.waiting().exists()
