"""The taxonomy from a file: skills, their categories and what else they are called."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from marketplace.imports import values
from marketplace.imports.rows import DUPLICATE, OK, Invalid, Row, Verdict
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias
from marketplace.skills.normalise import normalise

COLUMNS = ("name", "category", "aliases")


def import_skills(rows: Sequence[Row]) -> list[Verdict]:
    """Add skills and aliases, move skills between categories; a row that adds nothing is known.

    Nothing is taken away: an alias the file no longer lists stays. A row with a text that already
    names another skill is refused with that skill's name.
    """
    return [_import(row) for row in rows]


def _import(row: Row) -> Verdict:
    try:
        with transaction.atomic():
            return OK if _apply(row.checked()) else DUPLICATE
    except Invalid as problem:
        return Verdict.refuse(problem)


def _apply(fields: Mapping[str, str]) -> bool:
    """Bring the taxonomy up to this row; whether anything was new."""
    name = values.words(fields, "name", longest=120)
    if not normalise(name):
        raise Invalid("name", "has no letter or digit; expected words")
    category = Category.objects.at_path(values.words(fields, "category", longest=120))
    aliases = [part for part in (fields.get("aliases") or "").split("|") if part.strip()]
    for alias in aliases:
        values.words({"aliases": alias}, "aliases", longest=200)
    skill = Skill.objects.named(name)
    try:
        if skill and normalise(skill.name) != normalise(name):
            raise AliasTaken(alias=normalise(name), owner=skill)
        SkillAlias.objects.ensure_free(*aliases, owner=skill)
        new = skill is None
        skill = skill or Skill.objects.add(name=name, category=category)
        new |= sum(skill.claim(alias) for alias in aliases) > 0
    except AliasTaken as problem:
        field = "name" if problem.alias == normalise(name) else "aliases"
        raise Invalid(field, str(problem)) from None
    if skill.category_id != category.pk:
        skill.category = category
        skill.save(update_fields=["category"])
        new = True
    return new
