"""How many skills a list has, and would have with each other option, in two queries or none."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    FloatField,
    Func,
    IntegerField,
    Q,
    Value,
)

from marketplace.skills.models import Category
from trends.arithmetic.labels import DOWNWARD
from trends.models import WORLD, SkillTrend, TrendSnapshot
from trends.models.headlines import ONCE_SEARCHED_BY_MANY, SEARCHED_BY_MANY
from trends.pages.rising.cache import kept_rows
from trends.pages.rising.filters import LADDER, LEAST_SHOWN_AS, WINDOWS, Filters, Tab
from trends.pages.rising.listing import HEADLINES, PAY, members_of, narrowed
from trends.wording.numbers import LABELS

# How many steps of the ladder a published median reaches; one that is not published reaches none.
_STEPS = Func(
    PAY,
    Value([*LEAST_SHOWN_AS.values()], output_field=ArrayField(FloatField())),
    function="width_bucket",
    output_field=IntegerField(null=True),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many skills of the same category and label, paid as many steps of the ladder."""

    category: int
    label: str
    steps: int | None
    listed: bool
    sought: bool
    had_been_sought: bool | None
    skills: int

    def is_on(self, tab: str, *, narrowed: bool) -> bool:
        """Return whether they are on a tab: the rule of `listing.on_tab`, for counted rows."""
        if tab == Tab.RISING:
            return self.listed and (narrowed or self.sought)
        if tab == Tab.FALLING:
            return self.label in DOWNWARD and (narrowed or bool(self.had_been_sought))
        return True

    def pays(self, amount: int) -> bool:
        return not amount or (self.steps or 0) > LADDER.index(amount)


class ListCounts:
    """The numbers of skills on a list and on those one filter away from it.

    `taxonomy` tells which skill is of which category: with another one all is counted anew.
    """

    def __init__(
        self,
        snapshot: TrendSnapshot,
        filters: Filters,
        categories: Sequence[Category],
        *,
        taxonomy: str,
    ) -> None:
        self.snapshot, self.filters, self.categories = snapshot, filters, categories
        self.taxonomy = taxonomy
        self.parents = {category.pk: category.parent_id for category in categories}

    def of(self, filters: Filters) -> int:
        """Return how many skills pass filters that differ from the chosen ones in one at most."""
        place = (filters.window, filters.country)
        if place != (self.filters.window, self.filters.country):
            return self._places[place][filters.narrowed]
        return sum(cell.skills for cell in self._passing(filters, narrowed=filters.narrowed))

    def by(self, name: str) -> dict[str, int]:
        """Return how many skills the list has with each value of one parameter."""
        if name == "window":
            return {window: self.of(replace(self.filters, window=window)) for window in WINDOWS}
        if name == "country":
            countries = {self.filters.country, *(where for _, where in self._places)} - {WORLD}
            return {
                window: self.of(replace(self.filters, country=window))
                for window in sorted(countries)
            }
        # Whatever value is chosen, with it the list is narrowed.
        cells = self._passing(self.filters.without(name), narrowed=True)
        if name == "pay":
            return self._paying(cells)
        return self._in_categories(cells) if name == "category" else _labelled(cells)

    def _in_categories(self, cells: list[Cell]) -> dict[str, int]:
        """Return skills by category, those of its children included."""
        skills: Counter[int | None] = Counter()
        for cell in cells:
            for category in {cell.category, self.parents.get(cell.category)}:
                skills[category] += cell.skills
        return {each.slug: skills[each.pk] for each in sorted(self.categories, key=str)}

    def _paying(self, cells: list[Cell]) -> dict[str, int]:
        """Count skills by the least they pay; of amounts with the same skills, the largest."""
        skills = {
            amount: sum(cell.skills for cell in cells if cell.pays(amount)) for amount in LADDER
        }
        largest = {number: amount for amount, number in skills.items()}
        shown = sorted({*largest.values(), self.filters.pay} - {0})
        return {str(amount): skills[amount] for amount in shown}

    def _passing(self, filters: Filters, *, narrowed: bool) -> list[Cell]:
        chosen = filters.category and filters.category.pk
        return [
            cell
            for cell in self._cells
            if cell.is_on(filters.show, narrowed=narrowed)
            and chosen in {None, cell.category, self.parents.get(cell.category)}
            and filters.label in {"", cell.label}
            and cell.pays(filters.pay)
        ]

    @cached_property
    def _cells(self) -> list[Cell]:
        """Every skill of this window and country, counted by all that is filtered here."""
        trends = SkillTrend.objects.of(
            self.snapshot, window=self.filters.window, country=self.filters.country
        )
        counted = (
            trends.with_earnings(self.snapshot)
            .order_by()
            .values_list(
                "skill__category",
                "label",
                _STEPS,
                _whether(Q(rank__isnull=False)),
                _whether(SEARCHED_BY_MANY),
                _whether(ONCE_SEARCHED_BY_MANY),
            )
            .annotate(skills=Count("pk"))
        )
        return [Cell(*values) for values in kept_rows(counted, self.snapshot, self.taxonomy)]

    @cached_property
    def _places(self) -> dict[tuple[str, str], dict[bool, int]]:
        """Skills that pass the other filters, by window and country and by whether narrowed."""
        chosen = self.filters
        near = Q(window=chosen.window) | Q(country=chosen.country)
        trends = SkillTrend.objects.filter(near, snapshot=self.snapshot)
        members = narrowed(members_of(trends, chosen.show), self.snapshot, chosen)
        # Counted by a column of the index that they are found with: no row has to be read.
        counted = (
            members.order_by()
            .values_list("window", "country")
            .annotate(
                headlines=Count("position", filter=HEADLINES[chosen.show]), skills=Count("position")
            )
        )
        # Category, label and pay make more lists than anybody should be able to fill a cache with.
        few = not (chosen.category or chosen.label or chosen.pay) and self._cells
        rows = kept_rows(counted, self.snapshot, self.taxonomy) if few else counted
        places: dict[Any, dict[bool, int]] = defaultdict(lambda: {False: 0, True: 0})
        for window, country, headlines, skills in rows:
            places[window, country] = {False: headlines, True: skills}
        return places


def _labelled(cells: list[Cell]) -> dict[str, int]:
    return {label: sum(cell.skills for cell in cells if cell.label == label) for label in LABELS}


def _whether(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=BooleanField())
