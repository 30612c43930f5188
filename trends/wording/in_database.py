"""Figures rounded in the database as people read them, for lists to go by what is told."""

from collections.abc import Callable
from typing import Any

from django.db.models import FloatField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Floor, NullIf

from trends.arithmetic.digits import FLOAT_NOISE


def as_told(figure: Any, digits: int = 2) -> Coalesce:
    """Round a figure of zero or more in SQL as people read it, half to even.

    Figures that read the same are the same, or their order would give away the next digit.
    """
    return _to_digits(figure, digits, to_whole)


def as_least(figure: Any, digits: int = 2) -> Coalesce:
    """Round a figure of zero or more down in SQL, for what reads "at least"."""
    return _to_digits(figure, digits, lambda found: Floor(found + Value(FLOAT_NOISE)))


def _to_digits(figure: Any, digits: int, to_whole: Callable[[Any], Func]) -> Coalesce:
    known = NullIf(figure, Value(0.0))
    power = Floor(Func(known, function="log")) - (digits - 1)
    unit: Combinable = Func(Value(10.0), power, function="power", output_field=FloatField())
    return Coalesce(to_whole(known / unit) * unit, figure, output_field=FloatField())


def to_whole(figure: Any) -> Func:
    """Return a figure rounded to a whole number, half to even."""
    return Func(figure, function="round", output_field=FloatField())
