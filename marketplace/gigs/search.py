"""Gigs for a query: those tagged with the skills it names, those with its words, those alike."""

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
    """What can be bought now, the latest first."""
    return (
        Gig.objects.filter(status=GigStatus.ACTIVE)
        .select_related("seller", "category")
        .order_by("-created_at", "pk")
    )


def find_gigs(query: str, skills: list[Skill]) -> QuerySet[Gig]:
    """Active gigs for a query that names `skills`, the best first.

    By skill, then by words, then by likeness. A skill is recognised by any of its names, so "k8s"
    finds what is tagged "kubernetes".
    """
    term = normalise(query)
    if not term:
        return active_gigs()
    words = SearchQuery(term, search_type="websearch", config="simple")
    tagged = Q(tags__overlap=[term, *names_of(skills)])
    ranked = active_gigs().annotate(
        skilled=Case(When(tagged, then=Value(1)), default=Value(0), output_field=IntegerField()),
        words=SearchRank(F("search"), words),
        alike=TrigramWordSimilarity(term, "title"),
    )
    found = tagged | Q(search=words) | Q(title__trigram_word_similar=term)
    return ranked.filter(found).order_by("-skilled", "-words", "-alike", "pk")


def named_skills(query: str) -> list[Skill]:
    """The skills a query names, by any of their names, in the order of their names."""
    tokens = normalise(query).split()
    spans = {
        " ".join(tokens[start:end])
        for start in range(len(tokens))
        for end in range(start + 1, len(tokens) + 1)
    }
    aliases = SkillAlias.objects.filter(text__in=spans).select_related("skill__merged_into")
    owners = {alias.text: alias.skill.merged_into or alias.skill for alias in aliases}
    answering = {text: one for text, one in owners.items() if one.status == SkillStatus.ACTIVE}
    found = Matcher({text: one.pk for text, one in answering.items()}).skills(" ".join(tokens))
    return sorted({one for one in answering.values() if one.pk in found}, key=str)


def names_of(skills: list[Skill]) -> list[str]:
    """Every text that names one of these skills, or one that was merged into it."""
    named = SkillAlias.objects.filter(Q(skill__in=skills) | Q(skill__merged_into__in=skills))
    return list(named.values_list("text", flat=True)) if skills else []


def words_with_gigs(query: str) -> dict[str, int]:
    """The words of a query that by themselves find gigs, with how many, in the query's order."""
    tokens = dict.fromkeys(normalise(query).split())
    words = [word for word in tokens if len(word) >= SHORTEST_WORD][:WORDS_TRIED]
    counts = {
        f"word_{place}": Count("pk", filter=Q(tags__contains=[word]) | Q(search=_plain(word)))
        for place, word in enumerate(words)
    }
    found = active_gigs().order_by().aggregate(**counts) if len(tokens) > 1 else {}
    return {word: n for word, n in zip(words, found.values(), strict=False) if n}


def gigs_offering(skills: list[Skill]) -> dict[int, int]:
    """How many active gigs are tagged with each of these skills, by its id."""
    named = SkillAlias.objects.filter(skill__in=skills).values_list("skill_id", "text")
    texts: dict[int, list[str]] = {}
    for skill, text in named if skills else ():
        texts.setdefault(skill, []).append(text)
    counts = {
        f"skill_{skill}": Count("pk", filter=Q(tags__overlap=names))
        for skill, names in texts.items()
    }
    found = active_gigs().order_by().aggregate(**counts) if counts else {}
    return {skill: found[f"skill_{skill}"] for skill in texts}


def _plain(word: str) -> SearchQuery:
    return SearchQuery(word, search_type="plain", config="simple")
