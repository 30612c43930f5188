"""Which skills a search term names: longest phrase first, over all names and aliases."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Min

from marketplace.skills.models import (
    SearchTerm,
    Skill,
    SkillAlias,
    TaxonomyVersion,
    TermCategory,
    TermSkill,
)

# Terms read in one transaction: short enough that nobody waits for it, long enough to be fast.
CHUNK = 10_000

# Words that are skills only in a skill's company: "go developer" is, "go to market" is not.
AMBIGUOUS = frozenset("abcdefghijklmnopqrstuvwxyz") | {"go", "it", "do", "no"}
COMPANY = frozenset(
    [
        "a",
        "an",
        "and",
        "api",
        "app",
        "application",
        "apps",
        "backend",
        "build",
        "code",
        "coder",
        "coding",
        "consultant",
        "course",
        "dev",
        "develop",
        "developer",
        "developers",
        "development",
        "engineer",
        "engineering",
        "expert",
        "experts",
        "fix",
        "for",
        "freelance",
        "freelancer",
        "from",
        "full",
        "hire",
        "help",
        "i",
        "in",
        "lang",
        "language",
        "me",
        "my",
        "need",
        "of",
        "or",
        "please",
        "program",
        "programmer",
        "programmers",
        "programming",
        "project",
        "projects",
        "script",
        "scripts",
        "senior",
        "service",
        "services",
        "software",
        "specialist",
        "stack",
        "the",
        "to",
        "tutor",
        "tutoring",
        "tutorial",
        "with",
    ]
)


class Matcher:
    """Finds the skills a normalised term names; phrases map normalised texts to skill ids."""

    def __init__(self, phrases: Mapping[str, int]) -> None:
        self.phrases = phrases
        self.longest = max((len(phrase.split()) for phrase in phrases), default=0)

    def skills(self, term: str) -> frozenset[int]:
        """Return skill ids in `term`."""
        return frozenset(skill for _, skill in self.read(term) if skill is not None)

    def read(self, term: str) -> list[tuple[str, int | None]]:
        """Split the term into phrases with the skill each names, and words that name none.

        A token belongs to one phrase, the longest, then the first.
        """
        tokens: list[str | None] = list(term.split())
        owners: dict[int, tuple[str, int | None]] = {}
        for length in range(min(self.longest, len(tokens)), 0, -1):
            for start in range(len(tokens) - length + 1):
                span = tokens[start : start + length]
                if None not in span and (phrase := " ".join(map(str, span))) in self.phrases:
                    owners[start] = (phrase, self.phrases[phrase])
                    tokens[start : start + length] = [None] * length
        left = {place: token for place, token in enumerate(tokens) if token is not None}
        if not COMPANY.issuperset(left.values()):
            owners = {
                place: (phrase, None if phrase in AMBIGUOUS else skill)
                for place, (phrase, skill) in owners.items()
            }
        words = owners | {place: (token, None) for place, token in left.items()}
        return [words[place] for place in sorted(words)]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What texts name now: `phrases` to the skill that answers, skills to their categories."""

    phrases: Mapping[str, int]
    categories: Mapping[int, tuple[int, ...]]

    def digest(self) -> str:
        """Return SHA-256 over everything that decides what a term names."""
        lines = [
            f"{text}\t{skill}\t{self.categories[skill]}"
            for text, skill in sorted(self.phrases.items())
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def current_taxonomy() -> Taxonomy:
    """Read the taxonomy as it is edited now, without retired skills; merged ones lead on.

    What was merged into a skill that is retired names nothing, either.
    """
    answering = Skill.objects.active().values_list("pk", "category_id", "category__parent_id")
    categories = {
        pk: (category, parent) if parent else (category,) for pk, category, parent in answering
    }
    named = SkillAlias.objects.values_list("text", "skill_id", "skill__merged_into_id")
    owners = {text: merged_into or skill for text, skill, merged_into in named}
    return Taxonomy(
        phrases={text: skill for text, skill in owners.items() if skill in categories},
        categories=categories,
    )


def current_version(taxonomy: Taxonomy) -> TaxonomyVersion:
    """Return the version of this taxonomy; a new one where it differs from the latest.

    Comparing the taxonomy itself, rather than watching for edits, misses none: not one made in
    bulk, in SQL or by a merge.
    """
    latest = TaxonomyVersion.objects.order_by("pk").last()
    if latest and latest.digest == taxonomy.digest():
        return latest
    return TaxonomyVersion.objects.create(digest=taxonomy.digest())


def version_read() -> TaxonomyVersion:
    """Return the version all terms have been read with; the oldest while some still wait."""
    oldest = SearchTerm.objects.aggregate(oldest=Min("matched"))["oldest"]
    if oldest is None:
        return current_version(current_taxonomy())
    return TaxonomyVersion.objects.get(pk=oldest)


@transaction.atomic
def match_chunk(
    matcher: Matcher, taxonomy: Taxonomy, version: TaxonomyVersion
) -> tuple[int, list[int]]:
    """Match up to CHUNK terms not yet read with `version`.

    Returns how many were read, and the ids of those whose skills or categories changed. Call
    until none is left.
    """
    unread = SearchTerm.objects.exclude(matched=version).order_by("pk")
    terms = dict(unread.values_list("pk", "text")[:CHUNK])
    skills = {(pk, skill) for pk, text in terms.items() for skill in matcher.skills(text)}
    categories = {(pk, category) for pk, skill in skills for category in taxonomy.categories[skill]}
    changed = _swap(TermSkill, "skill_id", terms, skills)
    changed |= _swap(TermCategory, "category_id", terms, categories)
    SearchTerm.objects.filter(pk__in=terms).update(matched=version)
    return len(terms), sorted(changed)


def _swap(
    model: type[models.Model],
    named: str,
    terms: Iterable[int],
    wanted: set[tuple[int, int]],
) -> set[int]:
    """Make `wanted` (term, named) pairs all that is stored for `terms`; the terms that changed."""
    rows = {
        (term, target): pk
        for pk, term, target in model._default_manager.filter(term__in=terms).values_list(
            "pk", "term_id", named
        )
    }
    gone = [pk for pair, pk in rows.items() if pair not in wanted]
    model._default_manager.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(
        [model(**{"term_id": term, named: target}) for term, target in sorted(wanted - rows.keys())]
    )
    return {term for term, _ in wanted ^ rows.keys()}
