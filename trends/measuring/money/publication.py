"""Which money is published: no figure tells what fewer than ten people earned or paid.

Nor may a total tell what its published parts leave over. All money hangs in a tree: skills in
categories, these in others, all in the world.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.share_ratio import Counts, Floats
from trends.measuring.money.paid_orders import PaidOrders

# Above half of the money a figure is the largest seller's own, give or take what others know.
MOST_OF_ONE = 0.50
# The second largest knows what the two have: beyond this it could tell the first one's.
MOST_OF_TWO = 0.85
# A value at a rank belongs to one seller; with five at or beyond it, to any of them.
FEWEST_BEYOND = 5


class Hidden(StrEnum):
    """Why money is not published."""

    FEW_SELLERS = "few sellers"
    FEW_BUYERS = "few buyers"
    CONCENTRATED = "one or two sellers"
    BESIDE = "would tell another"


@dataclass(frozen=True, slots=True)
class People:
    """Who stands behind sums of money, and how much of it is the largest sellers'.

    Arrays (sums,): distinct sellers and buyers, and parts (0 to 1) of the largest seller and of
    the two largest. Where nobody earned anything one counts as having it all: zero is a figure
    about each of them.
    """

    sellers: Counts
    buyers: Counts
    largest: Floats
    two_largest: Floats

    def hidden(self) -> list[str]:
        """Return why each sum is hidden, "" where it is not; see the method page, Earnings."""
        reason = np.select(
            [
                self.sellers < FEWEST_PEOPLE,
                self.buyers < FEWEST_PEOPLE,
                (self.largest > MOST_OF_ONE) | (self.two_largest > MOST_OF_TWO),
            ],
            [Hidden.FEW_SELLERS, Hidden.FEW_BUYERS, Hidden.CONCENTRATED],
            default="",
        )
        return [str(each) for each in reason]


def people(table: Counts) -> People:
    """Read rows of sellers, buyers, money, that of the largest seller and of the two largest."""
    sellers, buyers, money, largest, two_largest = table.T
    parts = [
        np.divide(most, money, out=np.ones(len(money)), where=money > 0)
        for most in (largest, two_largest)
    ]
    return People(sellers, buyers, *parts)


def by_skill(paid: PaidOrders) -> Counts:
    """Count by skill the columns that `people` reads, for every skill sold in the half-year."""
    skills, first, sellers = np.unique(
        paid.sellers.rows[:, 0], return_index=True, return_counts=True
    )
    earned = np.concatenate([[0], paid.sellers.rows[:, 2].cumsum()])
    end = first + sellers
    until, largest, two_largest = (
        earned[end] - earned[np.maximum(start, first)] for start in (first, end - 1, end - 2)
    )
    return np.column_stack([skills, sellers, paid.orders[:, 2], until, largest, two_largest])


def enough_on_both_sides(count: int, part: float) -> bool:
    """Return whether enough of `count` sellers are at or beyond this quantile on both sides."""
    return count * min(part, 1 - part) >= FEWEST_BEYOND


@dataclass
class Total:
    """The money of a category, or (None) of the world: its own skills and its children's."""

    category: int | None
    skills: list[int] = field(default_factory=list)
    children: list["Total"] = field(default_factory=list)
    published: bool = True
    # Skills hidden in it that no published child covers: what subtraction leaves over.
    rest: set[int] = field(default_factory=set)

    def everything(self) -> list["Total"]:
        """Return this total and all below it, the deepest first."""
        return [total for child in self.children for total in child.everything()] + [self]

    def all_skills(self) -> list[int]:
        return [skill for total in self.everything() for skill in total.skills]


@dataclass(frozen=True, slots=True)
class Part:
    """What may be hidden besides: a skill, or a child's total with the skills it leaves over."""

    leaves: set[int]
    total: Total | None = None


