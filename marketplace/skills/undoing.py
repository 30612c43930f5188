"""Undoing an edit of the taxonomy: every row it touched goes back, unless a later edit needs it."""

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from marketplace.skills.changes import Changes, EditRefused, editing
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias, TaxonomyEdit


def undo(edit: TaxonomyEdit, *, by: User | None) -> TaxonomyEdit:
    """Put back every row an edit touched; EditRefused names what stands in the way."""
    with editing(by=by, reason=f"Undone: {edit.in_words()}") as changes:
        edit.refresh_from_db()
        if edit.undone_at:
            raise EditRefused(f"It was undone already, on {edit.undone_at:%Y-%m-%d}.")
        if later := edit.standing_on_it():
            raise EditRefused(
                f"A later edit stands on it: {later.in_words()}"
                f" ({later.made_at:%Y-%m-%d}). Undo that first."
            )
        _put_back(changes, edit)
        _ensure_no_chain()
        edit.undone_at, edit.undone_by = timezone.now(), by
        edit.save(update_fields=["undone_at", "undone_by"])
    return edit


def _put_back(changes: Changes, edit: TaxonomyEdit) -> None:
    skills = Skill.objects.in_bulk(map(int, edit.after["skills"]))
    for pk, fields in edit.before["skills"].items():
        skill = skills[int(pk)]
        _ensure_as_left(skill, edit.after["skills"][pk], fields)
        changes.set(skill, **fields)
    for text, owner in edit.before["aliases"].items():
        _ensure_names(text, edit.after["aliases"][text])
        changes.name([text], Skill.objects.get(pk=owner) if owner else None)


def _ensure_as_left(skill: Skill, left: dict[str, Any], before: dict[str, Any]) -> None:
    """Refuse where these fields changed since, in a way that records no edit."""
    if any(getattr(skill, column) != value for column, value in left.items()):
        raise EditRefused(f'"{skill.name}" is no longer as this edit left it.')
    if "category_id" in before and not Category.objects.filter(pk=before["category_id"]).exists():
        raise EditRefused("The category it was in is gone.")


def _ensure_no_chain() -> None:
    """Refuse a chain: what is merged into a merged skill would name nothing."""
    chained = Skill.objects.filter(merged_into__merged_into__isnull=False)
    if skill := chained.select_related("merged_into__merged_into").first():
        between = skill.merged_into
        assert between
        raise EditRefused(
            f'"{skill.name}" is merged into "{between.name}", which would be merged into'
            f' "{between.merged_into}". Restore one of them first.'
        )


def _ensure_names(text: str, owner: int | None) -> None:
    alias = SkillAlias.objects.select_related("skill").filter(text=text).first()
    if alias and alias.skill_id != owner:
        raise AliasTaken(alias=text, owner=alias.skill)
    if owner and not alias:
        raise EditRefused(f'"{text}" is no alias any more.')
