"""The skills a person offers, as an address names them, and which would come next for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from marketplace.skills.models import Skill
from trends.arithmetic.digits import rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, in_tens
from trends.arithmetic.labels import DOWNWARD, UPWARD
from trends.arithmetic.lift import FALSE_DISCOVERY_RATE, LEAST_LIFT
from trends.measuring.flows.next_skills import DAYS, SOLD_WITHIN
from trends.models import NextSkill, Replacement, SkillTrend, TrendSnapshot, Window
from trends.published.flow_rows import replacement_rows
from trends.published.flow_schema import Replacement as ReplacementRow
from trends.published.rows import Reader, skill_rows
from trends.published.schema import SkillTrend as SkillTrendRow
from trends.wording.numbers import figure

# More than anybody offers; the address stays one that can be sent to somebody.
MOST_SKILLS = 20
# Looked at before they are ordered, by people who took them up and by their place on the list.
MOST_TAKEN_UP, MOST_LISTED = 40, 20
# As many as a person weighs.
NEXT_SHOWN = 10


class By(TextChoices):
    """What next skills go by."""

    ALL = "all", _("All four")
    NEAR = "near", _("Nearness")
    PAY = "pay", _("Pay")
    CHANCE = "chance", _("Competition")
    REACH = "reach", _("Searchers")


@dataclass(frozen=True, slots=True)
class Mine:
    """The skills of an address, in its order, and what was asked for that there is not."""

    skills: list[Skill]
    unknown: list[str]

    @property
    def full(self) -> bool:
        """Whether no more fit."""
        return len(self.skills) >= MOST_SKILLS

    @property
    def slugs(self) -> list[str]:
        return [skill.slug for skill in self.skills]

    def adding(self, skill: Skill) -> list[str]:
        """Return the slugs with one more."""
        return list(dict.fromkeys([*self.slugs, skill.slug]))[:MOST_SKILLS]

    def dropping(self, skill: Skill) -> list[str]:
        """Return the slugs with one less."""
        return [slug for slug in self.slugs if slug != skill.slug]


def mine(text: str) -> Mine:
    """Return the skills of "a,b"; merged ones by their survivor."""
    wanted = list(dict.fromkeys(part for typed in text.split(",") if (part := typed.strip())))
    wanted = wanted[:MOST_SKILLS]
    known = Skill.objects.by_slug(wanted)
    skills = {known[slug].pk: known[slug] for slug in wanted if slug in known}
    return Mine(list(skills.values()), [slug[:80] for slug in wanted if slug not in known])


class Sold(TypedDict):
    """How many people sold a skill soon: `=`, `<` or `>` so many of those who took it up."""

    compared: str
    people: int
    of: int | None


class TakenUp(TypedDict):
    """How many who had a skill, or one of a category, took up another; people in tens."""

    skill: str | None
    category: str | None
    had: int
    took: int
    lift: float
    lower: float
    upper: float
    sold: Sold | None
    days: int


class Offered(SkillTrendRow):
    """A skill the person offers, and what people left it for."""

    left_for: ReplacementRow | None


class Candidate(SkillTrendRow):
    """A skill that may come next."""

    taken_up: TakenUp | None


class NextRow(Candidate):
    """A candidate with its place among all of them, by each part."""

    of: int
    places: dict[str, int]


@dataclass(frozen=True, slots=True)
class MySkills:
    """Where the skills of a person are going, and which would come next."""

    rows: list[Offered]
    unmeasured: list[Skill]
    following: list[NextRow]

    @property
    def up(self) -> int:
        return sum(row["label"] in UPWARD for row in self.rows)

    @property
    def down(self) -> int:
        return sum(row["label"] in DOWNWARD for row in self.rows)


def my_skills(skills: Sequence[Skill], snapshot: TrendSnapshot, by: str) -> MySkills:
    """Read the rows of these skills and of what comes next, the fading left out of the latter."""
    taken_up = _taken_up(skills, snapshot)
    numbers = {skill.pk for skill in skills}
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    wanted = numbers | taken_up.keys() | _listed_near(skills, snapshot)
    measured = list(trends.filter(skill__in=wanted).select_related("skill__category"))
    rows: dict[int, SkillTrendRow] = {
        trend.skill_id: row
        for trend, row in zip(measured, skill_rows(measured, Reader(snapshot)), strict=True)
    }
    left_for = _left_for(skills, snapshot)
    candidates: list[Candidate] = [
        {**row, "taken_up": _told(taken_up[number]) if number in taken_up else None}
        for number, row in rows.items()
        if number not in numbers and row["label"] not in DOWNWARD
    ]
    return MySkills(
        rows=[
            {**rows[skill.pk], "left_for": left_for.get(skill.pk)}
            for skill in skills
            if skill.pk in rows
        ],
        unmeasured=[skill for skill in skills if skill.pk not in rows],
        following=ordered(candidates, by)[:NEXT_SHOWN],
    )


def constants() -> dict[str, float | str]:
    """Return what next skills are counted with, as the page says it."""
    return {
        "year": DAYS,
        "within": SOLD_WITHIN,
        "least": figure(LEAST_LIFT, "g"),
        "luck": round(100 * FALSE_DISCOVERY_RATE),
    }


def ordered(candidates: list[Candidate], by: str) -> list[NextRow]:
    """Return candidates with their `places` in each part, best mean place or best part first.

    A part that is not published, or not known, has the last place: one in between would give it
    away.
    """
    places = {part: _places(candidates, part) for part in By.values if part != By.ALL}
    placed: list[NextRow] = [
        {**row, "of": len(candidates), "places": {part: of[at] for part, of in places.items()}}
        for at, row in enumerate(candidates)
    ]
    return sorted(
        placed,
        key=lambda row: (
            sum(row["places"].values()) if by == By.ALL else row["places"][by],
            sum(row["places"].values()),
            row["skill"]["name"],
        ),
    )


def _places(candidates: list[Candidate], part: str) -> list[int]:
    figures = [_figure(row, part) for row in candidates]
    known = sorted((figure for figure in figures if figure is not None), reverse=True)
    return [len(figures) if figure is None else known.index(figure) + 1 for figure in figures]


def _figure(row: Candidate, part: str) -> float | None:
    """Return a published figure of which more is better."""
    figures: dict[By, float | None] = {
        By.NEAR: row["taken_up"] and row["taken_up"]["lift"],
        By.PAY: row["earnings"]["median"],
        By.CHANCE: row["opportunity"]["ratio"],
        By.REACH: row["current"]["searchers"],
    }
    return figures[By(part)]


def _left_for(skills: Sequence[Skill], snapshot: TrendSnapshot) -> dict[int, ReplacementRow]:
    """Return by skill the largest published flow of people who left it for another."""
    replaced = list(Replacement.objects.of(snapshot).filter(left__in=skills))
    # The largest last: it stays.
    flows = zip(
        reversed(replaced), reversed(replacement_rows(replaced, Reader(snapshot))), strict=True
    )
    return {flow.left_id: row for flow, row in flows}


def _taken_up(skills: Sequence[Skill], snapshot: TrendSnapshot) -> dict[int, NextSkill]:
    """Return by skill the strongest evidence of who took it up: owners of a skill, else nearby."""
    own = {skill.category_id for skill in skills}
    ranked = sorted(
        NextSkill.objects.after(list(skills), snapshot),
        key=lambda next_skill: (
            next_skill.having_id is None,
            next_skill.category_id not in own,
            -next_skill.told,
        ),
    )
    best: dict[int, NextSkill] = {}
    for next_skill in ranked:
        best.setdefault(next_skill.added_id, next_skill)
    return dict(list(best.items())[:MOST_TAKEN_UP])


def _listed_near(skills: Iterable[Skill], snapshot: TrendSnapshot) -> set[int]:
    """Return the best placed on the rising list in the categories of these skills."""
    tops = {skill.category.top.pk for skill in skills}
    near = Q(skill__category__in=tops) | Q(skill__category__parent__in=tops)
    listed = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).listed().filter(near)
    return set(listed.values_list("skill", flat=True)[:MOST_LISTED])


def _told(next_skill: NextSkill) -> TakenUp:
    """Return its published figures: people in tens, and ratios made of those."""
    had, took = in_tens(next_skill.had), next_skill.told
    # An exact ratio would tell the exact counts.
    lift = next_skill.lift * (took / had) / (next_skill.took / next_skill.had)
    return {
        "skill": next_skill.having.name if next_skill.having else None,
        "category": next_skill.category.name if next_skill.category else None,
        "had": had,
        "took": took,
        "lift": rounded(lift),
        "lower": rounded(lift * next_skill.lower / next_skill.lift),
        "upper": rounded(lift * next_skill.upper / next_skill.lift),
        "sold": _sold(next_skill),
        "days": SOLD_WITHIN,
    }


def _sold(next_skill: NextSkill) -> Sold | None:
    """Return how many sold it soon, where neither they nor those who did not are a few."""
    few, rest = next_skill.sold < FEWEST_PEOPLE, next_skill.tried - next_skill.sold
    if next_skill.tried < FEWEST_PEOPLE or (few and rest < FEWEST_PEOPLE):
        return None
    if few:
        return {"compared": "<", "people": FEWEST_PEOPLE, "of": in_tens(next_skill.tried)}
    if rest < FEWEST_PEOPLE:
        return {"compared": ">", "people": FEWEST_PEOPLE, "of": None}
    return {"compared": "=", "people": in_tens(next_skill.sold), "of": in_tens(next_skill.tried)}
