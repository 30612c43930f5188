"""Edits of the taxonomy: whole or not at all, recorded, undone, and never two at once."""

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from marketplace.celery import send_soon
from marketplace.skills import edits
from marketplace.skills.edits import EditRefused
from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias, TaxonomyEdit
from tests.conftest import NO_BROKER
from tests.markets.reference import Market, event
from tests.tools.at_once import meanwhile
from trends.counting.daily_rollup import roll_up

WHY: dict[str, Any] = {"by": None, "reason": "people mean the same"}

Skills = dict[str, Skill]


def everything() -> list[Any]:
    """Every skill and alias as it is, but for skills that were added and taken back."""
    fields = [field.attname for field in Skill._meta.concrete_fields]
    skills = Skill.objects.exclude(status="retired", aliases=None).order_by("pk")
    return [
        *skills.values_list(*fields),
        *SkillAlias.objects.order_by("text").values_list("text", "skill__name"),
    ]


EDITS: dict[str, Callable[[Skills], TaxonomyEdit]] = {
    "add": lambda s: edits.add_skill("Vibe Coding", s["C++"].category, aliases=["vibes"], **WHY),
    "alias": lambda s: edits.add_alias(s["Python"], "Snake!", **WHY),
    "unalias": lambda s: edits.remove_alias(s["Python"], "py", **WHY),
    "merge": lambda s: edits.merge(s["React"], into=s["Python"], **WHY),
    "split": lambda s: edits.split(
        s["Python"], name="Pie", category=s["Logo Design"].category, texts=["py", "pied"], **WHY
    ),
    "rename": lambda s: edits.rename(s["Python"], "Snake", **WHY),
    "retire": lambda s: edits.retire(s["Python"], **WHY),
    "move": lambda s: edits.move(s["Python"], s["Logo Design"].category, **WHY),
}


@pytest.mark.parametrize("kind", EDITS)
def test_every_edit_changes_something_and_undone_it_never_was(skills: Skills, kind: str) -> None:
    before = everything()
    edit = EDITS[kind](skills)
    assert (edit.kind, edit.reason) == (kind, WHY["reason"])
    assert everything() != before
    edits.undo(edit, by=None)
    assert everything() == before
    assert edit.undone_at
    with pytest.raises(EditRefused, match="undone already"):
        edits.undo(edit, by=None)


def test_a_restored_skill_stands_by_itself_again(skills: Skills) -> None:
    before = everything()
    edits.merge(skills["React"], into=skills["Python"], **WHY)
    edits.restore(skills["React"], **WHY)
    edits.retire(skills["React"], **WHY)
    edits.restore(skills["React"], **WHY)
    assert everything() == before


def test_every_edit_keeps_who_and_why_in_the_history_of_its_rows(skills: Skills) -> None:
    ada = User.objects.create(username="ada")
    edit = edits.rename(skills["Python"], "Snake", by=ada, reason="it is one")
    edits.undo(edit, by=ada)
    kept = skills["Python"].history.values_list(
        "history_user__username", "history_change_reason", "name"
    )
    assert list(kept)[:2] == [
        ("ada", "Undone: “Python” was renamed “Snake”", "Python"),
        ("ada", "it is one", "Snake"),
    ]
    assert (edit.made_by, edit.undone_by) == (ada, ada)


def test_an_edit_without_a_reason_is_refused(skills: Skills) -> None:
    with pytest.raises(EditRefused, match="Say why"):
        edits.retire(skills["Python"], by=None, reason=" ")


def test_what_a_later_edit_stands_on_is_not_undone_and_the_edit_is_named(skills: Skills) -> None:
    added = EDITS["add"](skills)
    alias = edits.add_alias(added.skill, "vibing", **WHY)
    with pytest.raises(EditRefused, match="“vibing” became an alias of “Vibe Coding”"):
        edits.undo(added, by=None)
    edits.undo(alias, by=None)
    edits.undo(added, by=None)
    assert not SkillAlias.objects.filter(text__startswith="vib").exists()


def test_what_was_changed_by_another_road_is_not_overwritten(skills: Skills) -> None:
    edit = edits.move(skills["Python"], skills["Logo Design"].category, **WHY)
    Skill.objects.filter(name="Python").update(category=Category.objects.at_path("Data"))
    with pytest.raises(EditRefused, match='"Python" is no longer as this edit left it'):
        edits.undo(edit, by=None)
    edit = edits.remove_alias(skills["Python"], "py", **WHY)
    skills["React"].claim("py")
    with pytest.raises(AliasTaken, match='"py" already names the skill "React"'):
        edits.undo(edit, by=None)


def test_a_skill_added_again_after_an_undo_is_the_same_at_the_same_address(skills: Skills) -> None:
    edit = EDITS["add"](skills)
    edits.undo(edit, by=None)
    again = edits.add_skill("vibe coding", skills["Python"].category, **WHY)
    assert (again.skill, again.skill.slug) == (edit.skill, "vibe-coding")
    assert [alias.text for alias in again.skill.aliases.all()] == ["vibe coding"]


