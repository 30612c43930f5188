"""Gigs for a query: those tagged with the skills it names, those with its words, those alike."""

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from marketplace.gigs.models import Gig, GigStatus
from marketplace.skills.matching import Matcher, current_taxonomy
from marketplace.skills.models import SkillAlias
from marketplace.skills.normalise import normalise


def active_gigs() -> QuerySet[Gig]:
    """What can be bought now, the latest first."""
    return (
        Gig.objects.filter(status=GigStatus.ACTIVE)
        .select_related("seller", "category")
        .order_by("-created_at", "pk")
    )


def find_gigs(query: str) -> QuerySet[Gig]:
    """Active gigs for a query, the best first: by skill, then by words, then by likeness.

    A skill is recognised by any of its names, so "k8s" finds what is tagged "kubernetes".
    """
    term = normalise(query)
    if not term:
        return active_gigs()
    words = SearchQuery(term, search_type="websearch", config="simple")
    tagged = Q(tags__overlap=tags_for(term))
    ranked = active_gigs().annotate(
        skilled=Case(When(tagged, then=Value(1)), default=Value(0), output_field=IntegerField()),
        words=SearchRank(F("search"), words),
        alike=TrigramWordSimilarity(term, "title"),
    )
    found = tagged | Q(search=words) | Q(title__trigram_word_similar=term)
    return ranked.filter(found).order_by("-skilled", "-words", "-alike", "pk")


def tags_for(term: str) -> list[str]:
    """Every text that names a skill the term names, and the term itself."""
    skills = Matcher(current_taxonomy().phrases).skills(term)
    named = SkillAlias.objects.filter(Q(skill__in=skills) | Q(skill__merged_into__in=skills))
    return [term, *named.values_list("text", flat=True)]
