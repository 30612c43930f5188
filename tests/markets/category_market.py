"""The market of lists with categories to map and money to list: each figure is chosen."""

from marketplace.skills.models import Category
from tests.markets.list_market import list_market
from trends.arithmetic.labels import Label
from trends.models import WORLD, CategoryTrend, EarningsTotal, EarningsTrend, TrendSnapshot, Window

WEEKS = 78
# Many of a size, and near to each other in growth: their names want the same room.
FIELDS = (
    "Programming & Tech",
    "Graphics & Design",
    "Writing & Translation",
    "Video & Animation",
    "Engineering & Architecture",
    "Music & Audio",
    "Marketing",
    "Business",
    "Photography",
    "Lifestyle",
    "Data",
    "Education",
)
# Too few searched there: it has no place on the map.
TINY = "Falconry"


def category_market() -> TrendSnapshot:
    """Write the market of lists into the empty database, and what its categories are like."""
    snapshot = list_market()
    for name in (*FIELDS, TINY):
        Category.objects.at_path(name)
    categories = Category.objects.order_by("parent", "name")
    CategoryTrend.objects.bulk_create(
        _trend(snapshot, category, number) for number, category in enumerate(categories)
    )
    EarningsTotal.objects.create(snapshot=snapshot, orders=9_000.0, total=870_000.0)
    _rank(snapshot)
    return snapshot


def _trend(snapshot: TrendSnapshot, category: Category, number: int) -> CategoryTrend:
    few = category.name == TINY
    ratio = 4.0 if number == 0 else 0.8 + 0.05 * (number % 8)
    previous = 9 if few else 4_000 + 150 * number
    told = {"ratio": 1.0, "lower": 0.9, "upper": 1.1, "bound": 0.9}
    empty: dict[str, int] = dict.fromkeys(
        ("platform_current", "platform_previous", "platform_season"), 90_000
    )
    return CategoryTrend(
        snapshot=snapshot,
        category=category,
        window=Window.HALF_YEAR,
        country=WORLD,
        current=8 if few else round(previous * ratio),
        previous=previous,
        season=previous // 2,
        hidden=["c", "b", "y"] if few else [],
        ratio=ratio,
        measured=Label.RISING if number == 0 else Label.STEADY,
        label=Label.RISING if number == 0 else Label.STEADY,
        position=number + 1,
        public_weekly=[None if few else 100 + week for week in range(WEEKS)],
        **empty,
        **{f"public_{name}": None if few else ratio * part for name, part in told.items()},
    )


def _rank(snapshot: TrendSnapshot) -> None:
    """Give every third skill a growth; that of every ninth is of a half-year that is hidden."""
    earned = list(EarningsTrend.objects.filter(snapshot=snapshot, hidden="").order_by("skill"))
    for number, one in enumerate(earned, 1):
        one.best_rank = one.total_rank = number
        if number % 3 == 0:
            one.rising_rank = number // 3
            one.hidden_before = "few buyers" if number % 9 == 0 else ""
            one.orders_before, one.total_before = 60.0 + number, one.total / (1.5 + number / 50)
            for kind in ("orders", "money"):
                ratio = 1.3 + number / (7 if kind == "orders" else 11)
                setattr(one, f"{kind}_ratio", ratio)
                setattr(one, f"{kind}_lower", 0.8 * ratio)
                setattr(one, f"{kind}_upper", 1.2 * ratio)
                setattr(one, f"{kind}_bound", 0.9 * ratio)
        one.save()
