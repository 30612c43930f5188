"""Puts what an edition was computed from back beside what there is now.

How: PostgreSQL looks a name up among this connection's temporary tables and views first. So within
one transaction temporary ones take the names of the real ones ("shadow" them) and hold what these
held then: a view with the rows up to the last that existed, a table where rows were changed since
or are written anew. All stages read and write them unaware, by the same names; no real row is
touched, no lock is held that anybody could wait for, and the transaction's end removes them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models

from marketplace.gigs.models import ExchangeRate, Gig, Order, Seller
from marketplace.searches.models import SearchEvent
from marketplace.skills.matching import CHUNK, Matcher, Taxonomy, current_taxonomy
from marketplace.skills.models import (
    Category,
    SearchTerm,
    Skill,
    SkillAlias,
    TermCategory,
    TermSkill,
)
from trends.counting import sql
from trends.counting.daily_rollup import count_platform
from trends.counting.known_offers import OFFERED
from trends.counting.windows import WEEK, WEEKS_READ
from trends.models import (
    CategoryTrend,
    DailyDemand,
    Edition,
    ExcludedSearcher,
    KnownOffer,
    ReviewFlag,
    SkillTrend,
    TrendSnapshot,
)

# The columns figures are made of. Their fingerprint tells whether any was changed: these tables
# keep no past.
FINGERPRINTED: dict[str, tuple[type[models.Model], str]] = {
    "gigs": (Gig, "id, seller_id, tags, created_at, status"),
    "orders": (
        Order,
        "id, gig_id, buyer, amount, refunded, currency, ordered_at, completed_at, status",
    ),
    "rates": (ExchangeRate, "id, currency, day, rate"),
    "sellers": (Seller, "id, pseudonym, country"),
}
_FINGERPRINT = """
SELECT coalesce(max(id), 0), count(*), coalesce(bit_xor(hashtextextended(({columns})::text, 0)), 0)
FROM {table} WHERE id <= coalesce(%(last)s, 9223372036854775807)
"""
_SEARCHES = """
SELECT coalesce(max(id), 0), count(*) FROM {table}
WHERE day >= %(first)s AND day < %(as_of)s AND id <= coalesce(%(last)s, 9223372036854775807)
"""
# The searches as they are counted, in the order in which they stand on one another.
_VIEWS = ("trends_platform_search", "trends_skill_search", "trends_category_search")
_OFFER = "trends_offer"
_FLAG = (
    *("skill_id", "reason", "first_raised", "last_raised", "value", "threshold"),
    *("decision", "decided_at"),
)


def first_read(as_of: date) -> date:
    """Return the first day whose searches enter any figure of a day."""
    return as_of - WEEKS_READ * WEEK


def basis(as_of: date) -> dict[str, Any]:
    """Return where the inputs of a snapshot end now, and which of them may still change."""
    return {
        "searches": _searches(as_of),
        **{name: fingerprint(name) for name in FINGERPRINTED},
        "flags": list(ReviewFlag.objects.order_by("pk").values(*_FLAG)),
    }


def changed(edition: Edition) -> list[str]:
    """Return which inputs of an edition are not what they were: deleted, or written over."""
    was, as_of = edition.basis, edition.snapshot.as_of
    names = [
        name
        for name in FINGERPRINTED
        if name in was and fingerprint(name, last=was[name][0])[1:] != was[name][1:]
    ]
    searches = _searches(as_of, last=was["searches"][0])
    return ["searches", *names] if searches[1:] != was["searches"][1:] else names


def fingerprint(name: str, *, last: int | None = None) -> list[int]:
    """Return the last id, the number of rows and a hash, up to the row `last` if given."""
    model, columns = FINGERPRINTED[name]
    query = _FINGERPRINT.format(columns=columns, table=model._meta.db_table)
    return list(sql.row(query, {"last": last}))


def names(taxonomy: Taxonomy) -> dict[str, Any]:
    """Return all names there are, as an edition keeps them."""
    rows = {"skills": Skill.objects.values(), "categories": Category.objects.values()}
    kept = {name: {str(row["id"]): row for row in listed} for name, listed in rows.items()}
    return {"phrases": dict(taxonomy.phrases), **kept}


def put_back(edition: Edition) -> None:
    """Have this transaction see everything as it was when an edition was computed.

    What becomes of its figures can be read, and is then of the edition's own snapshot.
    """
    # Whole tables are joined, and what the planner knows of these is little: row by row it would
    # take ten times as long.
    sql.run("SET LOCAL enable_nestloop = off")
    views = {name: _definition(name) for name in (_OFFER, *_VIEWS)}
    _searches_then(edition)
    for model in (Gig, Order, ExchangeRate):
        _rows_up_to(model, edition)
    _sellers_then(edition)
    _make_tables()
    _taxonomy_then(edition)
    _make_view(_OFFER, views[_OFFER])
    sql.run(f"INSERT INTO {_table(KnownOffer)} (seller, skill_id, since) {OFFERED}")
    _match_terms()
    _analyze([Skill, SkillAlias, Category, TermSkill, TermCategory, KnownOffer])
    for name in _VIEWS:
        _make_view(name, views[name])
    _days_then(edition)
    _flags_then(edition)
    _labels_then(edition)
    _analyze([ExcludedSearcher, DailyDemand, SkillTrend, CategoryTrend])


def figures() -> list[type[models.Model]]:
    """Return the tables with the figures of a snapshot."""
    return [
        model
        for model in apps.get_app_config("trends").get_models()
        if model is not Edition
        and any(field.related_model is TrendSnapshot for field in model._meta.fields)
    ]


def _searches_then(edition: Edition) -> None:
    as_of, (last, _) = edition.snapshot.as_of, edition.basis["searches"]
    read = {"last": last, "first": first_read(as_of), "as_of": as_of}
    _shadow_view(
        SearchEvent, "id <= %(last)s AND day >= %(first)s AND day < %(as_of)s", values=read
    )


def _rows_up_to(model: type[models.Model], edition: Edition) -> None:
    """Leave out what came later."""
    (name,) = (name for name, (fingerprinted, _) in FINGERPRINTED.items() if fingerprinted is model)
    _shadow_view(model, "id <= %(last)s", values={"last": edition.basis[name][0]})


def _sellers_then(edition: Edition) -> None:
    """Leave out sellers' countries where the edition was made before they were stored."""
    if "sellers" in edition.basis:
        _rows_up_to(Seller, edition)
    else:
        _make_view(
            _table(Seller), f"SELECT id, pseudonym, '' AS country FROM public.{_table(Seller)}"
        )


