"""The order of a list of skills: by what is published, and so that nothing more can be told."""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from tests.markets.list_market import SKILLS, list_market, shown
from tests.tools.reading import read
from trends.arithmetic.digits import floored, rounded
from trends.models import CountrySupply, EarningsTrend, SkillTrend, TrendSnapshot
from trends.pages.rising.filters import Order
from trends.wording.in_database import as_told

# The figure a column goes by, as it is published.
FIGURES: dict[Order, Callable[[Any], Any]] = {
    Order.GROWTH: lambda row: row["growth"]["ratio"],
    Order.SEARCHERS: lambda row: row["current"]["searchers"],
    Order.PAY: lambda row: row["earnings"]["median"],
    Order.COMPETITION: lambda row: row["opportunity"]["searchers_per_seller"],
    Order.NEWCOMERS: lambda row: row["newcomers"] and least(row["newcomers"]),
}


def least(newcomers: Any) -> float:
    """The part of new gigs that is sure to have sold: "fewer than" may be none."""
    return float(newcomers["part"]) if newcomers["compared"] != "<" else 0.0


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return list_market


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", FIGURES)
def test_a_list_goes_by_what_is_published_and_the_rest_stands_last_either_way(
    snapshot: TrendSnapshot, column: Order, sign: str
) -> None:
    found = [FIGURES[column](row) for row in shown(snapshot, show="all", order=sign + column)]
    told = [figure for figure in found if figure is not None]
    assert 10 < len(told) < len(found) == SKILLS
    assert found[: len(told)] == sorted(told, reverse=not sign)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", [Order.PAY, Order.COMPETITION, Order.NEWCOMERS])
def test_what_reads_the_same_stands_by_its_place_whatever_the_next_digit(
    snapshot: TrendSnapshot, column: Order, sign: str
) -> None:
    found = shown(snapshot, show="all", order=sign + column)
    places = {row["skill"]["slug"]: at for at, row in enumerate(shown(snapshot, show="all"))}
    alike = defaultdict[Any, list[int]](list)
    for row in found:
        alike[FIGURES[column](row)].append(places[row["skill"]["slug"]])
    assert [one for one in alike.values() if one != sorted(one)] == []
    assert len(alike.keys() - {None}) < len(found) - len(alike[None])


@pytest.mark.parametrize("sign", ["", "-"])
def test_in_a_country_the_list_goes_by_its_own_searchers_per_seller_and_then_by_the_worlds(
    snapshot: TrendSnapshot, sign: str
) -> None:
    found = shown(snapshot, show="all", country="DE", order=f"{sign}competition")
    here = [row["here"] for row in found]
    first = here.index(None)
    told, others = here[:first], [FIGURES[Order.COMPETITION](row) for row in found[first:]]
    assert {one["at_least"] for one in told} == {True, False}
    assert not any(here[first:])
    assert figures_of(told) == sorted(figures_of(told), reverse=not sign)
    known = [one for one in others if one is not None]
    assert 0 < len(known) < len(others)
    assert others[: len(known)] == sorted(known, reverse=not sign)


def figures_of(here: list[Any]) -> list[float]:
    return [one["searchers_per_seller"] for one in here]


def test_sellers_of_a_country_are_those_told_or_the_most_there_can_be(
    snapshot: TrendSnapshot,
) -> None:
    of_snapshot = {"snapshot": snapshot, "country": "DE"}
    supply = {one.skill.slug: one for one in CountrySupply.objects.filter(**of_snapshot)}
    quarter = SkillTrend.objects.filter(**of_snapshot, window="3m")
    searchers = {one.skill.slug: one.current for one in quarter if not one.hidden}
    offering = dict(
        EarningsTrend.objects.filter(snapshot=snapshot).values_list("skill__slug", "offering")
    )
    known = dict(
        CountrySupply.objects.filter(snapshot=snapshot, country="001").values_list(
            "skill__slug", "public_sellers"
        )
    )
    local = [row for row in shown(snapshot, show="all", country="DE") if row["here"]]
    assert len(local) > 20
    assert all(
        offering[slug] < 20 or 2 * (known[slug] or 0) >= offering[slug]
        for slug in (row["skill"]["slug"] for row in local)
    )
    for row in local:
        slug, here = row["skill"]["slug"], row["here"]
        there = supply.get(slug, CountrySupply(sellers=0))
        assert here["searchers"] == searchers[slug] >= 30
        assert here["at_least"] == (there.public_sellers is None)
        if here["at_least"]:
            assert there.sellers <= here["sellers"] <= max(offering[slug], 9)
        else:
            assert here["sellers"] == there.public_sellers
        in_digits = floored if here["at_least"] else rounded
        assert here["searchers_per_seller"] == in_digits(here["searchers"] / here["sellers"])


def test_what_is_not_told_of_a_country_moves_nothing_in_its_list(snapshot: TrendSnapshot) -> None:
    asked = {"show": "all", "country": "DE", "order": "competition"}
    before = shown(snapshot, **asked)
    CountrySupply.objects.filter(snapshot=snapshot).update(sellers=1)
    assert shown(snapshot, **asked) == before
    withheld = SkillTrend.objects.filter(snapshot=snapshot, country="DE", window="3m")
    withheld.update(hidden=["c"])
    assert not any(row["here"] for row in shown(snapshot, **asked))


