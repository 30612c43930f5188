"""The choices a list offers: filters with their options, column heads, links one step away."""

from dataclasses import dataclass

from trends.published.permalinks import Permalink
from trends.wording.numbers import Words


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter in words, and how many skills the list has with it."""

    value: str
    text: Words
    skills: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter with its options."""

    name: str
    title: Words
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Link:
    """A list that is one step away, and how many skills it has."""

    text: Words
    address: str
    skills: int
    chosen: bool = False
    title: Words = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column as a link that orders the list by it; `order` is how it is now."""

    title: Words
    address: str
    order: str
    sorted: str


def columns(filters: Permalink) -> dict[str, Column]:
    """Return every column by its name; the chosen one has "ascending" or "descending"."""
    way = "descending" if filters.descending else "ascending"
    return {
        column.value: Column(
            title=column.label,
            address=filters.ordered_by(column).address,
            order=filters.order if column == filters.column else column.value,
            sorted=way if column == filters.column else "",
        )
        for column in filters.COLUMNS
    }
