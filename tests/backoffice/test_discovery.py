"""Phrases without a skill are found, counted and told, and decisions about them last."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY, search_row
from tests.markets.discovery_market import BEFORE, filled, found, order_by, search
from tests.tools.sending import send_searches
from trends.backoffice.candidates.discovery import NothingSearched, propose
from trends.backoffice.candidates.evidence import priority
from trends.counting.daily_rollup import roll_up
from trends.models import CandidateTerm, PipelineRun
from trends.tasks import discover_terms

pytestmark = pytest.mark.django_db

market = pytest.fixture(scope="module", autouse=True)(filled)


def test_a_market_in_which_every_word_is_named_has_nothing_to_propose() -> None:
    assert found() == {}


def test_a_new_phrase_is_proposed_once_with_its_evidence_whatever_stands_around_it() -> None:
    search("mcp server", range(40))
    search("need mcp server", range(30, 60))
    search("MCP server expert", range(55, 70))
    search("mcp server", range(3), weeks=BEFORE)
    search("mcp server", range(1), weeks=range(60, 61))
    ((text, one),) = found().items()
    assert (text, one.noise, one.current, one.previous) == ("mcp server", "", 70, 3)
    assert one.first_seen == TODAY - timedelta(days=1 + 7 * 60)
    assert one.countries == {"DE": 18, "FR": 18, "US": 17, "IN": 17}
    assert len(one.weekly) == 12
    assert sum(one.weekly) >= 30
    assert one.samples == ["mcp server", "need mcp server", "mcp server expert"]
    assert one.bound is not None
    assert one.bound > 1.5
    assert one.priority == priority(one.bound, 70, None) > 0


def test_a_person_counts_once_whatever_the_spelling_and_however_often() -> None:
    search("chat bot setup", [*range(40), *range(40)])
    search("chatbot setup", range(30, 70))
    search("chatbots setup", range(60, 72))
    search("chatbot setups", [*range(5), *range(5), *range(5)])
    ((text, one),) = found().items()
    assert (text, one.current) == ("chat bot setup", 72)
    # A spelling of five people is counted and told to nobody.
    assert one.variants == ["chatbot setup", "chatbots setup"]
    assert one.nearest[0][:2] == ("chat-bots-for-shops", "Chat Bots for Shops")


def test_a_phrase_that_surely_grew_is_proposed_and_one_as_common_as_ever_is_not() -> None:
    search("voice cloning", range(30), weeks=BEFORE)
    search("voice cloning", range(300))
    search("wedding poems", range(300), weeks=BEFORE)
    search("wedding poems", range(300))
    grown = found()["voice cloning"]
    assert (grown.previous, grown.current) == (30, 300)
    assert "wedding poems" not in found()
    assert grown.bound is not None
    assert list(found(min_bound=grown.bound + 0.01)) == []


def test_a_word_beside_a_skill_is_proposed_with_it_and_one_beside_anything_is_not() -> None:
    search("react native", range(90))
    search("native", range(90, 110))
    search("react quickly explained", range(60))
    search("gardening quickly explained", range(60, 120))
    assert set(found()) == {"react native", "quickly explained"}


def test_new_phrases_need_as_many_people_as_the_thresholds_say_and_never_fewer_than_ten() -> None:
    search("mcp server", range(49))
    search("voice ads", range(9))
    # With so steep a growth asked for, only being new is left.
    assert list(found(min_bound=1_000)) == []
    assert list(found(min_bound=1_000, min_searchers=49)) == ["mcp server"]
    assert list(found(min_bound=1_000, min_searchers=1)) == ["mcp server"]
    search("mcp server", range(49, 50))
    assert list(found(min_bound=1_000)) == ["mcp server"]


@pytest.mark.parametrize(("people", "proposed"), [(29, []), (30, ["mcp server"])])
def test_growing_phrases_need_as_many_people_as_rising_skills(
    people: int, proposed: list[str]
) -> None:
    search("mcp server", range(people))
    assert list(found()) == proposed


def test_noise_is_marked_with_its_reason_and_what_is_merely_local_is_not() -> None:
    search("#upskill90days", range(60), country="IN", weeks=range(8))
    search("normas abnt", range(60), country="IN")
    search("please write my essay on climate change", range(60))
    search("eurovision song", range(60), weeks=range(2, 3))
    noise = {text: one.noise for text, one in found().items()}
    assert noise["upskill90days"] == "one country"
    assert noise["normas abnt"] == ""
    assert noise["eurovision song"] == "burst"
    assert {reason for text, reason in noise.items() if "essay" in text} == {"template"}
    assert not found(one_country=1.0)["normas abnt"].noise


def test_what_is_left_of_an_address_is_never_proposed() -> None:
    search("write to shop gmail.com", range(60))
    search("call 555 1234", range(60))
    assert found() == {}


def test_unmet_is_who_found_no_result_or_bought_nothing_and_weighs_the_priority() -> None:
    search("mcp server", range(20), results="0")
    search("mcp server", range(20, 40), results="7")
    search("mcp server", range(40, 60))
    assert found()["mcp server"].unmet == pytest.approx(0.5)
    # Of ten buyers five ordered within a month of their search, and five later than that.
    search("mcp server", range(60, 70), weeks=range(10, 11))
    order_by(range(60, 65), TODAY - timedelta(days=60))
    order_by(range(65, 70), TODAY - timedelta(days=35))
    # These may still order.
    search("mcp server", range(70, 75), weeks=range(1))
    order_by(range(70, 75), TODAY - timedelta(days=300))
    one = found()["mcp server"]
    assert one.unmet == pytest.approx((20 + 5) / (40 + 10))
    assert one.bound is not None
    assert one.priority == priority(one.bound, 75, 0.5)


def test_only_searches_before_the_day_are_seen() -> None:
    search("mcp server", range(60), weeks=range(10, 26))
    before = found(TODAY - timedelta(days=70))
    search("mcp server", range(100, 400), weeks=range(10))
    search("voice ads", range(60), weeks=range(9))
    assert found(TODAY - timedelta(days=70)) == before
    assert set(found()) > set(before)


def test_a_market_too_young_to_compare_proposes_what_most_people_seek_and_says_so() -> None:
    search("mcp server", range(60), weeks=range(60, 70))
    search("voice ads", range(80), weeks=range(60, 70))
    young = found(TODAY - timedelta(weeks=55))
    assert list(young) == ["voice ads", "mcp server"]
    assert {(one.previous, one.bound) for one in young.values()} == {(None, None)}
    assert young["voice ads"].priority == priority(1.5, 80, None)


def test_without_a_search_before_the_day_there_is_a_clear_error() -> None:
    with pytest.raises(NothingSearched, match="no search before 2001-01-01"):
        found(date(2001, 1, 1))
    with pytest.raises(CommandError, match="no search before 2001-01-01"):
        call_command("discover_terms", as_of=date(2001, 1, 1))


def test_proposing_twice_is_proposing_once_and_what_is_no_longer_found_leaves_the_queue() -> None:
    search("mcp server", range(60))
    search("voice ads", range(80), weeks=range(20))
    search("#upskill90days", range(60), country="IN")
    roll_up()
    rows = []
    for _ in range(2):
        propose(TODAY)
        rows.append(list(CandidateTerm.objects.order_by("pk").values()))
    assert rows[0] == rows[1]
    waiting = CandidateTerm.objects.waiting(TODAY).best_first()
    assert [one.text for one in waiting] == ["voice ads", "mcp server"]
    Skill.objects.add(name="MCP Server", category=Category.objects.at_path("Work > Web"))
    roll_up()
    propose(TODAY + timedelta(days=1))
    assert [one.text for one in waiting.all()] == ["voice ads"]
    left = CandidateTerm.objects.get(text="mcp server")
    assert (left.found, left.as_of) == (False, TODAY)
    back = CandidateTerm.objects.get(text="voice ads")
    assert (back.as_of, back.proposed_on) == (TODAY + timedelta(days=1), TODAY)


def test_decisions_last_a_snoozed_phrase_comes_back_and_a_new_spelling_is_no_new_phrase() -> None:
    search("mcp server", range(60))
    search("voice ads", range(80))
    search("chat bot", range(60))
    roll_up()
    propose(TODAY)
    decided = CandidateTerm.objects
    decided.filter(text="mcp server").update(state="snoozed", snoozed_until=TODAY + timedelta(2))
    decided.filter(text__in=["voice ads", "chat bot"]).update(state="rejected")
    search("chatbot", range(200, 300))
    roll_up()
    propose(TODAY + timedelta(days=1))
    assert not decided.waiting(TODAY + timedelta(days=1)).exists()
    assert decided.get(text="chat bot").variants == ["chatbot"]
    assert not decided.filter(text="chatbot").exists()
    propose(TODAY + timedelta(days=2))
    assert [one.text for one in decided.waiting(TODAY + timedelta(days=2))] == ["mcp server"]
    assert decided.get(text="mcp server").state == "open"


def test_the_command_prints_the_queue_as_json_lines_and_stores_nothing() -> None:
    search("mcp server", range(60))
    search("voice ads", range(80))
    search("#upskill90days", range(70), country="IN")
    search("chat bot", range(90))
    roll_up()
    propose(TODAY)
    CandidateTerm.objects.filter(text="chat bot").update(state="rejected")
    before = list(CandidateTerm.objects.order_by("pk").values())
    out = io.StringIO()
    call_command("discover_terms", "--as-of", str(TODAY), "--min-searchers", "20", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["term"] for line in lines] == ["voice ads", "mcp server"]
    assert list(lines[0]) == [
        *("term", "priority", "n_b", "n_c", "first_seen", "variants", "nearest"),
    ]
    assert (lines[0]["n_b"], lines[0]["n_c"]) == (0, 80)
    assert list(CandidateTerm.objects.order_by("pk").values()) == before
    with pytest.raises(CommandError, match="10 or more"):
        call_command("discover_terms", "--min-searchers", "9")


def test_the_nightly_task_proposes_where_there_is_a_feed_and_leaves_the_queue_where_not() -> None:
    assert discover_terms() == "no search for a week: the last proposals stay"
    now = timezone.now()
    rows = [
        search_row(
            "mcp server", searcher=f"p{n}", occurred_at=(now - timedelta(days=n)).isoformat()
        )
        for n in range(60)
    ]
    send_searches(rows, now=now)
    assert discover_terms() == "1 found, 0 of it noise"
    (candidate,) = CandidateTerm.objects.waiting(now.date())
    # Nobody can tell who came before in a half-year without data.
    assert (candidate.text, candidate.current, candidate.previous) == ("mcp server", 59, None)
    run = PipelineRun.objects.get(stage=PipelineRun.Stage.DISCOVERY)
    assert (run.state, run.rows, run.done, run.total) == ("done", 1, 4, 4)
