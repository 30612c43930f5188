"""What is chosen of a list, and the shortest address that says it."""

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import Http404
from django.urls import reverse

from marketplace.skills.models import Category


@dataclass(frozen=True, slots=True)
class Permalink:
    """The parameters of a list; one that an address leaves out has its usual value.

    `order` is the column the list goes by, with a minus sign before it the other way round.
    """

    PAGE: ClassVar[str]
    COLUMNS: ClassVar[type[TextChoices]]
    # Read from the first place, or from A, on; of all other columns people want the largest first.
    SMALLEST_FIRST: ClassVar[frozenset[str]]

    order: str

    @classmethod
    def names(cls) -> list[str]:
        """Return all parameters, as an address has them one after another."""
        return sorted((field.name for field in fields(cls)), key=lambda name: name == "order")

    @classmethod
    def usual(cls, name: str) -> Any:
        """Return the value of a parameter that an address leaves out."""
        return next(field.default for field in fields(cls) if field.name == name)

    def parameters(self) -> dict[str, str]:
        """Return those of the shortest address of the same list."""
        values = {name: getattr(self, name) for name in self.names()}
        return {
            name: value.slug if isinstance(value, Category) else str(value)
            for name, value in values.items()
            if value != self.usual(name)
        }

    @property
    def query(self) -> str:
        """The query of that address with its question mark, or nothing."""
        values = self.parameters()
        return f"?{urlencode(values)}" if values else ""

    @property
    def address(self) -> str:
        """The address of the page with the list."""
        return reverse(self.PAGE) + self.query

    @property
    def column(self) -> Any:
        """What the list goes by, whichever way round."""
        return self.COLUMNS(self.order.removeprefix("-"))

    @property
    def descending(self) -> bool:
        """Whether the largest, or what comes last in the alphabet, stands first."""
        return self.order.startswith("-") == (self.column in self.SMALLEST_FIRST)

    def without(self, name: str) -> Self:
        """Return the same but for one parameter."""
        return replace(self, **{name: self.usual(name)})

    def ordered_by(self, column: TextChoices) -> Self:
        """Return the same by this column; asked for a second time, the other way round."""
        again = self.order == column.value
        return replace(self, order=f"-{column.value}" if again else column.value)


P = TypeVar("P", bound=Permalink)


def exactly(filters: P, unknown: dict[str, str]) -> P:
    """Return what a program asked for, or 404, as another list could be mistaken for it."""
    if unknown:
        raise Http404(", ".join(f"there is no {name} {text}" for name, text in unknown.items()))
    return filters
