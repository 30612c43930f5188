"""The tables of the taxonomy: categories, skills, aliases, edits, and the terms that name them."""

from marketplace.skills.models.edits import TaxonomyEdit
from marketplace.skills.models.taxonomy import (
    AliasTaken,
    Category,
    Skill,
    SkillAlias,
    SkillStatus,
)
from marketplace.skills.models.terms import (
    SearchTerm,
    TaxonomyVersion,
    TermCategory,
    TermSkill,
)

__all__ = [
    "AliasTaken",
    "Category",
    "SearchTerm",
    "Skill",
    "SkillAlias",
    "SkillStatus",
    "TaxonomyEdit",
    "TaxonomyVersion",
    "TermCategory",
    "TermSkill",
]
