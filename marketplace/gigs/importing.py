"""Gigs, orders and exchange rates from files and the API: new ones added, changed ones updated."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction

from marketplace.gigs.models import ExchangeRate, Gig, GigStatus, Order, OrderStatus, Seller
from marketplace.imports import values
from marketplace.imports.rows import DUPLICATE, OK, Invalid, Row, Verdict
from marketplace.searches.pseudonyms import pseudonym
from marketplace.skills.models import Category
from marketplace.skills.normalise import normalise

GIG_COLUMNS = [
    "gig_id",
    "seller_id",
    "title",
    "category",
    "skills",
    "price",
    "currency",
    "created_at",
    "status",
]
ORDER_COLUMNS = [
    "order_id",
    "gig_id",
    "buyer_id",
    "amount",
    "refunded",
    "currency",
    "ordered_at",
    "completed_at",
    "status",
]
RATE_COLUMNS = ["date", "currency", "rate"]

Cleaned = dict[str, Any]


@transaction.atomic
def import_gigs(rows: Sequence[Row]) -> list[Verdict]:
    """Store gigs by their gig_id; one that is known and unchanged is a duplicate.

    A row that tells where its seller works is no duplicate where that was not known, or otherwise.
    """
    categories = _categories()
    cleaned, verdicts = _clean_all(rows, lambda fields: _gig(fields, categories))
    sellers = {place: (gig["seller"], gig.pop("country")) for place, gig in cleaned.items()}
    changed = _store_sellers(sellers)
    known = _seller_ids({seller for seller, _ in sellers.values()})
    for gig in cleaned.values():
        gig["seller_id"] = known[gig.pop("seller")]
    stored = _store(Gig, ["gig_id"], cleaned, verdicts)
    return [OK if place in changed else verdict for place, verdict in enumerate(stored)]


@transaction.atomic
def import_orders(rows: Sequence[Row]) -> list[Verdict]:
    """Store orders by their order_id; an order of an unknown gig is refused."""
    wanted = {row.fields.get("gig_id", "").strip() for row in rows if isinstance(row.fields, dict)}
    printable = [gig for gig in wanted if gig.isprintable()]
    gigs = dict(Gig.objects.filter(gig_id__in=printable).values_list("gig_id", "pk"))
    cleaned, verdicts = _clean_all(rows, lambda fields: _order(fields, gigs))
    return _store(Order, ["order_id"], cleaned, verdicts)


@transaction.atomic
def import_rates(rows: Sequence[Row]) -> list[Verdict]:
    """Store the worth of one unit of a currency in the reporting currency, by day."""
    cleaned, verdicts = _clean_all(rows, _rate)
    return _store(ExchangeRate, ["day", "currency"], cleaned, verdicts)


def _clean_all(
    rows: Sequence[Row], clean: Callable[[Mapping[str, str]], Cleaned]
) -> tuple[dict[int, Cleaned], list[Verdict]]:
    cleaned: dict[int, Cleaned] = {}
    verdicts = [OK] * len(rows)
    for place, row in enumerate(rows):
        try:
            cleaned[place] = clean(row.checked())
        except Invalid as problem:
            verdicts[place] = Verdict.refuse(problem)
    return cleaned, verdicts


def _store(
    model: type[models.Model], key: list[str], cleaned: dict[int, Cleaned], verdicts: list[Verdict]
) -> list[Verdict]:
    """Upsert the cleaned rows; of several with one key the last counts.

    A row that is known and unchanged is answered as duplicate.
    """
    if not cleaned:
        return verdicts
    last = {tuple(row[part] for part in key): place for place, row in cleaned.items()}
    with connection.cursor() as cursor:
        table = model._meta.db_table
        columns = list(next(iter(cleaned.values())))
        cursor.execute(_STAGE.format(table=table))
        with cursor.copy(f"COPY staged_row ({', '.join(columns)}) FROM STDIN") as copy:
            for place in last.values():
                copy.write_row(list(cleaned[place].values()))
        cursor.execute(_upsert(table, key, columns))
        changed = {last[number] for number in cursor.fetchall()}
        cursor.execute("DROP TABLE staged_row")
    for place in cleaned:
        if place not in changed:
            verdicts[place] = DUPLICATE
    return verdicts


_STAGE = "CREATE TEMP TABLE staged_row ON COMMIT DROP AS SELECT * FROM {table} WITH NO DATA"
# In the order of the key, so that two imports cannot wait for each other.
_UPSERT = """
INSERT INTO {table} AS t ({columns}) SELECT {columns} FROM staged_row ORDER BY {key}
ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE ({old}) IS DISTINCT FROM ({new})
RETURNING {key}
"""


def _upsert(table: str, key: list[str], columns: list[str]) -> str:
    others = [column for column in columns if column not in key]
    return _UPSERT.format(
        table=table,
        key=", ".join(key),
        columns=", ".join(columns),
        changes=", ".join(f"{name} = excluded.{name}" for name in others),
        old=", ".join(f"t.{name}" for name in others),
        new=", ".join(f"excluded.{name}" for name in others),
    )


def _gig(fields: Mapping[str, str], categories: Mapping[str, int]) -> Cleaned:
    category = values.words(fields, "category", longest=160)
    if (key := category_key(category)) not in categories:
        raise Invalid("category", f"is unknown: {category!r}; import its skills first")
    tags = dict.fromkeys(
        tag
        for part in values.text(fields, "skills", longest=2_000, optional=True).split("|")
        if (tag := normalise(part)[:200])
    )
    return {
        "gig_id": values.text(fields, "gig_id", longest=64),
        "seller": pseudonym(values.text(fields, "seller_id", longest=200)),
        "country": _country(fields),
        "title": values.words(fields, "title", longest=200),
        "category_id": categories[key],
        "tags": list(tags),
        "price": values.amount(fields, "price"),
        "currency": values.currency(fields),
        "created_at": values.moment(fields, "created_at"),
        "status": values.choice(fields, "status", GigStatus.values),
    }


def _country(fields: Mapping[str, str]) -> str:
    """Return where the seller works; "" where the file has nothing."""
    value = values.text(fields, "country", longest=20, optional=True)
    if value and not values.country_code(value):
        expected = "expected e.g. DE, or nothing"
        raise Invalid("country", f"is not an ISO 3166-1 country: {value!r}; {expected}")
    return values.country_code(value) or ""


def _order(fields: Mapping[str, str], gigs: Mapping[str, int]) -> Cleaned:
    gig_id = values.text(fields, "gig_id", longest=64)
    if gig_id not in gigs:
        raise Invalid("gig_id", f"is unknown: {gig_id!r}; import the gig first")
    order: Cleaned = {
        "order_id": values.text(fields, "order_id", longest=64),
        "gig_id": gigs[gig_id],
        "buyer": pseudonym(values.text(fields, "buyer_id", longest=200)),
        "amount": values.amount(fields, "amount"),
        "refunded": values.amount(fields, "refunded", optional=True),
        "currency": values.currency(fields),
        "ordered_at": values.moment(fields, "ordered_at"),
        "completed_at": values.moment(fields, "completed_at", optional=True),
        "status": values.choice(fields, "status", OrderStatus.values),
    }
    if order["refunded"] > order["amount"]:
        raise Invalid("refunded", "is more than the amount")
    if order["status"] == OrderStatus.COMPLETED and order["completed_at"] is None:
        raise Invalid("completed_at", "is missing; expected the date of a completed order")
    return order


def _rate(fields: Mapping[str, str]) -> Cleaned:
    when = values.moment({"date": fields.get("date", "").strip()[:10] + "T00:00Z"}, "date")
    assert when is not None
    rate = values.text(fields, "rate", longest=20)
    try:
        worth = Decimal(rate)
        if not Decimal("1e-8") <= worth < Decimal("1e8"):
            raise ValueError
    except (ArithmeticError, ValueError):
        raise Invalid("rate", f"is {rate!r}; expected a positive number, e.g. 1.0825") from None
    return {
        "day": when.date(),
        "currency": values.currency(fields),
        "rate": worth.quantize(Decimal("1e-8")),
    }


def category_key(path: str) -> str:
    """Return a category as people write it: by slug, name, or "Parent > Child"."""
    return " ".join(path.casefold().replace(">", " > ").split())


def _categories() -> dict[str, int]:
    known: dict[str, int] = {}
    for category in Category.objects.select_related("parent").order_by("-parent_id", "pk"):
        known |= {
            category_key(text): category.pk
            for text in (category.slug, category.name, str(category))
        }
    return known


# In the order of the key, too. What is not said takes nothing away.
_UPSERT_SELLERS = """
INSERT INTO gigs_seller AS t (pseudonym, country)
SELECT * FROM unnest(%(pseudonyms)s::bigint[], %(countries)s::text[]) AS said ORDER BY 1
ON CONFLICT (pseudonym) DO UPDATE SET country = excluded.country
WHERE excluded.country NOT IN ('', t.country) RETURNING pseudonym
"""


def _store_sellers(sellers: Mapping[int, tuple[int, str]]) -> set[int]:
    """Upsert the sellers of rows, each with where they work by the last row that says so.

    Returns the places of the rows that told something new.
    """
    country = dict.fromkeys((seller for seller, _ in sellers.values()), "")
    said = {seller: place for place, (seller, where) in sellers.items() if where}
    country |= {seller: sellers[place][1] for seller, place in said.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT_SELLERS,
            {"pseudonyms": list(country), "countries": list(country.values())},
        )
        return {said[seller] for (seller,) in cursor.fetchall() if seller in said}


def _seller_ids(pseudonyms: set[int]) -> dict[int, int]:
    return dict(Seller.objects.filter(pseudonym__in=pseudonyms).values_list("pseudonym", "pk"))
