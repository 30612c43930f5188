"""Categories: where each stands on the map, and what the page of one of them says."""

import re
from collections.abc import Callable
from itertools import combinations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from marketplace.skills.models import Category
from tests.markets.category_market import FIELDS, TINY, category_market
from tests.tools.reading import lines, queries, read
from trends.drawing.category_lanes import category_lanes
from trends.drawing.category_map import DESK, Box, Dot, category_map, place
from trends.models import SkillTrend, TrendSnapshot
from trends.wording.figures import days

MOST_QUERIES = 10
WORDS = ("right", "up", "down")


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return category_market


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


dots = st.builds(
    Dot,
    name=st.sampled_from(FIELDS),
    people=st.integers(10, 100_000),
    ratio=st.floats(0.1, 50),
    moves=st.sampled_from(["up", "down", "even"]),
    said=st.just(""),
)


@given(st.lists(dots, min_size=2, max_size=16))
def test_names_on_the_map_cover_neither_each_other_nor_a_dot_and_stay_inside(
    shown: list[Dot],
) -> None:
    placed = place(shown, DESK)
    names = [one.name for one in placed if one.name]
    assert not any(overlap(a, b) for a, b in combinations(names, 2))
    assert not any(overlap(name, one.box) for name in names for one in placed)
    assert all(name[0] >= DESK.left and name[2] <= DESK.width for name in names)
    assert all(name[1] >= 0 and name[3] <= DESK.height - DESK.bottom for name in names)
    for one in placed:
        assert DESK.left <= one.box[0] <= one.box[2] <= DESK.width
        assert 0 <= one.box[1] <= one.box[3] <= DESK.height - DESK.bottom


def test_a_dozen_categories_all_have_their_names_even_at_one_spot() -> None:
    shown = [Dot(name, 5_000, 1.1, "even", "") for name in FIELDS]
    assert all(one.name for one in place(shown, DESK))


def test_more_people_stand_further_right_and_more_growth_higher() -> None:
    small, large = Dot("a", 100, 2.0, "up", ""), Dot("b", 9_000, 0.5, "down", "")
    by_name = {one.dot.name: one for one in place([small, large], DESK)}
    assert by_name["b"].x > by_name["a"].x
    assert by_name["b"].radius > by_name["a"].radius
    assert by_name["a"].y < by_name["b"].y


def test_a_name_cannot_bring_markup_into_either_picture() -> None:
    shown = (Dot("<b>&", 100, 2.0, "up", "<i>"), Dot("c", 100, 2.0, "up", ""))
    for drawn in (
        category_map(shown, title='"<u>', words=WORDS),
        category_lanes(shown, title='"<u>', words=("<u>", "<u>")),
    ):
        assert not re.search("<[biu]>", drawn)


def test_every_category_with_figures_has_a_dot_in_both_pictures_and_the_others_a_word(
    snapshot: TrendSnapshot,
) -> None:
    page = read("/categories/")
    tops = Category.objects.filter(parent=None).exclude(name=TINY)
    for picture in ("map-desk", "map-phone"):
        start = page.index(f'class="map {picture}"')
        drawn = page[start : page.index("</svg>", start)]
        assert drawn.count("<circle") == tops.count()
        assert TINY not in drawn
    assert f"Too few people for a place here: {TINY}." in page
    row = next(line for line in lines("/categories.csv") if line["category"] == "Marketing")
    before, now = (f"{int(row[f'searchers_{one}']):,}" for one in ("previous", "current"))
    assert f"<title>Marketing: {before}, then {now} people, " in page


def test_the_file_has_the_figures_of_the_api_and_nothing_of_nine_people(
    snapshot: TrendSnapshot,
) -> None:
    api = Client().get("/api/v1/trends/categories/?limit=1000").json()["results"]
    found = {line["slug"]: line for line in lines("/categories.csv")}
    assert len(found) == len(api) == len(FIELDS) + 5
    for row in api:
        line = found[row["category"]["slug"]]
        for period in ("previous", "current"):
            people = row[period]["searchers"]
            assert line[f"searchers_{period}"] == ("" if people is None else str(people))
            assert line[f"from_{period}"] == row[period]["from"]
    assert found["falconry"]["growth_ratio"] == found["falconry"]["searchers_current"] == ""


def test_a_category_says_in_a_sentence_how_many_searched_when_and_before(
    snapshot: TrendSnapshot,
) -> None:
    row = next(line for line in lines("/categories.csv") if line["slug"] == "design")
    lede = re.sub(r"<[^>]+>", "", read("/categories/design/").split('class="lede">')[1])
    for period in ("previous", "current"):
        dates = days({"from": row[f"from_{period}"], "to": row[f"to_{period}"]})
        people = f"{int(row[f'searchers_{period}']):,} people"
        assert people in lede[:400]
        assert f"from {dates}" in lede[:400]


@pytest.mark.parametrize(("show", "head"), [("rising", "Rising"), ("falling", "Falling")])
@pytest.mark.parametrize("slug", ["design", "design-logo"])
def test_its_skills_are_the_first_of_the_list_it_links_to(
    snapshot: TrendSnapshot, slug: str, show: str, head: str
) -> None:
    section = read(f"/categories/{slug}/").split(f"<h2>{head}</h2>")[1].split("</section>")[0]
    query = f"show={show}&category={slug}" if show == "falling" else f"category={slug}"
    assert f'href="/?{query.replace("&", "&amp;")}"' in section
    listed = [line["slug"] for line in lines(f"/skills.csv?{query}")]
    assert len(listed) >= 5
    assert re.findall(r'href="/skills/([^/]+)/"', section) == listed[:5]


def test_where_nothing_falls_it_says_so(snapshot: TrendSnapshot) -> None:
    assert "No skill of it is surely falling." in read("/categories/coding/")
    assert "No skill of it is surely falling." not in read("/categories/design/")


def test_its_best_paid_are_the_first_of_what_pays_in_it(snapshot: TrendSnapshot) -> None:
    section = read("/categories/design/").split("<h2>Best paid</h2>")[1].split("</section>")[0]
    assert 'href="/earners/?category=design"' in section
    listed = [line["slug"] for line in lines("/earners.csv?category=design")]
    assert len(listed) > 5
    assert re.findall(r'href="/skills/([^/]+)/"', section) == listed[:5]


def test_a_category_has_its_children_and_they_lead_back(snapshot: TrendSnapshot) -> None:
    page = read("/categories/design/")
    children = page.split("<h2>Within Design</h2>")[1]
    assert re.findall(r'href="/categories/([^/]+)/"', children) == ["design-logo", "design-web"]
    assert 'href="/categories/design/">Design</a>' in read("/categories/design-web/")
    assert "/replacing/?category=design" in read("/categories/design-web/")


def test_a_category_there_is_not_is_answered_with_near_ones(snapshot: TrendSnapshot) -> None:
    page = read("/categories/marketing-work/", status=404)
    assert '<a href="/categories/marketing/">Marketing</a>' in page
    assert "Falconry" not in page


@pytest.mark.parametrize("address", ["/categories/", "/categories/design/", "/categories/coding/"])
def test_a_page_asks_the_database_ten_times_at_most_however_many_rows(
    snapshot: TrendSnapshot, address: str
) -> None:
    many = queries(address)
    assert many <= MOST_QUERIES
    keep = SkillTrend.objects.filter(label="rising").values("skill").first()
    assert keep
    SkillTrend.objects.exclude(skill=keep["skill"]).delete()
    assert queries(address) <= many
