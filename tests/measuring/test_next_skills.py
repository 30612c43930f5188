"""What sellers took up next: the planned one is found with its counts, and a few are never told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.skills.models import Skill, SkillStatus
from tests.markets.paid_market import PaidMarket
from tests.markets.tiny_market import tiny_market
from tests.markets.whole_market import flow
from tests.pages.test_pages import bare, percents
from tests.tools.copies import filled
from tests.tools.reading import queries, read, words
from trends.measuring.flows.next_skills import DAYS, store_next_skills
from trends.models import NextSkill, TrendSnapshot
from trends.pages.me.my_skills import ordered

pytestmark = pytest.mark.django_db

BEFORE, SINCE, LATELY = 500, 200, 40
MOST_QUERIES = 10


class Offers(PaidMarket):
    """Sellers of an old craft who take up a new one; and who offered what since when, in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[tuple[int, str, int]] = []
        for name, path in {
            "Old Craft": "Craft > Hand",
            "New Craft": "Craft > Machine",
            "Rare": "Craft > Machine",
            "Trade": "Commerce",
        }.items():
            self.skill(name, path)
        self.begin("Old Craft", range(60), BEFORE)
        self.begin("Trade", range(60, 400), BEFORE)
        # Some had it before, some offer it again: neither takes it up.
        self.begin("New Craft", [0, 1, 70], BEFORE)
        self.begin("New Craft", [0, 1, 70], SINCE)
        self.begin("New Craft", [*range(10, 32), *range(100, 106)], SINCE)
        self.begin("New Craft", range(32, 40), LATELY)
        # One short of what may be told; and one who is new altogether.
        self.begin("Rare", [*range(40, 49), 500], SINCE)
        # Eleven sold it within ninety days, others later, to themselves, or not for good.
        for number in range(10, 21):
            self.order(number, days_after=89)
        self.order(21, days_after=95)
        self.order(22, days_after=10, buyer=22)
        self.order(23, days_after=10, refunded=100)
        self.order(24, days_after=10, status="cancelled")

    def begin(self, skill: str, sellers: "range | list[int]", days_ago: int) -> None:
        for seller in sellers:
            self.offers.append((seller, skill, days_ago))
            gig = self.offer(seller, skill, days_ago=days_ago)
            self.gigs.setdefault((seller, (skill,)), gig)

    def order(self, seller: int, *, days_after: int, buyer: int = 9_000, **how: object) -> None:
        """An order so many days after the seller began to offer the new craft."""
        ordered = SINCE - days_after
        self.sell(
            "New Craft",
            seller=seller,
            buyer=buyer,
            amount=100,
            days_ago=ordered - 3,
            **how,  # type: ignore[arg-type]
        )

    def who(self, skill: str, *, before: bool) -> set[int]:
        """Who offered a skill before the year, or first in it."""
        first: dict[int, int] = {}
        for seller, name, days_ago in self.offers:
            if name == skill:
                first[seller] = max(days_ago, first.get(seller, 0))
        return {seller for seller, days_ago in first.items() if (days_ago > DAYS) == before}


@pytest.fixture
def market(db: None) -> Offers:
    return Offers()


def snapshot() -> TrendSnapshot:
    return PaidMarket().store()


def test_what_was_taken_up_has_the_counts_of_sets_counted_one_by_one(market: Offers) -> None:
    store_next_skills(snapshot())
    one = NextSkill.objects.get(having__name="Old Craft")
    old, had = market.who("Old Craft", before=True), market.who("New Craft", before=True)
    took = market.who("New Craft", before=False)
    settled = {seller for seller, _, days_ago in market.offers if days_ago > DAYS}
    assert one.added.name == "New Craft"
    assert (one.had, one.took) == (len(old - had), len(old & took)) == (58, 30)
    assert one.comparable == len(settled - old - had)
    assert one.told == 30
    assert (one.tried, one.sold) == (22, 11)
    # Everybody compared offered one skill: there is one stratum.
    others = len((settled - old) & took)
    both = one.had + one.comparable
    here, there = one.took * one.comparable / both + 0.5, others * one.had / both + 0.5
    assert one.lift == pytest.approx(here / there)
    assert 2 < one.lower < one.lift < one.upper


def test_a_category_tells_of_all_its_sellers_and_nine_people_of_nobody(market: Offers) -> None:
    store_next_skills(snapshot())
    stored = {
        (one.having.name if one.having else str(one.category), one.added.name)
        for one in NextSkill.objects.all()
    }
    assert stored == {
        ("Old Craft", "New Craft"),
        ("Craft", "New Craft"),
        ("Craft > Hand", "New Craft"),
    }


def test_a_later_offer_or_a_later_order_does_not_change_the_day_it_is_asked_of(
    market: Offers,
) -> None:
    first = snapshot()
    store_next_skills(first)
    counted = list(NextSkill.objects.order_by("pk").values_list("had", "took", "comparable"))
    market.begin("New Craft", range(50, 58), -1)
    again = snapshot()
    store_next_skills(again)
    stored = NextSkill.objects.filter(snapshot=again).order_by("pk")
    assert list(stored.values_list("had", "took", "comparable")) == counted


