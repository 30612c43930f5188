"""A row of the list as the columns of a file: each figure with its counts, dates and bounds."""

from typing import Any

from trends.published.rows import Row

# The true part of new gigs against the one told; a sheet takes a leading "=" for a formula.
COMPARED = {"=": "equal", "<": "fewer", ">": "more"}


def as_columns(row: Row) -> dict[str, Any]:
    """The columns of one row, under the names people script against."""
    growth, earnings, supply = row["growth"], row["earnings"], row["supply"]
    opportunity, newcomers = row["opportunity"], row["newcomers"] or {}
    here = row["here"] or {}
    return {
        "rank": row["place"],
        "rank_a_week_before": row["place_before"],
        "skill": row["skill"]["name"],
        "slug": row["skill"]["slug"],
        "category": row["category_name"],
        "country": row["country"],
        "window": row["window"],
        "label": row["label"],
        "growth_ratio": growth["ratio"],
        "growth_lower": growth["lower"],
        "growth_upper": growth["upper"],
        "growth_at_least": growth["bound"],
        **_period("", row["current"]),
        **_period("_before", row["previous"]),
        **_period("_season", row["season"]),
        "pay_median": earnings["median"],
        "pay_median_lower": earnings["median_lower"],
        "pay_median_upper": earnings["median_upper"],
        "currency": earnings["currency"],
        "sellers_with_orders": earnings["sellers"],
        "active_sellers": supply["active_sellers"],
        "searchers_per_active_seller": opportunity["searchers_per_seller"],
        "searchers_per_seller_against_category": opportunity["ratio"],
        "searchers_per_seller_is_at_least": opportunity["at_least"],
        "searchers_in_country": here.get("searchers"),
        "sellers_in_country": here.get("sellers"),
        "searchers_per_seller_in_country": here.get("searchers_per_seller"),
        "searchers_per_seller_in_country_is_at_least": here.get("at_least"),
        "new_gigs": newcomers.get("gigs"),
        "new_gigs_sold": newcomers.get("won"),
        "new_gigs_sold_within_30_days": newcomers.get("part"),
        "new_gigs_sold_compared": COMPARED.get(newcomers.get("compared", "")),
        "new_gigs_from": newcomers.get("from"),
        "new_gigs_to": newcomers.get("to"),
    }


def _period(suffix: str, found: Row | None) -> dict[str, Any]:
    """Who searched in a period and when that was; empty where it is not covered."""
    found = found or {}
    searchers = found.get("searchers")
    return {
        f"searchers{suffix}": found.get("searchers_display") if searchers is None else searchers,
        f"platform_searchers{suffix}": found.get("platform_searchers"),
        f"from{suffix}": found.get("from"),
        f"to{suffix}": found.get("to"),
    }
