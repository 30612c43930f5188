"""The review queue: what is decided about a candidate, what follows, and the way back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from marketplace.skills import edits
from marketplace.skills.models import Category, Skill, SkillAlias, TaxonomyEdit
from tests.candidates import candidate, reviewer
from tests.conftest import TODAY
from tests.tiny_market import tiny_market
from trends import review_queue
from trends.models import (
    CandidateDecision,
    CandidateTerm,
    CategoryTrend,
    DailyDemand,
    DiscoveryThresholds,
    SkillTrend,
)
from trends.models.discovery import HELD_FOR
from trends.review_queue import Refused
from trends.snapshot import refresh

QUEUE = "/admin/trends/candidateterm/"
# "Under 10 queries", whatever the number of rows.
MOST_QUERIES = 9
State = CandidateTerm.State
Figures = dict[str, list[dict[str, Any]]]


@pytest.fixture
def ann(db: None) -> User:
    return reviewer("ann")


@pytest.fixture
def ben(db: None) -> User:
    return reviewer("ben")


@pytest.fixture
def desk(ann: User) -> Client:
    """Ann at her desk."""
    client = Client()
    client.force_login(ann)
    return client


def decide(desk: Client, kind: str, *chosen: CandidateTerm, **fields: str) -> str:
    """Post a decision as the page does; the page it leads to."""
    form: dict[str, Any] = {f"{kind}-{name}": value for name, value in fields.items()}
    form["candidate"] = [one.pk for one in chosen]
    response = desk.post(reverse("admin:trends_candidateterm_decide", args=[kind]), form)
    assert response.status_code == 302, response.content.decode()
    return desk.get(response["Location"]).content.decode()


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
    emptied: Callable[[], None], django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        Skill.objects.add(name="Gardening", category=Category.objects.at_path("Many > 1"))
        tiny_market()
        from_the_start = figures(places=False)
        emptied()
        tiny_market()
        without = figures()
        ann, category = reviewer("ann"), Category.objects.get(slug="many-1")
        found = candidate("gardening")
        made = review_queue.accept(found.pk, category=category, by=ann, now=timezone.now())
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

        review_queue.undo(made.decision.pk, by=ann, now=timezone.now())
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
    review_queue.snooze(found.pk, by=ann, now=now)
    for days, lists in [(9, (0, 1)), (10, (1, 0))]:
        tally = CandidateTerm.objects.tally(now.date() + timedelta(days=days))
        assert (tally["waiting"], tally["asleep"]) == lists
    assert "later" in desk.get(f"{QUEUE}?tab=asleep").content.decode()


def test_each_list_shows_its_own_the_best_first(desk: Client) -> None:
    candidate("second", priority=1)
    candidate("first", priority=2)
    candidate("a course", noise="one country")
    candidate("not found again", found=False)
    gone = candidate("rejected")
    decide(desk, "reject", gone, reason="Too broad", note="it is a field")
    page = desk.get(QUEUE).content.decode()
    assert page.index("candidate-head") < page.index(">first<") < page.index(">second<")
    for text in ("a course", "not found again", ">rejected<"):
        assert text not in page
    assert "one country" in desk.get(f"{QUEUE}?tab=noise").content.decode()
    decided = desk.get(f"{QUEUE}?tab=decided").content.decode()
    assert ">rejected<" in decided
    assert "Too broad: it is a field" in decided
    assert ">first<" in desk.get(f"{QUEUE}?q=FIRST").content.decode()
    assert ">second<" not in desk.get(f"{QUEUE}?q=FIRST").content.decode()


def test_several_are_decided_at_once_and_the_others_named_with_the_reason(
    desk: Client, ben: User, skills: dict[str, Skill]
) -> None:
    near = [["python", "Python", 0.5]]
    good, taken = candidate("good thing", nearest=near), candidate("py", nearest=near)
    homeless, held = candidate("homeless"), candidate("held thing", nearest=near)
    assert CandidateTerm.objects.hold(held.pk, by=ben, now=timezone.now())
    page = decide(desk, "accept", good, taken, homeless, held)
    assert set(CandidateTerm.objects.decided()) == {good}
    assert Skill.objects.filter(name="Good Thing").exists()
    for said in ("“py”: &quot;py&quot; already names", "so choose a category", "ben is looking"):
        assert said in page


def test_what_somebody_else_looks_at_cannot_be_decided_until_they_let_go(
    ann: User, ben: User
) -> None:
    found, other, now = candidate("held"), candidate("other"), timezone.now()
    assert CandidateTerm.objects.hold(found.pk, by=ben, now=now)
    assert not CandidateTerm.objects.hold(found.pk, by=ann, now=now)
    with pytest.raises(Refused, match="ben is looking at it"):
        review_queue.snooze(found.pk, by=ann, now=now)
    with pytest.raises(Refused, match="ben is looking at it"):
        review_queue.merge(other.pk, into=found.pk, by=ann, now=now)
    assert CandidateTerm.objects.hold(found.pk, by=ann, now=now + HELD_FOR)
    assert CandidateTerm.objects.hold(other.pk, by=ann, now=now + HELD_FOR)
    assert CandidateTerm.objects.hold(found.pk, by=ben, now=now + HELD_FOR)
    review_queue.snooze(found.pk, by=ben, now=now + HELD_FOR)
    found.refresh_from_db()
    assert found.held_by is None


def test_a_decided_row_is_refused_naming_who_decided(ann: User, ben: User) -> None:
    found, now = candidate("contested"), timezone.now()
    review_queue.reject(found.pk, reason="Spam", by=ben, now=now)
    with pytest.raises(Refused, match="“contested”: ben has decided it already: Rejected"):
        review_queue.snooze(found.pk, by=ann, now=now)
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
    made = review_queue.accept(found.pk, category=category, by=ann, now=now)
    skill = Skill.objects.get(name="MCP Server")
    edits.merge(skill, into=skills["Python"], by=ann, reason="the same")
    with pytest.raises(Refused, match="Undo that first"):
        review_queue.undo(made.decision.pk, by=ann, now=now)
    found.refresh_from_db()
    assert (found.state, found.skill) == (State.ACCEPTED, skill)
    made.decision.refresh_from_db()
    assert made.decision.undone_at is None


def test_who_may_only_look_decides_holds_and_undoes_nothing(
    desk: Client, ann: User, skills: dict[str, Skill]
) -> None:
    found = candidate("mcp server")
    decide(desk, "snooze", candidate("asleep"))
    viewer, nobody = Client(), Client()
    viewer.force_login(reviewer("viewer", "view_candidateterm", "view_candidatedecision"))
    nobody.force_login(reviewer("nobody", "view_skill"))
    decision = CandidateDecision.objects.get()
    before = list(CandidateTerm.objects.values())
    addresses = [
        *(reverse("admin:trends_candidateterm_decide", args=[kind]) for kind in decision.Kind),
        reverse("admin:trends_candidateterm_hold", args=[found.pk]),
        reverse("admin:trends_candidateterm_release"),
        reverse("admin:trends_candidatedecision_undo", args=[decision.pk]),
    ]
    for address in addresses:
        assert viewer.post(address, {"candidate": found.pk}).status_code == 403
        assert nobody.post(address, {"candidate": found.pk}).status_code == 403
        assert Client().post(address).status_code == 302
        assert desk.get(address).status_code == 405
    assert list(CandidateTerm.objects.values()) == before
    listed = reverse("admin:trends_candidatedecision_changelist")
    assert addresses[-1] in desk.get(listed).content.decode()
    assert addresses[-1] not in viewer.get(listed).content.decode()
    for address in (QUEUE, f"{QUEUE}{found.pk}/change/"):
        assert "<fieldset" not in viewer.get(address).content.decode()
        assert nobody.get(address).status_code == 403


def test_a_decision_never_leads_to_another_site(desk: Client) -> None:
    address = reverse("admin:trends_candidateterm_decide", args=["snooze"])
    for back in ("https://evil.example/", "//evil.example", ""):
        response = desk.post(address, {"only": candidate(f"x {back}").pk, "back": back})
        assert response["Location"] == QUEUE


def test_an_address_or_a_row_that_is_not_there_is_answered_in_words(desk: Client) -> None:
    for address in ("nothing/change/", "7/change/", "?tab=nothing"):
        assert desk.get(QUEUE + address).status_code == 404
    for page in ("0", "-1", "x", "9" * 30):
        assert desk.get(f"{QUEUE}?p={page}").status_code == 200
    gone = candidate("gone")
    CandidateTerm.objects.all().delete()
    assert "no such candidate any more" in decide(desk, "snooze", gone)
    assert "Choose at least one candidate" in decide(desk, "snooze")


def test_the_queue_takes_under_ten_queries_however_long_it_is(
    desk: Client, ann: User, ben: User, skills: dict[str, Skill]
) -> None:
    near = [["python", "Python", 0.5], ["react", "React", 0.2]]
    CandidateTerm.objects.bulk_create(
        CandidateTerm(
            **{field.attname: getattr(model, field.attname) for field in model._meta.fields}
            | {"id": None, "text": f"phrase {number}", "priority": number}
        )
        for model in [candidate("phrase", nearest=near, variants=["phrases"])]
        for number in range(500)
    )
    for kind, text in [("snooze", "phrase 1"), ("reject", "phrase 2"), ("merge", "phrase 3")]:
        one = CandidateTerm.objects.get(text=text)
        decide(desk, kind, one, reason="Spam", into="phrase 499")
    held = CandidateTerm.objects.get(text="phrase 498")
    assert CandidateTerm.objects.hold(held.pk, by=ben, now=timezone.now())
    for query in ("", "?p=3", "?q=phrase", "?tab=decided", "?tab=asleep", "?tab=noise"):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(QUEUE + query).status_code == 200
        assert len(queries) <= MOST_QUERIES, [one["sql"][:150] for one in queries]
    page = desk.get(QUEUE).content.decode()
    assert page.count('class="panel candidate"') == 50
    assert "ben is looking at it" in page
    assert "merged: phrase 3" in page
    assert "The best 20 of this week" in page


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


def test_the_page_of_a_candidate_leads_back_to_all_of_them(desk: Client) -> None:
    page = desk.get(f"{QUEUE}{candidate('mcp server').pk}/change/").content.decode()
    assert f'› <a href="{QUEUE}">Candidate terms</a>' in page


def test_a_queue_of_fewer_than_a_week_gives_does_not_claim_more(desk: Client) -> None:
    candidate("mcp server")
    page = desk.get(QUEUE).content.decode()
    assert "The best of this week" in page
    assert "The best 20" not in page
