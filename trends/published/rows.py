"""A trend as readers get it: the same row on the page, in the API, in a file.

`exact` is for the marketplace's own people and keys; everybody else gets no figure about fewer
than ten people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from marketplace.skills.models import Skill
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.counting.windows import Period, periods
from trends.models import (
    CategoryTrend,
    EarningsTotal,
    EarningsTrend,
    Edition,
    Outlook,
    SkillTrend,
    Trend,
    TrendSnapshot,
    Window,
)
from trends.published import schema
from trends.published.competition import here
from trends.published.pay_rows import earnings_row, total_row
from trends.wording import numbers
from trends.wording.kinds import Kind

PERIODS = {"c": "current", "b": "previous", "y": "season"}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom rows are made, and from which snapshot; an edition's names are those of its day."""

    snapshot: TrendSnapshot
    exact: bool = False
    edition: Edition | None = None

    def named(self, trends: Iterable[Any]) -> list[Any]:
        """Return trends or earnings with the skill or category as this reader is to see it."""
        rows = list(trends)
        if self.edition is None:
            return rows
        for row in rows:
            if hasattr(row, "category_id"):
                row.category = self.edition.categories[row.category_id]
            else:
                row.skill = self.edition.skills[row.skill_id]
        return rows

    def skills_in(self, category: str) -> Q:
        """Return what is of skills in a category or one of its children."""
        if self.edition:
            return Q(skill__in=self.edition.skills_in(category))
        return Q(skill__category__slug=category) | Q(skill__category__parent__slug=category)

    def categories_in(self, category: str) -> Q:
        """Return what is of a category or one of its children."""
        if self.edition:
            return Q(category__in=self.edition.categories_in(category))
        return Q(category__slug=category) | Q(category__parent__slug=category)


# An exact count that may be of a few people.
UNPUBLISHED_INPUTS = {"orders_without_rate"}


def snapshot_row(reader: Reader) -> schema.Snapshot:
    """Return what a reader needs to know of the snapshot all rows are from."""
    snapshot, edition = reader.snapshot, reader.edition
    published_at = edition.published_at if edition else snapshot.published_at
    assert published_at, "readers get what is published"
    withheld = set() if reader.exact else UNPUBLISHED_INPUTS
    return {
        "as_of": snapshot.as_of.isoformat(),
        "edition": edition.slug if edition else None,
        "published_at": published_at.isoformat(timespec="seconds"),
        "taxonomy_version": snapshot.taxonomy_id,
        "parameters": snapshot.parameters,
        "inputs": {name: value for name, value in snapshot.inputs.items() if name not in withheld},
    }


def skill_rows(trends: Iterable[SkillTrend], reader: Reader) -> list[schema.SkillTrend]:
    """Return rows of skill trends; `trends` come with skill and category selected."""
    named = reader.named(trends)
    skills = [trend.skill_id for trend in named]
    earned = {
        earnings.skill_id: earnings
        for earnings in EarningsTrend.objects.filter(snapshot=reader.snapshot, skill__in=skills)
    }
    weekly = _weekly(SkillTrend, "skill_id", named, reader)
    return [
        {
            "skill": {"slug": trend.skill.slug, "name": trend.skill.name},
            "category": trend.skill.category.slug,
            "category_name": trend.skill.category.name,
            **_trend_row(trend, reader, weekly.get((trend.skill_id, trend.country))),
            **earnings_row(earned.get(trend.skill_id), **_for(reader)),
            "here": here(trend),
            "flags": trend.flags if reader.exact else ["under review"] if trend.flags else [],
        }
        for trend in named
    ]


def category_rows(trends: Iterable[CategoryTrend], reader: Reader) -> list[schema.CategoryTrend]:
    """Return rows of category trends; `trends` come with category and parent selected."""
    named = reader.named(trends)
    weekly = _weekly(CategoryTrend, "category_id", named, reader)
    totals = {
        total.category_id: total for total in EarningsTotal.objects.filter(snapshot=reader.snapshot)
    }
    return [
        {
            "category": {
                "slug": trend.category.slug,
                "name": trend.category.name,
                "parent": trend.category.parent and trend.category.parent.slug,
            },
            **_trend_row(trend, reader, weekly.get((trend.category_id, trend.country))),
            "earnings": total_row(totals.get(trend.category_id), **_for(reader)),
        }
        for trend in named
    ]


def _weekly(
    model: type[Trend], subject: str, trends: list[Any], reader: Reader
) -> dict[tuple[int, str], list[int | None]]:
    """Return the weekly series of each (subject, country); only rows of six months have one."""
    holders: Iterable[Any] = trends
    if any(trend.window != Window.HALF_YEAR for trend in trends):
        holders = model._default_manager.filter(
            snapshot=reader.snapshot,
            window=Window.HALF_YEAR,
            country__in={trend.country for trend in trends},
            **{f"{subject}__in": [getattr(trend, subject) for trend in trends]},
        )
    return {
        (getattr(trend, subject), trend.country): (
            trend.weekly if reader.exact else trend.public_weekly
        )
        for trend in holders
    }