def test_a_skill_restored_after_its_adding_was_undone_has_its_name_back(skills: Skills) -> None:
    edit = EDITS["add"](skills)
    edits.undo(edit, by=None)
    assert not edit.skill.aliases.exists()
    edits.restore(edit.skill, **WHY)
    assert [alias.text for alias in edit.skill.aliases.all()] == ["vibe coding"]


def test_an_alias_has_at_most_200_characters(skills: Skills) -> None:
    edits.add_alias(skills["Python"], "x" * 200, **WHY)
    with pytest.raises(EditRefused, match="at most 200 characters"):
        edits.add_alias(skills["Python"], "y" * 201, **WHY)


def test_a_skill_that_answers_for_nothing_gets_no_alias(skills: Skills) -> None:
    edits.retire(skills["React"], **WHY)
    with pytest.raises(EditRefused, match="is retired; restore it first"):
        edits.add_alias(skills["React"], "reactjs", **WHY)
    edits.merge(skills["C++"], into=skills["Python"], **WHY)
    with pytest.raises(EditRefused, match='was merged into "Python"'):
        edits.add_alias(skills["C++"], "cpp", **WHY)


REFUSED: dict[str, tuple[Callable[[Skills], object], str]] = {
    "taken name": (lambda s: edits.add_skill("PY", s["C++"].category, **WHY), 'the skill "Python"'),
    "taken alias": (lambda s: edits.add_alias(s["React"], "Py.", **WHY), 'the skill "Python"'),
    "known alias": (lambda s: edits.add_alias(s["Python"], "py", **WHY), "already"),
    "own name": (lambda s: edits.remove_alias(s["Python"], "python", **WHY), "stays with it"),
    "no alias": (lambda s: edits.remove_alias(s["Python"], "react", **WHY), "does not name"),
    "into itself": (lambda s: edits.merge(s["React"], into=s["React"], **WHY), "itself"),
    "taken rename": (lambda s: edits.rename(s["React"], "py", **WHY), 'the skill "Python"'),
    "no letters": (lambda s: edits.rename(s["React"], "!!", **WHY), "letter or a digit"),
    "a formula": (lambda s: edits.rename(s["React"], "=1+1", **WHY), "formula"),
    "same category": (lambda s: edits.move(s["React"], s["C++"].category, **WHY), "already"),
    "not retired": (lambda s: edits.restore(s["React"], **WHY), "active already"),
    "split of nothing": (
        lambda s: edits.split(s["C++"], name="D", category=s["C++"].category, texts=[], **WHY),
        "at least one",
    ),
    "split of another's": (
        lambda s: edits.split(s["C++"], name="D", category=s["C++"].category, texts=["py"], **WHY),
        'the skill "Python"',
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_with_its_reason_and_changes_nothing(
    skills: Skills, what: str
) -> None:
    before, (act, reason) = everything(), REFUSED[what]
    with pytest.raises((EditRefused, AliasTaken), match=reason):
        act(skills)
    assert everything() == before
    assert not TaxonomyEdit.objects.exists()


def test_a_skill_deleted_outside_the_admin_takes_only_its_own_edits_along(skills: Skills) -> None:
    edits.add_alias(skills["Python"], "snake", by=None, reason="why not")
    new = edits.split(
        skills["Python"],
        name="Snakes",
        category=skills["Python"].category,
        texts=["snake"],
        by=None,
        reason="two things",
    ).other
    assert new is not None
    new.delete()
    left = [edit.in_words() for edit in TaxonomyEdit.objects.filter(skill=skills["Python"])]
    assert left == [
        "a skill that is gone was split off “Python”: “snake”, “snakes”",
        "“snake” became an alias of “Python”",
    ]


def test_a_chain_of_mergers_leads_to_its_end_from_every_address(skills: Skills) -> None:
    first = edits.merge(skills["React"], into=skills["React Native"], **WHY)
    second = edits.merge(skills["React Native"], into=skills["Python"], **WHY)
    for slug in ("react", "react-native"):
        answer = Client().get(f"/skills/{slug}/")
        assert (answer.status_code, answer["Location"]) == (301, "/skills/python/")
    with pytest.raises(EditRefused, match="“React Native” was merged into “Python”"):
        edits.undo(first, by=None)
    edits.undo(second, by=None)
    assert Client().get("/skills/react/")["Location"] == "/skills/react-native/"
    edits.undo(first, by=None)
    assert Client().get("/skills/react/").status_code == 200


def test_undoing_makes_no_chain_of_mergers_that_leads_nowhere(skills: Skills) -> None:
    first, middle, last = skills["React"], skills["Python"], skills["C++"]
    edits.merge(first, into=middle, **WHY)
    apart = edits.restore(first, **WHY)
    edits.merge(middle, into=last, **WHY)
    with pytest.raises(EditRefused, match='"React" is merged into "Python"'):
        edits.undo(apart, by=None)
    apart = edits.restore(middle, **WHY)
    edits.merge(first, into=middle, **WHY)
    with pytest.raises(EditRefused, match='"React" is merged into "Python"'):
        edits.undo(apart, by=None)
    assert current_taxonomy().phrases["react"] == middle.pk


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
    start = threading.Barrier(2)

    def undo() -> None:
        seen = TaxonomyEdit.objects.get(pk=edit.pk)
        start.wait()
        edits.undo(seen, by=None)

    with meanwhile(undo, undo) as problems:
        pass
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
