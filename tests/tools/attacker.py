"""Somebody who reads everything the site publishes and works out what it does not.

Facts are counts of people in a subject, a country and a span of days. Whatever can be had by
subtracting one from another, by taking parts from their whole, or by solving a published ratio is
tried; a figure about one to nine people is a find.
"""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any

from django.test import Client
from PIL import Image

from tests.tools.deductions import (
    FEW,
    FILE_ORDERS,
    PLATFORM,
    Deductions,
    Place,
    Row,
    Span,
    span_of,
    subject_of,
)
from trends.models import WORLD, Window

PERIODS = ("current", "previous", "season")
# One to nine people in words, in a chart or in a cell of a table of counts.
SAID_OF_FEW = re.compile(
    r"(?<![\d,.])[1-9] (?:people|person|searchers?|buyers?|sellers?)\b"
    r'|<td class="num"[^>]*>\s*[1-9]\s*</td>'
)
PAGES = ("/", "/?show=all", "/?show=falling", "/categories/", "/earners/", "/search/", "/method/")
BESIDE = ("related_searches", "related_skills")
# Whatever these count is told in tens, which no subtraction takes apart.
IN_TENS = ("/api/v1/trends/replacements/?limit=1000", "/api/v1/trends/ai-share/")
FILES_IN_TENS = {
    "/replacing.csv": ("former", "moved", "back", "comparable"),
    "/category-flows.csv": ("moved",),
    "/ai-share.csv": ("searchers", "of_ai"),
}


@dataclass
class Attacker(Deductions):
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
            self.learn_tens(slug, detail)
            self.learn_homes(slug, detail)
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
                span = span_of(line["from" + suffix], line["to" + suffix])
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
        self.read_card("/card.png?show=falling")
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
        """Read the page of every category, and the list of all as a file and as a feed."""
        self.read_page("/categories.atom")
        for line in self.get_file("/categories.csv"):
            self.read_page(f"/categories/{line['slug']}/")
            for subject, name in (
                (f"field {line['slug']}", "searchers"),
                (PLATFORM, "platform_searchers"),
            ):
                for period in PERIODS[:2]:
                    if people := line[f"{name}_{period}"]:
                        span = span_of(line[f"from_{period}"], line[f"to_{period}"])
                        self.know(subject, WORLD, span, int(people))

    def read_pay(self) -> None:
        """Read the lists of what pays, as pages, as feeds and as files."""
        for show, order in product(("best", "total", "rising"), ("rank", "-median", "sellers")):
            query = f"show={show}&order={order}"
            self.read_page(f"/earners/?{query}")
            self.read_page(f"/earners.atom?{query}")
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
        self.read_page("/editions.atom")
        assert self.get_file("/editions.csv")
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
                span = span_of(line[f"{period}_from"], line[f"{period}_to"])
                self.know(subject, line["country"], span, int(people))

    def read_tens(self) -> None:
        """Read what is told in tens: a count in between, or under ten, is a find."""
        self.read_page("/replacing/")
        self.read_card("/replacing/card.png")
        self.read_page("/replacing.atom")
        for file, names in FILES_IN_TENS.items():
            people = [line[name] for line in self.get_file(file) for name in names]
            self.words += [f"{file}: {n}" for n in people if n and (n[-1] != "0" or n == "0")]
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
            subject = subject_of(row)
            self.parents[subject] = _parent(row)
            self.rows.append(row)
            for period in filter(None, (row[name] for name in PERIODS)):
                span = span_of(period["from"], period["to"])
                self.know(subject, row["country"], span, period["searchers"])
                self.know(PLATFORM, row["country"], span, period["platform_searchers"])
                self.solve_reach(subject, row["country"], span, period)
            self.solve_raw_ratio(subject, row)
            self.learn_weeks(subject, row)

    def learn_weeks(self, subject: str, row: Row) -> None:
        end = span_of(row["current"]["from"], row["current"]["to"])[1]
        for back, people in enumerate(reversed(row["weekly"])):
            self.know(subject, row["country"], (end - 7 * back - 7, end - 7 * back), people)

    def learn_tens(self, slug: str, detail: Row) -> None:
        """What surrounds a skill is told in tens: any other count of people is a find."""
        months, people = detail["market"]["months"], ("sellers", "buyers", "searchers")
        told = [month[name] for month in months for name in people]
        told += [one["people"] for name in BESIDE for one in detail[name]]
        self.words += [f"{slug}: {n} beside it" for n in told if n == 0 or (n and n % 10)]

    def learn_homes(self, slug: str, detail: Row) -> None:
        """Take the sellers of each country from those there are: fewer than ten left is a find."""
        told = {one["country"]: one["sellers"] or 0 for one in detail["supply_by_country"]}
        self.words += [f"{slug}: {n} in {one}" for one, n in told.items() if n % 10]
        if not (known := told.pop(WORLD, 0)):
            return
        everybody = detail["trends"][0]["supply"]["active_sellers"]
        # Of unknown country are whole tens and up to nine: no more than this many are known.
        most = known + (everybody - known) % 10
        least = sum(max(n - 5, 10) for n in told.values() if n)
        # Nearly all in one country may be any of ten counts.
        if known not in told.values() and most - least < 9:
            self.words.append(f"{slug}: {most - least} elsewhere than {told}")

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


def _json(found: Any) -> str:
    return json.dumps(found["results"], separators=(",", ":"))


def _parent(row: Row) -> str:
    parent = row["category"] if "skill" in row else row["category"]["parent"]
    return f"field {parent}" if parent else PLATFORM
