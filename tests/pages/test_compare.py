"""Skills side by side: which are meant, on which scale, and where their names stand."""

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from marketplace.skills.models import Skill, SkillStatus
from tests.markets.tiny_market import tiny_market
from tests.tools.copies import filled
from tests.tools.reading import queries, read
from trends.drawing.lines import (
    HEIGHT,
    NAME_HEIGHT,
    TOP,
    Line,
    comparison_chart,
    highest,
    name_heights,
)
from trends.pages.compare.chosen import INDEX_WEEKS, Scale, on_scale

MOST_QUERIES = 10


@pytest.fixture(scope="module")
def _market(emptied: Callable[[], None]) -> None:
    filled(tiny_market)


def page(query: str) -> str:
    return read(f"/compare/{query}")


pytestmark = pytest.mark.usefixtures("_market")


@pytest.fixture
def top(db: None) -> list[str]:
    """The slugs of the skills most people search for."""
    found = Client().get("/api/v1/trends/skills/?order=searchers&limit=6").json()["results"]
    return [row["skill"]["slug"] for row in found]


def test_each_skill_has_its_line_its_name_and_its_counts(top: list[str]) -> None:
    said = page(f"?skills={','.join(top[:3])}")
    assert all(f'class="line line-{number}"' in said for number in (1, 2, 3))
    assert 'class="line line-4"' not in said
    rows = Client().get(f"/api/v1/compare/?skills={','.join(top[:3])}").json()["results"]
    for row in rows:
        counts = [row[when]["searchers_display"] for when in ("previous", "current")]
        assert f"{counts[0]} → {counts[1]} people" in said


def test_a_share_is_said_with_both_its_counts_of_the_week(top: list[str]) -> None:
    found = Client().get(f"/api/v1/compare/?skills={top[0]}").json()
    weeks = zip(found["results"][0]["weekly"], found["platform_weekly"], strict=True)
    told = [(people, everybody) for people, everybody in weeks if people and everybody]
    said = page(f"?skills={top[0]}")
    assert told
    assert all(f"%: {people} of {everybody} people" in said for people, everybody in told)


def test_the_api_keeps_the_order_asked_for_and_leads_a_merged_skill_on(top: list[str]) -> None:
    asked = [top[2], top[0], top[1]]
    found = Client().get(f"/api/v1/compare/?skills={','.join(asked)}").json()["results"]
    assert [row["skill"]["slug"] for row in found] == asked
    Skill.objects.filter(slug=top[3]).update(
        status=SkillStatus.MERGED, merged_into=Skill.objects.get(slug=top[0])
    )
    found = Client().get(f"/api/v1/compare/?skills={top[3]}").json()["results"]
    assert [row["skill"]["slug"] for row in found] == [top[0]]


def test_the_api_says_what_is_wrong_with_what_was_asked_for(top: list[str]) -> None:
    wrong = {
        "skill-aa": "Near it: ",
        ",".join(top): "more than 5",
        ",": "expected slugs",
    }
    for skills, reason in wrong.items():
        answer = Client().get("/api/v1/compare/", {"skills": skills})
        assert answer.status_code == 400
        assert reason in answer.content.decode()


def test_a_name_typed_in_leads_to_the_address_that_has_it(top: list[str]) -> None:
    answer = Client().get(f"/compare/?skills={top[0]}&scale=index&add=SKILL  c!")
    assert answer.status_code == 302
    assert answer["Location"] == f"/compare/?skills={top[0]},skill-c&scale=index"


def test_an_unknown_name_is_answered_with_near_ones(top: list[str]) -> None:
    said = page(f"?skills={top[0]},skilll-b&add=skill cc")
    assert "There is no skill “skilll-b”" in said
    assert "There is no skill “skill cc”" in said
    assert f"/compare/?skills={top[0]},skill-c" in said


def test_a_sixth_skill_is_left_out_in_words(top: list[str]) -> None:
    said = page(f"?skills={','.join(top)}")
    assert "More than 5 lines nobody can follow" in said
    assert 'class="line line-5"' in said


def test_five_skills_cost_no_more_queries_than_one(top: list[str]) -> None:
    one, five = (queries(f"/compare/?skills={','.join(top[:count])}") for count in (1, 5))
    assert one == five <= MOST_QUERIES


def test_an_index_starts_at_a_hundred_and_no_platform_growth_lifts_it() -> None:
    weekly = [20.0] * INDEX_WEEKS + [80.0] * 10
    platform = [100.0] * INDEX_WEEKS + [400.0] * 10
    assert on_scale(Scale.INDEX, weekly, platform) == pytest.approx([100.0] * 23)
    assert on_scale(Scale.SHARE, weekly, platform) == pytest.approx([20.0] * 23)


def test_a_week_that_is_withheld_is_a_gap_and_leaves_no_base_for_an_index() -> None:
    weekly = [None, *[20.0] * 20]
    assert on_scale(Scale.SHARE, weekly, [100.0] * 21)[:2] == [None, 20.0]
    assert on_scale(Scale.INDEX, weekly, [100.0] * 21) == [None] * 21
    assert on_scale(Scale.SHARE, [20.0, 20.0], [None, 100.0]) == [None, 20.0]


@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=5))
def test_names_at_the_ends_of_lines_never_overlap_nor_leave_the_chart(ends: list[float]) -> None:
    lines = [Line(str(end), [end], [""]) for end in ends]
    heights = sorted(name_heights(lines, highest(lines)))
    assert all(b - a >= NAME_HEIGHT - 1e-6 for a, b in itertools.pairwise(heights))
    assert heights[0] >= TOP - 1e-6
    assert heights[-1] <= TOP + HEIGHT + 1e-6


def test_a_name_cannot_bring_markup_into_the_chart() -> None:
    drawn = comparison_chart(
        [Line("<b>&", [1.0, 2.0], ["1", "2"])], as_of=date(2024, 3, 11), title='"<i>'
    )
    assert "<b>" not in drawn
    assert "<i>" not in drawn
