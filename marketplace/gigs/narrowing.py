"""What a gig search can be narrowed to, category and price, and how many gigs each leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Func,
    IntegerField,
    JSONField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.urls import reverse

from marketplace.gigs.models import Gig
from marketplace.searches.cleaning import LONGEST_QUERY
from marketplace.skills.models import Category

# Round amounts in the reporting currency, from an hour's work to a project.
PRICES = (25, 50, 100, 250, 500, 1000)
# Of a price above them all, or in a currency nobody has told the rate of.
ANY_PRICE = 0


@dataclass(frozen=True, slots=True)
class GigFilters:
    """What is asked for; `price` is the most a gig may cost, ANY_PRICE where it may cost all."""

    query: str = ""
    category: Category | None = None
    price: int = ANY_PRICE

    @property
    def narrowed(self) -> bool:
        return bool(self.category or self.price)

    @property
    def parameters(self) -> dict[str, str]:
        """What an address says of it: nothing of what is not chosen."""
        every = {
            "q": self.query,
            "category": self.category.slug if self.category else "",
            "price": str(self.price) if self.price else "",
        }
        return {name: text for name, text in every.items() if text}

    @property
    def address(self) -> str:
        """The one address of this search."""
        query = urlencode(self.parameters)
        return reverse("search") + (f"?{query}" if query else "")

    def said_at_length(self, asked: Mapping[str, str]) -> bool:
        """Return whether an address, as a form writes it, names a filter it does not set."""
        return any(name in asked and name not in self.parameters for name in ("category", "price"))


def read_query(asked: Mapping[str, str]) -> str:
    """Return the words an address asks for."""
    return " ".join(asked.get("q", "").split())[:LONGEST_QUERY]


def read_filters(
    asked: Mapping[str, str], counts: "GigCounts"
) -> tuple[GigFilters, dict[str, str]]:
    """Return the filters of an address, and by parameter what it asks for in vain."""
    slug, amount = asked.get("category", ""), asked.get("price", "")
    category = counts.category(slug) if slug else None
    price = next((step for step in PRICES if str(step) == amount), ANY_PRICE)
    unknown = {"category": "" if category else slug, "price": "" if price else amount}
    return (
        GigFilters(read_query(asked), category, price),
        {name: text for name, text in unknown.items() if text},
    )


def narrowed(gigs: QuerySet[Gig], filters: GigFilters) -> QuerySet[Gig]:
    """Return the gigs found that have the category, or one of its children, and the price."""
    if filters.category:
        chosen = filters.category
        gigs = gigs.filter(Q(category=chosen) | Q(category__parent=chosen))
    if filters.price:
        gigs = gigs.annotate(worth=worth()).filter(worth__lte=filters.price)
    return gigs


# One value, whatever the number of gigs: the latest rate known of every currency.
_RATES = RawSQL(
    "(SELECT jsonb_object_agg(currency, rate) FROM (SELECT DISTINCT ON (currency) currency, rate"
    " FROM gigs_exchangerate ORDER BY currency, day DESC) latest)",
    (),
    output_field=JSONField(),
)


def worth() -> Case:
    """Return the price of a gig in the reporting currency; unknown without a rate."""
    amount = DecimalField(max_digits=24, decimal_places=8)
    rate = Func(_RATES, F("currency"), function="jsonb_extract_path_text", output_field=TextField())
    return Case(
        When(currency=settings.REPORTING_CURRENCY, then=F("price")),
        default=F("price") * Cast(rate, amount),
        output_field=amount,
    )


# The category of a gig and the one above.
CATEGORY = [
    f"category__{name}" for name in ("pk", "slug", "name", "parent", "parent__slug", "parent__name")
]


class GigCounts:
    """How many gigs a query finds, by category and price: one query answers every filter."""

    def __init__(self, matching: QuerySet[Gig]) -> None:
        steps = [When(worth__lte=most, then=Value(most)) for most in PRICES]
        step = Case(*steps, default=Value(ANY_PRICE), output_field=IntegerField())
        gigs = Gig.objects.filter(pk__in=matching.values("pk")).annotate(worth=worth(), step=step)
        cells = gigs.values_list(*CATEGORY, "step").annotate(Count("pk"))
        self.cells = [(_category(*cell[:-2]), *cell[-2:]) for cell in cells]

    @property
    def categories(self) -> set[Category]:
        """Those with a gig of their own, or of a child."""
        return {each for category, *_ in self.cells for each in (category, category.top)}

    def category(self, slug: str) -> Category | None:
        """Return the category of this slug, whether it has a gig or not."""
        known = next((category for category in self.categories if category.slug == slug), None)
        return known or Category.objects.select_related("parent").filter(slug=slug).first()

    def of(self, filters: GigFilters) -> int:
        """Return how many there are with these filters, whatever the query says."""
        category, most = filters.category, filters.price
        return sum(
            gigs
            for group, step, gigs in self.cells
            if category in {None, group, group.parent}
            and (most == ANY_PRICE or ANY_PRICE < step <= most)
        )

    def by_category(self, filters: GigFilters) -> list[tuple[Category, int]]:
        """Return the categories that leave a gig, and the chosen one, with their counts."""
        offered = self.categories | ({filters.category} if filters.category else set())
        by_name = sorted(offered, key=lambda category: category.name)
        counts = [(category, self.of(replace(filters, category=category))) for category in by_name]
        return [
            (category, gigs) for category, gigs in counts if gigs or category == filters.category
        ]

    def by_price(self, filters: GigFilters) -> list[tuple[int, int]]:
        """Return every price with how many gigs cost no more."""
        return [(most, self.of(replace(filters, price=most))) for most in PRICES]

    def instead(self, filters: GigFilters) -> list[tuple[GigFilters, int]]:
        """Return the same search with one filter dropped, or all, where that finds something."""
        fewer = [replace(filters, price=ANY_PRICE), replace(filters, category=None)]
        fewer.append(GigFilters(filters.query))
        counts = {wider.address: (wider, self.of(wider)) for wider in fewer if wider != filters}
        return [(wider, gigs) for wider, gigs in counts.values() if gigs]


def _category(
    pk: int, slug: str, name: str, parent: int | None, parent_slug: str, parent_name: str
) -> Category:
    """Return what CATEGORY says of one, without another query."""
    above = Category(pk=parent, slug=parent_slug, name=parent_name) if parent else None
    return Category(pk=pk, slug=slug, name=name, parent=above)
