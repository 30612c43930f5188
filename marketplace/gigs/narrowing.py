"""What a gig search can be narrowed to, category and price, and how many gigs each leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, Count, DecimalField, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from marketplace.gigs.models import ExchangeRate, Gig
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
        """Whether an address, as a form writes it, names a filter it does not set."""
        return any(name in asked and name not in self.parameters for name in ("category", "price"))


def read_filters(
    asked: Mapping[str, str], categories: Iterable[Category]
) -> tuple[GigFilters, dict[str, str]]:
    """What an address asks for, and by parameter what it asks for that there is not."""
    query = " ".join(asked.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    slug, amount = asked.get("category", ""), asked.get("price", "")
    category = next((one for one in categories if one.slug == slug), None)
    price = next((one for one in PRICES if str(one) == amount), ANY_PRICE)
    unknown = {"category": "" if category else slug, "price": "" if price else amount}
    return (
        GigFilters(query, category, price),
        {name: text for name, text in unknown.items() if text},
    )


def narrowed(found: QuerySet[Gig], filters: GigFilters) -> QuerySet[Gig]:
    """The gigs found that have the category, or one of its children, and the price."""
    if filters.category:
        chosen = filters.category
        found = found.filter(Q(category=chosen) | Q(category__parent=chosen))
    if filters.price:
        found = found.annotate(worth=worth()).filter(worth__lte=filters.price)
    return found


def worth() -> Case:
    """The price of a gig in the reporting currency; unknown without a rate."""
    rates = {**ExchangeRate.objects.latest_of_each(), settings.REPORTING_CURRENCY: Decimal(1)}
    amount = DecimalField(max_digits=24, decimal_places=8)
    each = [When(currency=one, then=F("price") * Value(rate)) for one, rate in rates.items()]
    return Case(*each, output_field=amount)


class GigCounts:
    """How many gigs a query finds, by category and price: one query answers every filter."""

    def __init__(self, found: QuerySet[Gig]) -> None:
        steps = [When(worth__lte=most, then=Value(most)) for most in PRICES]
        step = Case(*steps, default=Value(ANY_PRICE), output_field=IntegerField())
        gigs = Gig.objects.filter(pk__in=found.values("pk")).annotate(worth=worth(), step=step)
        cells = gigs.values_list("category", "category__parent", "step").annotate(Count("pk"))
        self.cells = list(cells)

    def of(self, filters: GigFilters) -> int:
        """How many there are with these filters, whatever the query says."""
        category, most = filters.category, filters.price
        return sum(
            gigs
            for one, parent, step, gigs in self.cells
            if (category is None or category.pk in {one, parent})
            and (most == ANY_PRICE or ANY_PRICE < step <= most)
        )

    def by_category(
        self, filters: GigFilters, categories: Iterable[Category]
    ) -> list[tuple[Category, int]]:
        """The categories that leave a gig, and the chosen one, with how many they leave."""
        counts = [(one, self.of(replace(filters, category=one))) for one in categories]
        return [(one, gigs) for one, gigs in counts if gigs or one == filters.category]

    def by_price(self, filters: GigFilters) -> list[tuple[int, int]]:
        """Every price with how many gigs cost no more."""
        return [(most, self.of(replace(filters, price=most))) for most in PRICES]

    def instead(self, filters: GigFilters) -> list[tuple[GigFilters, int]]:
        """The same search with one filter dropped, or all, where that finds something."""
        fewer = [replace(filters, price=ANY_PRICE), replace(filters, category=None)]
        fewer.append(GigFilters(filters.query))
        counts = {one.address: (one, self.of(one)) for one in fewer if one != filters}
        return [(one, gigs) for one, gigs in counts.values() if gigs]
