"""The taxonomy from a file: skills, their categories and what else they are called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from marketplace.imports import values
from marketplace.imports.rows import DUPLICATE, OK, Invalid, Row, Verdict
from marketplace.skills import edits
from marketplace.skills.changes import signed
from marketplace.skills.edits import LONGEST_ALIAS, LONGEST_NAME, EditRefused
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias, SkillStatus
from marketplace.skills.normalise import normalise

COLUMNS = ("name", "category", "aliases")
# What the column `ai` may say. Where it is empty or missing a skill stays as it is.
AI = {"yes": True, "no": False, "": None}


@dataclass(slots=True)
class Difference:
    """What one row of a file changed, or would: nothing where the taxonomy said so already."""

    number: int
    name: str = ""
    category: str = ""
    is_new: bool = False
    aliases: list[str] = field(default_factory=list)
    moved_from: str = ""
    ai: str = ""
    problem: Invalid | None = None

    def __bool__(self) -> bool:
        return bool(self.problem or self.is_new or self.aliases or self.moved_from or self.ai)

    def verdict(self) -> Verdict:
        if self.problem:
            return Verdict.refuse(self.problem)
        return OK if self else DUPLICATE

    def lines(self) -> Iterator[str]:
        """Yield the changes in words, a line each."""
        if self.problem:
            yield f"! line {self.number}: {self.problem}"
            return
        if self.is_new:
            yield f"+ {self.name} ({self.category})"
        yield from (f"+ {alias} → {self.name}" for alias in self.aliases)
        if self.moved_from:
            yield f"~ {self.name}: {self.moved_from} → {self.category}"
        if self.ai:
            yield f"~ {self.name}: works with AI: {self.ai}"


def import_skills(rows: Sequence[Row], *, reason: str = "Imported") -> list[Verdict]:
    """Bring the taxonomy up to these rows; a row that adds nothing is known."""
    return [difference.verdict() for difference in differences(rows, by=None, reason=reason)]


def differences(rows: Sequence[Row], *, by: User | None, reason: str) -> list[Difference]:
    """Add skills and aliases, move skills between categories; what each row changed.

    Nothing is taken away: an alias the file no longer lists stays, and a skill that was retired
    stays retired. A row with a text that already names another skill is refused with that skill's
    name, whole. A skill that was merged answers by the one it became.
    """
    return [_import(row, by=by, reason=reason) for row in rows]


def _import(row: Row, *, by: User | None, reason: str) -> Difference:
    difference = Difference(row.number)
    try:
        with transaction.atomic():
            _apply(row.checked(), difference, by=by, reason=reason)
    except Invalid as problem:
        return Difference(row.number, name=difference.name, problem=problem)
    return difference


def _apply(
    fields: Mapping[str, str], difference: Difference, *, by: User | None, reason: str
) -> None:
    """Bring the taxonomy up to this row, and note what was new."""
    difference.name = name = values.words(fields, "name", longest=LONGEST_NAME)
    if not normalise(name):
        raise Invalid("name", "has no letter or digit; expected words")
    category = Category.objects.at_path(values.words(fields, "category", longest=120))
    difference.category = str(category)
    aliases = [part for part in (fields.get("aliases") or "").split("|") if part.strip()]
    for alias in aliases:
        values.words({"aliases": alias}, "aliases", longest=LONGEST_ALIAS)
    is_ai = _is_ai(fields)
    try:
        skill = _known(name)
        difference.aliases = _unknown(aliases, name, skill)
        if skill is None:
            difference.is_new = True
            new = edits.add_skill(name, category, aliases=difference.aliases, by=by, reason=reason)
            skill = new.skill
        else:
            if skill.status == SkillStatus.ACTIVE and skill.category_id != category.pk:
                difference.moved_from = str(skill.category)
                edits.move(skill, category, by=by, reason=reason)
            if difference.aliases:
                survivor = skill.merged_into or skill
                edits.add_aliases(survivor, difference.aliases, by=by, reason=reason)
    except AliasTaken as problem:
        named = "name" if problem.alias == normalise(name) else "aliases"
        raise Invalid(named, str(problem)) from None
    except EditRefused as problem:
        raise Invalid("", str(problem)) from None
    if is_ai is not None and skill.is_ai != is_ai:
        skill.is_ai = is_ai
        signed(skill, by=by, reason=reason).save(update_fields=["is_ai"])
        difference.ai = "yes" if is_ai else "no"


def _known(name: str) -> Skill | None:
    """Return the skill of this name; AliasTaken where it is an alias of another."""
    skill = Skill.objects.named(name)
    if skill and normalise(skill.name) != normalise(name):
        raise AliasTaken(alias=normalise(name), owner=skill)
    return skill


def _unknown(aliases: Sequence[str], name: str, skill: Skill | None) -> list[str]:
    """Return the texts that name neither the skill nor what it became, or raise AliasTaken."""
    texts = dict.fromkeys(text for alias in aliases if (text := normalise(alias)))
    owners = SkillAlias.objects.select_related("skill").filter(text__in=texts)
    answering = skill and (skill.merged_into_id or skill.pk)
    for alias in owners:
        if (alias.skill.merged_into_id or alias.skill_id) != answering:
            raise AliasTaken(alias=alias.text, owner=alias.skill)
    known = {normalise(name), *(alias.text for alias in owners)}
    return [text for text in texts if text not in known]


def _is_ai(fields: Mapping[str, str]) -> bool | None:
    """Return whether the row marks the skill as AI; None where its field is empty."""
    said = (fields.get("ai") or "").strip().lower()
    if said not in AI:
        raise Invalid("ai", f'is "{said[:20]}"; expected yes or no')
    return AI[said]
