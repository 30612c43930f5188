"""A published edition never changes, whatever is edited or comes in later, and can be proven."""

import csv
import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from marketplace.gigs.models import Order
from marketplace.imports.rows import Row
from marketplace.searches.intake import take_in
from marketplace.searches.models import Source
from marketplace.skills.models import Category, Skill, SkillAlias, SkillStatus, TaxonomyVersion
from tests.conftest import NOON, TODAY, at, search_row
from tests.small_market import CALLED, small_market
from trends import tasks
from trends.daily_rollup import roll_up
from trends.editions import EditionRefused, discard, draft, due, exact_checksum, newest_closed
from trends.models import (
    AlreadyPublished,
    Edition,
    PipelineRun,
    ReviewFlag,
    SkillTrend,
    TrendSnapshot,
)
from trends.past_inputs import figures
from trends.recomputation import recompute
from trends.snapshot import compute

NOW = NOON + timedelta(days=30)
SLUG = TODAY.isoformat()
PAGE = f"/editions/{SLUG}/"
LISTS = [
    f"/api/v1/trends/{kind}/?edition={SLUG}&limit=1000{asked}"
    for kind, asked in [
        ("skills", ""),
        ("skills", "&window=3m&country=DE"),
        ("skills", "&category=work"),
        ("categories", ""),
        ("earners", "&order=total"),
        ("earners", "&order=orders&category=work-desk"),
    ]
]


@pytest.fixture(scope="module", autouse=True)
def edition(emptied: Callable[[], None], django_db_blocker: DjangoDbBlocker) -> Iterator[Edition]:
    """A published edition of a small market; what the tests do to it is committed."""
    emptied()
    with django_db_blocker.unblock():
        small_market()
        made = draft(TODAY, now=NOW, headline="What rose")
        made.publish(by=None, now=NOW)
        yield made


