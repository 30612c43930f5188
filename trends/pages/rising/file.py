"""A row of the list as the columns of a file: each figure with its counts, dates and bounds."""

from collections.abc import Callable
from typing import Any

from trends.pages.rising.listing import RisingRow
from trends.published.csv_files import Columns, figure

# The true part of new gigs against the one told; a sheet takes a leading "=" for a formula.
COMPARED = {"=": "equal", "<": "fewer", ">": "more"}


def _searchers(period: str) -> Callable[[RisingRow], Any]:
    """Return what reads the searchers of a period: their number, or in words why there is none."""
    count, words = figure(period, "searchers"), figure(period, "searchers_display")
    return lambda row: words(row) if count(row) is None else count(row)


def _compared(row: RisingRow) -> str | None:
    return COMPARED[row["newcomers"]["compared"]] if row["newcomers"] else None


COLUMNS: Columns = {
    "rank": figure("place"),
    "rank_a_week_before": figure("place_before"),
    "skill": figure("skill", "name"),
    "slug": figure("skill", "slug"),
    "category": figure("category_name"),
    "country": figure("country"),
    "window": figure("window"),
    "label": figure("label"),
    "growth_ratio": figure("growth", "ratio"),
    "growth_lower": figure("growth", "lower"),
    "growth_upper": figure("growth", "upper"),
    "growth_at_least": figure("growth", "bound"),
    **{
        f"{name}{suffix}": read
        for suffix, period in {"": "current", "_before": "previous", "_season": "season"}.items()
        for name, read in {
            "searchers": _searchers(period),
            "platform_searchers": figure(period, "platform_searchers"),
            "from": figure(period, "from"),
            "to": figure(period, "to"),
        }.items()
    },
    "pay_median": figure("earnings", "median"),
    "pay_median_lower": figure("earnings", "median_lower"),
    "pay_median_upper": figure("earnings", "median_upper"),
    "currency": figure("earnings", "currency"),
    "sellers_with_orders": figure("earnings", "sellers"),
    "active_sellers": figure("supply", "active_sellers"),
    "searchers_per_active_seller": figure("opportunity", "searchers_per_seller"),
    "searchers_per_seller_against_category": figure("opportunity", "ratio"),
    "searchers_per_seller_is_at_least": figure("opportunity", "at_least"),
    "searchers_in_country": figure("here", "searchers"),
    "sellers_in_country": figure("here", "sellers"),
    "searchers_per_seller_in_country": figure("here", "searchers_per_seller"),
    "searchers_per_seller_in_country_is_at_least": figure("here", "at_least"),
    "new_gigs": figure("newcomers", "gigs"),
    "new_gigs_sold": figure("newcomers", "won"),
    "new_gigs_sold_within_30_days": figure("newcomers", "part"),
    "new_gigs_sold_compared": _compared,
    "new_gigs_from": figure("newcomers", "from"),
    "new_gigs_to": figure("newcomers", "to"),
}
