"""The filters of a list as they are offered: options with their numbers, chips to drop each."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from trends.pages.rising.counts import ListCounts
from trends.pages.rising.filters import Filters, Tab, Words, in_words
from trends.published.permalinks import Permalink

TITLES: dict[str, Words] = {
    "category": _("Category"),
    "country": _("Country"),
    "window": _("Period"),
    "label": _("Label"),
    "pay": _("Median pay"),
}
# What the list is about where nothing is chosen; a period there is always.
ANY: dict[str, Words] = {
    "category": _("All categories"),
    "country": _("Worldwide"),
    "label": _("Any label"),
    "pay": _("Any pay"),
}


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


def tabs(counts: ListCounts) -> list[Link]:
    """The lists of equal rank, every other filter kept."""
    shown = [(tab, counts.filters.on(tab)) for tab in Tab]
    return [
        Link(tab.label, one.address, counts.of(one), chosen=one == counts.filters)
        for tab, one in shown
    ]


def chips(counts: ListCounts) -> list[Link]:
    """What is chosen; each leads to the list without it."""
    chosen = counts.filters.parameters()
    return [
        Link(_said(counts, name, chosen[name]), less.address, counts.of(less), title=title)
        for name, title in TITLES.items()
        if name in chosen and (less := counts.filters.without(name))
    ]


def choices(counts: ListCounts) -> list[Choice]:
    """Every filter with the options that leave something, and the one that is chosen."""
    return [Choice(name, title, _options(counts, name)) for name, title in TITLES.items()]


def _options(counts: ListCounts, name: str) -> list[Option]:
    usual = "" if name in ANY else Filters().window
    chosen = counts.filters.parameters().get(name, usual)
    found = [
        Option(value, _said(counts, name, value), skills, chosen=value == chosen)
        for value, skills in counts.by(name).items()
        if skills or value == chosen
    ]
    if name in ANY:
        every = counts.of(counts.filters.without(name))
        found.insert(0, Option("", ANY[name], every, chosen=not chosen))
    return found


def _said(counts: ListCounts, name: str, text: str) -> Words:
    return in_words(
        name, text, categories=counts.categories, currency=counts.snapshot.inputs["currency"]
    )


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column as a link that orders the list by it; `order` is how it is now."""

    title: Words
    address: str
    order: str
    sorted: str


def columns(filters: Permalink) -> dict[str, Column]:
    """Every column by its name; "ascending" or "descending" is said of the one chosen."""
    way = "descending" if filters.descending else "ascending"
    return {
        one.value: Column(
            title=one.label,
            address=filters.ordered_by(one).address,
            order=filters.order if one == filters.column else one.value,
            sorted=way if one == filters.column else "",
        )
        for one in filters.COLUMNS
    }