def _trend_row(trend: Trend, reader: Reader, weekly: list[int | None] | None) -> schema.Trend:
    hidden = set() if reader.exact else set(trend.hidden)
    spans = periods(Window(trend.window), reader.snapshot.as_of)
    current, previous, season = (
        _period(trend, letter, hidden, spans.get(letter)) for letter in PERIODS
    )
    assert current, "the current window is always counted"
    return {
        "window": trend.window,
        "country": trend.country,
        "label": trend.label,
        "rank": trend.rank,
        "growth": _growth(trend, hidden, exact=reader.exact),
        "current": current,
        "previous": previous,
        "season": season,
        "weekly": weekly or [],
    }


def _period(
    trend: Trend, letter: str, hidden: set[str], span: Period | None
) -> schema.Period | None:
    """Return the searchers of window c, b or y; None where history does not cover it."""
    name = PERIODS[letter]
    searchers, platform = getattr(trend, name), getattr(trend, f"platform_{name}")
    if searchers is None or span is None:
        return None
    shown = None if letter in hidden else searchers
    platform = None if letter.upper() in hidden else platform
    withheld = searchers >= FEWEST_PEOPLE
    return {
        "searchers": shown,
        "searchers_kind": _kind_of_count(shown, withheld=withheld),
        "searchers_display": numbers.people(shown, withheld=withheld),
        "platform_searchers": platform,
        "reach": shown / platform if shown is not None and platform else None,
        **span.days,
    }


def _growth(trend: Trend, hidden: set[str], *, exact: bool) -> schema.Growth:
    """Return growth against the window before, for the public as far as published counts tell."""
    prefix = "" if exact else "public_"
    ratio, season_ratio, lower, upper, bound = (
        getattr(trend, prefix + name)
        for name in ("ratio", "season_ratio", "lower", "upper", "bound")
    )
    counts_shown = not hidden & {"c", "b"}
    kind = _kind_of_growth(trend, ratio)
    return {
        "ratio": ratio,
        "raw_ratio": trend.current / trend.previous if counts_shown and trend.previous else None,
        "season_ratio": season_ratio,
        "lower": lower,
        "upper": upper,
        "bound": bound,
        "kind": kind,
        "display": _growth_display(kind, ratio, bound),
    }


def _kind_of_count(shown: int | None, *, withheld: bool) -> Kind:
    if shown is not None:
        return Kind.KNOWN
    return Kind.WITHHELD if withheld else Kind.TOO_FEW


def _kind_of_growth(trend: Trend, ratio: float | None) -> Kind:
    if trend.previous is None or trend.ratio is None:
        return Kind.UNKNOWN
    if max(trend.current, trend.previous) < numbers.SMALLEST_BASE:
        return Kind.TOO_FEW
    if trend.previous < numbers.SMALLEST_BASE:
        return Kind.NEW
    return Kind.WITHHELD if ratio is None else Kind.KNOWN


def _growth_display(kind: Kind, ratio: float | None, bound: float | None) -> str:
    if kind == Kind.NEW:
        return numbers.at_least(bound)
    if kind == Kind.KNOWN and ratio is not None:
        return numbers.growth(ratio)
    return str(numbers.UNSAID[kind])


def skill_summary(skill: Skill) -> schema.SkillSummary:
    """Return a skill by its names."""
    return {
        "slug": skill.slug,
        "name": skill.name,
        "category": skill.category.slug,
        "category_name": skill.category.name,
        "tracked_since": skill.tracked_since.isoformat(),
        "aliases": [alias.text for alias in skill.aliases.all()],
    }


def outlook_row(skill: Skill, reader: Reader) -> schema.Outlook | None:
    """Return where the searchers of a skill may go in the coming months; None if not known."""
    outlook = Outlook.objects.filter(snapshot=reader.snapshot, skill=skill).first()
    if outlook is None:
        return None
    return {
        "months": outlook.months,
        "present": outlook.present,
        "point": outlook.point,
        "lower": outlook.lower,
        "upper": outlook.upper,
        "arrow": outlook.arrow,
    }


def _for(reader: Reader) -> dict[str, Any]:
    return {"snapshot": reader.snapshot, "exact": reader.exact}


def earner_rows(trends: Iterable[EarningsTrend], reader: Reader) -> list[schema.Earner]:
    """Return rows of earnings; `trends` come with skill and category selected."""
    return [
        {
            "skill": {"slug": trend.skill.slug, "name": trend.skill.name},
            "category": trend.skill.category.slug,
            "category_name": trend.skill.category.name,
            **earnings_row(trend, **_for(reader)),
        }
        for trend in reader.named(trends)
    ]
