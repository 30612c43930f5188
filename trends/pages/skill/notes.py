"""What happened to a skill while its chart runs: edits, labels, first sight, gaps in the data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext, ngettext

from marketplace.skills.models import Skill, TaxonomyEdit
from trends.counting.windows import WEEK
from trends.drawing.charts import Note
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.published import schema
from trends.wording.figures import day as in_words
from trends.wording.figures import first_seen
from trends.wording.figures import label as labelled

# Marks nearer than this would cover each other at the width of a phone: they share a number.
APART = 4 * WEEK


@dataclass(frozen=True, slots=True)
class Notes:
    """The numbered marks, each with what it stands for, and what has no day."""

    marks: Sequence[tuple[Note, Sequence[str]]]
    undated: Sequence[str]

    @property
    def numbered(self) -> list[Note]:
        return [note for note, _ in self.marks]


def notes_of(
    skill: Skill, row: schema.SkillTrend, snapshot: TrendSnapshot, edits: Iterable[TaxonomyEdit]
) -> Notes:
    """Return everything that is noted on the chart of a skill's row, the oldest first."""
    start = snapshot.as_of - len(row["weekly"]) * WEEK
    dated = [
        *((edit.made_at.date(), edit.in_words()) for edit in edits),
        *_label_changes(skill, snapshot, since=start),
        *_beginnings(row, snapshot, start),
    ]
    last_day = snapshot.as_of - timedelta(days=1)
    on_chart = [(min(day, last_day), f"{in_words(day)}: {said}") for day, said in dated]
    shown = sorted(event for event in on_chart if event[0] >= start)
    return Notes(marks=list(_grouped(shown)), undated=_undated(row, snapshot))


def _grouped(events: Sequence[tuple[date, str]]) -> Iterable[tuple[Note, Sequence[str]]]:
    groups: list[list[tuple[date, str]]] = []
    for event in events:
        if groups and event[0] - groups[-1][0][0] < APART:
            groups[-1].append(event)
        else:
            groups.append([event])
    for number, group in enumerate(groups, 1):
        said = [text for _, text in group]
        yield Note(number, group[0][0], "; ".join(said)), said


def _label_changes(
    skill: Skill, snapshot: TrendSnapshot, *, since: date
) -> Iterable[tuple[date, str]]:
    published = TrendSnapshot.objects.published().filter(as_of__gt=since, as_of__lte=snapshot.as_of)
    labels = (
        SkillTrend.objects.filter(skill=skill, window=Window.HALF_YEAR, country=WORLD)
        .filter(snapshot__in=published)
        .order_by("snapshot__as_of", "snapshot__published_at")
        .values_list("snapshot__as_of", "label")
    )
    for (_, before), (day, label) in pairwise(labels):
        if label != before:
            said = {"label": labelled(label), "before": labelled(before)}
            yield day, gettext("labelled “%(label)s”, before that “%(before)s”") % said


def _beginnings(
    row: schema.SkillTrend, snapshot: TrendSnapshot, start: date
) -> Iterable[tuple[date, str]]:
    first_day = date.fromisoformat(snapshot.inputs["first_day"])
    if first_day > start:
        yield first_day, gettext("searches are counted from this day on")
    seen = first_seen(row["weekly"], snapshot.as_of)
    # Seen in the first week there is, it may be as old as you like.
    if seen and seen >= max(start, first_day) + WEEK:
        yield seen, gettext("the first week in which 10 people or more searched for it")


def _undated(row: schema.SkillTrend, snapshot: TrendSnapshot) -> list[str]:
    texts = []
    if days := snapshot.inputs.get("days_without_data"):
        text = ngettext(
            "%(days)s day of the last two years has no data and is left out of both sides.",
            "%(days)s days of the last two years have no data and are left out of both sides.",
            days,
        )
        texts.append(text % {"days": days})
    if row["flags"]:
        texts.append(gettext("It is under review: a person looks at its searches."))
    return texts
