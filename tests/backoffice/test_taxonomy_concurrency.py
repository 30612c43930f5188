"""Edits of the taxonomy by several at once, and beside workers: none is lost, none half done."""

import random
import threading
from typing import Any

import pytest

from marketplace.celery import send_soon
from marketplace.skills import edits
from marketplace.skills.changes import EDITING
from marketplace.skills.edits import EditRefused
from marketplace.skills.models import Skill, SkillAlias, TaxonomyEdit
from tests.backoffice.test_taxonomy_edits import WHY, Skills
from tests.conftest import NO_BROKER, eventually, held, waiting
from tests.markets.reference import Market, event
from tests.tools.at_once import meanwhile
from trends.counting.daily_rollup import roll_up


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_of_one_skill_at_once_one_is_told_of_the_other(skills: Skills) -> None:
    for _ in range(5):
        start = threading.Barrier(2)

        def merge(into: str, start: threading.Barrier = start) -> None:
            skill, survivor = Skill.objects.get(name="React"), Skill.objects.get(name=into)
            start.wait()
            edits.merge(skill, into=survivor, **WHY)

        with meanwhile(lambda: merge("Python"), lambda: merge("C++")) as problems:
            pass
        (problem,) = problems
        edit = TaxonomyEdit.objects.get(undone_at=None)
        assert str(problem) == f'"React" was merged into "{edit.other}".'
        edits.undo(edit, by=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_an_edit_at_once_one_is_refused(skills: Skills) -> None:
    edit = edits.rename(skills["React"], "React.js", **WHY)
    start = threading.Event()

    def undo() -> None:
        seen = TaxonomyEdit.objects.get(pk=edit.pk)
        start.wait()
        edits.undo(seen, by=None)

    with meanwhile(undo, undo) as problems, held((EDITING, 0)):
        start.set()
        eventually(lambda: waiting() == 2)
    (problem,) = problems
    assert isinstance(problem, EditRefused)
    assert str(problem).startswith("It was undone already, on ")
    assert Skill.objects.get(pk=skills["React"].pk).name == "React"


@pytest.mark.django_db(transaction=True)
def test_admins_and_workers_at_once_lose_no_edit_and_end_in_the_counts_of_the_reference() -> None:
    market = Market()
    market.send(event(number) for number in range(120))
    roll_up()
    done = threading.Event()
    taken: list[str] = []

    def edit(seed: int) -> None:
        rng = random.Random(seed)
        names = list(market.categories)
        for number in range(25):
            skill, into = (Skill.objects.get(name=name) for name in rng.sample(names, 2))
            act = rng.choice(["merge", "alias", "undo", "move"])
            try:
                if act == "merge":
                    edits.merge(skill, into=into, **WHY)
                elif act == "alias":
                    text = f"{rng.choice(['snake', 'gardening'])} {seed} {number}"
                    edits.add_alias(skill, text, **WHY)
                    taken.append(text)
                elif act == "move":
                    edits.move(skill, market.category(rng.choice(["Web", "Art"])), **WHY)
                elif (
                    last := TaxonomyEdit.objects.filter(undone_at=None)
                    .exclude(kind="alias")
                    .first()
                ):
                    edits.undo(last, by=None)
            except EditRefused:
                pass

    def count() -> None:
        while not done.is_set():
            roll_up()

    with meanwhile(count, count) as workers:
        with meanwhile(lambda: edit(1), lambda: edit(2)) as admins:
            pass
        done.set()
    assert workers == admins == []
    assert set(taken) <= set(SkillAlias.objects.values_list("text", flat=True))
    as_edits_left_it(market)
    roll_up()
    market.check()


def as_edits_left_it(market: Market) -> None:
    """Replay the standing edits by themselves: what the rows say must be what they recorded."""
    last: dict[Any, Any] = {}
    for edit in TaxonomyEdit.objects.filter(undone_at=None).order_by("pk"):
        for pk, fields in edit.after["skills"].items():
            last |= {(int(pk), column): value for column, value in fields.items()}
    rows = {skill.pk: skill for skill in Skill.objects.all()}
    assert {key: getattr(rows[key[0]], key[1]) for key in last} == last
    merged = Skill.objects.filter(status="merged").select_related("merged_into")
    market.merged = {one.name: str(one.merged_into) for one in merged}
    assert not {*market.merged} & {*market.merged.values()}, "a chain was left open"
    market.aliases = dict(SkillAlias.objects.values_list("text", "skill__name"))
    market.categories = dict(Skill.objects.values_list("name", "category__name"))


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_breaks_no_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", NO_BROKER)
    send_soon("trends.tasks.follow_taxonomy")
    assert "the clock will" in caplog.text
