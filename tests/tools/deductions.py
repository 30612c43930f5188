"""What follows from published counts: differences, rests of a whole, ratios to be solved."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np

from trends.arithmetic.growth import share_ratio
from trends.models import WORLD

Row = dict[str, Any]
Span = tuple[int, int]
Place = tuple[str, str]

PLATFORM = "platform"
FEW = range(1, 10)
# Ratios are published with twelve digits; what agrees to ten is the same.
ALIKE = 1e-10
# The figure that a file goes by, or of a row without it the next.
FILE_ORDERS = {
    "growth": ("growth_ratio",),
    "-searchers": ("searchers",),
    "pay": ("pay_median",),
    "-competition": ("searchers_per_seller_in_country", "searchers_per_active_seller"),
    "newcomers": ("new_gigs_sold_within_30_days",),
}


class Deductions:
    """What somebody knows, and what they can work out of it."""

    facts: dict[Place, dict[Span, int]]
    parents: dict[str, str]
    rows: list[Row]
    lists: list[tuple[str, list[Row]]]
    files: list[tuple[str, list[Row]]]
    words: list[str]

    def know(self, subject: str, country: str, span: Span, people: int | None) -> None:
        if people is not None:
            assert self.facts[subject, country].setdefault(span, people) == people

    def solve_reach(self, subject: str, country: str, span: Span, period: Row) -> None:
        reach, people = period["reach"], period["searchers"]
        platform = period["platform_searchers"]
        if reach and people is None and platform is not None:
            self.know(subject, country, span, round(reach * platform))
        if reach and people and platform is None:
            self.know(PLATFORM, country, span, round(people / reach))

    def solve_raw_ratio(self, subject: str, row: Row) -> None:
        raw, current, previous = row["growth"]["raw_ratio"], row["current"], row["previous"]
        if raw is None or not previous:
            return
        if current["searchers"] and previous["searchers"] is None:
            span = span_of(previous["from"], previous["to"])
            self.know(subject, row["country"], span, round(current["searchers"] / raw))
        if previous["searchers"] and current["searchers"] is None:
            span = span_of(current["from"], current["to"])
            self.know(subject, row["country"], span, round(previous["searchers"] * raw))

    def finds(self) -> list[str]:
        """Everything that could be worked out of fewer than ten people."""
        return [
            *self.words,
            *self.small(),
            *self.differences(),
            *self.rests_of_countries(),
            *self.rests_of_spans(),
            *self.rests_of_members(),
            *self.places(),
            *self.solved(),
        ]

    def small(self) -> Iterator[str]:
        for place, facts in self.facts.items():
            yield from (f"{place} {span}: {n}" for span, n in facts.items() if n in FEW)

    def differences(self) -> Iterator[str]:
        """Each published count less each that lies within it."""
        for (subject, country), facts in self.facts.items():
            inner, few = _arrays(facts)
            for around in product(self.around(subject), {country, WORLD}):
                outer, many = _arrays(self.facts.get(around, {}))
                within = (outer[:, :1] <= inner[:, 0]) & (inner[:, 1] <= outer[:, 1:])
                rest = np.abs(many[:, None] - few)
                for at, of in np.argwhere(within & (rest > 0) & (rest < 10)):
                    part = f"{subject, country} {inner[of]}"
                    yield f"{around} {outer[at]} less {part}: {rest[at, of]}"

    def by_subject(self) -> dict[str, dict[str, dict[Span, int]]]:
        """Return what is known of each subject by country."""
        known: dict[str, dict[str, dict[Span, int]]] = defaultdict(dict)
        for (subject, country), facts in self.facts.items():
            known[subject][country] = facts
        return known

    def around(self, subject: str) -> list[str]:
        """A subject and everything it is part of."""
        found = [subject]
        while subject in self.parents:
            subject = self.parents[subject]
            found.append(subject)
        return list(dict.fromkeys([*found, PLATFORM]))

    def rests_of_countries(self) -> Iterator[str]:
        for subject, countries in self.by_subject().items():
            for span, world in countries.pop(WORLD, {}).items():
                parts = [facts[span] for facts in countries.values() if span in facts]
                if parts and abs(world - sum(parts)) in FEW:
                    yield f"{subject} {span}: the world less its countries {world - sum(parts)}"

    def rests_of_spans(self) -> Iterator[str]:
        """Windows less their weeks and halves, weeks and windows less their days."""
        for (place, facts), length in product(self.facts.items(), (1, 7, 91, 182)):
            spans, people = _arrays(facts)
            first, last = spans.T
            for (start, end), whole in facts.items():
                if end - start <= length:
                    continue
                inside = (last - first == length) & (start <= first) & (last <= end)
                parts = people[inside & ((end - last) % length == 0)]
                # A month or two that are missing make the difference nobody's figure.
                whole_of_it = length < 91 or len(parts) * length == end - start
                if len(parts) > 1 and whole_of_it and abs(whole - parts.sum()) in FEW:
                    yield f"{place} {start, end} less parts of {length}: {whole - parts.sum()}"

    def rests_of_members(self) -> Iterator[str]:
        """Categories less their skills or children, the platform less the categories."""
        members = defaultdict(list)
        for subject in self.parents:
            for whole in self.around(subject)[1:]:
                if not (
                    whole == PLATFORM and (subject[:5] == "skill" or len(self.around(subject)) > 2)
                ):
                    members[whole, subject[:5]].append(subject)
        known = self.by_subject()
        for (whole, _), parts in members.items():
            for country, facts in known.get(whole, {}).items():
                of_parts = [known.get(part, {}).get(country, {}) for part in parts]
                for span, people in facts.items():
                    shown = [each.get(span, 0) for each in of_parts]
                    if any(shown) and abs(people - sum(shown)) in FEW:
                        yield f"{whole, country} {span} less members: {people - sum(shown)}"

    def places(self) -> Iterator[str]:
        """A hidden figure between two published ones of an ordered list is one of theirs."""
        for order, rows in self.lists:
            shown = [_ordered_by(row, order) for row in rows]
            first = next((at for at, one in enumerate(shown) if one is None), len(shown))
            if any(one is not None for one in shown[first:]):
                yield f"{order} of {rows[0]['window'], rows[0]['country']}: place {first}"
        for order, lines in self.files:
            columns = FILE_ORDERS[order]
            told = [any(line[name][:1].isdecimal() for name in columns) for line in lines]
            if told != sorted(told, reverse=True):
                yield f"{order} of the file: {told}"

    def solved(self) -> Iterator[str]:
        """A country's ratio of shares solved for the one count of its four that is hidden."""
        for row in self.rows:
            for base, name in (("previous", "ratio"), ("season", "season_ratio")):
                if row["country"] != WORLD and row["growth"][name] is not None and row[base]:
                    yield from _solve(row, base, row["growth"][name])


