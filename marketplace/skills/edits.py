"""Every way to edit the taxonomy, each whole or not at all, recorded, and undone as easily."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from marketplace.imports import values
from marketplace.imports.rows import Invalid
from marketplace.skills.changes import Changes, EditRefused, editing
from marketplace.skills.models import (
    AliasTaken,
    Category,
    Skill,
    SkillAlias,
    SkillStatus,
    TaxonomyEdit,
)
from marketplace.skills.normalise import normalise
from marketplace.skills.undoing import undo

__all__ = [
    "AliasTaken",
    "EditRefused",
    "add_alias",
    "add_aliases",
    "add_skill",
    "merge",
    "move",
    "remove_alias",
    "rename",
    "restore",
    "retire",
    "split",
    "undo",
]

Kind = TaxonomyEdit.Kind
LONGEST_NAME = 120
LONGEST_ALIAS = 200


def add_skill(
    name: str, category: Category, *, aliases: Iterable[str] = (), by: User | None, reason: str
) -> TaxonomyEdit:
    """Add a skill that owns its name and these aliases; `skill` of the edit is the new one."""
    with editing(by=by, reason=reason) as changes:
        skill = _new_skill(changes, name, category, texts=map(_text, aliases))
        return changes.record(Kind.ADD, skill)


def add_alias(skill: Skill, text: str, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Let one more text name a skill."""
    return add_aliases(skill, [text], by=by, reason=reason)


def add_aliases(
    skill: Skill, texts: Iterable[str], *, by: User | None, reason: str
) -> TaxonomyEdit:
    """Let more texts name a skill; all of them or, where one cannot, none."""
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        texts = {_text(text) for text in texts}
        SkillAlias.objects.ensure_free(*texts, owner=skill)
        if known := skill.aliases.filter(text__in=texts).first():
            raise EditRefused(f'"{known}" names "{skill.name}" already.')
        changes.name(texts, skill)
        return changes.record(Kind.ALIAS, skill)


