"""Gigs for a query: those tagged with the skills it names, those with its words, those alike."""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from marketplace.gigs.models import Gig, GigStatus
from marketplace.skills.matching import Matcher
from marketplace.skills.models import Skill, SkillAlias, SkillStatus
from marketplace.skills.normalise import normalise

# A longer query is a sentence: its first words say what is wanted.
WORDS_TRIED = 6
# "ai" and "3d" are searched for by themselves, one letter is not.
SHORTEST_WORD = 2


def active_gigs() -> QuerySet[Gig]:
    """Return what can be bought now, the latest first."""
    return (
        Gig.objects.filter(status=GigStatus.ACTIVE)
        .select_related("seller", "category")
        .order_by("-created_at", "pk")
    )


def find_gigs(query: str, skills: list[Skill]) -> QuerySet[Gig]:
    """Return active gigs for a query that names `skills`, the best first.

    By skill, then by words, then by likeness. A skill is recognised by any of its names, so "k8s"
    finds what is tagged "kubernetes".
    """
    term = normalise(query)
    if not term:
        return active_gigs()
    words = SearchQuery(term, search_type="websearch", config="simple")
    tagged = Q(tags__contains=[term]) | named_by(skills)
    ranked = active_gigs().annotate(
        skilled=Case(When(tagged, then=Value(1)), default=Value(0), output_field=IntegerField()),
        words=SearchRank(F("search"), words),
        alike=TrigramWordSimilarity(term, "title"),
    )
    matching = tagged | Q(search=words) | Q(title__trigram_word_similar=term)
    return ranked.filter(matching).order_by("-skilled", "-words", "-alike", "pk")


def named_skills(query: str) -> list[Skill]:
    """Return the skills a query names, by any of their names, in the order of their names."""
    tokens = normalise(query).split()
    spans = {
        " ".join(tokens[start:end])
        for start in range(len(tokens))
        for end in range(start + 1, len(tokens) + 1)
    }
    aliases = SkillAlias.objects.filter(text__in=spans).select_related("skill__merged_into")
    owners = {alias.text: alias.skill.merged_into or alias.skill for alias in aliases}
    answering = {
        text: skill for text, skill in owners.items() if skill.status == SkillStatus.ACTIVE
    }
    skills = Matcher({text: skill.pk for text, skill in answering.items()}).skills(" ".join(tokens))
    return sorted({skill for skill in answering.values() if skill.pk in skills}, key=str)


def named_by(skills: Iterable[Skill]) -> Q:
    """Match gigs with a tag that names one of these skills, or one merged into it."""
    known = [skill.pk for skill in skills]
    named = SkillAlias.objects.filter(Q(skill__in=known) | Q(skill__merged_into__in=known))
    return Q(tags__overlap=named.values("text")) if known else Q(pk__in=[])


def gigs_with(query: str, skills: Sequence[Skill]) -> tuple[dict[str, int], list[int]]:
    """Count the gigs of each word of a query alone, and the sellers of each of these skills.

    The words come with how many they find, in the query's order.
    """
    tokens = list(dict.fromkeys(normalise(query).split()))
    # One word has been searched for already.
    tried = tokens if len(tokens) > 1 else []
    words = [word for word in tried if len(word) >= SHORTEST_WORD][:WORDS_TRIED]
    asked = [*map(_says, words), *(named_by([skill]) for skill in skills)]
    counts = {f"n{place}": Count("pk", filter=gigs) for place, gigs in enumerate(asked)}
    counted = list(active_gigs().order_by().aggregate(**counts).values()) if asked else []
    said = zip(words, counted, strict=False)
    return {word: gigs for word, gigs in said if gigs}, counted[len(words) :]


def _says(word: str) -> Q:
    """Return gigs with this word as a tag, or in their title."""
    return Q(tags__contains=[word]) | Q(
        search=SearchQuery(word, search_type="plain", config="simple")
    )