def _solve(row: Row, base: str, ratio: float) -> Iterator[str]:
    searchers = [row[period]["searchers"] for period in ("current", base)]
    platform = [row[period]["platform_searchers"] for period in ("current", base)]
    if None in platform or searchers.count(None) != 1:
        return
    for guess in FEW:
        counts = [guess if one is None else one for one in searchers]
        c, b, all_c, all_b = (np.array([one]) for one in (*counts, *platform))
        if abs(share_ratio(c[:, None], b[:, None], all_c, all_b)[0] / ratio - 1) < ALIKE:
            yield f"{subject_of(row), row['country']} {row['window']} {base}: solved {counts}"


def subject_of(row: Row) -> str:
    return f"skill {row['skill']['slug']}" if "skill" in row else f"field {row['category']['slug']}"


def span_of(first: str, last: str) -> Span:
    end = date.fromisoformat(last) + timedelta(days=1)
    return date.fromisoformat(first).toordinal(), end.toordinal()


def _arrays(facts: dict[Span, int]) -> tuple[Any, Any]:
    spans = np.array(list(facts), dtype=np.int64).reshape(-1, 2)
    return spans, np.array(list(facts.values()), dtype=np.int64)


def _ordered_by(row: Row, order: str) -> float | None:
    if order == "searchers":
        return row["current"]["searchers"]  # type: ignore[no-any-return]
    if order == "growth":
        return row["growth"]["ratio"]  # type: ignore[no-any-return]
    return row["growth"]["bound"] if row["rank"] is None else 0.0
