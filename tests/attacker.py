"""Somebody who reads everything the site publishes and works out what it does not.

Facts are counts of people in a subject, a country and a span of days. Whatever can be had by
subtracting one from another, by taking parts from their whole, or by solving a published ratio is
tried; a figure about one to nine people is a find.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
from django.test import Client
from PIL import Image

from trends.growth import share_ratio
from trends.models import WORLD, Window

Row = dict[str, Any]
Span = tuple[int, int]
Place = tuple[str, str]

PLATFORM = "platform"
PERIODS = ("current", "previous", "season")
FEW = range(1, 10)
# Ratios are published with twelve digits; what agrees to ten is the same.
ALIKE = 1e-10
# One to nine people in words, in a chart or in a cell of a table of counts.
SAID_OF_FEW = re.compile(
    r"(?<![\d,.])[1-9] (?:people|person|searchers?|buyers?|sellers?)\b"
    r'|<td class="num"[^>]*>\s*[1-9]\s*</td>'
)
# The figure that a file goes by.
FILE_ORDERS = {
    "growth": "growth_ratio",
    "-searchers": "searchers",
    "pay": "pay_median",
    "-competition": "searchers_per_active_seller",
}
PAGES = ("/", "/?show=all", "/?show=falling", "/categories/", "/earners/", "/search/", "/method/")
# Whatever these count is told in tens, which no subtraction takes apart.
IN_TENS = ("/api/v1/trends/replacements/?limit=1000", "/api/v1/trends/ai-share/")


@dataclass
class Attacker:
    """Reads with `client`, keeps `facts` (subject, country) -> {span: people} and every row."""

    client: Client
    facts: dict[Place, dict[Span, int]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    lists: list[tuple[str, list[Row]]] = field(default_factory=list)
    files: list[tuple[str, list[Row]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)

    def read(self) -> None:
        """Read every list and skill of the API."""
        first = self.get("/api/v1/trends/skills/?limit=1000")["results"]
        self.skills = [row["skill"]["slug"] for row in first]
        for slug in self.skills:
            detail = self.get(f"/api/v1/skills/{slug}/")
            self.countries |= {row["country"] for row in detail["trends"]}
            self.learn(detail["trends"])
            self.learn_days(slug, self.get(f"/api/v1/skills/{slug}/series/")["days"])
        orders, kinds = ("rank", "growth", "searchers"), ("skills", "categories")
        for window, country, order, kind in product(
            Window.values, sorted(self.countries), orders, kinds
        ):
            query = f"window={window}&country={country}&order={order}&limit=1000"
            found = self.get(f"/api/v1/trends/{kind}/?{query}")["results"]
            self.lists.append((order, found))
            self.learn(found)
        for country in sorted(self.countries):
            self.learn_platform(country)

    def learn_platform(self, country: str) -> None:
        """Read everybody's weeks in a country, beside those of some skills."""
        query = f"skills={','.join(self.skills[:5])}&country={country}"
        found = self.get(f"/api/v1/compare/?{query}")
        end = date.fromisoformat(found["snapshot"]["as_of"]).toordinal()
        for back, people in enumerate(reversed(found["platform_weekly"])):
            self.know(PLATFORM, country, (end - 7 * back - 7, end - 7 * back), people)

    def read_files(self) -> None:
        """Read the list of everything as a file, in every order, and as a feed."""
        for country, order in product(sorted(self.countries), FILE_ORDERS):
            where = "" if country == WORLD else f"&country={country}"
            query = f"show=all&order={order}{where}"
            lines = b"".join(self.client.get(f"/skills.csv?{query}")).decode().splitlines()
            found = list(csv.DictReader(lines))
            self.files.append((order, found))
            for line, suffix in product(found, ("", "_before", "_season")):
                self.learn_line(line, suffix)
            self.read_page(f"/skills.atom?{query}")
            self.read_page(f"/?{query}")

    def learn_line(self, line: Row, suffix: str) -> None:
        for subject, name in (
            (f"skill {line['slug']}", "searchers"),
            (PLATFORM, "platform_searchers"),
        ):
            if (people := line[name + suffix]).isdecimal():
                span = _span(line["from" + suffix], line["to" + suffix])
                self.know(subject, line["country"], span, int(people))

    def read_words(self) -> None:
        """Read what is said in sentences: every page and explanation."""
        countries = sorted(self.countries)
        for slug in self.skills:
            self.read_explained(slug, countries)
            for part in ("", "badge.svg", "embed/"):
                self.read_page(f"/skills/{slug}/{part}")
            self.read_card(f"/skills/{slug}/card.png")
            self.read_page(f"/compare/?scale=searchers&skills={slug}")
            self.read_page(f"/me/?skills={slug}")
        for country in sorted(self.countries - {WORLD}):
            self.read_page(f"/?show=all&country={country}")
        for page in PAGES:
            self.read_page(page)
        self.read_card("/card.png")
        self.read_categories()
        self.read_pay()
        for order in ("best", "total", "rising", "orders"):
            earners = self.client.get(f"/api/v1/trends/earners/?limit=1000&order={order}")
            assert earners.status_code == 200
            self.words += [
                f"{row['skill']['slug']}: {value} {name}"
                for row in earners.json()["results"]
                for part in ("orders", "earnings", "supply")
                for name, value in row[part].items()
                if name in {"sellers", "buyers", "active_sellers"} and value in FEW
            ]

    def read_categories(self) -> None:
        """Read the page of every category, and the list of all as a file."""
        for line in self.get_file("/categories.csv"):
            self.read_page(f"/categories/{line['slug']}/")
            for subject, name in (
                (f"field {line['slug']}", "searchers"),
                (PLATFORM, "platform_searchers"),
            ):
                for period in PERIODS[:2]:
                    if people := line[f"{name}_{period}"]:
                        span = _span(line[f"from_{period}"], line[f"to_{period}"])
                        self.know(subject, WORLD, span, int(people))

    def read_pay(self) -> None:
        """Read the lists of what pays, as pages and as files."""
        for show, order in product(("best", "total", "rising"), ("rank", "-median", "sellers")):
            query = f"show={show}&order={order}"
            self.read_page(f"/earners/?{query}")
            self.words += [
                f"{line['slug']}: {line[name]} {name}"
                for line in self.get_file(f"/earners.csv?{query}")
                for name in ("sellers", "buyers")
                if line[name] in {str(few) for few in FEW}
            ]

    def get_file(self, path: str) -> list[Row]:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return list(csv.DictReader(b"".join(answer).decode().splitlines()))

    def read_editions(self) -> None:
        """Read every edition: its page, its file, and its figures by the API."""
        for edition in self.get("/api/v1/editions/")["results"]:
            slug = self.get(f"/api/v1/editions/{edition['edition']}/")["edition"]
            self.read_page("/editions/")
            self.read_page(f"/editions/{slug}/")
            self.read_card(f"/editions/{slug}/card.png")
            file = b"".join(self.client.get(f"/editions/{slug}/edition.csv"))
            for line, period in product(csv.DictReader(file.decode().splitlines()), PERIODS):
                self.learn_edition(line, period)
            kinds = ("skills", "categories")
            for window, country, kind in product(Window.values, sorted(self.countries), kinds):
                query = f"edition={slug}&window={window}&country={country}&limit=1000"
                self.learn(self.get(f"/api/v1/trends/{kind}/?{query}")["results"])

    def learn_edition(self, line: Row, period: str) -> None:
        for subject, name in (
            (f"skill {line['slug']}", "searchers"),
            (PLATFORM, "platform_searchers"),
        ):
            if people := line[f"{period}_{name}"]:
                span = _span(line[f"{period}_from"], line[f"{period}_to"])
                self.know(subject, line["country"], span, int(people))

    def read_tens(self) -> None:
        """Read what is told in tens: a count in between, or under ten, is a find."""
        self.read_page("/replacing/")
        for path in IN_TENS:
            counts = r'"(former|moved|back|comparable|searchers|of_ai)":(\d+)'
            told = re.findall(counts, _json(self.get(path)))
            self.words += [f"{path}: {n} {name}" for name, n in told if int(n) % 10 or n == "0"]

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.json()

    def learn(self, rows: list[Row]) -> None:
        for row in rows:
            subject = _subject(row)
            self.parents[subject] = _parent(row)
            self.rows.append(row)
            for period in filter(None, (row[name] for name in PERIODS)):
                span = _span(period["from"], period["to"])
                self.know(subject, row["country"], span, period["searchers"])
                self.know(PLATFORM, row["country"], span, period["platform_searchers"])
                self.solve_reach(subject, row["country"], span, period)
            self.solve_raw_ratio(subject, row)
            self.learn_weeks(subject, row)

    def learn_weeks(self, subject: str, row: Row) -> None:
        end = _span(row["current"]["from"], row["current"]["to"])[1]
        for back, people in enumerate(reversed(row["weekly"])):
            self.know(subject, row["country"], (end - 7 * back - 7, end - 7 * back), people)

    def learn_days(self, slug: str, days: list[Row]) -> None:
        for day in days:
            start = date.fromisoformat(day["day"]).toordinal()
            self.know(f"skill {slug}", WORLD, (start, start + 1), day["searchers"])
            if day["searches"] is not None and day["searches"] - (day["searchers"] or 0) in FEW:
                self.words.append(f"{slug} {day['day']}: searches less searchers")

    def read_explained(self, slug: str, countries: list[str]) -> None:
        everywhere = product(Window.values, [WORLD])
        for window, country in {*everywhere, *product([Window.HALF_YEAR.value], countries)}:
            asked = f"/api/v1/skills/{slug}/explain/?window={window}&country={country}"
            gates = self.get(asked)["gates"]
            self.words += [f"{asked}: {said}" for said in SAID_OF_FEW.findall(str(gates))]
            people = next((gate["value"] for gate in gates if gate["name"] == "searchers"), None)
            if people in FEW:
                self.words.append(f"{asked}: {people}")

    def read_page(self, path: str) -> None:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        self.words += [f"{path}: {said}" for said in SAID_OF_FEW.findall(page)]

    def read_card(self, path: str) -> None:
        """Read the words of a picture, which it carries beside its pixels."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        said = Image.open(BytesIO(answer.content)).info["Description"]
        self.words += [f"{path}: {found}" for found in SAID_OF_FEW.findall(said)]

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
            span = _span(previous["from"], previous["to"])
            self.know(subject, row["country"], span, round(current["searchers"] / raw))
        if previous["searchers"] and current["searchers"] is None:
            span = _span(current["from"], current["to"])
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

    def around(self, subject: str) -> list[str]:
        """A subject and everything it is part of."""
        found = [subject]
        while subject in self.parents:
            subject = self.parents[subject]
            found.append(subject)
        return list(dict.fromkeys([*found, PLATFORM]))

    def rests_of_countries(self) -> Iterator[str]:
        subjects = {subject for subject, _ in self.facts}
        for subject in subjects:
            for span, world in self.facts[subject, WORLD].items():
                parts = [
                    facts[span]
                    for (one, country), facts in list(self.facts.items())
                    if one == subject and country != WORLD and span in facts
                ]
                if parts and abs(world - sum(parts)) in FEW:
                    yield f"{subject} {span}: the world less its countries {world - sum(parts)}"

    def rests_of_spans(self) -> Iterator[str]:
        """Windows less their weeks and halves, weeks and windows less their days."""
        for place, facts in self.facts.items():
            for (start, end), whole in facts.items():
                for length in (1, 7, 91, 182):
                    parts = [
                        n
                        for (a, b), n in facts.items()
                        if b - a == length < end - start
                        and start <= a
                        and b <= end
                        and (end - b) % length == 0
                    ]
                    # A month or two that are missing make the difference nobody's figure.
                    whole_of_it = length < 91 or len(parts) * length == end - start
                    if len(parts) > 1 and whole_of_it and abs(whole - sum(parts)) in FEW:
                        yield f"{place} {start, end} less parts of {length}: {whole - sum(parts)}"

    def rests_of_members(self) -> Iterator[str]:
        """Categories less their skills or children, the platform less the categories."""
        members = defaultdict(list)
        for subject in self.parents:
            for whole in self.around(subject)[1:]:
                if not (
                    whole == PLATFORM and (subject[:5] == "skill" or len(self.around(subject)) > 2)
                ):
                    members[whole, subject[:5]].append(subject)
        for (whole, _), parts in members.items():
            for (subject, country), facts in list(self.facts.items()):
                for span, people in facts.items() if subject == whole else ():
                    shown = [self.facts[part, country].get(span, 0) for part in parts]
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
            told = [line[FILE_ORDERS[order]][:1].isdecimal() for line in lines]
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
            yield f"{_subject(row), row['country']} {row['window']} {base}: solved {counts}"


def _json(found: Any) -> str:
    return json.dumps(found["results"], separators=(",", ":"))


def _subject(row: Row) -> str:
    return f"skill {row['skill']['slug']}" if "skill" in row else f"field {row['category']['slug']}"


def _parent(row: Row) -> str:
    parent = row["category"] if "skill" in row else row["category"]["parent"]
    return f"field {parent}" if parent else PLATFORM


def _span(first: str, last: str) -> Span:
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
