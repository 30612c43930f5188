"""Checks of single values, shared by everything that reads rows: each says what it expected."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale

from marketplace.imports.rows import Invalid

COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    # CLDR lists some codes ISO 3166 does not assign: pseudo-regions, unions, reserved ones.
    if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
)
# What a spreadsheet would run when somebody opens an export of it.
_FORMULA = re.compile(r"^\s*(=|@|[+-].*[(!|])")
# Lone surrogates too: JSON can spell them, no encoding can.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def text(fields: Mapping[str, str], name: str, *, longest: int, optional: bool = False) -> str:
    """Return the trimmed text of a field: at most `longest` characters, no control characters."""
    value = fields.get(name) or ""
    if _CONTROL.search(value):
        raise Invalid(name, "contains a NUL or another control character; expected plain text")
    value = value.strip()
    if not value and not optional:
        raise Invalid(name, f"is missing; expected 1 to {longest} characters")
    if len(value) > longest:
        raise Invalid(name, f"has {len(value):,} characters; expected at most {longest}")
    return value


def words(fields: Mapping[str, str], name: str, *, longest: int) -> str:
    """Return the text of a field; refuse what a spreadsheet would run as a formula."""
    value = text(fields, name, longest=longest)
    if _FORMULA.match(value):
        raise Invalid(name, "looks like a spreadsheet formula; expected words")
    return value


def moment(fields: Mapping[str, str], name: str, *, optional: bool = False) -> datetime | None:
    """Parse an ISO 8601 moment with its UTC offset to UTC; None where optional and empty."""
    value = text(fields, name, longest=40, optional=optional)
    if not value:
        return None
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid(
            name, f"is not a date and time: {value!r}; expected e.g. 2026-01-31T09:30:00Z"
        ) from None
    if when.tzinfo is None:
        raise Invalid(name, f"has no UTC offset: {value!r}; expected e.g. 2026-01-31T09:30:00Z")
    try:
        when = when.astimezone(UTC)
    except OverflowError:
        raise Invalid(name, f"is out of range: {value!r}") from None
    if when < EARLIEST:
        raise Invalid(name, f"lies before {EARLIEST.year}: {value!r}")
    return when


@lru_cache(maxsize=1024)
def country_code(value: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code in capitals; None where there is no such country."""
    code = value.strip().upper()
    return code if code in COUNTRIES else None


def amount(fields: Mapping[str, str], name: str, *, optional: bool = False) -> Decimal:
    """Parse a sum of money of at most two decimals, not negative; 0 if optional and empty."""
    value = text(fields, name, longest=20, optional=optional) or "0"
    try:
        sum_ = Decimal(value)
    except InvalidOperation:
        raise Invalid(name, f"is not a number: {value!r}; expected e.g. 49.90") from None
    if not sum_.is_finite() or not 0 <= sum_ < Decimal("1e10"):
        raise Invalid(name, f"is out of range: {value!r}; expected 0 to 9,999,999,999.99")
    if sum_ != sum_.quantize(Decimal("0.01")):
        raise Invalid(name, f"has more than two decimals: {value!r}")
    return sum_


def currency(fields: Mapping[str, str], name: str = "currency") -> str:
    """Return an ISO 4217 code in capitals."""
    code = text(fields, name, longest=3).upper()
    if code not in Locale("en").currencies:
        raise Invalid(name, f"is not an ISO 4217 currency: {code!r}; expected e.g. USD")
    return code


def choice(fields: Mapping[str, str], name: str, choices: list[str]) -> str:
    """Return one of `choices`."""
    value = text(fields, name, longest=40).lower()
    if value not in choices:
        raise Invalid(name, f"is {value!r}; expected one of {', '.join(choices)}")
    return value
