"""The file of an edition: its published figures as CSV, the same bytes for the same figures.

UTF-8, one head line, lines end in a line feed. Skills in the window of six months, the world
first, then each country by its code; in each the best placed first. A figure that is not
published is an empty cell.
"""

from collections.abc import Iterator

from trends.models import WORLD, SkillTrend, Window
from trends.published.csv_files import Columns, csv_lines, figure
from trends.published.rows import PERIODS, Reader, skill_rows
from trends.published.schema import SkillTrend as SkillTrendRow

WINDOW = Window.HALF_YEAR


COLUMNS: Columns = {
    "country": figure("country"),
    "rank": figure("rank"),
    "skill": figure("skill", "name"),
    "slug": figure("skill", "slug"),
    "category": figure("category_name"),
    "label": figure("label"),
    "flags": lambda row: "; ".join(row["flags"]),
    **{
        f"growth_{name}": figure("growth", name)
        for name in ("ratio", "lower", "upper", "bound", "raw_ratio", "season_ratio")
    },
    "growth": figure("growth", "display"),
    **{
        f"{period}_{name}": figure(period, name)
        for period in PERIODS.values()
        for name in ("from", "to", "searchers", "platform_searchers")
    },
    "orders": figure("orders", "count"),
    "sellers": figure("earnings", "sellers"),
    "buyers": figure("earnings", "buyers"),
    "currency": figure("earnings", "currency"),
    "total": figure("earnings", "total"),
    "median": figure("earnings", "median"),
    "active_sellers": figure("supply", "active_sellers"),
}


def file_of(reader: Reader) -> Iterator[bytes]:
    """Write the file, line by line; figures are the public's whoever the reader is for."""
    public = Reader(reader.snapshot, edition=reader.edition)
    for line in csv_lines(COLUMNS, _rows(public), end="\n"):
        yield line.encode()


def _rows(reader: Reader) -> Iterator[SkillTrendRow]:
    trends = SkillTrend.objects.filter(snapshot=reader.snapshot, window=WINDOW)
    countries = trends.order_by("country").values_list("country", flat=True).distinct()
    for country in sorted(countries, key=lambda code: (code != WORLD, code)):
        placed = SkillTrend.objects.of(reader.snapshot, window=WINDOW, country=country)
        yield from skill_rows(placed.select_related("skill__category"), reader)
