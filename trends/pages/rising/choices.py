"""The filters of a list as they are offered: options with their numbers, chips to drop each."""

from django.utils.translation import gettext_lazy as _

from trends.pages.rising.counts import ListCounts
from trends.pages.rising.filters import Filters, Tab, in_words
from trends.published.choices import Choice, Link, Option
from trends.wording.numbers import Words

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


def tabs(counts: ListCounts) -> list[Link]:
    """Return the lists of equal rank, every other filter kept."""
    shown = [(tab, counts.filters.on(tab)) for tab in Tab]
    return [
        Link(tab.label, filters.address, counts.of(filters), chosen=filters == counts.filters)
        for tab, filters in shown
    ]


def chips(counts: ListCounts) -> list[Link]:
    """Return what is chosen; each leads to the list without it."""
    chosen = counts.filters.parameters()
    return [
        Link(_said(counts, name, chosen[name]), less.address, counts.of(less), title=title)
        for name, title in TITLES.items()
        if name in chosen and (less := counts.filters.without(name))
    ]


def choices(counts: ListCounts) -> list[Choice]:
    """Return every filter with the options that leave something, and the chosen one."""
    return [Choice(name, title, _options(counts, name)) for name, title in TITLES.items()]


def _options(counts: ListCounts, name: str) -> list[Option]:
    usual = "" if name in ANY else Filters().window
    chosen = counts.filters.parameters().get(name, usual)
    options = [
        Option(value, _said(counts, name, value), skills, chosen=value == chosen)
        for value, skills in counts.by(name).items()
        if skills or value == chosen
    ]
    if name in ANY:
        every = counts.of(counts.filters.without(name))
        options.insert(0, Option("", ANY[name], every, chosen=not chosen))
    return options


def _said(counts: ListCounts, name: str, text: str) -> Words:
    return in_words(
        name, text, categories=counts.categories, currency=counts.snapshot.inputs["currency"]
    )
