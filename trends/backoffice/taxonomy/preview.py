"""What a merge or a split would do to the figures, before anybody decides on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from marketplace.gigs.search import active_gigs
from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import Skill, SkillAlias, TermSkill
from trends.backoffice.taxonomy.hypothetical import (
    NEW,
    AsIf,
    count_as_if,
    measure_as_if,
    people,
    terms_as_if,
    terms_of,
)
from trends.counting.window_counts import WindowCounts
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.wording import numbers


@dataclass(frozen=True, slots=True)
class Side:
    """One skill, as it is or as it would be; None is what cannot be known."""

    name: str
    terms: int
    gigs: int
    current: int | None = None
    previous: int | None = None
    ratio: float | None = None
    label: str | None = None
    rank: int | None = None

    @property
    def growth(self) -> str:
        return numbers.growth(self.ratio) if self.ratio is not None else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The skills concerned before and after, and how many others the rising list would gain."""

    before: list[Side]
    after: list[Side]
    enter: list[str] = field(default_factory=list)
    leave: list[str] = field(default_factory=list)
    moved: int = 0

    @property
    def in_both(self) -> int | None:
        """The people who count twice as long as the two skills are apart, in the current window."""
        apart = [side.current for side in (self.before if len(self.after) == 1 else self.after)]
        (together,) = self.after if len(self.after) == 1 else self.before
        if together.current is None or None in apart:
            return None
        return sum(filter(None, apart)) - together.current


def preview_merge(skill: Skill, into: Skill, snapshot: TrendSnapshot | None) -> Preview:
    """Preview a merger: both skills as they are, and the survivor as it would be."""
    together = terms_of(skill.pk) | terms_of(into.pk)
    gigs = active_gigs().filter(tags__overlap=_texts(skill) + _texts(into)).count()
    before = [_as_it_is(each, snapshot) for each in (skill, into)]
    if snapshot is None:
        return Preview(before, [Side(into.name, len(together), gigs)])
    counts = count_as_if({into.pk: together}, offered=[skill.pk, into.pk], as_of=snapshot.as_of)
    measured = measure_as_if(snapshot, counts, gone=[skill.pk, into.pk])
    after = _as_it_would_be(into.name, into.pk, len(together), gigs, counts, measured)
    return _with_ranks(before, [after], snapshot, measured, named={skill.pk, into.pk})


def preview_split(
    skill: Skill, name: str, texts: Collection[str], snapshot: TrendSnapshot | None
) -> Preview:
    """Preview a split: the skill and the new one made of some of its texts.

    Gigs go by their tags; offers of the new skill are not known yet, so those of the old one are
    left out of both counts.
    """
    phrases = dict(current_taxonomy().phrases) | dict.fromkeys(texts, NEW)
    terms = terms_as_if(phrases, [skill.pk, NEW], near=skill.pk, texts=texts)
    staying = [text for text in _texts(skill) if text not in texts]
    gigs = {
        subject: active_gigs().filter(tags__overlap=list(tags)).count()
        for subject, tags in ((skill.pk, staying), (NEW, texts))
    }
    before, names = [_as_it_is(skill, snapshot)], {skill.pk: skill.name, NEW: name}
    if snapshot is None:
        return Preview(before, [Side(names[x], len(terms[x]), gigs[x]) for x in names])
    counts = count_as_if(terms, offered=[skill.pk], as_of=snapshot.as_of)
    measured = measure_as_if(snapshot, counts, gone=[skill.pk])
    after = [_as_it_would_be(names[x], x, len(terms[x]), gigs[x], counts, measured) for x in names]
    return _with_ranks(before, after, snapshot, measured, named={skill.pk, NEW})


def _texts(skill: Skill) -> list[str]:
    return list(SkillAlias.objects.answering_for(skill).values_list("text", flat=True))


def _as_it_is(skill: Skill, snapshot: TrendSnapshot | None) -> Side:
    trend = SkillTrend.objects.filter(
        snapshot=snapshot, skill=skill, window=Window.HALF_YEAR, country=WORLD
    ).first()
    side = Side(
        name=skill.name,
        terms=TermSkill.objects.filter(skill=skill).count(),
        gigs=active_gigs().filter(tags__overlap=_texts(skill)).count(),
        current=None if snapshot is None else 0,
        previous=None if snapshot is None else 0,
    )
    if trend is None:
        return side
    return Side(
        side.name,
        side.terms,
        side.gigs,
        current=trend.current,
        previous=trend.previous,
        ratio=trend.ratio,
        label=trend.measured,
        rank=trend.rank,
    )


def _as_it_would_be(
    name: str, subject: int, terms: int, gigs: int, counts: WindowCounts, measured: AsIf | None
) -> Side:
    return Side(
        name,
        terms,
        gigs,
        current=people(counts, subject, "c"),
        previous=people(counts, subject, "b"),
        ratio=measured.ratio(subject) if measured else None,
        label=measured.label(subject) if measured else None,
        rank=measured.ranks.get(subject) if measured else None,
    )


def _with_ranks(
    before: list[Side],
    after: list[Side],
    snapshot: TrendSnapshot,
    measured: AsIf | None,
    *,
    named: set[int],
) -> Preview:
    """Return the preview with what becomes of the other skills on the rising list."""
    if measured is None:
        return Preview(before, after)
    now = _others(_ranks(snapshot), named)
    then = _others(measured.ranks, named)
    names = dict(Skill.objects.filter(pk__in=now.keys() ^ then.keys()).values_list("pk", "name"))
    return Preview(
        before,
        after,
        enter=sorted(names[pk] for pk in then.keys() - now.keys()),
        leave=sorted(names[pk] for pk in now.keys() - then.keys()),
        moved=sum(now[pk] != then[pk] for pk in now.keys() & then.keys()),
    )


def _ranks(snapshot: TrendSnapshot) -> dict[int, int]:
    listed = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).listed()
    return dict(listed.values_list("skill_id", "rank"))


def _others(ranks: Mapping[int, int], named: set[int]) -> dict[int, int]:
    return {pk: rank for pk, rank in ranks.items() if pk not in named}
