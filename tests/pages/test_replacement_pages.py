"""What is replacing what, as people and programs read it: in tens, with counts and dates."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Category, Skill
from tests.markets.replacing_market import ReplacingMarket, replacing_market
from tests.markets.whole_market import flow
from tests.pages.test_pages import bare, percents
from tests.tools.copies import filled
from tests.tools.reading import lines, queries, read, words
from trends.arithmetic.disclosure import in_tens
from trends.drawing.flow_diagram import Flow, flow_diagram, share_line
from trends.models import AiShare, CategoryFlow, Replacement, TrendSnapshot

pytestmark = pytest.mark.django_db

FILES = ("/replacing.csv", "/category-flows.csv", "/ai-share.csv")
PAGES = ("/replacing/", "/replacing/?category=craft", "/replacing/?category=trade")


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> ReplacingMarket:
    return filled(replacing_market)


def test_the_page_begins_with_the_largest_flow_in_words(market: ReplacingMarket) -> None:
    one = Replacement.objects.get()
    former, moved = (f"{(count + 5) // 10 * 10:,}" for count in (one.former, one.moved))
    said = words("/replacing/")
    assert f"Of {former} people who searched for Old Craft from 13 Mar to 10 Sep 2023" in said
    assert f"{moved} now search for New Craft: " in said
    assert re.search(r"New Craft: [\d.]+ times as many as among comparable people", said)


def test_a_category_is_a_permalink_and_an_unknown_one_is_not_found(market: ReplacingMarket) -> None:
    assert "Old Craft" in words("/replacing/?category=craft")
    assert "Nothing is surely replacing a fading skill of Trade" in words(
        "/replacing/?category=trade"
    )
    assert Client().get("/replacing/?category=nowhere").status_code == 404


def test_every_percentage_stands_with_two_counts_and_its_dates(market: ReplacingMarket) -> None:
    told = [(path, *one) for path in PAGES for one in percents(read(path))]
    assert len(told) > 30
    assert [(path, text) for path, _, text, around in told if bare(text, around)] == []


def test_both_skills_tell_of_the_flow(market: ReplacingMarket) -> None:
    assert re.search(
        r"People who left it now search .* New Craft \d+ of \d+", words("/skills/old-craft/")
    )
    assert re.search(r"Comes from .* Old Craft \d+ of the \d+", words("/skills/new-craft/"))
    assert "Comes from" not in words("/skills/riser/")


def test_the_public_is_told_tens_and_a_key_the_counts(market: ReplacingMarket) -> None:
    key = Client(headers={"authorization": f"Bearer {ApiKey.issue('shop next door')}"})
    one = Replacement.objects.get()
    (exact,) = key.get("/api/v1/trends/replacements/").json()["results"]
    assert (exact["former"], exact["moved"], exact["back"]) == (one.former, one.moved, one.back)
    assert exact["lift"] == pytest.approx(one.lift, rel=0.05)
    (public,) = Client().get("/api/v1/trends/replacements/?category=craft").json()["results"]
    assert {public[name] % 10 for name in ("former", "moved", "comparable")} == {0}
    assert public["back"] is None
    assert public["back_display"] == "< 10"
    assert public["share"] == public["moved"] / public["former"]
    assert public["lift"] == pytest.approx(public["share"] / public["usual_share"], rel=0.06)
    assert public["lower"] < public["lift"] < public["upper"]
    shares = Client().get("/api/v1/trends/ai-share/").json()["results"]
    assert [row["category"] and row["category"]["slug"] for row in shares] == [None, "craft"]
    for row in shares:
        for month in (row["current"], row["previous"], *row["months"]):
            for count in (month["searchers"], month["of_ai"]):
                assert count is None or (count >= 10 and count % 10 == 0)


def test_a_share_of_fewer_than_ten_is_not_told(market: ReplacingMarket) -> None:
    AiShare.objects.filter(category__slug="craft").update(of_ai=9)
    shares = Client().get("/api/v1/trends/ai-share/").json()["results"]
    assert {month["share"] for month in shares[1]["months"]} == {None}
    assert "fewer than 10 people" in words("/replacing/")


def test_ai_shares_are_a_file_of_the_figures_that_the_api_tells(market: ReplacingMarket) -> None:
    told = Client().get("/api/v1/trends/ai-share/").json()["results"]
    assert lines("/ai-share.csv") == [
        {"category": row["category"]["slug"] if row["category"] else "", "period": period}
        | {name: "" if value is None else str(value) for name, value in share.items()}
        for row in told
        for period, shares in (
            ("four weeks", row["months"]),
            ("half-year", [row["previous"], row["current"]]),
        )
        for share in shares
    ]
    of_craft = [line for line in lines("/ai-share.csv") if line["category"] == "craft"]
    assert lines("/ai-share.csv?category=craft") == of_craft != []
    assert '<a href="/ai-share.csv?category=craft">' in read("/replacing/?category=craft")
    assert Client().get("/ai-share.csv?category=nowhere").status_code == 404


def test_flows_between_categories_are_a_file_in_tens_with_their_days(
    market: ReplacingMarket,
) -> None:
    craft, trade = (Category.objects.get(slug=slug) for slug in ("craft", "trade"))
    for left, found, moved in ((craft, trade, 44), (trade, craft, 9)):
        CategoryFlow.objects.create(
            snapshot=market.snapshot, left=left, found=found, moved=moved, told=in_tens(moved)
        )
    (line,) = (one for one in lines("/category-flows.csv") if one["left"] != one["found"])
    assert [line[name] for name in ("left", "found", "moved")] == ["craft", "trade", "40"]
    (flow,) = lines("/replacing.csv")
    days = ("from_before", "to_before", "from", "to")
    assert [line[day] for day in days] == [flow[day] for day in days]
    assert '<a href="/category-flows.csv">' in read("/replacing/")


def test_no_page_asks_more_queries_with_more_rows(market: ReplacingMarket) -> None:
    few = queries("/replacing/")
    for skill in Skill.objects.filter(name__startswith="Steady"):
        flow(market.snapshot, skill.slug, "new-craft", 160)
    assert words("/replacing/").count("New Craft") > 10
    assert queries("/replacing/") == few <= 8


def test_without_flows_or_without_a_snapshot_the_page_says_so(market: ReplacingMarket) -> None:
    Replacement.objects.all().delete()
    CategoryFlow.objects.all().delete()
    AiShare.objects.all().delete()
    assert "Nothing is surely replacing a fading skill" in words("/replacing/")
    assert [lines(file) for file in FILES] == [[], [], []]
    TrendSnapshot.objects.all().delete()
    assert [lines(file) for file in FILES] == [[], [], []]
    assert "manage.py" in words("/replacing/")


def test_bands_are_as_wide_as_people_and_names_are_escaped() -> None:
    def band(left: str, found: str, people: int) -> Flow:
        return Flow(left=left, found=found, people=people, former=400, times="×3", accent=True)

    drawn = flow_diagram([band("A <b>", "X", 200), band("A <b>", "Y", 100)], title="flows")
    widths = [
        float(path[2]) - float(path[1])
        for path in re.finditer(r"M\S+ (\S+?)C.*?V\S+?C.*? (\S+?)Z", drawn)
    ]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01)
    bars = [float(height) for height in re.findall(r'height="([\d.]+)"', drawn)]
    assert bars == pytest.approx([4 * widths[1], 2 * widths[1], widths[1]], rel=0.01)
    assert "<b>" not in drawn
    assert drawn.count("A &lt;b&gt;") == 3


def test_a_gap_breaks_the_line_of_a_share() -> None:
    line = share_line([0.1, 0.2, None, 0.4], highest=0.4)
    assert 'd="M0.5 75.0h0L1.5 50.0M3.5 0.0h0"' in line
