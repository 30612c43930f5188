"""Measured arrays become rows, one a subject, in one COPY a window and country."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.db import connection

from trends.counting.window_counts import Counts, WindowCounts
from trends.counting.windows import WEEKS_SHOWN
from trends.measuring.demand.measurement import MarketCounts, Measured
from trends.measuring.demand.withholding import Withheld
from trends.models import WORLD, CategoryTrend, SkillTrend, TrendSnapshot, Window
from trends.models.trends import AskedGate

# More digits than a double has would promise what is not there; fewer would lose rr's sixth.
DIGITS = 12

_COLUMNS = (
    *("snapshot_id", "subject", "window", "country"),
    *("current", "previous", "season"),
    *("platform_current", "platform_previous", "platform_season", "hidden"),
    *("ratio", "season_ratio", "lower", "upper", "bound", "p_value"),
    *("public_ratio", "public_season_ratio", "public_lower", "public_upper", "public_bound"),
    *(
        "gates",
        "measured",
        "label",
        "leader",
        "rank",
        "position",
        "flags",
        "weekly",
        "public_weekly",
    ),
)


def store_trends(
    model: type[SkillTrend] | type[CategoryTrend],
    snapshot: TrendSnapshot,
    market: MarketCounts,
    measured: Measured,
) -> int:
    """Store a row for every subject anybody searched for in these periods; how many.

    Reasons for review are marked on them once all windows are measured.
    """
    subject = "skill_id" if model is SkillTrend else "category_id"
    names = ", ".join(f'"{subject if name == "subject" else name}"' for name in _COLUMNS)
    stored = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for row in trend_rows(market, measured):
            copy.write_row((snapshot.pk, *row))
            stored += 1
    return stored


def trend_rows(market: MarketCounts, measured: Measured) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in the order of _COLUMNS, without the snapshot; the best placed first."""
    counts, platform = measured.counts, measured.platform
    subjects, countries = market.subjects.subjects, market.subjects.countries
    column = countries.index(measured.country)
    order, ranks = placed(measured)
    for position, at in enumerate(order.tolist(), 1):
        yield (
            subjects[at],
            measured.window.value,
            measured.country,
            *(int(counts[x][at]) if x in counts else None for x in "cby"),
            *(platform.get(x) for x in "cby"),
            _hidden(measured, at),
            *_figures(measured, at),
            *_public_figures(measured, at),
            json.dumps(_gates(measured, at)),
            str(measured.measured[at]),
            str(measured.label[at]),
            _leader(measured, at, countries),
            ranks.get(at),
            position,
            _array([]),
            *_weeks(market, measured, at, column),
        )


def placed(measured: Measured) -> tuple[Counts, dict[int, int]]:
    """Return the indices of all subjects with searches, best first, and the ranks of the listed.

    The listed come first, by the bound of their growth, then the others, by theirs. A place between
    two published figures would give away one that is not: all go by what is published.
    """
    counts = measured.counts
    seen = np.any([each > 0 for each in counts.values()], axis=0)
    everyone = np.flatnonzero(seen)
    growth = measured.growth
    people = np.where(measured.withheld["c"], 0, counts["c"])[everyone]
    if growth is None:
        return everyone[np.argsort(-people, kind="stable")], {}
    listed, bound = measured.listed[everyone], np.nan_to_num(measured.public.bound[everyone])
    order = everyone[np.lexsort((everyone, -people, -bound, ~listed))]
    return order, {int(at): rank for rank, at in enumerate(order[: listed.sum()], 1)}


def _figures(measured: Measured, at: int) -> tuple[float | None, ...]:
    """Return ratio, season_ratio, lower, upper, bound and p_value of one subject."""
    growth = measured.growth
    if growth is None or not growth.known:
        return (None,) * 6
    season = growth.season.ratio[at] if growth.season else None
    figures = (
        growth.ratio[at],
        season,
        growth.lower[at],
        growth.upper[at],
        growth.bound[at],
        growth.p_value[at],
    )
    return tuple(None if figure is None else _digits(figure) for figure in figures)


def _public_figures(measured: Measured, at: int) -> tuple[float | None, ...]:
    """Return the same figures as published, without the p_value."""
    public = measured.public
    figures = (public.ratio, public.season_ratio, public.lower, public.upper, public.bound)
    return tuple(None if np.isnan(each[at]) else _digits(each[at]) for each in figures)


def _digits(figure: float) -> float:
    return float(f"{figure:.{DIGITS}g}")


def _hidden(measured: Measured, at: int) -> str:
    """Return the windows whose count is hidden; capitals for those of the platform."""
    of_subject = [x for x in measured.withheld if measured.withheld[x][at]]
    of_platform = [x.upper() for x, withheld in measured.platform_withheld.items() if withheld]
    return _array(of_subject + of_platform)


def _array(values: Sequence[int | str | None]) -> str:
    """Return an array as PostgreSQL spells it; by the driver that takes a fifth of the run.

    Of numbers and single letters, which need no quotes.
    """
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _weeks(
    market: MarketCounts, measured: Measured, at: int, column: int
) -> tuple[str | None, str | None]:
    """Return the weekly series and its published part; only those of six months have one."""
    if measured.window != Window.HALF_YEAR:
        return None, None
    weeks = market.subjects.weekly[at, column, -WEEKS_SHOWN:].tolist()
    return _array(weeks), _array(_published(market.subjects, market.withheld, at, column))


def published_weeks(platform: WindowCounts, withheld: Withheld) -> dict[str, list[int | None]]:
    """Return all searchers of each week shown, by country, oldest first; None if withheld."""
    return {
        country: _published(platform, withheld, 0, column)
        for column, country in enumerate(platform.countries)
    }


def _published(counts: WindowCounts, withheld: Withheld, at: int, column: int) -> list[int | None]:
    weeks = counts.weekly[at, column, -WEEKS_SHOWN:].tolist()
    hidden = withheld.weekly[at, column, -WEEKS_SHOWN:].tolist()
    return [None if hide else n for n, hide in zip(weeks, hidden, strict=True)]


def _leader(measured: Measured, at: int, countries: list[str]) -> str:
    """Return the country with the largest excess, where more than one is looked at."""
    if measured.growth is None or measured.country != WORLD:
        return ""
    leader = int(measured.growth.leader[at])
    return countries[leader] if leader >= 0 else ""


def _gates(measured: Measured, at: int) -> dict[str, AskedGate]:
    """Return each gate by its name, as JSON holds it: [value, threshold, passed]."""
    if measured.growth is None:
        return {}
    return {
        name: AskedGate(
            value=float(f"{gate.value[at]:.6g}"),
            threshold=float(f"{gate.threshold:.6g}"),
            passed=bool(gate.passed[at]),
        )
        for name, gate in measured.growth.gates.items()
    }
