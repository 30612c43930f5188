"""Where the sellers of a skill work is counted in people, and told so that nobody finds a few."""

from collections import defaultdict
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marketplace.gigs.importing import import_gigs
from marketplace.gigs.models import Gig, GigStatus, Seller
from marketplace.imports.rows import Row
from marketplace.skills.matching import version_read
from tests.conftest import TODAY, at
from tests.markets.reference import Market
from trends.measuring.money.supply import supply
from trends.measuring.surroundings.sellers_by_country import sellers_told, store_country_supply
from trends.models import WORLD, CountrySupply, TrendSnapshot

TAGS = ["python", "react", "logo design", "unheard of"]
PLACES = ["DE", "FR", "PK", ""]
gigs = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.lists(st.sampled_from(TAGS), max_size=3, unique=True),
        st.sampled_from([-1, 0, 1, 2, 200]),
        st.sampled_from(GigStatus.values),
    ),
    max_size=12,
)


class CountedByHand(TestCase):
    """A market of gigs, counted a second time in plain Python."""

    @settings(max_examples=25, deadline=None)
    @given(offered=gigs, homes=st.lists(st.sampled_from(PLACES), min_size=9, max_size=9))
    def test_a_seller_counts_once_in_their_country_for_each_skill_on_offer(
        self, offered: list[tuple[int, list[str], int, str]], homes: list[str]
    ) -> None:
        market, rows = Market(), []
        expected: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, (seller, tags, days_ago, status) in enumerate(offered):
            rows.append(_gig(number, seller, homes[seller], "|".join(tags), days_ago, status))
            skills = {skill for tag in tags if (skill := market.skill_of(tag))}
            if days_ago > 0 and status == "active" and homes[seller]:
                for skill, place in product(skills, (homes[seller], WORLD)):
                    expected[skill, place].add(seller)
        import_gigs(rows)
        snapshot = _snapshot()
        store_country_supply(snapshot)
        found = CountrySupply.objects.values_list("skill__name", "country", "sellers")
        assert {(skill, place): n for skill, place, n in found} == {
            key: len(sellers) for key, sellers in expected.items()
        }


def _gig(
    number: int, seller: int, country: str, skills: str, days_ago: int = 9, status: str = "active"
) -> Row:
    gig = {
        "gig_id": f"g{number}",
        "seller_id": f"seller {seller}",
        "country": country,
        "title": "gig",
        "category": "All",
        "skills": skills,
        "price": "5",
        "currency": "USD",
        "created_at": at(TODAY - timedelta(days=days_ago)),
        "status": status,
    }
    return Row(number, gig)


def _snapshot() -> TrendSnapshot:
    return TrendSnapshot.objects.create(
        as_of=TODAY, taxonomy=version_read(), parameters={}, inputs={}
    )


@pytest.mark.django_db
def test_what_is_told_of_each_country_is_stored_beside_the_count() -> None:
    Market()
    homes = [*["DE"] * 23, *["FR"] * 12, *["PK"] * 4, *[""] * 6]
    import_gigs([_gig(n, n, home, "python") for n, home in enumerate(homes)])
    snapshot = _snapshot()
    store_country_supply(snapshot)
    found = CountrySupply.objects.values_list("country", "sellers", "public_sellers")
    assert {country: counts for country, *counts in found} == {
        "DE": [23, 20],
        "FR": [12, 10],
        "PK": [4, None],
        # Fewer than ten of the 45 are of no known country.
        WORLD: [39, 40],
    }
    (offering,) = supply(TODAY).values()
    assert offering.sellers == len(homes) == Seller.objects.count() == Gig.objects.count()


def test_countries_are_told_in_tens_from_ten_on() -> None:
    sellers = {"DE": 94, "FR": 25, "PK": 14, "US": 9, "IN": 9, "ES": 9}
    assert sellers_told(sellers, unknown=3) == {WORLD: 160, "DE": 90, "FR": 30, "PK": 10}
    assert sellers_told(sellers, unknown=35) == {WORLD: 160, "DE": 90, "FR": 30, "PK": 10}
    assert sellers_told({"DE": 17}, unknown=1) == {}


def test_where_nearly_all_work_in_one_country_it_is_not_told_how_nearly() -> None:
    alone = [sellers_told({"DE": 60 - few, "FR": few}, unknown=0) for few in range(1, 10)]
    assert alone == [{WORLD: 60, "DE": 60}] * 9
    # The smallest of two would leave one at most.
    assert sellers_told({"DE": 25, "FR": 25, "PK": 1}, unknown=0) == {WORLD: 50, "DE": 30}


@pytest.mark.parametrize("everybody", [19, 24, 29, 30, 36])
def test_who_knows_all_sellers_of_a_skill_finds_out_no_few_of_any_country(everybody: int) -> None:
    """Every way in which so many sellers can live in countries, by what is told of it."""
    worlds: dict[tuple[tuple[str, int], ...], set[tuple[int, int, int]]] = defaultdict(set)
    for first, second, third in product(range(everybody + 1), repeat=3):
        for elsewhere in range(everybody - first - second - third + 1):
            sellers = {"DE": first, "FR": second, "PK": third}
            sellers |= {f"{number}": 1 for number in range(elsewhere)}
            unknown = everybody - first - second - third - elsewhere
            told = sellers_told(sellers, unknown=unknown)
            beside = everybody - unknown - sum(sellers[one] for one in told if one in sellers)
            worlds[tuple(told.items())].add((first, unknown, beside))
    for shown, possible in worlds.items():
        de, unrevealed, left = ({counts[place] for counts in possible} for place in range(3))
        assert _tells_no_few(unrevealed), (shown, sorted(unrevealed))
        assert max(left) >= 10 or _tells_no_few(left), (shown, sorted(left))
        assert min(de) >= 10 if "DE" in dict(shown) else _tells_no_few(de), (shown, sorted(de))


def _tells_no_few(possible: set[int]) -> bool:
    """Whether a count that may be any of these may be ten or more, or any number under ten."""
    return min(possible) >= 10 or set(range(10)) <= possible
