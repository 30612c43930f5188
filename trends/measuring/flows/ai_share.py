"""How many of those who search in a category look for its skills that work with AI, over time."""

from datetime import date

from marketplace.skills.models import Skill
from trends.counting.sql import read_integers
from trends.counting.window_counts import CATEGORIES, PLATFORM, SKILLS, Counts
from trends.counting.windows import WEEK, WEEKS, WEEKS_READ
from trends.models import AiShare, TrendSnapshot, Window

# Four weeks show a turn, and have people enough; half-years are what all other figures are of.
MONTH, HALF_YEAR = 4 * WEEK, WEEKS[Window.HALF_YEAR] * WEEK

# Each person once a period, and whether any of their searches in it named an AI skill. Subject 0
# is the platform; `half` is null in the rows of months, and the other way round.
_SHARES = f"""
WITH ai AS (
    SELECT s.id AS skill, unnest(ARRAY[0, c.id, c.parent_id]) AS subject
    FROM skills_skill s JOIN skills_category c ON c.id = s.category_id WHERE s.is_ai
), searches AS (
    SELECT subject, day, searcher, false AS of_ai FROM {CATEGORIES}
    WHERE counted AND subject = ANY(%(categories)s)
    UNION ALL SELECT subject, day, searcher, false FROM {PLATFORM} WHERE counted
    UNION ALL SELECT ai.subject, day, searcher, true FROM {SKILLS} AS named
    JOIN ai ON ai.skill = named.subject
    WHERE counted AND (ai.subject = 0 OR ai.subject = ANY(%(categories)s))
)
SELECT subject, (month IS NULL)::int, coalesce(month, half), count(*), count(*) FILTER (WHERE of_ai)
FROM (
    SELECT subject, (%(as_of)s - 1 - day) / %(month)s AS month,
        (%(as_of)s - 1 - day) / %(half_year)s AS half, searcher, bool_or(of_ai) AS of_ai
    FROM searches WHERE day >= %(first)s AND day < %(as_of)s
    GROUP BY GROUPING SETS ((subject, month, searcher), (subject, half, searcher))
) AS people GROUP BY subject, month, half
"""


def store_ai_shares(snapshot: TrendSnapshot, first_day: date) -> None:
    """Store the AI share of every category with AI skills among others, and of the platform.

    Of every whole period since `first_day`, two years back at most. Within a transaction. Source:
    the method page, What is replacing what.
    """
    if not Skill.objects.active().filter(is_ai=True).exists():
        return
    first = max(first_day, snapshot.as_of - WEEKS_READ * WEEK)
    shares = (_share(snapshot, *row) for row in count_shares(snapshot.as_of, first).tolist())
    AiShare.objects.bulk_create(share for share in shares if share.start >= first)


def count_shares(as_of: date, first: date) -> Counts:
    """Count (category or 0, whether of a half-year, periods back, searchers, of AI skills)."""
    known = {
        "categories": _divided(),
        "as_of": as_of,
        "month": MONTH.days,
        "half_year": HALF_YEAR.days,
        "first": first,
    }
    return read_integers(_SHARES, known)


def _share(
    snapshot: TrendSnapshot, subject: int, is_half: int, back: int, searchers: int, of_ai: int
) -> AiShare:
    length = HALF_YEAR if is_half else MONTH
    return AiShare(
        snapshot=snapshot,
        category_id=subject or None,
        start=snapshot.as_of - (back + 1) * length,
        days=length.days,
        searchers=searchers,
        of_ai=of_ai,
    )


def _divided() -> list[int]:
    """Return the categories, of both levels, with some AI skills, but not mostly those.

    A field that is about AI itself has no share to gain.
    """
    kinds: dict[int, list[bool]] = {}
    skills = Skill.objects.active().values_list("category_id", "category__parent_id", "is_ai")
    for own, parent, is_ai in skills.order_by("pk"):
        for category in filter(None, (own, parent)):
            kinds.setdefault(category, []).append(is_ai)
    return sorted(top for top, of_ai in kinds.items() if 0 < sum(of_ai) <= len(of_ai) / 2)
