"""What edits of the taxonomy do to the figures: previewed, followed, explained, and undone."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client

from marketplace.skills import edits
from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import Skill, TaxonomyEdit, TaxonomyVersion
from marketplace.skills.phrases_then import phrases_at
from tests.conftest import TODAY, eventually, held
from tests.markets.tiny_market import searches, tiny_market
from tests.tools.copies import filled
from trends.backoffice.taxonomy.following import follow, snapshot_behind
from trends.backoffice.taxonomy.impact import impact
from trends.backoffice.taxonomy.preview import Side, preview_merge, preview_split
from trends.counting.daily_rollup import dirty_days, match_terms
from trends.counting.locks import Lock
from trends.measuring.snapshot import compute
from trends.models import (
    WORLD,
    CategoryTrend,
    DailyDemand,
    EarningsTrend,
    SkillTrend,
    TrendSnapshot,
    Window,
)

WHY: dict[str, Any] = {"by": None, "reason": "people mean the same"}
HALF = timedelta(days=182)


@pytest.fixture(scope="module")
def published(emptied: Callable[[], None]) -> TrendSnapshot:
    return filled(tiny_market)


@pytest.fixture
def market(published: TrendSnapshot) -> Iterator[TrendSnapshot]:
    """The tiny market as it is published; what a test edits is undone after it."""
    yield market_now()
    for edit in TaxonomyEdit.objects.filter(undone_at=None):
        edits.undo(edit, by=None)
    follow()
    TaxonomyEdit.objects.all().delete()


# Two the market searches a lot, with people of the one among those of the other.
def large() -> tuple[Skill, Skill]:
    first, second, *_ = SkillTrend.objects.filter(
        snapshot=TrendSnapshot.objects.current(), window=Window.HALF_YEAR, country=WORLD
    ).order_by("-current")
    return first.skill, second.skill


def figures() -> list[list[tuple[Any, ...]]]:
    """All demand and all trends, but for the ids of rows and snapshots."""
    tables: list[type[models.Model]] = [DailyDemand, SkillTrend, CategoryTrend, EarningsTrend]
    found = []
    for table in tables:
        names = [f.attname for f in table._meta.concrete_fields]
        names = [name for name in names if name not in {"id", "snapshot_id"}]
        found.append(sorted(table._default_manager.values_list(*names), key=repr))
    return found


def half_year(skill: Skill) -> SkillTrend:
    return SkillTrend.objects.get(
        snapshot=TrendSnapshot.objects.current(),
        window=Window.HALF_YEAR,
        country=WORLD,
        skill=skill,
    )


def people(*names: str, back: int) -> set[str]:
    """Who searched for one of these in the half-year so many before the last, by the plain rows."""
    end = TODAY - back * HALF
    return {
        row["searcher"]
        for row in searches(random.Random(7))
        if row["query"] in names and end - HALF <= date.fromisoformat(row["occurred_at"][:10]) < end
    }


def test_a_merger_counts_each_person_once_and_undone_gives_every_figure_back(
    market: TrendSnapshot,
) -> None:
    before = figures()
    skill, into = large()
    edit = edits.merge(skill, into=into, **WHY)
    assert follow()
    both = people(skill.name, into.name, back=0)
    assert len(both) < len(people(skill.name, back=0)) + len(people(into.name, back=0))
    merged = half_year(into)
    assert (merged.current, merged.previous) == (
        len(both),
        len(people(skill.name, into.name, back=1)),
    )
    assert not SkillTrend.objects.filter(skill=skill).exists()
    edits.undo(edit, by=None)
    assert follow()
    for now, then in zip(figures(), before, strict=True):
        assert now == then


def test_the_preview_says_what_the_merger_then_does(market: TrendSnapshot) -> None:
    skill, into = large()
    preview = preview_merge(skill, into, market)
    (about,) = preview.after
    assert preview.in_both == len(people(skill.name, back=0) & people(into.name, back=0))
    edits.merge(skill, into=into, **WHY)
    follow()
    came = half_year(into)
    as_it_came(about, came)


def as_it_came(about: Side, came: SkillTrend) -> None:
    assert (about.current, about.previous) == (came.current, came.previous)
    assert about.ratio == pytest.approx(came.ratio)
    assert (about.label, about.rank) == (came.measured, came.rank)


def test_the_preview_of_a_split_does_too(market: TrendSnapshot) -> None:
    skill, other = large()
    edits.merge(skill, into=other, **WHY)
    alias = edits.add_alias(other, "gardening", **WHY)
    follow()
    snapshot = TrendSnapshot.objects.current()
    assert snapshot
    preview = preview_split(other, "Gardening", ["gardening"], snapshot)
    edits.undo(alias, by=None)
    new = edits.add_skill("Gardening", other.category, **WHY)
    follow()
    for about, came in zip(preview.after, (other, new.skill), strict=True):
        as_it_came(about, half_year(came))


def test_only_the_days_it_touches_are_counted_again(market: TrendSnapshot) -> None:
    skill, into = large()
    edits.merge(skill, into=into, **WHY)
    match_terms()
    touched = DailyDemand.objects.filter(skill=skill, country=WORLD)
    assert dirty_days() == sorted(touched.values_list("day", flat=True))
    assert 0 < len(dirty_days()) < DailyDemand.objects.values("day").distinct().count()


def test_growth_is_like_for_like_as_every_window_is_read_with_the_names_of_today(
    market: TrendSnapshot,
) -> None:
    skill, _ = large()
    edits.add_alias(skill, "gardening", **WHY)
    follow()
    trend = half_year(skill)
    counted = [trend.current, trend.previous, trend.season]
    assert counted == [len(people(skill.name, "gardening", back=back)) for back in (0, 1, 2)]


def test_a_snapshot_is_counted_again_only_after_an_edit_and_by_one_at_a_time(
    market: TrendSnapshot,
) -> None:
    assert snapshot_behind() is None
    assert follow() is None
    skill, into = large()
    edits.merge(skill, into=into, **WHY)
    assert snapshot_behind() == market
    counted = compute(market.as_of)
    assert snapshot_behind() == counted, "it was counted with the names its terms were read with"
    with held((Lock.FOLLOWING, 0)):
        assert follow() is None
    # The lock is free a moment after its holder is gone.
    eventually(follow, seconds=30)
    assert market_now().taxonomy == TaxonomyVersion.objects.latest()
    assert snapshot_behind() is None


def test_what_texts_named_is_known_for_every_moment_since_edits_are_recorded(
    market: TrendSnapshot,
) -> None:
    skill, into = large()
    states = [current_taxonomy().phrases]
    made = [
        edits.merge(skill, into=into, **WHY),
        edits.add_alias(into, "gardening", **WHY),
        edits.rename(into, "Anything", **WHY),
    ]
    for place, edit in enumerate(made):
        at(edit, TODAY - timedelta(days=100 - 10 * place))
    edits.undo(made[1], by=None)
    TaxonomyEdit.objects.filter(pk=made[1].pk).update(undone_at=moment(TODAY - timedelta(days=70)))
    states.append(dict(states[0]) | dict.fromkeys([skill.name], into.pk))
    states.append(dict(states[1]) | {"gardening": into.pk})
    states.append(dict(states[2]) | {"anything": into.pk})
    states.append({text: one for text, one in states[3].items() if text != "gardening"})
    found = [phrases_at(moment(TODAY - timedelta(days=back))) for back in (101, 95, 85, 75, 1)]
    assert found == states


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def at(edit: TaxonomyEdit, day: date) -> None:
    TaxonomyEdit.objects.filter(pk=edit.pk).update(made_at=moment(day))


def test_the_part_of_a_rise_that_comes_from_edits_is_told(market: TrendSnapshot) -> None:
    skill, _ = large()
    plain = half_year(skill)
    edit = edits.add_alias(skill, "gardening", **WHY)
    at(edit, TODAY - timedelta(days=30))
    follow()
    found = impact(skill, market_now())
    assert found
    with_it = half_year(skill)
    assert (found.current, found.previous) == (with_it.current, with_it.previous)
    assert found.ratio == pytest.approx(with_it.ratio)
    assert (found.current_then, found.previous_then) == (plain.current, plain.previous)
    assert found.ratio_then == pytest.approx(plain.ratio, rel=1e-3)
    assert found.gained == with_it.current - plain.current
    at(edit, TODAY - timedelta(days=300))
    assert impact(skill, market_now()) is None


def market_now() -> TrendSnapshot:
    snapshot = TrendSnapshot.objects.current()
    assert snapshot
    return snapshot


def test_the_public_page_tells_the_edits_with_their_dates_and_no_more(
    market: TrendSnapshot,
) -> None:
    skill, into = large()
    edits.add_alias(into, "gardening", **WHY)
    edits.merge(skill, into=into, **WHY)
    at(TaxonomyEdit.objects.get(kind="alias"), TODAY - timedelta(days=30))
    # Before the chart begins.
    at(TaxonomyEdit.objects.get(kind="merge"), TODAY - timedelta(days=600))
    page = Client().get(into.get_absolute_url()).content.decode()
    assert f"10 Feb 2024: “gardening” became an alias of “{into}”" in page
    assert "was merged" not in page
    assert WHY["reason"] not in page
    assert f"<li>{skill}</li>" in page, "what was merged in is counted as this skill, too"
