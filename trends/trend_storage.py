"""Measured arrays become rows, one a subject, in one COPY a window and country."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection

from trends.models import WORLD, CategoryTrend, SkillTrend, TrendSnapshot, Window
from trends.trend_measurement import Market, Measured
from trends.window_counts import Counts

# Shown on a chart: a year and a half, the three half-years a trend is made of.
WEEKS_SHOWN = 78
# More digits than a double has would promise what is not there; fewer would lose rr's sixth.
DIGITS = 12

_COLUMNS = (
    *("snapshot_id", "subject", "window", "country"),
    *("current", "previous", "season"),
    *("platform_current", "platform_previous", "platform_season", "hidden"),
    *("ratio", "season_ratio", "lower", "upper", "bound", "public_bound", "p_value"),
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
    market: Market,
    measured: Measured,
    flags: Mapping[int, Sequence[str]],
) -> int:
    """Store a row for every subject anybody searched for in these periods; how many.

    `flags` maps subjects to the reasons why they are held for review.
    """
    subject = "skill_id" if model is SkillTrend else "category_id"
    names = ", ".join(f'"{subject if name == "subject" else name}"' for name in _COLUMNS)
    stored = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for row in trend_rows(market, measured, flags):
            copy.write_row((snapshot.pk, *row))
            stored += 1
    return stored


def trend_rows(
    market: Market, measured: Measured, flags: Mapping[int, Sequence[str]]
) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of _COLUMNS, without the snapshot; the best placed first."""
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
            [x for x in "cby" if x in counts and measured.withheld[x][at]],
            *_figures(measured, at),
            json.dumps(_gates(measured, at)),
            str(measured.measured[at]),
            str(measured.label[at]),
            _leader(measured, at, countries),
            ranks.get(at),
            position,
            list(flags.get(subjects[at], ())),
            *_weeks(market, measured, at, column),
        )


def placed(measured: Measured) -> tuple[Counts, dict[int, int]]:
    """The indices of all subjects anybody searched for, best first, and the ranks of the listed.

    The listed come first, by the bound of their growth; then the others, likewise.
    """
    counts = measured.counts
    seen = np.any([each > 0 for each in counts.values()], axis=0)
    everyone = np.flatnonzero(seen)
    growth = measured.growth
    if growth is None:
        return everyone[np.argsort(-counts["c"][everyone], kind="stable")], {}
    listed = measured.listed[everyone]
    order = everyone[
        np.lexsort((everyone, -counts["c"][everyone], -growth.bound[everyone], ~listed))
    ]
    return order, {int(at): rank for rank, at in enumerate(order[: listed.sum()], 1)}


def _figures(measured: Measured, at: int) -> tuple[float | None, ...]:
    """ratio, season_ratio, lower, upper, bound, public_bound and p_value of one subject."""
    growth = measured.growth
    if growth is None or not growth.known:
        return (None,) * 7
    season = growth.season.ratio[at] if growth.season else None
    figures = (
        growth.ratio[at],
        season,
        growth.lower[at],
        growth.upper[at],
        growth.bound[at],
        measured.public_bound[at],
        growth.p_value[at],
    )
    return tuple(None if one is None else float(f"{one:.{DIGITS}g}") for one in figures)


def _weeks(
    market: Market, measured: Measured, at: int, column: int
) -> tuple[list[int] | None, list[int | None] | None]:
    """The weekly series, and what of it is published; other windows share that of six months."""
    if measured.window != Window.HALF_YEAR:
        return None, None
    weeks = market.subjects.weekly[at, column, -WEEKS_SHOWN:].tolist()
    withheld = market.withheld.weekly[at, column, -WEEKS_SHOWN:].tolist()
    return weeks, [None if hide else n for n, hide in zip(weeks, withheld, strict=True)]


def _leader(measured: Measured, at: int, countries: list[str]) -> str:
    """The country with the largest excess, where more than one is looked at."""
    if measured.growth is None or measured.country != WORLD:
        return ""
    leader = int(measured.growth.leader[at])
    return countries[leader] if leader >= 0 else ""


def _gates(measured: Measured, at: int) -> dict[str, list[float | bool]]:
    """Each gate as [value, threshold, passed]."""
    if measured.growth is None:
        return {}
    return {
        name: [
            float(f"{gate.value[at]:.6g}"),
            float(f"{gate.threshold:.6g}"),
            bool(gate.passed[at]),
        ]
        for name, gate in measured.growth.gates.items()
    }
