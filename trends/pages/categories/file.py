"""The columns of the list of categories, as its file has them."""

from trends.published.csv_files import Columns, figure

# Each growth with the counts and dates it is made of.
COLUMNS: Columns = {
    "category": figure("category", "name"),
    "slug": figure("category", "slug"),
    "parent": figure("category", "parent"),
    "label": figure("label"),
    **{f"growth_{name}": figure("growth", name) for name in ("ratio", "lower", "upper")},
    **{
        f"{name}_{period}": figure(period, name)
        for period in ("current", "previous")
        for name in ("searchers", "platform_searchers", "from", "to")
    },
    "total_paid": figure("earnings", "total"),
    "currency": figure("earnings", "currency"),
}
