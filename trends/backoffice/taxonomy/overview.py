"""What a skill answers to: each of its texts, and the phrases it is searched by, with people."""

from collections import defaultdict

from django.db.models import Sum

from marketplace.skills.matching import Matcher, current_taxonomy
from marketplace.skills.models import SearchTerm, Skill
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.backoffice.taxonomy.hypothetical import count_as_if, people
from trends.counting.windows import periods
from trends.models import DailyTermDemand, TrendSnapshot, Window

# More phrases than a person looks through when choosing what to split off.
MOST_PHRASES = 40


def people_by_text(skill: Skill, snapshot: TrendSnapshot) -> dict[str, int]:
    """Return how many people each text of a skill brought in the last half-year."""
    matcher = Matcher(current_taxonomy().phrases)
    terms: dict[str, set[int]] = defaultdict(set)
    for pk, term in SearchTerm.objects.filter(skills__skill=skill).values_list("pk", "text"):
        for text, named in matcher.read(term):
            if named == skill.pk:
                terms[text].add(pk)
    texts = list(terms)
    of_texts = {place: terms[text] for place, text in enumerate(texts)}
    counts = count_as_if(of_texts, offered=[skill.pk], as_of=snapshot.as_of)
    return {text: people(counts, place, "c") for place, text in enumerate(texts)}


def common_phrases(skill: Skill, snapshot: TrendSnapshot) -> list[tuple[str, int]]:
    """Return the phrases that ten people or more name a skill by, the most common first."""
    span = periods(Window.HALF_YEAR, snapshot.as_of)["c"]
    searched = DailyTermDemand.objects.filter(
        term__skills__skill=skill, day__gte=span.start, day__lt=span.end
    )
    summed = searched.values("term_id", "term__text").annotate(days=Sum("searchers"))
    most = summed.filter(days__gte=FEWEST_PEOPLE).order_by("-days", "term__text")[:MOST_PHRASES]
    names = {row["term_id"]: row["term__text"] for row in most}
    counts = count_as_if({term: [term] for term in names}, offered=[skill.pk], as_of=snapshot.as_of)
    phrases = [(text, people(counts, term, "c")) for term, text in names.items()]
    return [(text, number) for text, number in phrases if number >= FEWEST_PEOPLE]
