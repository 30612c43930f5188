"""The file of an edition: its published figures as CSV, the same bytes for the same figures.

UTF-8, one head line, lines end in a line feed. Skills in the window of six months, the world
first, then each country by its code; in each the best placed first. A figure that is not
published is an empty cell.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from trends.models import WORLD, SkillTrend, Window
from trends.published.csv_files import safe
from trends.published.rows import PERIODS, Reader, Row, skill_rows

WINDOW = Window.HALF_YEAR


def _of(*path: str) -> Callable[[Row], Any]:
    """Give a figure of a row by the names of the API."""

    def read(row: Row) -> Any:
        for name in path:
            row = row[name] if row is not None else None
        return row

    return read


COLUMNS: dict[str, Callable[[Row], Any]] = {
    "country": _of("country"),
    "rank": _of("rank"),
    "skill": _of("skill", "name"),
    "slug": _of("skill", "slug"),
    "category": _of("category_name"),
    "label": _of("label"),
    "flags": lambda row: "; ".join(row["flags"]),
    **{
        f"growth_{name}": _of("growth", name)
        for name in ("ratio", "lower", "upper", "bound", "raw_ratio", "season_ratio")
    },
    "growth": _of("growth", "display"),
    **{
        f"{period}_{name}": _of(period, name)
        for period in PERIODS.values()
        for name in ("from", "to", "searchers", "platform_searchers")
    },
    "orders": _of("orders", "count"),
    "sellers": _of("earnings", "sellers"),
    "buyers": _of("earnings", "buyers"),
    "currency": _of("earnings", "currency"),
    "total": _of("earnings", "total"),
    "median": _of("earnings", "median"),
    "active_sellers": _of("supply", "active_sellers"),
}


def file_of(reader: Reader) -> Iterator[bytes]:
    """The file, piece by piece; figures are the public's whoever the reader is for."""
    public = Reader(reader.snapshot, edition=reader.edition)
    yield _lines([COLUMNS])
    trends = SkillTrend.objects.filter(snapshot=public.snapshot, window=WINDOW)
    countries = trends.order_by("country").values_list("country", flat=True).distinct()
    for country in sorted(countries, key=lambda one: (one != WORLD, one)):
        placed = SkillTrend.objects.of(public.snapshot, window=WINDOW, country=country)
        rows = skill_rows(placed.select_related("skill__category"), public)
        yield _lines([[safe(read(row)) for read in COLUMNS.values()] for row in rows])


def _lines(rows: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
