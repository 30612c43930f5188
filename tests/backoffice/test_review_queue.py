"""The review queue: what is decided about a candidate, what follows, and the way back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.skills import edits
from marketplace.skills.models import Category, Skill, SkillAlias, TaxonomyEdit
from tests.conftest import TODAY
from tests.markets import candidates
from tests.markets.candidates import QUEUE, candidate, decide, reviewer
from tests.markets.tiny_market import tiny_market
from tests.tools.copies import filled
from trends.backoffice.candidates import queue
from trends.backoffice.candidates.queue import Refused
from trends.measuring.snapshot import refresh
from trends.models import (
    CandidateDecision,
    CandidateTerm,
    CategoryTrend,
    DailyDemand,
    DiscoveryThresholds,
    SkillTrend,
)
from trends.models.discovery import HELD_FOR

State = CandidateTerm.State
Figures = dict[str, list[dict[str, Any]]]

ann = pytest.fixture(candidates.ann)
ben = pytest.fixture(candidates.ben)
desk = pytest.fixture(candidates.desk)


def names(skill: Skill) -> set[str]:
    return set(skill.aliases.values_list("text", flat=True))


def figures(*, places: bool = True) -> Figures:
    """Every figure the site shows of skills and categories, by what it is about.

    `places` among equals go by who was added first: those differ from market to market.
    """
    unlike = {"id", "snapshot_id", "skill_id", "category_id", *([] if places else ["position"])}
    subjects: dict[type[Model], list[str]] = {DailyDemand: ["skill__slug", "category__slug"]}
    subjects |= {SkillTrend: ["skill__slug"], CategoryTrend: ["category__slug"]}
    found = {}
    for model, names in subjects.items():
        columns = [field.attname for field in model._meta.concrete_fields]
        rows = model._default_manager.values(*(set(columns) - unlike), *names)
        found[model.__name__] = sorted(rows, key=repr)
    return found


def test_an_accepted_candidate_has_its_history_as_if_it_had_always_been_a_skill(
    emptied: Callable[[], None],
) -> None:
    Skill.objects.add(name="Gardening", category=Category.objects.at_path("Many > 1"))
    tiny_market()
    from_the_start = figures(places=False)
    filled(tiny_market)
    without = figures()
    ann, category = reviewer("ann"), Category.objects.get(slug="many-1")
    found = candidate("gardening")
    made = queue.accept(found.pk, category=category, by=ann, now=timezone.now())
    assert (made.candidate.skill and made.candidate.skill.name) == "Gardening"
    refresh(TODAY)
    assert len(from_the_start["SkillTrend"]) > len(without["SkillTrend"])
    assert figures(places=False) == from_the_start

    days = Client().get("/api/v1/skills/gardening/series/").json()["days"]
    counted = DailyDemand.objects.worldwide().filter(skill__slug="gardening").order_by("day")
    assert [day["day"] for day in days] == [row.day.isoformat() for row in counted]
    assert sum(day["searchers"] or 0 for day in days) > 0
    rows = Client().get("/api/v1/trends/skills/?limit=1000").json()["results"]
    assert "gardening" in {row["skill"]["slug"] for row in rows}
    page = Client().get("/skills/gardening/")
    assert page.status_code == 200
    assert 'class="trend"' in page.content.decode()

    queue.undo(made.decision.pk, by=ann, now=timezone.now())
    refresh(TODAY)
    assert figures() == without
    found.refresh_from_db()
    assert (found.state, found.skill) == (State.OPEN, None)
    emptied()


def test_accepting_makes_a_skill_that_answers_for_every_spelling(
    desk: Client, skills: dict[str, Skill], ann: User
) -> None:
    skills["Python"].claim("mcp py")
    nearest = [["react-native", "React Native", 0.4]]
    found = candidate("mcp server", variants=["mcp servers", "mcp py"], nearest=nearest)
    page = decide(desk, "accept", found, name="", note="People ask for it")
    skill = Skill.objects.get(name="MCP Server")
    assert names(skill) == {"mcp server", "mcp servers"}
    assert skill.category == skills["React Native"].category
    assert "&quot;mcp py&quot; already names the skill &quot;Python&quot;" in page
    decision = CandidateDecision.objects.get()
    assert (decision.made_by, decision.kind) == (ann, "accept")
    assert [edit.reason for edit in decision.edits.all()] == ["People ask for it"]


def test_an_alias_of_another_skill_is_refused_naming_the_owner(
    desk: Client, skills: dict[str, Skill]
) -> None:
    category = str(skills["Python"].category_id)
    found = candidate("py")
    said = "&quot;py&quot; already names the skill &quot;Python&quot;"
    assert said in decide(desk, "accept", found, name="Pie", category=category)
    assert said in decide(desk, "alias", found, skill="react")
    found.refresh_from_db()
    assert found.state == State.OPEN
    assert not CandidateDecision.objects.exists()
    assert not Skill.objects.filter(name="Pie").exists()


def test_an_alias_is_taken_by_name_by_nearness_or_through_a_merged_skill(
    desk: Client, skills: dict[str, Skill], ann: User
) -> None:
    edits.merge(skills["React Native"], into=skills["React"], by=ann, reason="one market")
    decide(desk, "alias", candidate("reactjs", variants=["react js"]), skill="React")
    decide(desk, "alias", candidate("python3"), near="python")
    decide(desk, "alias", candidate("rn apps"), skill="react native")
    assert names(skills["React"]) == {"react", "reactjs", "react js", "rn apps"}
    assert names(skills["Python"]) == {"python", "py", "python3"}
    assert "No skill is called" in decide(desk, "alias", candidate("vibes"), skill="nothing")


def test_a_merged_candidate_is_decided_with_the_one_that_stays(
    desk: Client, skills: dict[str, Skill]
) -> None:
    stays, joins, late = candidate("vibe coding"), candidate("vibe coder"), candidate("vibecode")
    decide(desk, "merge", late, into="vibe coder")
    page = decide(desk, "merge", joins, into="Vibe Coding")
    assert "merged: vibe coder" in desk.get(QUEUE).content.decode()
    assert "vibe coder" in page
    decide(desk, "accept", stays, category=str(skills["Python"].category_id))
    assert names(Skill.objects.get(name="Vibe Coding")) == {"vibe coding", "vibe coder", "vibecode"}
    merging = CandidateDecision.objects.get(candidate=joins)
    undone = desk.post(reverse("admin:trends_candidatedecision_undo", args=[merging.pk]))
    said = desk.get(undone["Location"]).content.decode()
    assert "undo first what ann decided since: accept as a new skill: vibe coding" in said
    joins.refresh_from_db()
    assert joins.state == State.MERGED


def test_nothing_is_merged_with_itself_or_with_what_is_decided(
    desk: Client, skills: dict[str, Skill]
) -> None:
    one, gone = candidate("one thing"), candidate("another thing")
    decide(desk, "reject", gone, reason="Spam")
    assert "choose another candidate" in decide(desk, "merge", one, into="one thing")
    assert "ann has decided it already" in decide(desk, "merge", one, into="another thing")
    one.refresh_from_db()
    assert one.state == State.OPEN


def test_a_snoozed_candidate_comes_back_when_its_time_has_passed(desk: Client, ann: User) -> None:
    DiscoveryThresholds.objects.update_or_create(pk=1, defaults={"snooze_days": 10})
    found = candidate("later")
    now = timezone.now()
    queue.snooze(found.pk, by=ann, now=now)
    for days, lists in [(9, (0, 1)), (10, (1, 0))]:
        tally = CandidateTerm.objects.tally(now.date() + timedelta(days=days))
        assert (tally["waiting"], tally["asleep"]) == lists
    assert "later" in desk.get(f"{QUEUE}?tab=asleep").content.decode()


def test_what_somebody_else_looks_at_cannot_be_decided_until_they_let_go(
    ann: User, ben: User
) -> None:
    found, other, now = candidate("held"), candidate("other"), timezone.now()
    assert CandidateTerm.objects.hold(found.pk, by=ben, now=now)
    assert not CandidateTerm.objects.hold(found.pk, by=ann, now=now)
    with pytest.raises(Refused, match="ben is looking at it"):
        queue.snooze(found.pk, by=ann, now=now)
    with pytest.raises(Refused, match="ben is looking at it"):
        queue.merge(other.pk, into=found.pk, by=ann, now=now)
    assert CandidateTerm.objects.hold(found.pk, by=ann, now=now + HELD_FOR)
    assert CandidateTerm.objects.hold(other.pk, by=ann, now=now + HELD_FOR)
    assert CandidateTerm.objects.hold(found.pk, by=ben, now=now + HELD_FOR)
    queue.snooze(found.pk, by=ben, now=now + HELD_FOR)
    found.refresh_from_db()
    assert found.held_by is None


def test_a_decided_row_is_refused_naming_who_decided(ann: User, ben: User) -> None:
    found, now = candidate("contested"), timezone.now()
    queue.reject(found.pk, reason="Spam", by=ben, now=now)
    with pytest.raises(Refused, match="“contested”: ben has decided it already: Rejected"):
        queue.snooze(found.pk, by=ann, now=now)
    assert not CandidateTerm.objects.hold(found.pk, by=ann, now=now)


def test_undo_brings_back_candidate_and_taxonomy_once(
    desk: Client, skills: dict[str, Skill], ann: User
) -> None:
    aliases, active = set(SkillAlias.objects.values_list("text", "skill__name")), 5
    found = candidate("mcp server", variants=["mcp servers"], nearest=[["react", "React", 0.3]])
    for kind, fields in [("alias", {"near": "react"}), ("accept", {}), ("snooze", {})]:
        before = CandidateTerm.objects.values().get()
        decide(desk, kind, found, **fields)
        assert CandidateTerm.objects.values().get() != before
        decision = CandidateDecision.objects.standing().get()
        address = reverse("admin:trends_candidatedecision_undo", args=[decision.pk])
        assert "Undone: " in desk.get(desk.post(address)["Location"]).content.decode()
        assert CandidateTerm.objects.values().get() == before
        assert set(SkillAlias.objects.values_list("text", "skill__name")) == aliases
        assert Skill.objects.active().count() == active
        again = desk.get(desk.post(address)["Location"]).content.decode()
        assert "ann has undone that already" in again
    assert not TaxonomyEdit.objects.filter(undone_at=None).exists()


def test_undo_is_refused_where_a_later_edit_stands_on_it(
    skills: dict[str, Skill], ann: User
) -> None:
    found, now = candidate("mcp server"), timezone.now()
    category = skills["Python"].category
    made = queue.accept(found.pk, category=category, by=ann, now=now)
    skill = Skill.objects.get(name="MCP Server")
    edits.merge(skill, into=skills["Python"], by=ann, reason="the same")
    with pytest.raises(Refused, match="Undo that first"):
        queue.undo(made.decision.pk, by=ann, now=now)
    found.refresh_from_db()
    assert (found.state, found.skill) == (State.ACCEPTED, skill)
    made.decision.refresh_from_db()
    assert made.decision.undone_at is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mcp server", "MCP Server"),
        ("ai receptionist for gyms", "AI Receptionist for Gyms"),
        ("gpt 5", "GPT 5"),
        ("c++ modules", "C++ Modules"),
        ("of mice", "Of Mice"),
    ],
)
def test_a_name_is_proposed_as_people_write_it(text: str, name: str) -> None:
    assert CandidateTerm(text=text).proposed_name == name
