"""What replaces what, and AI shares, as readers get them: on the page and in the API alike.

The public is told people to the nearest ten, and ratios made of those: then no difference of two
figures is certain to be one to nine people.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from django.db.models import Q
from django.shortcuts import get_object_or_404

from marketplace.skills.models import Category, Skill
from trends.arithmetic.digits import rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, in_tens
from trends.counting.windows import half_years
from trends.measuring.flows.ai_share import HALF_YEAR, MONTH
from trends.models import AiShare, CategoryFlow, Replacement
from trends.published import flow_schema as schema
from trends.published.rows import Reader
from trends.published.schema import SkillName
from trends.wording import numbers


def asked_category(query: Mapping[str, str]) -> Category | None:
    """Return the top category that an address asks for; 404 where there is none such."""
    slug = query.get("category")
    return get_object_or_404(Category, parent=None, slug=slug) if slug else None


def query_of(category: Category | None) -> str:
    """Return the query that asks for a category, with its question mark; "" for all."""
    return f"?category={category.slug}" if category else ""


def replacement_rows(flows: Iterable[Replacement], reader: Reader) -> list[schema.Replacement]:
    """Return rows of `flows`, which come with skills, categories and their parents selected."""
    return [_replacement_row(flow, reader) for flow in flows]


def around(skill: Skill, reader: Reader) -> dict[str, list[schema.Replacement]]:
    """Return what people who left a skill search now, and what those who took it up had left."""
    flows = Replacement.objects.of(reader.snapshot).filter(Q(left=skill) | Q(found=skill))
    rows = replacement_rows(flows, reader)
    return {
        "left_for": [row for row in rows if row["left"]["slug"] == skill.slug],
        "come_from": [row for row in rows if row["found"]["slug"] == skill.slug],
    }


def flow_rows(flows: Iterable[CategoryFlow], reader: Reader) -> list[schema.Flow]:
    """Return rows of flows between categories with enough people; `flows` select both."""
    return [
        {"left": _category(flow.left), "found": _category(flow.found), "moved": moved}
        for flow in flows
        if (moved := _people(flow.moved, reader))
    ]


def ai_rows(stored: Iterable[AiShare], reader: Reader) -> list[schema.AiShare]:
    """Return a row for each category, the platform (None) first: half-years and four weeks.

    `stored` are in the order of category and day, with the category and its parent selected.
    """
    rows: list[schema.AiShare] = []
    for _, shares in groupby(stored, key=lambda share: share.category_id):
        of_category = list(shares)
        category = of_category[0].category
        months, halves = (
            [_share_row(share, reader) for share in of_category if share.days == length.days]
            for length in (MONTH, HALF_YEAR)
        )
        rows.append(
            {
                "category": _category(category) if category else None,
                "current": halves[-1] if halves else None,
                "previous": halves[-2] if len(halves) > 1 else None,
                "months": months,
            }
        )
    return sorted(rows, key=_most_first)


def _most_first(row: schema.AiShare) -> tuple[bool, int]:
    """Sort by the published people, the platform first: a place must not give away more."""
    of_ai = row["current"]["of_ai"] if row["current"] else None
    return row["category"] is not None, -(of_ai or 0)


def _replacement_row(flow: Replacement, reader: Reader) -> schema.Replacement:
    former, moved = _people(flow.former, reader), _people(flow.moved, reader)
    comparable = _people(flow.comparable, reader)
    assert former
    assert comparable
    assert moved, "only flows of ten people are stored"
    part = moved / former
    # An exact ratio would tell the exact counts.
    lift = flow.lift * part * flow.former / flow.moved
    back = _people(flow.back, reader)
    return {
        "left": _skill(flow.left),
        "found": _skill(flow.found),
        "former": former,
        "moved": moved,
        "back": back,
        "back_display": numbers.people(back, withheld=False),
        "comparable": comparable,
        "share": part,
        "usual_share": rounded(part / lift),
        "lift": rounded(lift),
        "lower": rounded(lift * flow.lower / flow.lift),
        "upper": rounded(lift * flow.upper / flow.lift),
        **half_years(reader.snapshot),
    }


def _share_row(share: AiShare, reader: Reader) -> schema.PeriodShare:
    searchers, of_ai = _people(share.searchers, reader), _people(share.of_ai, reader)
    return {
        "from": share.start.isoformat(),
        "to": share.last_day.isoformat(),
        "searchers": searchers,
        "of_ai": of_ai,
        "share": of_ai / searchers if searchers and of_ai is not None else None,
    }


def _people(people: int, reader: Reader) -> int | None:
    if reader.exact:
        return people
    return in_tens(people) if people >= FEWEST_PEOPLE else None


def _skill(skill: Skill) -> schema.ReplacingSkill:
    return {
        "slug": skill.slug,
        "name": skill.name,
        "category": _category(skill.category.top),
        "is_ai": skill.is_ai,
    }


def _category(category: Category) -> SkillName:
    return {"slug": category.slug, "name": category.name}
