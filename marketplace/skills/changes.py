"""One edit of the taxonomy as it happens: every row it touches, as it was and as it is left."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models, transaction
from simple_history.utils import bulk_create_with_history

from marketplace.skills.models import Category, Skill, SkillAlias, TaxonomyEdit

# The key of the advisory lock all edits wait for; those of trends begin with 71.
EDITING = 7_201
# As much of the reason as a row of the history holds; the whole stands with the edit.
REASON_KEPT = 100


# By field and by column alike: a recorded edit knows its columns.
COLUMNS = {
    name: field.attname
    for field in Skill._meta.concrete_fields
    for name in (field.name, field.attname)
}


class EditRefused(ValueError):
    """An edit that cannot be made, and what stands against it in words for people."""


class Changes:
    """The rows an edit touches: `before` and `after` it, by field of a skill and by alias."""

    def __init__(self, *, by: User | None, reason: str) -> None:
        self.by, self.reason = by, reason.strip()
        self.before: dict[str, dict[str, Any]] = {"skills": {}, "aliases": {}}
        self.after: dict[str, dict[str, Any]] = {"skills": {}, "aliases": {}}

    def set(self, skill: Skill, **fields: Any) -> None:
        """Change these fields of a skill."""
        before = self.before["skills"].setdefault(str(skill.pk), {})
        after = self.after["skills"].setdefault(str(skill.pk), {})
        for name, value in fields.items():
            column = COLUMNS[name]
            before.setdefault(column, getattr(skill, column))
            setattr(skill, name, value)
            after[column] = getattr(skill, column)
        self._signed(skill).save()

    def create(self, name: str, category: Category) -> Skill:
        """Return a new skill, as if retired before: an undone edit deletes none."""
        slug = Skill.objects.free_slug(name)
        skill = Skill(name=name, slug=slug, category=category)
        self._signed(skill).save()
        self.before["skills"][str(skill.pk)] = {"status": "retired"}
        self.after["skills"][str(skill.pk)] = {"status": "active"}
        return skill

    def name(self, texts: Iterable[str], owner: Skill | None) -> None:
        """Let these normalised texts name this skill and no other, or none."""
        texts = sorted(texts)
        known = {alias.text: alias for alias in SkillAlias.objects.filter(text__in=texts)}
        for text in texts:
            before = known[text].skill_id if text in known else None
            self.before["aliases"].setdefault(text, before)
            self.after["aliases"][text] = owner.pk if owner else None
        for alias in known.values():
            if owner is None:
                self._signed(alias).delete()
            elif alias.skill_id != owner.pk:
                alias.skill = owner
                self._signed(alias).save()
        if owner:
            new = [SkillAlias(text=text, skill=owner) for text in texts if text not in known]
            bulk_create_with_history(
                new,
                SkillAlias,
                default_user=self.by,
                default_change_reason=self.reason[:REASON_KEPT],
            )

    def record(
        self, kind: TaxonomyEdit.Kind, skill: Skill, *, other: Skill | None = None
    ) -> TaxonomyEdit:
        """Keep what was done, by whom and why."""
        return TaxonomyEdit.objects.create(
            kind=kind,
            skill=skill,
            other=other,
            before=self.before,
            after=self.after,
            reason=self.reason,
            made_by=self.by,
        )

    def _signed(self, row: models.Model) -> Any:
        return signed(row, by=self.by, reason=self.reason)


def signed(row: models.Model, *, by: User | None, reason: str) -> Any:
    """Return the row with the words for its history; without `by`, of who is signed in."""
    row._change_reason = reason[:REASON_KEPT]  # type: ignore[attr-defined]
    if by:
        row._history_user = by  # type: ignore[attr-defined]
    return row


@contextmanager
def editing(*, by: User | None, reason: str) -> Iterator[Changes]:
    """Open one transaction for one editor at a time; what was read before may be outdated."""
    if not reason.strip():
        raise EditRefused("Say why; whoever finds the edit later will ask.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [EDITING])
        yield Changes(by=by, reason=reason)