@contextmanager
def rolled_back() -> Iterator[None]:
    """For changes that no other test is to meet."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def read() -> dict[str, bytes]:
    """Everything published of the edition, by its address."""
    addresses = [PAGE, f"{PAGE}edition.csv", "/editions/", f"/api/v1/editions/{SLUG}/", *LISTS]
    return {address: Client().get(address).getvalue() for address in addresses}


def search(query: str, *, days_ago: int) -> None:
    source = Source.objects.get(name="shop")
    day = TODAY - timedelta(days=days_ago)
    when = [at(day, second=second) for second in range(40)]
    rows = [search_row(query, searcher=f"late {one}", occurred_at=one) for one in when]
    take_in([Row(n, row) for n, row in enumerate(rows, 1)], source=source, now=NOW)


def test_the_file_has_the_checksum_shown_and_no_figure_of_a_few(edition: Edition) -> None:
    file = Client().get(f"{PAGE}edition.csv").getvalue()
    assert hashlib.sha256(file).hexdigest() == edition.checksum
    assert edition.checksum in Client().get(PAGE).content.decode()
    lines = list(csv.DictReader(io.StringIO(file.decode())))
    counts = [
        int(cell)
        for line in lines
        for name, cell in line.items()
        if cell and name.split("_")[-1] in {"searchers", "sellers", "buyers"}
    ]
    assert len(lines) > 60
    assert len(counts) > 200
    assert min(counts) >= 10


def test_the_edition_is_the_snapshot_of_its_day(edition: Edition) -> None:
    skills = Client().get(f"/api/v1/trends/skills/?edition={SLUG}&limit=1000").json()
    current = Client().get("/api/v1/trends/skills/?limit=1000").json()
    assert skills["results"] == current["results"]
    assert (skills["snapshot"]["edition"], current["snapshot"]["edition"]) == (SLUG, None)


def test_what_comes_and_is_edited_later_changes_nothing_and_it_is_proven(edition: Edition) -> None:
    before, exact = read(), exact_checksum(edition.snapshot)
    search("riser", days_ago=20)
    search("pottery", days_ago=300)
    riser, kept = Skill.objects.get(name="Riser"), Skill.objects.get(name="Kept")
    Skill.objects.add(name="Pottery", category=Category.objects.at_path("Craft"))
    Skill.objects.filter(pk=riser.pk).update(name="Raiser", slug="raiser")
    faded = Skill.objects.filter(name="Faded")
    faded.update(status=SkillStatus.MERGED, merged_into=kept)
    Skill.objects.filter(name="Fallen").update(status=SkillStatus.RETIRED)
    SkillAlias.objects.filter(text="steady a").delete()
    Category.objects.filter(slug="work-desk").update(name="Table", slug="table")
    Skill.objects.filter(name="Local").update(category=Category.objects.get(slug="craft"))
    ReviewFlag.objects.create(
        skill=riser,
        reason="no_orders",
        value=1,
        threshold=1,
        first_raised=TODAY,
        last_raised=TODAY,
        decision=ReviewFlag.Decision.UPHELD,
        decided_at=NOW,
    )
    roll_up()
    compute(TODAY)
    names = {
        row["skill"]["name"]
        for row in Client().get("/api/v1/trends/skills/?limit=1000").json()["results"]
    }
    assert names >= {"Raiser", "Pottery"}
    assert not names & {"Riser", "Faded", "Fallen", "Steady A"}
    assert read() == before
    assert exact_checksum(edition.snapshot) == exact == edition.exact_checksum
    found = recompute(Edition.objects.get(pk=edition.pk))
    assert found.first == []
    assert (found.different, found.unproven, found.changed) == (0, 0, [])
    assert found.rows == found.equal > 300
    assert found.checksum == edition.checksum


def test_recomputing_leaves_nothing_and_waits_for_nobody(edition: Edition) -> None:
    tables: list[Any] = [*figures(), ReviewFlag, TrendSnapshot, TaxonomyVersion]
    before = {model: model._default_manager.count() for model in tables}
    with rolled_back():
        # Somebody edits and counts meanwhile, and is not done.
        Skill.objects.update(tracked_since=TODAY)
        SkillTrend.objects.exclude(snapshot=edition.snapshot_id).update(flags=["x"])
        found: list[Any] = []

        def elsewhere() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            found.append(recompute(Edition.objects.get(pk=edition.pk)))
            connection.close()

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert found, "it waited for a lock"
    assert found[0].different == 0
    assert {model: model._default_manager.count() for model in tables} == before
    with connection.cursor() as cursor:
        of_ours = "relpersistence = 't' AND relname !~ '^(staged_search|pg_toast)'"
        cursor.execute(f"SELECT relname FROM pg_class WHERE {of_ours}")
        assert cursor.fetchall() == []


def test_a_number_that_was_tampered_with_is_found(edition: Edition) -> None:
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trends_skilltrend DISABLE TRIGGER USER")
        change = "UPDATE trends_skilltrend SET current = current + %s WHERE id = %s"
        row = SkillTrend.objects.filter(snapshot=edition.snapshot, window="6m").first()
        assert row
        cursor.execute(change, [1, row.pk])
        try:
            with pytest.raises(SystemExit) as end:
                call_command("recompute_edition", SLUG, stdout=out)
        finally:
            cursor.execute(change, [-1, row.pk])
            cursor.execute("ALTER TABLE trends_skilltrend ENABLE TRIGGER USER")
    line, difference = out.getvalue().splitlines()
    assert end.value.code == 1
    assert json.loads(line)["different"] == 1
    assert f"'current': ({row.current + 1}, {row.current})" in difference


def test_orders_refunded_since_are_told_apart(edition: Edition) -> None:
    order = Order.objects.filter(completed_at__lt=NOON).latest("completed_at")
    try:
        Order.objects.filter(pk=order.pk).update(refunded=order.amount)
        found = recompute(Edition.objects.get(pk=edition.pk))
    finally:
        Order.objects.filter(pk=order.pk).update(refunded=order.refunded)
    assert found.changed == ["orders"]
    assert found.different == 0
    assert 0 < found.unproven < 10


@pytest.mark.parametrize("model", figures(), ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("statement", ["UPDATE {} SET snapshot_id = snapshot_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_its_figures(
    edition: Edition, model: Any, statement: str
) -> None:
    rows = f"{statement} WHERE snapshot_id = %s".format(model._meta.db_table)
    with rolled_back(), connection.cursor() as cursor:
        cursor.execute(rows, [TrendSnapshot.objects.get(as_of=CALLED).pk])
        if not model._default_manager.filter(snapshot=edition.snapshot).exists():
            of_one = f"tgrelid = '{model._meta.db_table}'::regclass AND tgname ~ '^edition_is_fin'"
            cursor.execute(f"SELECT count(*) FROM pg_trigger WHERE {of_one}")
            assert cursor.fetchone() == (2,), "see migration 0005"
            return
        with pytest.raises(IntegrityError, match="never changes"):
            cursor.execute(rows, [edition.snapshot_id])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trends_edition SET headline = 'Nothing rose' WHERE id = {0.pk}",
        "UPDATE trends_edition SET state = 'draft', published_at = NULL WHERE id = {0.pk}",
        "DELETE FROM trends_edition WHERE id = {0.pk}",
        "UPDATE trends_trendsnapshot SET as_of = '2020-01-01' WHERE id = {0.snapshot_id}",
        "DELETE FROM trends_trendsnapshot WHERE id = {0.snapshot_id}",
    ],
)
def test_the_database_refuses_to_change_the_edition(edition: Edition, statement: str) -> None:
    with (
        rolled_back(),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="never changes"),
    ):
        cursor.execute(statement.format(edition))


def test_a_skill_of_an_edition_cannot_be_deleted(edition: Edition) -> None:
    with rolled_back(), pytest.raises(IntegrityError, match="never changes"):
        Skill.objects.get(name="Tiny").delete()


def test_who_published_may_leave_and_the_edition_stays(edition: Edition) -> None:
    user = User.objects.create(username="editor")
    other = draft(TODAY - timedelta(days=2), now=NOW)
    other.publish(by=user, now=NOW)
    user.delete()
    other.refresh_from_db()
    assert (other.published_by, other.state) == (None, Edition.State.PUBLISHED)


def test_a_draft_is_read_by_nobody_and_is_not_the_current_snapshot(edition: Edition) -> None:
    current = TrendSnapshot.objects.current()
    made = draft(TODAY - timedelta(days=1), now=NOW)
    try:
        assert TrendSnapshot.objects.current() == current
        for address in (f"/editions/{made.slug}/", f"/editions/{made.slug}/edition.csv"):
            assert Client().get(address).status_code == 404
        for asked in (f"edition={made.slug}", f"cursor={made.snapshot_id}-0"):
            assert Client().get(f"/api/v1/trends/skills/?{asked}").status_code == 404
        assert recompute(Edition.objects.get(pk=made.pk)).different == 0
        made.reword(headline="So far", notes="")
    finally:
        discard(Edition.objects.get(pk=made.pk))
    assert not TrendSnapshot.objects.filter(published_at=None, edition=None).exists()


def test_computing_again_leaves_an_edition_and_the_labels_it_stands_on(edition: Edition) -> None:
    day = TODAY - timedelta(days=8)
    before = compute(day)
    made = draft(TODAY - timedelta(days=1), now=NOW)
    try:
        assert made.before == before
        compute(day)
        compute(TODAY)
        assert TrendSnapshot.objects.filter(as_of=day).count() == 2
        assert TrendSnapshot.objects.filter(as_of=TODAY).count() == 2
        assert recompute(Edition.objects.get(pk=made.pk)).different == 0
    finally:
        discard(made)


def test_there_is_one_edition_a_day_and_none_of_open_days(edition: Edition) -> None:
    with pytest.raises(EditionRefused, match="already"):
        draft(TODAY, now=NOW)
    assert newest_closed(NOON.date()) == TODAY - timedelta(days=3)
    with pytest.raises(EditionRefused, match="may still come in"):
        draft(TODAY - timedelta(days=2), now=NOON)


def test_a_published_edition_is_not_published_again(edition: Edition) -> None:
    with pytest.raises(AlreadyPublished):
        edition.publish(by=None, now=NOW)
    with pytest.raises(AlreadyPublished):
        edition.reword(headline="Nothing rose", notes="")


def at_once(work: Callable[[], object]) -> list[object]:
    """What two threads got that did the same at the same time."""
    both, found = threading.Barrier(2), []

    def do() -> None:
        both.wait()
        try:
            found.append(work())
        except EditionRefused as problem:
            found.append(problem)
        connection.close()

    threads = [threading.Thread(target=do) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_who_draft_and_publish_at_once_do_it_once(edition: Edition) -> None:
    found = at_once(lambda: draft(CALLED, now=NOW))
    (made,) = (one for one in found if isinstance(one, Edition))
    assert [type(one) for one in found if one != made] == [EditionRefused]
    user = User.objects.create(username="boss", is_staff=True, is_superuser=True)

    def publish() -> bool:
        client = Client()
        client.force_login(user)
        address = reverse("admin:trends_edition_publish", args=[made.pk])
        page = client.post(address, follow=True)
        return "is published already" in page.content.decode()

    assert sorted(map(bool, at_once(publish))) == [False, True]
    assert LogEntry.objects.filter(change_message__contains="Published").count() == 1


def test_the_commands_publish_and_prove(edition: Edition) -> None:
    day = (CALLED + timedelta(days=7)).isoformat()
    call_command("publish_edition", "--as-of", day, "--draft", stdout=(out := io.StringIO()))
    made = Edition.objects.get(slug=day)
    assert made.is_draft
    assert out.getvalue().splitlines()[-1] == f"sha256 {made.checksum}"
    call_command("publish_edition", "--as-of", day, "--headline", "News", stdout=io.StringIO())
    made.refresh_from_db()
    assert (made.state, made.headline) == ("published", "News")
    with pytest.raises(CommandError, match="already"):
        call_command("publish_edition", "--as-of", day, stdout=io.StringIO())
    call_command("recompute_edition", day, stdout=(out := io.StringIO()))
    line = json.loads(out.getvalue())
    assert (line["edition"], line["different"], line["unproven"]) == (day, 0, 0)
    assert line["rows"] == line["equal"] > 300
    assert line["checksum"] == made.checksum


def test_an_edition_is_due_once_a_month_when_its_days_are_closed(edition: Edition) -> None:
    first = TODAY.replace(day=1)
    assert due(first.replace(day=4)) is None
    assert due(first.replace(day=5)) == first
    assert due(first.replace(day=28)) == first
    assert due((first + timedelta(days=40)).replace(day=6)) is None, "nobody searched since"
    made = draft(first, now=NOW)
    assert due(first.replace(day=5)) is None
    discard(made)


def test_a_worker_proves_what_somebody_wants_proven(edition: Edition) -> None:
    proof = edition.proofs.create()
    assert tasks.prove_editions() == 1
    assert tasks.prove_editions() == 0
    proof.refresh_from_db()
    assert proof.finished_at
    assert (proof.different, proof.error, proof.checksum) == (0, "", edition.checksum)
    run = PipelineRun.objects.filter(stage=PipelineRun.Stage.PROOF).first()
    assert run
    assert (run.state, run.result) == ("done", proof.in_words())
    assert "came out the same" in Client().get(PAGE).content.decode()


def test_an_address_of_no_edition_is_not_found(edition: Edition) -> None:
    user, _ = User.objects.get_or_create(username="boss", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    for pk in ("abc", str(10**20)):
        address = reverse("admin:trends_edition_change", args=[pk])
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("action", "permission"),
    [
        ("publish", "publish"),
        ("discard", "add"),
        ("prove", "change"),
        ("correct", "change"),
        ("change", "change"),
        ("draft", "add"),
    ],
)
def test_who_may_only_look_is_refused_every_action(
    edition: Edition, action: str, permission: str
) -> None:
    user, _ = User.objects.get_or_create(username="viewer", is_staff=True)
    allowed = Permission.objects.get(codename="view_edition")
    others = Permission.objects.filter(codename__endswith="_edition")
    user.user_permissions.set([allowed, *others.exclude(codename=f"{permission}_edition")])
    client = Client()
    client.force_login(user)
    of = [] if action == "draft" else [edition.pk]
    address = reverse(f"admin:trends_edition_{action}", args=of)
    assert client.post(address, {"text": "wrong"}).status_code == 403
    assert not edition.corrections.exists()
