"""An edition computed again comes out the same, or what became different is told."""

import io
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from marketplace.gigs.models import Order, Seller
from marketplace.skills.models import Category, Skill, SkillAlias, SkillStatus, TaxonomyVersion
from tests.conftest import NOON, TODAY, at, search_row
from tests.markets.published_edition import NOW, PAGE, SLUG, published, rolled_back
from tests.tools.sending import send_gigs, send_searches
from trends import tasks
from trends.backoffice.editions.drafting import discard, draft, exact_checksum
from trends.backoffice.editions.past_inputs import figures
from trends.backoffice.editions.recomputation import recompute
from trends.counting.daily_rollup import roll_up
from trends.measuring.snapshot import compute
from trends.models import (
    CountrySupply,
    EarningsTrend,
    Edition,
    PipelineRun,
    ReviewFlag,
    SkillTrend,
    TrendSnapshot,
)

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

edition = pytest.fixture(scope="module", autouse=True)(published)


def read() -> dict[str, bytes]:
    """Everything published of the edition, by its address."""
    addresses = [PAGE, f"{PAGE}edition.csv", "/editions/", f"/api/v1/editions/{SLUG}/", *LISTS]
    return {address: Client().get(address).getvalue() for address in addresses}


def search(query: str, *, days_ago: int) -> None:
    day = TODAY - timedelta(days=days_ago)
    when = [at(day, second=second) for second in range(40)]
    rows = [search_row(query, searcher=f"late {one}", occurred_at=one) for one in when]
    send_searches(rows, now=NOW)


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
        of_ours = "relpersistence = 't' AND relname !~ '^pg_toast'"
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


def test_sellers_who_moved_since_are_told_apart(edition: Edition) -> None:
    of_edition = CountrySupply.objects.filter(snapshot=edition.snapshot)
    assert of_edition.filter(public_sellers__isnull=False).count() >= 6
    mover = Seller.objects.filter(country="DE").earliest("pk")
    try:
        Seller.objects.filter(pk=mover.pk).update(country="AT")
        found = recompute(Edition.objects.get(pk=edition.pk))
    finally:
        Seller.objects.filter(pk=mover.pk).update(country="DE")
    # One German less and one Austrian more, for the one skill they offer.
    assert (found.changed, found.different, found.unproven) == (["sellers"], 0, 2)


def test_an_edition_from_before_sellers_had_a_country_comes_out_the_same(edition: Edition) -> None:
    made = draft(TODAY - timedelta(days=1), now=NOW)
    try:
        del made.basis["sellers"]
        made.save(update_fields=["basis"])
        CountrySupply.objects.filter(snapshot=made.snapshot).delete()
        found = recompute(Edition.objects.get(pk=made.pk))
    finally:
        discard(Edition.objects.get(pk=made.pk))
    assert (found.changed, found.first) == ([], [])


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


def test_a_column_an_edition_is_too_old_for_is_not_held_against_it(edition: Edition) -> None:
    put_up_new_gigs()
    roll_up()
    made = draft(TODAY - timedelta(days=1), now=NOW)
    figures_of = EarningsTrend.objects.filter(snapshot=made.snapshot)
    try:
        assert figures_of.filter(newcomers_won=0).count() == 1
        assert recompute(made).different == 0
        figures_of.filter(newcomers_won=0).update(newcomers_won=0.5)
        assert recompute(made).different == 1
        figures_of.update(newcomers_won=None)
        assert recompute(made).different == 0
    finally:
        discard(made)


def put_up_new_gigs() -> None:
    """Enough newcomers with a gig to be told of, none of whom has sold."""
    send_gigs(
        {
            "gig_id": f"n{number}",
            "seller_id": f"newcomer {number}",
            "title": "I keep what you will have",
            "category": "Work",
            "skills": "Kept",
            "price": "50",
            "currency": "USD",
            "created_at": at(TODAY - timedelta(days=60)),
            "status": "active",
        }
        for number in range(20)
    )
