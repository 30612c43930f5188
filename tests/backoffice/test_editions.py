"""An edition is drafted, published once, and then refused every change."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from marketplace.skills.models import Skill
from tests.conftest import NOON, TODAY, signed_in
from tests.markets.published_edition import NOW, PAGE, SLUG, published, rolled_back
from tests.markets.small_market import CALLED
from tests.tools.at_once import at_once
from trends.backoffice.editions.drafting import EditionRefused, discard, draft, due, newest_closed
from trends.backoffice.editions.past_inputs import figures
from trends.backoffice.editions.recomputation import recompute
from trends.measuring.snapshot import compute
from trends.models import AlreadyPublished, Edition, TrendSnapshot

edition = pytest.fixture(scope="module", autouse=True)(published)


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


@pytest.mark.usefixtures("taken_back")
def test_who_published_may_leave_and_the_edition_stays(edition: Edition) -> None:
    user = User.objects.create(username="editor")
    other = draft(TODAY - timedelta(days=2), now=NOW)
    other.publish(by=user, now=NOW)
    user.delete()
    other.refresh_from_db()
    assert (other.published_by, other.state) == (None, Edition.State.PUBLISHED)


@pytest.mark.usefixtures("taken_back")
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


@pytest.mark.usefixtures("taken_back")
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


@pytest.mark.usefixtures("taken_back")
def test_two_who_draft_and_publish_at_once_do_it_once(edition: Edition) -> None:
    def drafted() -> Edition | EditionRefused:
        try:
            return draft(CALLED, now=NOW)
        except EditionRefused as problem:
            return problem

    found = at_once(drafted, drafted)
    (made,) = (one for one in found if isinstance(one, Edition))
    assert [type(one) for one in found if one != made] == [EditionRefused]
    user = User.objects.create(username="boss", is_staff=True, is_superuser=True)

    def publish() -> bool:
        address = reverse("admin:trends_edition_publish", args=[made.pk])
        page = signed_in(user).post(address, follow=True)
        return "is published already" in page.content.decode()

    assert sorted(at_once(publish, publish)) == [False, True]
    assert LogEntry.objects.filter(change_message__contains="Published").count() == 1


@pytest.mark.usefixtures("taken_back")
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


def test_an_address_of_no_edition_is_not_found(edition: Edition) -> None:
    user, _ = User.objects.get_or_create(username="boss", is_staff=True, is_superuser=True)
    client = signed_in(user)
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
    of = [] if action == "draft" else [edition.pk]
    address = reverse(f"admin:trends_edition_{action}", args=of)
    assert signed_in(user).post(address, {"text": "wrong"}).status_code == 403
    assert not edition.corrections.exists()
