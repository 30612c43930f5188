"""A market kept twice: in the database, and in plain lists that a few lines of Python count."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from marketplace.gigs.importing import import_gigs
from marketplace.imports.rows import Row, Status
from marketplace.searches.intake import take_in
from marketplace.searches.models import IngestBatch, Source
from marketplace.skills import edits
from marketplace.skills.models import Category, Skill, SkillAlias
from tests.conftest import NOON, TODAY, Fields, at
from trends.models import WORLD, DailyDemand, DirtyDay

# (day, subject, country) to (searches, searchers, excluded); the subject "" is anything at all.
Counts = dict[tuple[date, str, str], tuple[int, int, int]]

CATEGORIES = {"Python": "Web", "React": "Web", "React Native": "Web", "Logo Design": "Art"}
QUERIES = ["python", "py", "react", "react native", "python logo design", "snake", "gardening"]
ROLES = ["", "buyer", "seller", "staff", "bot"]


def event(number: int, *, day: date = TODAY, **fields: Any) -> Fields:
    """The event of this number, the same each time: few people, queries, half-hours, countries."""
    made: Fields = {
        "event_id": f"n{number}",
        "day": day - timedelta(days=number % 3),
        "second": number * 700 % 7_200,
        "query": QUERIES[number % len(QUERIES)],
        "searcher": f"u{number % 5}",
        "country": ["DE", "FR", ""][number // 5 % 3],
        "role": ROLES[number // 4 % 5] if number % 4 == 0 else "",
    }
    return made | fields


def flood(searcher: str, *, queries: int, hours: int = 1, **fields: Any) -> list[Fields]:
    """That many queries of one person on one day, spread evenly over so many hours."""
    step = hours * 3600 // queries
    same: Fields = {"searcher": searcher, "day": TODAY, "role": "", "query": "python"} | fields
    ids = (f"{searcher} floods {queries} {number}" for number in range(queries))
    return [event(0, **same, event_id=one, second=number * step) for number, one in enumerate(ids)]


@dataclass
class Market:
    """The same market twice: in the database, and as plain lists the reference counts."""

    source: Source = field(default_factory=lambda: Source.objects.create(name="shop"))
    events: dict[tuple[date, str], Fields] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=lambda: dict(CATEGORIES))
    merged: dict[str, str] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    gigs: dict[str, tuple[str, str, date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, category in CATEGORIES.items():
            Skill.objects.add(name=name, category=self.category(category))
            self.aliases[name.lower()] = name

    @staticmethod
    def category(name: str) -> Category:
        return Category.objects.at_path(f"All > {name}")

    def send(self, events: Iterable[Fields]) -> None:
        sent = list(events)
        rows = [one | {"occurred_at": at(one["day"], second=one["second"])} for one in sent]
        receipt = take_in(
            [Row(number, row) for number, row in enumerate(rows, 1)],
            source=self.source,
            now=NOON + timedelta(days=1),
        )
        assert {one.status for one in receipt.verdicts} <= {Status.OK, Status.DUPLICATE}
        self.events |= {(one["day"], one["event_id"]): one for one in sent}

    def name(self, text: str, skill: str) -> None:
        if self.aliases.setdefault(text, skill) == skill:
            Skill.objects.get(name=skill).claim(text)

    def unname(self, text: str) -> None:
        if self.aliases.pop(text, None):
            SkillAlias.objects.get(text=text).delete()

    def move(self, skill: str, category: str) -> None:
        self.categories[skill] = category
        Skill.objects.filter(name=skill).update(category=self.category(category))

    def merge(self, skill: str, into: str) -> None:
        if skill == into or {skill, into} & {*self.merged, *self.retired}:
            return
        self.merged |= {one: into for one, survivor in self.merged.items() if survivor == skill}
        self.merged[skill] = into
        found = Skill.objects.in_bulk([skill, into], field_name="name")
        edits.merge(found[skill], into=found[into], by=None, reason="the same")

    def retire(self, skill: str) -> None:
        if skill in {*self.merged, *self.retired}:
            return
        self.retired.add(skill)
        edits.retire(Skill.objects.get(name=skill), by=None, reason="nobody's")

    def offer(self, gig_id: str, seller: str, tag: str, days_ago: int) -> None:
        created = TODAY - timedelta(days=days_ago)
        self.gigs[gig_id] = (seller, tag, created)
        gig = {
            "gig_id": gig_id,
            "seller_id": seller,
            "title": "gig",
            "category": "All",
            "skills": tag,
            "price": "5",
            "currency": "USD",
            "created_at": at(created),
            "status": "active",
        }
        (verdict,) = import_gigs([Row(1, gig)])
        assert verdict.status in {Status.OK, Status.DUPLICATE}

    def skill_of(self, text: str) -> str | None:
        skill = self.aliases.get(text, "")
        survivor = self.merged.get(skill, skill)
        return None if survivor in self.retired else survivor or None

    def skills_in(self, query: str) -> set[str]:
        found, text = set(), f" {query} "
        # The longest phrase wins; of two as long, the one that stands first.
        for phrase in sorted(self.aliases, key=lambda one: (-len(one.split()), text.find(one))):
            if (skill := self.skill_of(phrase)) and f" {phrase} " in text:
                found.add(skill)
                text = text.replace(f" {phrase} ", " | ")
        return found

    def offers(self, searcher: str, skill: str, day: date) -> bool:
        return any(
            seller == searcher and self.skill_of(tag) == skill and created <= day
            for seller, tag, created in self.gigs.values()
        )

    def counted(self) -> Counts:
        """The reference: one event after the other, sets of people and of half-hours."""
        floods = self.floods()
        cells: dict[Any, list[set[Any]]] = defaultdict(lambda: [set(), set(), set()])
        for one in self.events.values():
            day, searcher = one["day"], one["searcher"]
            counts = one["role"] not in {"staff", "bot"} and (day, searcher) not in floods
            skills = self.skills_in(one["query"])
            subjects = {"": counts, **{f"in {self.categories[s]}": counts for s in skills}}
            if skills:
                subjects["in All"] = counts
            subjects |= {s: counts and not self.offers(searcher, s, day) for s in skills}
            half_hour = (searcher, one["query"], one["second"] // 1_800)
            for subject, taken in subjects.items():
                for country in (one["country"] or "ZZ", WORLD):
                    searches, searchers, excluded = cells[day, subject, country]
                    (searches if taken else excluded).add(half_hour)
                    if taken:
                        searchers.add(searcher)
        return {key: (len(a), len(b), len(c)) for key, (a, b, c) in cells.items()}

    def floods(self) -> set[tuple[date, str]]:
        days: dict[Any, int] = defaultdict(int)
        hours: dict[Any, int] = defaultdict(int)
        for one in self.events.values():
            days[one["day"], one["searcher"]] += 1
            hours[one["day"], one["searcher"], one["second"] // 3_600] += 1
        return {key for key, n in days.items() if n > 200} | {
            key[:2] for key, n in hours.items() if n > 60
        }

    def check(self) -> None:
        """Everything has been rolled up, and is what the reference counts."""
        assert not DirtyDay.objects.exists()
        assert not IngestBatch.objects.waiting().exists()
        assert stored() == self.counted()


def stored() -> Counts:
    names = ("day", "skill__name", "category__name", "country", "searches", "searchers", "excluded")
    return {
        (day, skill or (f"in {category}" if category else ""), country): tuple(figures)
        for day, skill, category, country, *figures in DailyDemand.objects.values_list(*names)
    }
