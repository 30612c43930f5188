"""The simulated market tells the story it claims to tell."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.simulation.market import Market, SearchRow
from marketplace.simulation.outliers import FLOOD_BOT
from marketplace.simulation.story import load_story

EPOCH = date(2023, 4, 3)
DAYS_PER_HALF = 182
TOLERANCE = 0.01


def normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Counts:
    """Brute force: distinct searchers of the three half-years before the story's now.

    Sellers are left out: all they search for is the skill they offer.
    """

    def __init__(self, market: Market, searches: list[SearchRow]) -> None:
        self.lexicon = {
            tuple(normal(spelling).split()): skill["name"]
            for skill in market.skills()
            for spelling in (skill["name"], *skill["aliases"].split("|"))
            if spelling
        }
        self.longest = max(map(len, self.lexicon))
        self.searchers: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.everyone: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.tagged = 0
        self.named: dict[str, frozenset[str]] = {}
        for search in searches:
            skills, query = self.skills_named(search), normal(search["query"])
            day = date.fromisoformat(search["occurred_at"][:10])
            half = ((market.now - day).days - 1) // DAYS_PER_HALF
            self.tagged += bool(skills)
            if search["role"] == "seller":
                continue
            self.everyone[search["country"], half].add(search["searcher"])
            for subject in skills or {query}:
                self.searchers[subject, half].add(search["searcher"])

    def skills_named(self, search: SearchRow) -> frozenset[str]:
        query = search["query"]
        if query not in self.named:
            self.named[query] = self.skills_in(normal(query))
        return self.named[query]

    def skills_in(self, query: str) -> frozenset[str]:
        """The skills a query names, the longest spelling first."""
        words, found, place = query.split(), set(), 0
        while place < len(words):
            spans = range(min(self.longest, len(words) - place), 0, -1)
            hit = next(
                (span for span in spans if tuple(words[place : place + span]) in self.lexicon), 0
            )
            if hit:
                found.add(self.lexicon[tuple(words[place : place + hit])])
            place += hit or 1
        return frozenset(found)

    def of(self, subject: str) -> tuple[int, int, int]:
        """Searchers of the same season, of the half-year before, of the current half-year."""
        year_ago, before, current = (len(self.searchers[subject, half]) for half in (2, 1, 0))
        return year_ago, before, current

    def people(self, half: int, *, country: str | None = None) -> int:
        return sum(
            len(people)
            for (place, when), people in self.everyone.items()
            if when == half and country in {None, place}
        )


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(epoch=EPOCH)


@pytest.fixture(scope="module")
def searches(market: Market) -> list[SearchRow]:
    return [row for day in market.searches(EPOCH, market.now) for row in day]


@pytest.fixture(scope="module")
def counts(market: Market, searches: list[SearchRow]) -> Counts:
    return Counts(market, searches)


def test_every_stated_skill_has_its_searchers_in_both_half_years(counts: Counts) -> None:
    for skill in load_story().skills:
        if skill.after is not None:
            _, before, current = counts.of(skill.name)
            assert before == pytest.approx(skill.searchers, rel=TOLERANCE, abs=1), skill.name
            assert current == pytest.approx(skill.after, rel=TOLERANCE, abs=1), skill.name
    _, before, current = counts.of("AI Agents")
    assert current / before - 1 == pytest.approx(183.47, rel=TOLERANCE)
    assert counts.of("Vibe Coding")[:2] == (0, 0)


def test_a_season_is_up_on_the_half_year_but_not_on_the_year(counts: Counts) -> None:
    for skill in ("Tax Returns", "Wedding Invitations", "Christmas Card Design"):
        year_ago, before, current = counts.of(skill)
        assert current > 1.7 * before
        assert current < 1.7 * year_ago


def test_one_country_opens_and_lifts_what_is_local_to_it(counts: Counts) -> None:
    opened = counts.people(0, country="BR") / counts.people(1, country="BR")
    assert opened == pytest.approx(6, rel=0.2)
    assert counts.people(0) / counts.people(1) == pytest.approx(1.2, abs=0.06)
    _, before, current = counts.of("ABNT Formatting")
    assert current > 3 * before


def test_the_spammed_skill_is_searched_by_ids_that_do_nothing_else(
    counts: Counts,
    searches: list[SearchRow],
) -> None:
    skill = load_story().spam.skill
    pushers = {searcher for searcher in counts.searchers[skill, 0] if searcher.startswith("fan-")}
    elsewhere = {
        search["searcher"] for search in searches if skill not in counts.skills_named(search)
    }
    assert len(pushers) > 0.7 * len(counts.searchers[skill, 0])
    assert not pushers & elsewhere


def test_people_of_a_fading_skill_turn_up_at_its_successor(counts: Counts) -> None:
    everyone = counts.people(0)
    for skill in load_story().skills:
        if skill.replaces and not skill.broad:
            before, after = counts.searchers[skill.replaces, 1], counts.searchers[skill.name, 0]
            by_chance = len(before) * len(after) / everyone
            assert len(before & after) > 2.5 * by_chance, skill.name


def test_most_queries_name_a_skill_and_rising_terms_name_none(
    counts: Counts,
    searches: list[SearchRow],
) -> None:
    assert 0.82 < counts.tagged / len(searches) < 0.9
    year_ago, before, current = counts.of("mcp server")
    assert (year_ago, before) == (0, 0)
    assert current > 300
    assert sum("@" in search["query"] for search in searches) in {2, 3, 4}


def test_no_searcher_but_the_flood_bot_exceeds_the_limits(searches: list[SearchRow]) -> None:
    hours = Counter((row["searcher"], row["occurred_at"][:13]) for row in searches)
    days = Counter((row["searcher"], row["occurred_at"][:10]) for row in searches)
    assert {who for (who, _), times in hours.items() if times > 60} == {FLOOD_BOT}
    assert {who for (who, _), times in days.items() if times > 200} == {FLOOD_BOT}


def test_searches_have_the_columns_of_the_contract_and_come_in_time_order(
    market: Market,
    searches: list[SearchRow],
) -> None:
    columns = {"event_id", "occurred_at", "query", "searcher", "country", "role", "results"}
    assert all(row.keys() == columns for row in searches)
    assert 650_000 < len(searches) < 800_000
    assert len({row["event_id"] for row in searches}) == len(searches)
    times = [row["occurred_at"] for row in searches]
    assert times == sorted(times)
    assert datetime.fromisoformat(times[0]).date() == EPOCH
    assert datetime.fromisoformat(times[-1]).date() == market.now - timedelta(days=1)
    assert {row["role"] for row in searches} == {"buyer", "seller"}
    assert {row["country"] for row in searches} == {"US", "IN", "GB", "DE", "ES", "BR"}


def test_a_range_cut_in_two_gives_the_same_searches_and_a_fresh_market_too(market: Market) -> None:
    # Around the seam of two half-years, and beyond the story's "now".
    fresh, other = Market(epoch=EPOCH), Market(epoch=EPOCH, seed=7)
    for turn in (market.now - timedelta(days=DAYS_PER_HALF), market.now):
        since, cut, until = (turn + timedelta(days=days) for days in (-3, -1, 3))
        whole = list(market.searches(since, until))
        assert [*fresh.searches(since, cut), *fresh.searches(cut, until)] == whole
        assert len(whole) == (until - since).days
    assert list(other.searches(since, until)) != whole


def test_no_spelling_belongs_to_two_skills(market: Market) -> None:
    skills = list(market.skills())
    spellings = [
        normal(spelling)
        for skill in skills
        for spelling in (skill["name"], *skill["aliases"].split("|"))
    ]
    assert len(skills) >= 300
    assert len({skill["category"].split(" > ")[0] for skill in skills}) >= 12
    assert len(spellings) == len(set(spellings))
    # Nor once punctuation is gone, whichever way a matcher cuts words ("e-mail" and "e mail").
    loose = {" ".join(re.split(r"[ /&-]+", spelling)) for spelling in spellings}
    assert len(loose) == len(spellings)


def test_orders_fit_the_gigs_and_follow_the_searches(market: Market, counts: Counts) -> None:
    gigs = {gig["gig_id"]: gig for gig in market.gigs()}
    orders = list(market.orders(EPOCH, market.now))
    assert 55_000 < len(orders) < 85_000
    assert {gig["status"] for gig in gigs.values()} == {"active", "paused", "deleted"}
    names = {skill["name"] for skill in market.skills()}
    assert all(set(gig["skills"].split("|")) <= names for gig in gigs.values())
    buyers: dict[str, set[str]] = defaultdict(set)
    sellers: dict[str, set[str]] = defaultdict(set)
    for order in orders:
        gig = gigs[order["gig_id"]]
        assert order.keys() == {
            "order_id",
            "gig_id",
            "buyer_id",
            "amount",
            "refunded",
            "currency",
            "ordered_at",
            "completed_at",
            "status",
        }
        assert (order["status"] == "completed") == bool(order["completed_at"])
        assert gig["created_at"][:10] <= order["ordered_at"][:10]
        assert not order["completed_at"] or order["completed_at"] < market.now.isoformat()
        assert 0 <= Decimal(order["refunded"]) <= Decimal(order["amount"])
        assert order["currency"] == gig["currency"]
        for skill in gig["skills"].split("|"):
            buyers[skill].add(order["buyer_id"])
            sellers[skill].add(gig["seller_id"])
    for skill in ("AI Agents", "Vibe Coding", "Agent Training", "ComfyUI"):
        assert len(sellers[skill]) >= 30
        assert len(buyers[skill]) >= 100
    assert len(counts.searchers["AGI Consulting", 0]) > 1000
    assert len(buyers["AGI Consulting"]) < 30
    refunds = sum(order["refunded"] != "0.00" for order in orders) / len(orders)
    assert refunds == pytest.approx(0.04, abs=0.01)


def test_sellers_work_elsewhere_than_people_search_and_always_in_one_country(
    market: Market, searches: list[SearchRow]
) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for gig in market.gigs():
        homes[gig["seller_id"]].add(gig["country"])
        of[gig["category"].split(" > ")[0]][gig["country"]] += 1
    assert all(len(countries) == 1 for countries in homes.values())
    sellers = Counter(country for countries in homes.values() for country in countries)
    buyers = Counter({row["searcher"]: row["country"] for row in searches}.values())
    more = {one: sellers[one] / sellers.total() / (buyers[one] / buyers.total()) for one in buyers}
    assert more["IN"] > 1.2
    assert max(more["US"], more["DE"], more["GB"]) < 0.7
    assert 0.02 < sellers[""] / sellers.total() < 0.07
    assert not buyers["PK"]
    # Each top category has its own mix.
    assert of["Writing & Translation"].most_common(1)[0][0] == "US"
    assert of["Video & Animation"].most_common(1)[0][0] in {"PK", "IN"}


def test_orders_of_two_ranges_are_those_of_the_whole_but_for_unfinished_ones(
    market: Market,
) -> None:
    since, until = market.now - timedelta(days=60), market.now
    middle = market.now - timedelta(days=40)
    whole = {row["order_id"]: row for row in market.orders(since, until)}
    cut = {
        row["order_id"]: row
        for span in ((since, middle), (middle, until))
        for row in market.orders(*span)
    }
    assert cut.keys() == whole.keys()
    differing = [row for key, row in cut.items() if row != whole[key]]
    assert {row["status"] for row in differing} == {"in_progress"}


def test_the_market_closes_some_years_after_its_now(market: Market) -> None:
    far = market.now + timedelta(days=20 * 365)
    with pytest.raises(ValueError, match="no searches"):
        list(market.searches(far, far + timedelta(days=1)))
