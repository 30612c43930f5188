"""What the figures would be if other terms named a skill, or one skill answered for two.

Nothing is stored: people are counted again from the events of the terms concerned alone, and
measured among the other skills of the snapshot as they stand in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np
from django.db.models import Q

from marketplace.skills.matching import Matcher
from marketplace.skills.models import SearchTerm
from trends.arithmetic.growth import Growth, measure
from trends.arithmetic.labels import LABEL_DTYPE, Labels
from trends.counting.sql import read_integers
from trends.counting.window_counts import Counts, WindowCounts, count, countries_seen
from trends.counting.windows import WEEK, WEEKS, WEEKS_NEEDED, covered
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window

# The windows a half-year is compared by, and their columns in a snapshot.
LETTERS = "cby"
_PEOPLE = ("current", "previous", "season")
_PLATFORM = ("platform_current", "platform_previous", "platform_season")
# A skill to be, in the place of the id it has not got yet.
NEW = 0

# Whoever offers one of the skills concerned is no demand for what they become.
_SEARCHES = """(
SELECT p.day, h.subject, p.term_id, p.second, p.searcher, p.country,
    p.counted AND NOT EXISTS (
        SELECT FROM trends_knownoffer own
        WHERE own.seller = p.searcher AND own.skill_id = ANY({skills}) AND own.since <= p.day
    ) AS counted
FROM trends_platform_search p JOIN (VALUES {pairs}) AS h (subject, term_id) USING (term_id)
) AS hypothetical"""
_PLATFORM_WEEKS = """
SELECT (day - %(first)s) / 7, count(DISTINCT searcher) FROM trends_platform_search
WHERE day >= %(first)s AND day < %(as_of)s AND counted GROUP BY 1
"""


def terms_of(skill: int) -> set[int]:
    """Return the terms that name a skill now."""
    return set(SearchTerm.objects.filter(skills__skill=skill).values_list("pk", flat=True))


def terms_as_if(
    phrases: Mapping[str, int], subjects: Collection[int], *, near: int, texts: Collection[str]
) -> dict[int, set[int]]:
    """Return the terms each subject would have if texts named what `phrases` says.

    Looked at are the terms that name the skill `near` now, and those with one of `texts` in them:
    no other can have changed.
    """
    matcher = Matcher(phrases)
    looked_at = Q(skills__skill=near)
    for text in texts:
        looked_at |= Q(text__contains=text)
    terms: dict[int, set[int]] = {subject: set() for subject in subjects}
    for pk, term in SearchTerm.objects.filter(looked_at).values_list("pk", "text").distinct():
        for subject in matcher.skills(term) & terms.keys():
            terms[subject].add(pk)
    return terms


def count_as_if(
    terms: Mapping[int, Collection[int]], *, offered: Collection[int], as_of: date
) -> WindowCounts:
    """Count distinct searchers of subjects made of these terms, without `offered` sellers."""
    pairs = [f"({subject}::bigint, {term})" for subject, of in terms.items() for term in of]
    relation = _SEARCHES.format(
        skills=f"ARRAY[{', '.join(map(str, offered))}]::bigint[]",
        pairs=", ".join(pairs) or "(NULL::bigint, NULL::bigint)",
    )
    return count(relation, as_of=as_of, countries=countries_seen(as_of))


def people(counts: WindowCounts, subject: int, letter: str) -> int:
    """Return distinct searchers of a subject, worldwide, in a half-year: c, b or y."""
    if subject not in counts.subjects:
        return 0
    return int(counts.distinct[Window.HALF_YEAR, letter][counts.subjects.index(subject), -1])


@dataclass(frozen=True, slots=True)
class AsIf:
    """All skills of a snapshot measured with some of them changed; `ranks` of the listed."""

    subjects: list[int]
    growth: Growth
    ranks: dict[int, int]

    def ratio(self, subject: int) -> float | None:
        at = self.place(subject)
        return None if at is None or not self.growth.known else float(self.growth.ratio[at])

    def label(self, subject: int) -> str | None:
        at = self.place(subject)
        return None if at is None else str(self.growth.label[at])

    def place(self, subject: int) -> int | None:
        return self.subjects.index(subject) if subject in self.subjects else None


@dataclass(frozen=True, slots=True)
class _HalfYears:
    """Skills in the windows LETTERS: `people` (windows, skills, countries), `weekly` (skills, all
    weeks of all windows) worldwide, `platform` (windows, countries)."""

    subjects: list[int]
    people: Counts
    weekly: Counts
    platform: Counts
    held: set[int]

    def with_changed(self, changed: WindowCounts) -> Self:
        people = [changed.distinct[Window.HALF_YEAR, x][:, :-1] for x in LETTERS]
        weekly = changed.weekly[:, -1, -self.weekly.shape[1] :]
        return replace(
            self,
            subjects=[*self.subjects, *changed.subjects],
            people=np.concatenate([self.people, np.stack(people)], axis=1),
            weekly=np.concatenate([self.weekly, weekly]),
        )


def measure_as_if(
    snapshot: TrendSnapshot, changed: WindowCounts, *, gone: Collection[int]
) -> AsIf | None:
    """Measure the half-year of all skills, without those `gone` and with those `changed`.

    None where history is too short to compare half-years.
    """
    first_day = date.fromisoformat(snapshot.inputs["first_day"])
    letters = list(covered(Window.HALF_YEAR, snapshot.as_of, first_day=first_day))
    if "b" not in letters or snapshot.as_of - first_day < WEEKS_NEEDED * WEEK:
        return None
    left_out = {*gone, *changed.subjects}
    skills = _stored(snapshot, changed.countries[:-1], left_out).with_changed(changed)
    platform_weekly = _platform_weekly(snapshot.as_of)
    at = {x: LETTERS.index(x) for x in letters}
    weeks = {x: _weeks(place) for x, place in at.items()}
    growth = measure(
        weekly={x: skills.weekly[:, weeks[x]] for x in letters},
        by_country={x: skills.people[at[x]] for x in letters},
        platform_weekly={x: platform_weekly[weeks[x]] for x in letters},
        platform_by_country={x: skills.platform[at[x]] for x in letters},
        previous_shown=_labels_before(snapshot, skills.subjects),
    )
    listed = [skills.subjects[at] for at in growth.ranking().tolist()]
    ranks = enumerate((pk for pk in listed if pk not in skills.held), 1)
    return AsIf(skills.subjects, growth, {subject: rank for rank, subject in ranks})


def _weeks(place: int) -> slice:
    """Return where the weeks of a window stand in a series that ends with the current one."""
    end = -place * WEEKS[Window.HALF_YEAR]
    return slice(end - WEEKS[Window.HALF_YEAR], end or None)


def _stored(snapshot: TrendSnapshot, countries: list[str], left_out: Collection[int]) -> _HalfYears:
    """Return the skills as the snapshot has them, but for those left out."""
    rows = list(
        SkillTrend.objects.filter(snapshot=snapshot, window=Window.HALF_YEAR)
        .values_list("skill_id", "country", *_PEOPLE, *_PLATFORM)
        .iterator()
    )
    subjects = sorted({row[0] for row in rows} - set(left_out))
    row_of = {subject: place for place, subject in enumerate(subjects)}
    column_of = {country: place for place, country in enumerate(countries)}
    people = np.zeros((len(LETTERS), len(subjects), len(countries)), dtype=np.int64)
    platform = np.zeros((len(LETTERS), len(countries)), dtype=np.int64)
    for skill, country, *figures in rows:
        if (column := column_of.get(country)) is not None:
            counts = [figure or 0 for figure in figures]
            platform[:, column] = counts[len(LETTERS) :]
            if (row := row_of.get(skill)) is not None:
                people[:, row, column] = counts[: len(LETTERS)]
    weekly = np.zeros((len(subjects), len(LETTERS) * WEEKS[Window.HALF_YEAR]), dtype=np.int64)
    worldwide = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).filter(skill__in=subjects)
    held = set()
    for skill, weeks, flags in worldwide.values_list("skill_id", "weekly", "flags"):
        weekly[row_of[skill]] = weeks
        if flags:
            held.add(skill)
    return _HalfYears(subjects, people, weekly, platform, held)


def _platform_weekly(as_of: date) -> Counts:
    """Return distinct searchers of anything in each week of the windows."""
    weekly = np.zeros(len(LETTERS) * WEEKS[Window.HALF_YEAR], dtype=np.int64)
    known = {"first": as_of - len(weekly) * WEEK, "as_of": as_of}
    counts = read_integers(_PLATFORM_WEEKS, known)
    weekly[counts[:, 0]] = counts[:, 1]
    return weekly


def _labels_before(snapshot: TrendSnapshot, subjects: list[int]) -> Labels:
    """Return the labels on show a week before, "" for none."""
    before = TrendSnapshot.objects.a_week_before(snapshot.as_of)
    trends = SkillTrend.objects.filter(snapshot=before, window=Window.HALF_YEAR, country=WORLD)
    labels = dict(trends.values_list("skill_id", "label"))
    return np.array([labels.get(subject, "") for subject in subjects], dtype=LABEL_DTYPE)
