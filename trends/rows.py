"""A trend as readers get it: the same row on the page, in the API, in a file.

`exact` is for the marketplace's own people and keys; everybody else gets no figure about fewer
than ten people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace.skills.models import Skill
from trends import wording
from trends.disclosure import FEWEST_PEOPLE
from trends.models import CategoryTrend, EarningsTrend, SkillTrend, Trend, TrendSnapshot, Window
from trends.window_counts import periods

Row = dict[str, Any]

PERIODS = {"c": "current", "b": "previous", "y": "season"}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom rows are made, and from which snapshot."""

    snapshot: TrendSnapshot
    exact: bool = False


def snapshot_row(snapshot: TrendSnapshot) -> Row:
    """What a reader needs to know of the snapshot all rows are from."""
    return {
        "as_of": snapshot.as_of.isoformat(),
        "published_at": snapshot.published_at.isoformat(timespec="seconds"),
        "taxonomy_version": snapshot.taxonomy_id,
        "parameters": snapshot.parameters,
        "inputs": snapshot.inputs,
    }


def skill_rows(trends: Iterable[SkillTrend], reader: Reader) -> list[Row]:
    """Rows of skill trends; `trends` come with skill and category selected."""
    found = list(trends)
    skills = [trend.skill_id for trend in found]
    earned = {
        one.skill_id: one
        for one in EarningsTrend.objects.filter(snapshot=reader.snapshot, skill__in=skills)
    }
    weekly = _weekly(SkillTrend, "skill_id", found, reader)
    return [
        {
            "skill": {"slug": trend.skill.slug, "name": trend.skill.name},
            "category": trend.skill.category.slug,
            "category_name": trend.skill.category.name,
            **_trend_row(trend, reader, weekly.get((trend.skill_id, trend.country))),
            **earnings_row(earned.get(trend.skill_id), reader),
            "flags": trend.flags if reader.exact else ["under review"] if trend.flags else [],
        }
        for trend in found
    ]


def category_rows(trends: Iterable[CategoryTrend], reader: Reader) -> list[Row]:
    """Rows of category trends; `trends` come with category and parent selected."""
    found = list(trends)
    weekly = _weekly(CategoryTrend, "category_id", found, reader)
    return [
        {
            "category": {
                "slug": trend.category.slug,
                "name": trend.category.name,
                "parent": trend.category.parent and trend.category.parent.slug,
            },
            **_trend_row(trend, reader, weekly.get((trend.category_id, trend.country))),
        }
        for trend in found
    ]


def _weekly(
    model: type[Trend], subject: str, trends: list[Any], reader: Reader
) -> dict[tuple[int, str], list[int | None]]:
    """The weekly series of each (subject, country); only rows of six months hold one."""
    rows = model._default_manager.filter(
        snapshot=reader.snapshot,
        window=Window.HALF_YEAR,
        country__in={trend.country for trend in trends},
        **{f"{subject}__in": [getattr(trend, subject) for trend in trends]},
    )
    return {
        (getattr(trend, subject), trend.country): (
            trend.weekly if reader.exact else trend.public_weekly
        )
        for trend in rows
    }


def _trend_row(trend: Trend, reader: Reader, weekly: list[int | None] | None) -> Row:
    hidden = set() if reader.exact else set(trend.hidden)
    spans = periods(Window(trend.window), reader.snapshot.as_of)
    row: Row = {
        "window": trend.window,
        "country": trend.country,
        "label": trend.label,
        "rank": trend.rank,
        "growth": _growth(trend, hidden, exact=reader.exact),
    }
    for letter, name in PERIODS.items():
        searchers, platform = getattr(trend, name), getattr(trend, f"platform_{name}")
        row[name] = None
        if searchers is not None:
            shown = None if letter in hidden else searchers
            row[name] = {
                "searchers": shown,
                "searchers_display": wording.people(shown, withheld=searchers >= FEWEST_PEOPLE),
                "platform_searchers": platform
                if reader.exact or platform >= FEWEST_PEOPLE
                else None,
                "reach": shown / platform if shown is not None and platform else None,
                "from": spans[letter].start.isoformat(),
                "to": (spans[letter].end - timedelta(days=1)).isoformat(),
            }
    return row | {"weekly": weekly or []}


def _growth(trend: Trend, hidden: set[str], *, exact: bool) -> Row:
    """Growth against the preceding window; what would give a hidden count away is left out."""
    told = not hidden & {"c", "b"}
    bound = trend.bound if exact else trend.public_bound
    if "c" in hidden or ("b" in hidden and (trend.previous or 0) >= FEWEST_PEOPLE):
        bound = None
    raw_ratio = trend.current / trend.previous if told and trend.previous else None
    return {
        "ratio": trend.ratio if told else None,
        "raw_ratio": raw_ratio,
        "season_ratio": trend.season_ratio if not hidden & {"c", "y"} else None,
        "lower": trend.lower if told else None,
        "upper": trend.upper if told else None,
        "bound": bound,
        "display": _growth_display(trend, bound, told=told),
    }


def _growth_display(trend: Trend, bound: float | None, *, told: bool) -> str:
    if trend.previous is None or trend.ratio is None:
        return "not known yet"
    if max(trend.current, trend.previous) < wording.SMALLEST_BASE:
        return "too few to say"
    if trend.previous < wording.SMALLEST_BASE:
        return wording.at_least(bound)
    return wording.growth(trend.ratio) if told else wording.WITHHELD


def earnings_row(found: EarningsTrend | None, reader: Reader) -> Row:
    """Orders, earnings and supply of a skill; None throughout where nobody offers or sells it."""
    currency = reader.snapshot.inputs["currency"]
    offering = found.offering if found else 0
    hidden = found is None or (found.hidden and not reader.exact)
    few = offering < FEWEST_PEOPLE and not reader.exact
    money: Mapping[str, Any] = {
        "sellers": found.sellers if found and not hidden else None,
        "buyers": found.buyers if found and not hidden else None,
        "orders": round(found.orders) if found and not hidden else None,
        "total": wording.rounded(found.total) if found and not hidden else None,
        "median": wording.rounded(found.median)
        if found and not hidden and found.median is not None
        else None,
    }
    return {
        "orders": {"count": money["orders"], "buyers": money["buyers"]},
        "earnings": {"currency": currency, **money, "hidden": hidden},
        "supply": {
            "active_sellers": None if few else offering,
            "active_sellers_display": wording.people(None if few else offering, withheld=False),
            "gigs": None if few or not found else found.gigs,
        },
    }


def skill_summary(skill: Skill) -> Row:
    """A skill by its names."""
    return {
        "slug": skill.slug,
        "name": skill.name,
        "category": skill.category.slug,
        "category_name": skill.category.name,
        "tracked_since": skill.tracked_since.isoformat(),
        "aliases": [alias.text for alias in skill.aliases.all()],
    }


def earner_rows(found: Iterable[EarningsTrend], reader: Reader) -> list[Row]:
    """Rows of earnings; `found` come with skill and category selected."""
    return [
        {
            "skill": {"slug": one.skill.slug, "name": one.skill.name},
            "category": one.skill.category.slug,
            "category_name": one.skill.category.name,
            **earnings_row(one, reader),
        }
        for one in found
    ]