def _make_tables() -> None:
    """Empty tables of this transaction's own for all that is written, or was changed since."""
    changed_since: list[type[models.Model]] = [Skill, SkillAlias, Category, TermSkill, TermCategory]
    counted: list[type[models.Model]] = [
        ExcludedSearcher,
        DailyDemand,
        KnownOffer,
        ReviewFlag,
        TrendSnapshot,
    ]
    for model in (*changed_since, *counted, *figures()):
        like = "INCLUDING DEFAULTS INCLUDING IDENTITY"
        sql.run(
            f"CREATE TEMPORARY TABLE {_table(model)} (LIKE public.{_table(model)} {like})"
            " ON COMMIT DROP"
        )


def _taxonomy_then(edition: Edition) -> None:
    """Restore its skills and categories; a phrase belongs to the skill that answered then."""
    kept = edition.taxonomy
    Category.objects.bulk_create(Category(**row) for row in kept["categories"].values())
    Skill.objects.bulk_create(Skill(**row) for row in kept["skills"].values())
    SkillAlias.objects.bulk_create(
        SkillAlias(text=text, skill_id=skill) for text, skill in kept["phrases"].items()
    )


def _match_terms() -> None:
    """Read every term with that taxonomy."""
    taxonomy = current_taxonomy()
    matcher, last = Matcher(taxonomy.phrases), 0
    while terms := dict(
        SearchTerm.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "text")[:CHUNK]
    ):
        last = max(terms)
        skills = {(pk, skill) for pk, text in terms.items() for skill in matcher.skills(text)}
        categories = {
            (pk, category) for pk, skill in skills for category in taxonomy.categories[skill]
        }
        _copy_pairs(TermSkill, "skill_id", skills)
        _copy_pairs(TermCategory, "category_id", categories)


def _days_then(edition: Edition) -> None:
    """Count the days anew: floods, and demand for anything at all."""
    as_of = edition.snapshot.as_of
    first = first_read(as_of)
    count_platform([first + timedelta(days=day) for day in range((as_of - first).days)])
    # Of what is older only this is asked: when it began. Its searches may be gone.
    first_day = date.fromisoformat(edition.snapshot.inputs["first_day"])
    if first_day < first:
        _copy_real(
            DailyDemand,
            "day = %(day)s AND skill_id IS NULL AND category_id IS NULL",
            {"day": first_day},
        )


def _flags_then(edition: Edition) -> None:
    """Restore the review flags as they stood, with what had been decided."""
    ReviewFlag.objects.bulk_create(ReviewFlag(**flag) for flag in edition.basis["flags"])


def _labels_then(edition: Edition) -> None:
    """Restore the snapshot before; the recomputed one takes the place of the edition's."""
    known = {"before": edition.before_id}
    _copy_real(TrendSnapshot, "id = %(before)s", known)
    for model in (SkillTrend, CategoryTrend):
        _copy_real(model, "snapshot_id = %(before)s", known)
    table = _table(TrendSnapshot)
    sql.run(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {edition.snapshot_id}")


def _searches(as_of: date, *, last: int | None = None) -> list[int]:
    known = {"first": first_read(as_of), "as_of": as_of, "last": last}
    return list(sql.row(_SEARCHES.format(table=_table(SearchEvent)), known))


def _shadow_view(model: type[models.Model], condition: str, *, values: dict[str, Any]) -> None:
    """Put a view of the rows that existed then before the table of the same name."""
    query = f"SELECT * FROM public.{_table(model)} WHERE {condition}"
    _make_view(_table(model), query, values)


def _make_view(name: str, query: str, values: dict[str, Any] | None = None) -> None:
    # A definition takes no parameters: the driver writes the values into it.
    sql.run(f"CREATE TEMPORARY VIEW {name} AS {query}", values)


def _definition(view: str) -> str:
    """Return what a view selects, by names alone: read again, the names mean the view's."""
    return str(sql.value("SELECT pg_get_viewdef(%s::regclass)", [view]))


def _copy_real(model: type[models.Model], condition: str, known: dict[str, Any]) -> None:
    table = _table(model)
    sql.run(f"INSERT INTO {table} SELECT * FROM public.{table} WHERE {condition}", known)


def _copy_pairs(model: type[models.Model], named: str, pairs: Iterable[tuple[int, int]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} (term_id, {named}) FROM STDIN") as copy,
    ):
        for pair in sorted(pairs):
            copy.write_row(pair)


def _analyze(tables: Iterable[type[models.Model]]) -> None:
    """Tell the planner what is in them: nobody else will."""
    for model in tables:
        sql.run(f"ANALYZE {_table(model)}")


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table
