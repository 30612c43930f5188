"""From a row as it came to an event as it is counted, or the reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from marketplace.imports import values
from marketplace.imports.rows import Invalid
from marketplace.searches.models import UNKNOWN_COUNTRY, Role
from marketplace.searches.personal import personal
from marketplace.searches.pseudonyms import pseudonym
from marketplace.skills.normalise import normalise

COLUMNS = ("event_id", "occurred_at", "query", "searcher", "country")
OPTIONAL_COLUMNS = ("role", "results")

# A clock may be a little fast; a search from tomorrow is an error.
AHEAD = timedelta(minutes=10)
LONGEST_QUERY = 200
LONGEST_ID = 64
LONGEST_SEARCHER = 200


@dataclass(frozen=True, slots=True)
class Event:
    """A search ready to be stored; `term` is the normalised query."""

    day: date
    event_id: str
    second: int
    term: str
    searcher: int
    country: str
    role: int
    results: int | None


def clean(
    fields: Mapping[str, str],
    *,
    now: datetime,
    oldest: datetime | None,
    searcher: int | None = None,
) -> Event:
    """Return the event in `fields`; Invalid names the field at fault and what was expected.

    `oldest`, where given, is the earliest moment taken. `searcher` is the pseudonym where it is
    known already, and the id is no more.
    """
    event_id = values.text(fields, "event_id", longest=LONGEST_ID)
    when = values.moment(fields, "occurred_at")
    assert when is not None
    if when > now + AHEAD:
        raise Invalid("occurred_at", f"lies in the future: {when:%Y-%m-%dT%H:%M:%SZ}")
    if oldest and when < oldest:
        raise Invalid(
            "occurred_at",
            f"is older than {(now - oldest).days} days: {when:%Y-%m-%d}; use import_searches",
        )
    return Event(
        day=when.date(),
        event_id=event_id,
        second=when.hour * 3600 + when.minute * 60 + when.second,
        term=term_of(fields),
        searcher=searcher_of(fields) if searcher is None else searcher,
        country=country_of(fields),
        role=role_of(fields),
        results=results_of(fields),
    )


def searcher_of(fields: Mapping[str, str]) -> int:
    """Return the pseudonym of who searched: here an id ends."""
    return pseudonym(values.text(fields, "searcher", longest=LONGEST_SEARCHER))


def term_of(fields: Mapping[str, str]) -> str:
    """Return the normalised query."""
    query = fields.get("query") or ""
    term, problem = _read(query) if len(query) <= LONGEST_QUERY else ("", None)
    if problem:
        raise Invalid("query", problem)
    if not term:
        values.text(fields, "query", longest=LONGEST_QUERY)
        raise Invalid("query", "has no letter or digit; expected words")
    return term


@lru_cache(maxsize=1 << 16)
def _read(query: str) -> tuple[str, str | None]:
    """Return the term of a query, or why it cannot be one; queries repeat, so remember."""
    if kind := personal(query):
        return "", f"looks like {kind}, which is never stored; expected words"
    try:
        values.words({"query": query}, "query", longest=LONGEST_QUERY)
    except Invalid as problem:
        return "", problem.reason
    return normalise(query)[:LONGEST_QUERY], None


def country_of(fields: Mapping[str, str]) -> str:
    """Return the country's code, or that of no country where it is empty."""
    value = fields.get("country") or ""
    if not value:
        return UNKNOWN_COUNTRY
    if code := values.country_code(value):
        return code
    raise Invalid(
        "country", f"is not an ISO 3166-1 country: {value[:20]!r}; expected e.g. DE, or nothing"
    )


_ROLES = {"": Role.UNKNOWN, **{role.name.lower(): role for role in Role}}


def role_of(fields: Mapping[str, str]) -> int:
    """Return the number of the role."""
    value = fields.get("role") or ""
    try:
        return _ROLES[value.strip().lower()].value
    except KeyError:
        raise Invalid(
            "role", f"is {value[:20]!r}; expected buyer, seller, staff, bot or nothing"
        ) from None


def results_of(fields: Mapping[str, str]) -> int | None:
    """Return how many results were shown; None where that was not counted."""
    value = fields.get("results") or ""
    if not value:
        return None
    if not value.isdecimal() or len(value) > 10 or int(value) > 2**31 - 1:
        raise Invalid("results", f"is {value[:20]!r}; expected a whole number from 0")
    return int(value)
