"""The taxonomy as a file that import_skills reads: importing it changes nothing."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from marketplace.skills.models import Skill, SkillAlias
from marketplace.skills.normalise import normalise

COLUMNS = ("name", "category", "aliases", "ai")


def exported_skills() -> Iterator[dict[str, Any]]:
    """Yield every active skill by name, with all texts it answers to but its own name.

    What was merged into a skill stands among its aliases; what is retired names nothing.
    """
    aliases = Prefetch("aliases", SkillAlias.objects.order_by("text"))
    merged = Prefetch("merged", Skill.objects.prefetch_related(aliases))
    skills = Skill.objects.active().select_related("category__parent").order_by("name")
    for skill in skills.prefetch_related(aliases, merged):
        texts = {
            alias.text for owner in (skill, *skill.merged.all()) for alias in owner.aliases.all()
        }
        yield {
            "name": skill.name,
            "category": str(skill.category),
            "aliases": "|".join(sorted(texts - {normalise(skill.name)})),
            "ai": "yes" if skill.is_ai else "no",
        }
