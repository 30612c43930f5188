"""Why a skill is on the list, or why not, in words anybody understands and none give away."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.searches.models import ApiKey
from tests.markets.small_market import small_market
from tests.tools.copies import filled
from trends.arithmetic.growth import FEWEST_SEARCHERS
from trends.models import SkillTrend

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def key(emptied: Callable[[], None]) -> str:
    filled(small_market)
    return ApiKey.issue("shop's own")


@pytest.fixture
def client(key: str) -> Client:
    return Client()


@pytest.fixture
def owner(key: str) -> Client:
    return Client(headers={"authorization": f"Bearer {key}"})


def explained(client: Client, slug: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/skills/{slug}/explain/", query)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found | {"gate": {gate["name"]: gate for gate in found["gates"]}}


def test_a_skill_that_passes_every_gate_is_listed_and_every_gate_says_so(client: Client) -> None:
    riser = explained(client, "riser")
    assert riser["listed"]
    assert riser["verdict"].startswith(f"It is number {riser['rank']} on the rising list")
    assert [gate["name"] for gate in riser["gates"] if not gate["passed"]] == []
    assert re.fullmatch(
        r"[\d,]+ people searched for it; 30 are needed\.", riser["gate"]["searchers"]["text"]
    )


def test_the_first_hurdle_of_a_small_skill_is_told_without_its_number(
    client: Client, owner: Client
) -> None:
    searchers = explained(client, "tiny")["gate"]["searchers"]
    assert searchers["text"] == "Fewer than 10 people searched for it; 30 are needed."
    assert searchers["value"] is None
    assert not searchers["passed"]
    exact = explained(owner, "tiny")["gate"]["searchers"]
    assert exact["text"] == f"{exact['value']:.0f} people searched for it; 30 are needed."
    assert 0 < exact["value"] < 10


def test_a_skill_of_one_country_is_told_which(client: Client) -> None:
    local = explained(client, "local")
    assert not local["listed"]
    assert not local["gate"]["broad"]["passed"] or not local["gate"]["sure elsewhere"]["passed"]
    assert "Without its leading country, Germany," in local["gate"]["broad"]["text"]
    assert explained(client, "local", country="DE")["listed"]


def test_a_skill_nobody_searched_for_is_explained_too(client: Client, owner: Client) -> None:
    nobody = explained(client, "nobody")
    assert not nobody["listed"]
    assert nobody["gate"]["searchers"]["text"].startswith("Fewer than 10 people")
    assert nobody["gate"]["significant"]["passed"] is None
    assert explained(owner, "nobody")["gate"]["searchers"]["value"] == 0
    page = client.get("/skills/nobody/").content.decode()
    assert "not on the rising list" in page


def test_what_is_listed_is_what_passes_all_gates(owner: Client) -> None:
    for trend in SkillTrend.objects.filter(window="6m").select_related("skill"):
        if trend.snapshot_id == SkillTrend.objects.latest("snapshot_id").snapshot_id:
            why = explained(owner, trend.skill.slug, country=trend.country)
            asked = [gate["passed"] for gate in why["gates"]]
            assert why["listed"] == (None not in asked and all(asked)), (trend, why)
            assert why["gate"]["searchers"]["passed"] == (trend.current >= FEWEST_SEARCHERS)


def test_a_gate_that_could_be_solved_for_a_hidden_count_has_words_alone(
    client: Client, owner: Client
) -> None:
    solvable = {"significant", "still elevated", "broad", "sure elsewhere"}
    newcomer = explained(client, "newcomer")
    assert newcomer["listed"]
    for name in solvable:
        gate = newcomer["gate"][name]
        assert gate["value"] is None
        assert not re.search(r"\d in 1|grew ×|had ×", gate["text"]), gate
        assert explained(owner, "newcomer")["gate"][name]["value"] is not None
    told = [gate for gate in explained(client, "kept")["gates"] if gate["name"] in solvable]
    assert told


def test_other_windows_are_explained_and_unknown_ones_refused(client: Client) -> None:
    month = explained(client, "riser", window="1m")
    assert month["window"] == "1m"
    assert "4 weeks" in month["gate"]["still elevated"]["text"]
    assert client.get("/api/v1/skills/riser/explain/?window=5m").status_code == 400
    assert client.get("/api/v1/skills/no-such/explain/").status_code == 404


def test_the_skill_page_shows_the_public_words(client: Client, owner: Client) -> None:
    page = client.get("/skills/tiny/").content.decode()
    for gate in explained(client, "tiny")["gates"]:
        assert gate["text"] in page
    riser = explained(client, "riser")
    assert riser["verdict"] in client.get("/skills/riser/").content.decode()
