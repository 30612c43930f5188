"""Which counts of a snapshot are published and which are withheld, all windows seen together.

A published count is a slot (a window's period, or a week), a subject and a country. One lies within
another when all three do, and their difference is then a count of people, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

import numpy as np
from scipy import sparse

from trends.arithmetic.disclosure import Bools, hide_parts, hide_small_rest, tells_few, too_few
from trends.counting.window_counts import Counts, WindowCounts
from trends.counting.windows import WEEKS_READ, periods
from trends.models import Window

Key = tuple[Window, str]
Span = tuple[int, int]

# Where two windows would tell a small rest between them, the one fewer people ask for goes.
ASKED_FOR = [Window.HALF_YEAR, Window.QUARTER, Window.YEAR, Window.MONTH]
# Windows that two published ones make up between them: their sum tells who was in both.
HALVES: dict[Key, tuple[Key, Key]] = {
    (Window.YEAR, "c"): ((Window.HALF_YEAR, "c"), (Window.HALF_YEAR, "b")),
    (Window.HALF_YEAR, "c"): ((Window.QUARTER, "c"), (Window.QUARTER, "b")),
}


@dataclass(frozen=True, slots=True)
class Members:
    """Subjects counted apart that are parts of these.

    `of` is (pairs, 2): a subject's place here, and a member's place in `counts`; `withheld` is
    what of the members is not published.
    """

    counts: WindowCounts
    withheld: "Withheld"
    of: Counts


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not published: `counts[window, letter]` (subjects, countries), and `weekly` likewise
    with weeks behind."""

    counts: Mapping[Key, Bools]
    weekly: Bools

    @classmethod
    def nothing(cls, counts: WindowCounts) -> Self:
        """Return everything of these counts is published."""
        return cls(
            {key: np.zeros_like(counted, dtype=bool) for key, counted in counts.distinct.items()},
            np.zeros_like(counts.weekly, dtype=bool),
        )

    def at(self, slot: "Slot") -> Bools:
        """Return a view, (subjects, countries), of one slot."""
        return self.counts[slot.key] if slot.key else self.weekly[:, :, slot.span[0]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A period with a published count: a window's (by `key`), or a week; `span` in weeks read."""

    key: Key | None
    span: Span

    def of(self, counts: WindowCounts) -> Counts:
        """Return a view, (subjects, countries), of the counts in this slot."""
        return counts.distinct[self.key] if self.key else counts.weekly[:, :, self.span[0]]

    @property
    def importance(self) -> int:
        """0 for the slot most asked for."""
        return ASKED_FOR.index(self.key[0]) if self.key else len(ASKED_FOR)

    def within(self, other: "Slot") -> bool:
        return other.span[0] <= self.span[0] and self.span[1] <= other.span[1]


def withhold(
    subjects: WindowCounts, platform: WindowCounts | None = None, members: Members | None = None
) -> Withheld:
    """Decide what of the counts of a snapshot is withheld.

    A count is withheld when it is of fewer than ten people, or when published counts around or
    within it (other slots, the world, the platform, members, parts that add up to it) would tell
    of as few. `platform` is left out where the subject is the platform itself.
    """
    withheld = Withheld.nothing(subjects)
    for slot in slots():
        withheld.at(slot)[:] |= too_few(slot.of(subjects))
    for inner, outer in nested():
        _hide_rests(withheld, subjects, inner, outer)
        if platform:
            withheld.at(inner)[:] |= _told(inner.of(subjects), outer.of(platform))
        if members:
            _hide_wholes(withheld, subjects, members, inner, outer)
    _hide_unions(withheld, subjects)
    if members:
        _hide_sums(withheld, subjects, members)
    _settle(withheld, subjects)
    return withheld


def with_children(
    withheld: Withheld, subjects: WindowCounts, children: Counts, platform: WindowCounts
) -> Withheld:
    """Withhold more where some subjects are parts of others of the same kind.

    `children` is (pairs, 2): the places of a parent and of a child. The wholes are hidden; nobody
    is the parent of the platform, so there the smallest of those without a parent are.
    """
    members = Members(subjects, withheld, children)
    for inner, outer in nested():
        _hide_wholes(withheld, subjects, members, inner, outer)
    top = np.setdiff1d(np.arange(len(subjects.subjects)), children[:, 1])
    hidden = -1
    while hidden != (hidden := _hidden(withheld)):
        _hide_sums(withheld, subjects, members)
        for slot in slots():
            of_platform = hide_small_rest(
                slot.of(subjects)[top].T,
                slot.of(platform)[0],
                hidden=withheld.at(slot)[top].T,
                hidden_whole=too_few(slot.of(platform)[0]),
            )
            withheld.at(slot)[top] |= of_platform.T
        _settle(withheld, subjects)
    return withheld


def _hide_rests(withheld: Withheld, subjects: WindowCounts, inner: Slot, outer: Slot) -> None:
    """Hide what tells a small rest between two slots, or between a country and the world."""
    part, whole = inner.of(subjects), outer.of(subjects)
    withheld.at(inner)[:, :-1] |= tells_few(whole[:, -1:] - part[:, :-1])
    if inner != outer:
        less = max(inner, outer, key=lambda slot: slot.importance)
        withheld.at(less)[:] |= tells_few(whole - part)


def _hide_wholes(
    withheld: Withheld, subjects: WindowCounts, members: Members, inner: Slot, outer: Slot
) -> None:
    """Hide the subjects of which a member in a country and slot within theirs leaves a few."""
    whole, part = members.of.T
    few = inner.of(members.counts)[part]
    around = outer.of(subjects)[whole]
    few_left = tells_few(around - few)
    few_left[:, -1] |= tells_few(around[:, -1:] - few[:, :-1]).any(axis=1)
    np.logical_or.at(
        withheld.at(outer), whole[few_left.any(axis=1)], few_left[few_left.any(axis=1)]
    )


def _told(part: Counts, whole: Counts) -> Bools:
    """Return whether a part gives away a few beside its whole, in its country or the world."""
    return tells_few(whole - part) | tells_few(whole[:, -1:] - part)


def _hide_unions(withheld: Withheld, subjects: WindowCounts) -> None:
    """Hide a window where its two halves tell how few people searched in both."""
    counts = subjects.distinct
    for whole, halves in HALVES.items():
        few_left = tells_few(counts[whole] - sum(counts[half] for half in halves))
        # Of two alike the earlier goes.
        less = max(*reversed(halves), whole, key=lambda key: ASKED_FOR.index(key[0]))
        withheld.counts[less][:] |= few_left


def _hide_sums(withheld: Withheld, subjects: WindowCounts, members: Members) -> None:
    """Hide a subject where its published members leave a few, or overlap by a few."""
    shape = (len(subjects.subjects), len(members.counts.subjects))
    belongs = sparse.csr_array(
        (np.ones(len(members.of), dtype=np.int64), tuple(members.of.T)), shape=shape
    )
    has_members = np.diff(belongs.indptr) > 0
    for slot in slots():
        shown = np.where(members.withheld.at(slot), 0, slot.of(members.counts))
        few_left = tells_few(slot.of(subjects) - belongs @ shown)
        withheld.at(slot)[has_members] |= few_left[has_members]


def _settle(withheld: Withheld, subjects: WindowCounts) -> None:
    """Hide further countries and weeks until neither tells what the other hides."""
    hidden = -1
    while hidden != (hidden := _hidden(withheld)):
        for slot in slots():
            cells, mask = slot.of(subjects), withheld.at(slot)
            mask[:, :-1], mask[:, -1] = hide_parts(
                cells[:, :-1], cells[:, -1], hidden=mask[:, :-1], hidden_whole=mask[:, -1]
            )
        for slot in slots():
            if slot.key:
                weeks = slice(*slot.span)
                withheld.weekly[:, :, weeks] |= hide_small_rest(
                    subjects.weekly[:, :, weeks],
                    slot.of(subjects),
                    hidden=withheld.weekly[:, :, weeks],
                    hidden_whole=withheld.at(slot),
                )


def _hidden(withheld: Withheld) -> int:
    """Return how many counts are withheld."""
    return int(withheld.weekly.sum() + sum(each.sum() for each in withheld.counts.values()))


@cache
def slots() -> list[Slot]:
    """Return every slot; they stand at the same weeks on any day."""
    as_of = date(2000, 1, 3)
    windows = [
        Slot((window, letter), (weeks.start, weeks.stop))
        for window in Window
        for letter, period in periods(window, as_of).items()
        for weeks in [period.weeks(as_of)]
    ]
    return [*windows, *(Slot(None, (week, week + 1)) for week in range(WEEKS_READ))]


def nested() -> Iterator[tuple[Slot, Slot]]:
    """Yield every slot with itself and with each window around it."""
    for outer in slots():
        for inner in slots():
            if inner == outer or (outer.key and inner.within(outer)):
                yield inner, outer
