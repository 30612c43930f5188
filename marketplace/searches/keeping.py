"""What is kept of a refused row, so that it can be replayed: never what may be a person's id.

A row is refused for one field, yet the fault may be that every value stands one column further on.
So a row is kept only where its other fields are good and no value reads like one of another column,
and its query only where somebody has searched for the same before.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from marketplace.imports import values
from marketplace.imports.rows import Invalid, Row, Verdict
from marketplace.searches.cleaning import (
    COLUMNS,
    LONGEST_ID,
    OPTIONAL_COLUMNS,
    country_of,
    results_of,
    role_of,
    searcher_of,
    term_of,
)
from marketplace.searches.personal import personal

Fields = Mapping[str, str]

# As far back as the API takes searches: what was refused must not outlive what was accepted.
KEPT_FOR = timedelta(days=35)

CHECKS: dict[str, Callable[[Fields], object]] = {
    "event_id": lambda fields: values.text(fields, "event_id", longest=LONGEST_ID),
    "occurred_at": lambda fields: values.moment(fields, "occurred_at"),
    "query": term_of,
    "searcher": searcher_of,
    "country": country_of,
    "role": role_of,
    "results": results_of,
}
TYPED = ("occurred_at", "country", "role", "results")
# What may read like a value of another column and be in its place: "ai" is a query and a country,
# ids are often numbers.
IN_PLACE = {
    *(("query", column) for column in ("country", "role", "results")),
    *((column, "results") for column in ("event_id", "searcher")),
}
# Ids of events and moments have eight digits and more, as phone numbers do.
NUMBERS = {"event_id", "occurred_at"}


def keep(row: Row, verdict: Verdict) -> tuple[dict[str, str], int] | None:
    """Return a refused row's good fields and the searcher's pseudonym; None if in doubt.

    The query is its term. Whether the term is known is still to be asked.
    """
    if isinstance(row.fields, Invalid) or verdict.field in {"", "searcher"}:
        return None
    fields = {name: (value or "").strip() for name, value in row.fields.items()}
    if any(_personal(*field) for field in fields.items()) or not in_place(fields):
        return None
    for column in {*COLUMNS, *OPTIONAL_COLUMNS} - {verdict.field}:
        try:
            CHECKS[column](fields)
        except Invalid:
            return None
    kept = {name: fields[name] for name in (*COLUMNS, *OPTIONAL_COLUMNS) if fields.get(name)}
    kept |= {} if verdict.field == "query" else {"query": term_of(fields)}
    del kept["searcher"]
    if not _reads_as(verdict.field, kept.get(verdict.field, "")):
        # What is only too old, or names another event, reads well.
        kept.pop(verdict.field, None)
    return kept, searcher_of(fields)


def in_place(fields: Fields) -> bool:
    """Return whether each value seems to belong to its column.

    The moment is one, nothing reads like a value of another column, and no id stands twice.
    """
    searcher = fields.get("searcher")
    if searcher and list(fields.values()).count(searcher) > 1:
        return False
    return _reads_as("occurred_at", fields.get("occurred_at") or "") and not any(
        value and column != other and (column, other) not in IN_PLACE and _reads_as(other, value)
        for column, value in fields.items()
        for other in TYPED
    )


def _personal(column: str, value: str) -> bool:
    """Return a searcher's id may be a mail address: it ends as a pseudonym."""
    kind = None if column == "searcher" else personal(value)
    return kind is not None and not (column in NUMBERS and kind == "a phone number")


def _reads_as(column: str, value: str) -> bool:
    try:
        CHECKS[column]({column: value})
    except Invalid:
        return False
    return True