def test_the_page_and_its_file_say_of_which_country_the_sellers_are(
    snapshot: TrendSnapshot,
) -> None:
    page = re.sub(r">\s+<", "><", read("/?show=all&country=DE&order=competition"))
    assert 'Searchers per seller <span aria-hidden="true">↓</span></a><small>Germany' in page
    assert re.search('at least [^<]*<span class="below">at most [1-9]\\d there', page)
    assert re.search('at least [^<]*<span class="below">fewer than 10 there', page)
    assert re.search('<span class="below">about \\d0 there', page)
    file = Client().get("/skills.csv?show=all&country=DE&order=competition")
    lines = list(csv.DictReader(b"".join(file).decode().splitlines()))
    rows_shown = shown(snapshot, show="all", country="DE", order="competition")
    assert [line["searchers_per_seller_in_country"] for line in lines] == [
        str(row["here"]["searchers_per_seller"]) if row["here"] else "" for row in rows_shown
    ]
    answer = Client().get("/api/v1/trends/skills/?country=DE&limit=1000").json()["results"]
    told = {row["skill"]["slug"]: row["here"] for row in rows_shown}
    assert {row["skill"]["slug"]: row["here"] for row in answer} == told


def test_where_no_seller_has_a_known_country_nothing_is_said_of_one(
    snapshot: TrendSnapshot,
) -> None:
    CountrySupply.objects.filter(snapshot=snapshot).delete()
    assert not any(row["here"] for row in shown(snapshot, show="all", country="DE"))
    page = read("/?show=all&country=DE&order=competition")
    assert "<small>Germany" not in page
    assert " there</span>" not in page
    assert "× its category" in page


@pytest.mark.parametrize("sign", ["", "-"])
def test_figures_rounded_down_stand_among_the_others_by_what_is_shown(
    snapshot: TrendSnapshot, sign: str
) -> None:
    found = list(EarningsTrend.objects.filter(snapshot=snapshot))
    for number, one in enumerate(found):
        one.offering, one.searchers = 9 + number % 2, 50 + number
    EarningsTrend.objects.bulk_update(found, ["offering", "searchers"])
    asked = {"show": "all", "order": f"{sign}competition"}
    told = [FIGURES[Order.COMPETITION](row) for row in shown(snapshot, **asked)]
    told = told[: told.index(None)]
    assert told == sorted(told, reverse=not sign)
    page = read(f"/?show=all&order={sign}competition")
    assert re.search('at least [^<]*<span class="below">at least [^<]* × its category', page)


def test_a_newcomers_chance_stands_with_its_gigs_and_days_and_orders_the_api_too(
    snapshot: TrendSnapshot,
) -> None:
    page = re.sub(r">\s+<", "><", read("/?show=all&order=newcomers"))
    days = "13 Sep 2023 to 9 Feb 2024"
    assert 'A newcomer’s chance <span aria-hidden="true">↓</span></a><small>sold in 30' in page
    assert f"sold in 30 days, of those published {days}</small>" in page
    page += re.sub(r">\s+<", "><", read("/?show=all&order=newcomers&page=2"))
    for said in ("more than 30 of 40", "about 26 of 60 (43 %)", "fewer than 10 of 24"):
        assert f'{said} <span class="below">new gigs' in page
    assert f"published {days}, sold within 30 days" in page
    on_page = [row["skill"]["slug"] for row in shown(snapshot, show="all", order="newcomers")]
    asked = "/api/v1/trends/{}/?order=newcomers&limit=1000"
    answer = Client().get(asked.format("skills")).json()["results"]
    assert [row["skill"]["slug"] for row in answer] == on_page
    assert Client().get(asked.format("categories")).status_code == 400


def test_the_file_tells_newcomers_in_words_and_counts_a_sheet_takes_as_they_are(
    snapshot: TrendSnapshot,
) -> None:
    file = Client().get("/skills.csv?show=all&order=newcomers")
    lines = list(csv.DictReader(b"".join(file).decode().splitlines()))
    names = ("new_gigs", "new_gigs_sold", "new_gigs_sold_compared")
    told = {tuple(line[name] for name in names) for line in lines}
    assert told == {
        ("85", "12", "equal"),
        ("60", "26", "equal"),
        ("200", "24", "equal"),
        ("24", "", "fewer"),
        ("40", "", "more"),
        ("", "", ""),
    }


def test_the_database_rounds_money_as_people_read_it(snapshot: TrendSnapshot) -> None:
    rng = random.Random(3)
    halves = [0.0, 1_850.0, 1_950.0, 105.0, 12.5, 99.5, 995.0]
    found = list(EarningsTrend.objects.filter(snapshot=snapshot))
    for one in found:
        one.median = halves.pop() if halves else round(10 ** rng.uniform(1, 6), 2)
    EarningsTrend.objects.bulk_update(found, ["median"])
    told = EarningsTrend.objects.filter(snapshot=snapshot).values_list(
        "median", as_told(F("median"))
    )
    assert {(median, rounded(median or 0)) for median, _ in told} == set(told)
    assert len(told) > 50


def test_names_and_places_go_from_the_first_on_until_asked_again(snapshot: TrendSnapshot) -> None:
    names = [row["skill"]["name"] for row in shown(snapshot, show="all", order="name")]
    assert names == sorted(names)
    assert [row["skill"]["name"] for row in shown(snapshot, show="all", order="-name")] == names[
        ::-1
    ]
    ranks = [row["place"] for row in shown(snapshot, category="design")]
    assert ranks == sorted(ranks)
    assert [row["place"] for row in shown(snapshot, category="design", order="-rank")] == ranks[
        ::-1
    ]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("rank", "the surest growth first"),
        ("pay", "Median pay</strong>, the largest first"),
        ("-pay", "Median pay</strong>, the smallest first"),
        ("name", "In the order of the alphabet"),
    ],
)
def test_the_page_says_which_order_its_list_has(
    snapshot: TrendSnapshot, order: str, said: str
) -> None:
    page = Client().get("/", {"order": order}, follow=True).content.decode()
    assert said in page
    assert ("the surest growth first" in page) == (order == "rank")
