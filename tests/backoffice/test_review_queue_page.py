"""The page of the review queue: what it lists and for whom, several decided at once."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.skills.models import Skill
from tests.conftest import signed_in
from tests.markets import candidates
from tests.markets.candidates import QUEUE, candidate, decide, reviewer
from trends.models import CandidateDecision, CandidateTerm

# "Under 10 queries", whatever the number of rows.
MOST_QUERIES = 10

ann = pytest.fixture(candidates.ann)
ben = pytest.fixture(candidates.ben)
desk = pytest.fixture(candidates.desk)


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


def test_who_may_only_look_decides_holds_and_undoes_nothing(
    desk: Client, ann: User, skills: dict[str, Skill]
) -> None:
    found = candidate("mcp server")
    decide(desk, "snooze", candidate("asleep"))
    viewer = signed_in(reviewer("viewer", "view_candidateterm", "view_candidatedecision"))
    nobody = signed_in(reviewer("nobody", "view_skill"))
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


def test_the_queue_takes_ten_queries_at_most_however_long_it_is(
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


def test_the_page_of_a_candidate_leads_back_to_all_of_them(desk: Client) -> None:
    page = desk.get(f"{QUEUE}{candidate('mcp server').pk}/change/").content.decode()
    assert f'› <a href="{QUEUE}">Candidate terms</a>' in page


def test_a_queue_of_fewer_than_a_week_gives_does_not_claim_more(desk: Client) -> None:
    candidate("mcp server")
    page = desk.get(QUEUE).content.decode()
    assert "The best of this week" in page
    assert "The best 20" not in page