def remove_alias(skill: Skill, text: str, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Let a text no longer name a skill, be it its own alias or one of a skill merged into it."""
    with editing(by=by, reason=reason) as changes:
        skill.refresh_from_db()
        text = _text(text)
        if _owner_within(skill, text) is None:
            raise EditRefused(f'"{text}" does not name "{skill.name}".')
        changes.name([text], None)
        return changes.record(Kind.UNALIAS, skill)


def merge(skill: Skill, *, into: Skill, by: User | None, reason: str) -> TaxonomyEdit:
    """Let a skill, and all that were merged into it before, answer for another from now on.

    Its names stay its own, so that they come back with it. `merged_into` always names the last of
    a chain, whichever way it came about.
    """
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        _active(into)
        if skill.pk == into.pk:
            raise EditRefused("A skill cannot be merged into itself.")
        for earlier in skill.merged.all():
            changes.set(earlier, merged_into=into)
        changes.set(skill, status=SkillStatus.MERGED, merged_into=into)
        return changes.record(Kind.MERGE, skill, other=into)


def split(
    skill: Skill,
    *,
    name: str,
    category: Category,
    texts: Iterable[str],
    by: User | None,
    reason: str,
) -> TaxonomyEdit:
    """Make a new skill of some of a skill's aliases, or of phrases searched for with it.

    `other` of the edit is the new skill.
    """
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        moving = {_text(text) for text in texts} | {_text(name)}
        owned = {text for text in moving if _owner_within(skill, text)}
        if moving == {_text(name)} and not owned:
            raise EditRefused("Choose at least one alias or phrase for the new skill.")
        new = _new_skill(changes, name, category, texts=moving, taken_from=owned)
        return changes.record(Kind.SPLIT, skill, other=new)


def rename(skill: Skill, name: str, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Call a skill something else; the old name stays an alias, and the address stays."""
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        name = _name(name)
        if name == skill.name:
            raise EditRefused(f'It is called "{name}" already.')
        if namesake := Skill.objects.exclude(pk=skill.pk).filter(name=name).first():
            raise EditRefused(f'A {namesake.status} skill is called "{name}" already.')
        SkillAlias.objects.ensure_free(name, owner=skill)
        # The old one, too: undoing needs it still to be this skill's.
        changes.name({normalise(skill.name), normalise(name)}, skill)
        changes.set(skill, name=name)
        return changes.record(Kind.RENAME, skill)


def move(skill: Skill, category: Category, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Put a skill into another category."""
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        if skill.category_id == category.pk:
            raise EditRefused(f'"{skill.name}" is in {category} already.')
        changes.set(skill, category=category)
        return changes.record(Kind.MOVE, skill)


def retire(skill: Skill, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Let a skill's names, and those of skills merged into it, name nothing any more."""
    with editing(by=by, reason=reason) as changes:
        _active(skill)
        changes.set(skill, status=SkillStatus.RETIRED)
        return changes.record(Kind.RETIRE, skill)


def restore(skill: Skill, *, by: User | None, reason: str) -> TaxonomyEdit:
    """Let a retired or merged skill stand by itself again."""
    with editing(by=by, reason=reason) as changes:
        skill.refresh_from_db()
        if skill.status == SkillStatus.ACTIVE:
            raise EditRefused(f'"{skill.name}" is active already.')
        SkillAlias.objects.ensure_free(skill.name, owner=skill)
        changes.name([normalise(skill.name)], skill)
        changes.set(skill, status=SkillStatus.ACTIVE, merged_into=None)
        return changes.record(Kind.RESTORE, skill)


def _new_skill(
    changes: Changes,
    name: str,
    category: Category,
    *,
    texts: Iterable[str],
    taken_from: Iterable[str] = (),
) -> Skill:
    """Make a skill that owns its name and `texts`; `taken_from` may own some so far."""
    name = _name(name)
    texts = {normalise(name), *texts}
    SkillAlias.objects.ensure_free(*(texts - set(taken_from)))
    if namesake := Skill.objects.filter(name__iexact=name).first():
        if namesake.status != SkillStatus.RETIRED or namesake.aliases.exists():
            raise EditRefused(f'A {namesake.status} skill is called "{namesake.name}" already.')
        # Added before, and that undone: the same skill, at the same address.
        changes.set(namesake, name=name, category=category, status=SkillStatus.ACTIVE)
    skill = namesake or changes.create(name, category)
    changes.name(texts, skill)
    return skill


def _active(skill: Skill) -> None:
    """Read a skill anew and refuse to edit one that answers for nothing."""
    skill.refresh_from_db()
    if skill.merged_into:
        raise EditRefused(f'"{skill.name}" was merged into "{skill.merged_into.name}".')
    if skill.status == SkillStatus.RETIRED:
        raise EditRefused(f'"{skill.name}" is retired; restore it first.')


def _owner_within(skill: Skill, text: str) -> Skill | None:
    """Return who owns a text within the skill: it or one merged into it; never by its name."""
    alias = SkillAlias.objects.answering_for(skill).select_related("skill").filter(text=text)
    if (owned := alias.first()) is None:
        return None
    if normalise(owned.skill.name) == text:
        raise EditRefused(f'"{text}" is the name of "{owned.skill.name}" and stays with it.')
    return owned.skill


def _name(name: str) -> str:
    """Return a name as files may hold it, too: what is exported can be imported."""
    try:
        name = values.words({"name": " ".join(name.split())}, "name", longest=LONGEST_NAME)
    except Invalid as problem:
        raise EditRefused(f"The name {problem.reason}.") from None
    _text(name)
    return name


def _text(text: str) -> str:
    """Return a text as aliases are kept."""
    text = normalise(text)
    if not text:
        raise EditRefused("A name needs a letter or a digit.")
    if len(text) > LONGEST_ALIAS:
        raise EditRefused(f"An alias has at most {LONGEST_ALIAS} characters.")
    return text
