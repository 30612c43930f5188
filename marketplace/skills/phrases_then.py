"""What texts named at an earlier moment: the taxonomy of today, less the edits made since."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from marketplace.skills.models import Skill, SkillAlias, SkillStatus, TaxonomyEdit


def phrases_at(moment: datetime) -> dict[str, int]:
    """Return every text with the skill that answered to it then, as far as edits are known."""
    owners: dict[str, int | None] = dict(SkillAlias.objects.values_list("text", "skill_id"))
    skills: dict[int, dict[str, Any]] = {
        pk: {"status": status, "merged_into_id": merged_into}
        for pk, status, merged_into in Skill.objects.values_list("pk", "status", "merged_into_id")
    }
    for rows in _changes_back_to(moment):
        owners |= rows["aliases"]
        for pk, fields in rows["skills"].items():
            skills[int(pk)] |= fields
    answered: dict[str, int] = {}
    for text, owner in owners.items():
        survivor = skills[owner]["merged_into_id"] or owner if owner else None
        if survivor and skills[survivor]["status"] == SkillStatus.ACTIVE:
            answered[text] = survivor
    return answered


def _changes_back_to(moment: datetime) -> list[dict[str, Any]]:
    """Return the rows that edits and their undoing changed since, as they were, last first."""
    since = Q(made_at__gte=moment) | Q(undone_at__gte=moment)
    changes = []
    for edit in TaxonomyEdit.objects.filter(since):
        if edit.made_at >= moment:
            changes.append((edit.made_at, edit.before))
        if edit.undone_at and edit.undone_at >= moment:
            changes.append((edit.undone_at, edit.after))
    return [rows for _, rows in sorted(changes, key=lambda change: change[0], reverse=True)]