def test_what_is_not_published_has_the_last_place_in_any_order() -> None:
    def row(name: str, pay: float | None, people: int | None) -> Any:
        return {
            "skill": {"name": name},
            "taken_up": None,
            "earnings": {"median": pay},
            "opportunity": {"ratio": None},
            "current": {"searchers": people},
        }

    found = ordered([row("a", None, 900), row("b", 50.0, None), row("c", 40.0, 30)], "pay")
    assert [one["skill"]["name"] for one in found] == ["b", "c", "a"]
    assert [one["places"]["pay"] for one in found] == [1, 2, 3]
    assert [one["places"]["reach"] for one in found] == [3, 2, 1]
    by_all = ordered([row("a", None, 900), row("c", 40.0, 30), row("b", 50.0, None)], "all")
    assert [one["skill"]["name"] for one in by_all] == ["a", "b", "c"]


@pytest.fixture(scope="module")
def _tiny(emptied: Callable[[], None]) -> None:
    filled(tiny_market)


@pytest.mark.usefixtures("_tiny")
def test_the_page_says_where_mine_are_going_and_what_comes_next() -> None:
    shown = TrendSnapshot.objects.current()
    assert shown
    skills = dict(_skills(shown))
    first, second, *_ = skills
    NextSkill.objects.create(
        snapshot=shown,
        having_id=skills[first],
        added_id=skills[second],
        had=104,
        took=23,
        told=20,
        comparable=900,
        p_value=0.0,
        lift=4.0,
        lower=2.5,
        upper=6.0,
        tried=23,
        sold=12,
    )
    said = words(f"/me/?skills={first.replace(' ', '-')}")
    assert f"20 of 100 sellers of {first} took it up in a year, ×3.6 as many" in said
    assert "10 or more of them sold it within 90 days" not in said
    assert "10 of 20 sold it within 90 days" in said
    NextSkill.objects.update(sold=9)
    assert "Fewer than 10 of 20 sold it" in words(f"/me/?skills={first.replace(' ', '-')}")
    NextSkill.objects.update(tried=14)
    assert "sold it within" not in words(f"/me/?skills={first.replace(' ', '-')}")


@pytest.mark.usefixtures("_tiny")
def test_a_skill_of_mine_that_people_leave_leads_to_what_they_search_for_now() -> None:
    shown = TrendSnapshot.objects.current()
    assert shown
    for slug, people in (("skill-b", 160), ("skill-c", 42)):
        flow(shown, "skill-a", slug, people, former=604)
    page = read("/me/?skills=skill-a,skill-d")
    links = re.findall(r'<a href="(/skills/[^"]+#replacing)">([^<]*)</a>', page)
    said = "160 of 600 people who left it now search for skill b"
    assert links == [("/skills/skill-a/#replacing", said)]
    assert 'id="replacing"' in read("/skills/skill-a/")


@pytest.mark.usefixtures("_tiny")
def test_every_percentage_stands_with_two_counts_and_its_dates() -> None:
    slugs = ",".join(f"skill-{letter}" for letter in "abcdefghijklmnopqrst")
    told = list(percents(read(f"/me/?skills={slugs}")))
    assert len(told) > 5
    assert [text for _, text, around in told if bare(text, around)] == []


@pytest.mark.usefixtures("_tiny")
def test_a_name_is_added_and_dropped_by_address_and_an_unknown_one_is_answered() -> None:
    answer = Client().get("/me/?skills=skill-a&add=Skill B")
    assert (answer.status_code, answer["Location"]) == (302, "/me/?skills=skill-a,skill-b")
    page = read("/me/?skills=skill-a,skill-b")
    assert 'href="/me/?skills=skill-b" aria-label="Drop skill a"' in page
    said = words("/me/?skills=skill-a,nothing&add=skil bb")
    assert "There is no skill “skil bb”" in said
    assert "There is no skill “nothing”" in said
    assert "Did you mean" in said


@pytest.mark.usefixtures("_tiny")
def test_a_skill_that_was_merged_is_the_one_it_became() -> None:
    survivor = Skill.objects.get(slug="skill-c")
    Skill.objects.filter(slug="skill-b").update(status=SkillStatus.MERGED, merged_into=survivor)
    page = read("/me/?skills=skill-b,skill-a,skill-c")
    assert re.findall(r'aria-label="Drop ([^"]+)"', page) == ["skill c", "skill a"]


@pytest.mark.usefixtures("_tiny")
def test_twenty_skills_cost_no_more_queries_than_one() -> None:
    slugs = [f"skill-{letter}" for letter in "abcdefghijklmnopqrst"]
    one, twenty = (queries(f"/me/?skills={','.join(some)}") for some in (slugs[:1], slugs))
    assert one == twenty <= MOST_QUERIES


def _skills(shown: TrendSnapshot) -> list[tuple[str, int]]:
    trends = shown.skilltrend_set.filter(country="001", window="6m").exclude(
        label__in=["declining", "cooling"]
    )
    return list(trends.order_by("-current").values_list("skill__name", "skill"))
