"""Edits of the taxonomy: whole or not at all, recorded, and undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from marketplace.skills import edits
from marketplace.skills.edits import EditRefused
from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias, TaxonomyEdit

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


def test_a_move_from_a_category_that_is_gone_is_not_undone(skills: Skills) -> None:
    edit = edits.move(skills["Logo Design"], skills["Python"].category, **WHY)
    Category.objects.get(slug="design").delete()
    with pytest.raises(EditRefused, match="The category it was in is gone"):
        edits.undo(edit, by=None)


def test_a_name_has_at_most_120_characters(skills: Skills) -> None:
    edits.rename(skills["Python"], "x" * 120, **WHY)
    with pytest.raises(EditRefused, match="120"):
        edits.rename(skills["Python"], "x" * 121, **WHY)


def test_a_skill_is_called_as_no_other_is_even_where_its_alias_is_free(skills: Skills) -> None:
    SkillAlias.objects.filter(text="react").delete()
    with pytest.raises(EditRefused, match='skill is called "React" already'):
        edits.rename(skills["Python"], "React", **WHY)
    with pytest.raises(EditRefused, match='skill is called "React" already'):
        edits.add_skill("react", skills["Python"].category, **WHY)


def test_who_edits_what_they_saw_a_while_ago_edits_what_it_is_now(skills: Skills) -> None:
    seen = Skill.objects.get(name="React")
    edits.retire(skills["React"], **WHY)
    with pytest.raises(EditRefused, match="is retired; restore it first"):
        edits.retire(seen, **WHY)
    edits.restore(seen, **WHY)
    with pytest.raises(EditRefused, match="is active already"):
        edits.restore(skills["React"], **WHY)


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