def totals(category_of: Mapping[int, int], parent_of: Mapping[int, int | None]) -> Total:
    """Return the world's total, with those of all categories that have skills in it.

    `category_of` skills, `parent_of` categories; both by id.
    """
    world = Total(None)
    known: dict[int | None, Total] = {None: world}

    def total(category: int | None) -> Total:
        if category not in known:
            assert category is not None
            known[category] = Total(category)
            total(parent_of[category]).children.append(known[category])
        return known[category]

    for skill in sorted(category_of):
        total(category_of[skill]).skills.append(skill)
    return world


class Publication:
    """Settles which skills and totals are published.

    `skills` are those sold in the half-year, `people` who stands behind each; `hidden` gives the
    reason for each that is not published. No skill with `fewest_ranked` sellers is hidden for
    another's sake.
    """

    def __init__(self, paid: PaidOrders, *, fewest_ranked: int) -> None:
        self.paid, self.fewest_ranked = paid, fewest_ranked
        table = by_skill(paid)
        self.skills, self.people = table[:, 0], people(table[:, 1:])
        skills = self.skills.tolist()
        self.money = dict(zip(skills, table[:, 3].tolist(), strict=True))
        self.sellers = dict(zip(skills, table[:, 1].tolist(), strict=True))
        self.buyers = dict(zip(skills, table[:, 2].tolist(), strict=True))
        self.hidden = {
            skill: reason
            for skill, reason in zip(skills, self.people.hidden(), strict=True)
            if reason
        }

    def published(self) -> set[int]:
        """Return the skills whose money is published."""
        return self.money.keys() - self.hidden.keys()

    def settle(self, total: Total) -> None:
        """Decide whether a total is published, from the deepest up.

        One hidden part is what the published ones leave over, and so are two with too few people:
        then further parts are hidden, those of the least money first, though never a ranked
        skill; where that is not enough, the total itself.
        """
        for child in total.children:
            self.settle(child)
        rest = {skill for skill in total.skills if skill in self.hidden}
        rest = rest.union(*(child.rest for child in total.children if not child.published))
        own, taken = rest, list[Part]()
        for part in [*self._skills_to_hide(total), *self._children_to_hide(total)]:
            if not self._tells(rest):
                break
            taken.append(part)
            rest = rest | part.leaves
        total.published = not self._tells(rest)
        total.rest = rest if total.published else own
        for part in taken if total.published else []:
            if part.total:
                part.total.published = False
            else:
                self.hidden |= dict.fromkeys(part.leaves, Hidden.BESIDE)

    def _skills_to_hide(self, total: Total) -> list[Part]:
        published = [
            skill
            for skill in total.skills
            if skill not in self.hidden and self.sellers[skill] < self.fewest_ranked
        ]
        return [
            Part({skill}) for skill in sorted(published, key=lambda one: (self.money[one], one))
        ]

    def _children_to_hide(self, total: Total) -> list[Part]:
        """Return published children with a rest of their own; hiding others changes nothing."""
        parts = [
            Part(child.rest, child) for child in total.children if child.published and child.rest
        ]
        return sorted(parts, key=lambda part: sum(self.money[skill] for skill in part.leaves))

    def _tells(self, rest: set[int]) -> bool:
        """Return whether publishing the sum of this rest would give away too few people."""
        return bool(rest) and bool(self._together(rest).hidden()[0])

    def _together(self, skills: Collection[int]) -> People:
        """Bound who stands behind these skills together, as large as the most of any one."""
        ids = np.array(sorted(skills), dtype=np.int64)
        sold = self.paid.sellers.of(ids)
        _, seller = np.unique(sold[:, 1], return_inverse=True)
        earned = np.sort(np.bincount(seller, weights=sold[:, 2]))
        few = len(np.unique(self.paid.few_buyers.of(ids)[:, 1]))
        buyers = max([few, *(self.buyers[skill] for skill in skills)])
        money = [earned.sum(), earned[-1:].sum(), earned[-2:].sum()]
        return people(np.array([[len(earned), buyers, *money]]))
