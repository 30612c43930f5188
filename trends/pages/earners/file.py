"""The columns of the lists of what pays, as files have them."""

from trends.published.csv_files import Columns, figure

COLUMNS: Columns = {
    "rank": figure("place"),
    "skill": figure("skill", "name"),
    "slug": figure("skill", "slug"),
    "category": figure("category_name"),
    "from": figure("current", "from"),
    "to": figure("current", "to"),
    **{
        name: figure("earnings", name)
        for name in ("currency", "median", "median_lower", "median_upper", "total")
    },
    **{name: figure("earnings", name) for name in ("sellers", "buyers", "orders")},
}
# Of the list of what earns more: growth of both shares, with the counts and days it is made of.
RISING_COLUMNS: Columns = {
    **COLUMNS,
    "from_before": figure("previous", "from"),
    "to_before": figure("previous", "to"),
    "orders_before": figure("orders", "previous"),
    **{
        f"{kind}_growth_{name}": figure(part, "growth", name)
        for kind, part in {"orders": "orders", "money": "earnings"}.items()
        for name in ("ratio", "lower", "upper", "bound")
    },
    "money_before_at_same_rate": figure("money", "before"),
    "money_at_same_rate": figure("money", "now"),
}
