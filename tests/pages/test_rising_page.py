"""The front page: what is on which list, in which order, how many, and what is said of none."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.markets.list_market import SKILLS, list_market, shown
from tests.tools.reading import queries, read
from trends.models import EarningsTrend, SkillTrend, TrendSnapshot
from trends.pages.rising.cache import categories_now
from trends.pages.rising.choices import TITLES, chips, choices, tabs
from trends.pages.rising.counts import ListCounts
from trends.pages.rising.filters import LADDER, read_filters
from trends.pages.rising.listing import shown_trends
from trends.wording.figures import day

MOST_QUERIES = 10
MOST_BYTES = 60 * 1024


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return list_market


CHOSEN: list[dict[str, str]] = [
    {},
    {"show": "falling"},
    {"show": "all", "pay": "2000"},
    {"category": "design"},
    {"category": "design-logo", "label": "new", "pay": "50"},
    {"country": "DE", "label": "surging"},
    {"window": "3m", "category": "coding"},
    {"show": "falling", "country": "DE", "category": "design-web"},
]


@pytest.mark.parametrize("query", CHOSEN, ids=str)
def test_every_option_chip_and_tab_says_how_many_skills_its_list_has(
    snapshot: TrendSnapshot, query: dict[str, str]
) -> None:
    categories, taxonomy = categories_now()
    filters, _ = read_filters(query, categories)
    counts = ListCounts(snapshot, filters, categories, taxonomy=taxonomy)
    offered = {name: query | {name: ""} for name in TITLES}
    seen = 0
    for choice in choices(counts):
        for option in choice.options:
            asked = offered[choice.name] | {choice.name: option.value}
            assert option.skills == len(shown(snapshot, **asked)), (choice.name, option)
            assert option.chosen == (filters == read_filters(asked, categories)[0])
            seen += option.skills
    for link in (*chips(counts), *tabs(counts)):
        asked = dict(part.split("=") for part in link.address[2:].split("&") if part)
        assert link.skills == len(shown(snapshot, **asked)), link
    assert seen
    assert counts.of(filters) == shown_trends(snapshot, filters).count()


@pytest.mark.parametrize("amount", LADDER[:12])
def test_a_least_pay_tells_nothing_finer_than_the_amounts_shown(
    snapshot: TrendSnapshot, amount: int
) -> None:
    every = shown(snapshot, show="all")
    paid = {row["skill"]["slug"] for row in every if (row["earnings"]["median"] or 0) >= amount}
    narrowed = shown(snapshot, show="all", pay=str(amount))
    assert {row["skill"]["slug"] for row in narrowed} == paid


def test_the_rising_list_begins_with_headlines_and_who_narrows_it_gets_all(
    snapshot: TrendSnapshot,
) -> None:
    headlines = shown(snapshot)
    listed = SkillTrend.objects.of(snapshot, window="6m").listed()
    assert 0 < len(headlines) < listed.count()
    assert all(row["current"]["searchers"] >= 100 for row in headlines)
    design, coding = (shown(snapshot, category=one) for one in ("design", "coding"))
    assert len(design) + len(coding) == listed.count()


def test_the_surest_fall_stands_first_and_only_what_falls(snapshot: TrendSnapshot) -> None:
    found = shown(snapshot, show="falling", category="design")
    assert {row["label"] for row in found} == {"declining", "cooling"}
    upper = [row["growth"]["upper"] for row in found]
    told = [one for one in upper if one is not None]
    assert told
    assert upper == sorted(told) + [None] * (len(upper) - len(told))
    places = [row["place"] for row in found]
    assert places == sorted(places)


@pytest.mark.parametrize("show", ["rising", "falling"])
def test_a_move_is_the_difference_of_two_places_on_the_whole_list(
    snapshot: TrendSnapshot, show: str
) -> None:
    before = TrendSnapshot.objects.a_week_before(snapshot.as_of)
    assert before
    # Those narrowed down are not numbered anew: all categories' lists together are the whole.
    then = [
        row["skill"]["slug"]
        for one in ("design", "coding")
        for row in sorted(shown(before, show=show, category=one), key=lambda row: row["place"])
    ]
    now = shown(snapshot, show=show, category="design") + shown(
        snapshot, show=show, category="coding"
    )
    assert sorted(row["place"] for row in now) == list(range(1, len(now) + 1))
    assert len(then) == len(now)
    assert all(row["move"] == row["place_before"] - row["place"] for row in now)
    assert {row["move"] > 0 for row in now if row["move"]} == {True, False}


def test_a_skill_not_listed_the_week_before_is_new_and_without_that_week_nothing_is_said(
    snapshot: TrendSnapshot,
) -> None:
    before = TrendSnapshot.objects.a_week_before(snapshot.as_of)
    assert before
    first = shown(snapshot)[0]["skill"]["slug"]
    SkillTrend.objects.filter(snapshot=before, skill__slug=first).update(rank=None)
    assert shown(snapshot)[0]["move"] == "new"
    assert '<span class="move new">' in read("/")
    TrendSnapshot.objects.filter(pk=before.pk).update(as_of=snapshot.as_of - timedelta(30))
    assert shown(snapshot)[0]["move"] is None
    assert 'class="move' not in read("/")


def test_an_address_as_a_form_writes_it_leads_to_the_short_one(snapshot: TrendSnapshot) -> None:
    answer = Client().get("/?show=all&category=&country=DE&window=6m&label=&pay=&order=rank")
    assert (answer.status_code, answer["Location"]) == (302, "/?show=all&country=DE")
    assert Client().get("/?category=&order=rank")["Location"] == "/"


@pytest.mark.parametrize("query", ["category=gone", "country=de", "window=2m", "pay=17", "order=x"])
def test_what_there_is_not_is_said_on_the_page_and_refused_to_programs(
    snapshot: TrendSnapshot, query: str
) -> None:
    page = read(f"/?{query}&show=all")
    name, text = query.split("=")
    assert f"There is no {name} “{text}”" in page
    assert f"1 to 50 of {SKILLS} skills" in page
    for address in (f"/skills.csv?{query}", f"/skills.atom?{query}"):
        assert Client().get(address).status_code == 404


def test_an_empty_list_says_what_to_drop_and_how_many_that_gives(snapshot: TrendSnapshot) -> None:
    page = read("/?country=DE&label=steady&pay=5000")
    assert "No skill is rising here" in page
    drops = re.findall(r'Without “([^”]*)”: <a href="([^"]*)">(\d+) skills?</a>', page)
    assert [text for text, _, _ in drops] == ["steady"]
    for _, address, skills in drops:
        assert len(re.findall(r'<td class="rank">', read(address.replace("&amp;", "&")))) == int(
            skills
        )


@pytest.mark.parametrize(
    "address", ["/", "/?show=falling", "/?show=all", "/?window=3m&show=all&country=DE&order=pay"]
)
def test_a_page_asks_the_database_ten_times_at_most_however_many_rows(
    snapshot: TrendSnapshot, address: str
) -> None:
    many = queries(address)
    assert many <= MOST_QUERIES
    keep = SkillTrend.objects.filter(label__in=["declining", "rising"]).values("skill").first()
    assert keep
    SkillTrend.objects.exclude(skill=keep["skill"]).delete()
    assert queries(address) <= many


def test_the_front_page_with_fifty_rows_takes_sixty_kilobytes_at_most(
    snapshot: TrendSnapshot,
) -> None:
    answer = Client().get("/?show=all", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).count(b'<td class="rank">') == 50
    assert len(answer.content) <= MOST_BYTES


@pytest.mark.parametrize(("days", "old"), [(10, False), (11, True)])
def test_figures_of_more_than_ten_days_ago_are_called_old(
    snapshot: TrendSnapshot, days: int, old: bool
) -> None:
    as_of = timezone.now().date() - timedelta(days=days)
    TrendSnapshot.objects.filter(pk=snapshot.pk).update(as_of=as_of)
    assert ("These figures are old" in read("/")) == old


def test_too_little_history_says_how_much_is_missing_and_until_when(
    snapshot: TrendSnapshot,
) -> None:
    first_day = snapshot.as_of - timedelta(weeks=30)
    inputs = snapshot.inputs | {"first_day": first_day.isoformat()}
    TrendSnapshot.objects.filter(pk=snapshot.pk).update(inputs=inputs)
    SkillTrend.objects.filter(snapshot=snapshot).update(rank=None)
    page = read("/")
    assert "There are 30 weeks of searches; growth over this period needs 52" in page
    assert f"The list begins on {day(first_day + timedelta(weeks=52))}" in page
    assert "needs 104" in read("/?window=12m")


def test_before_the_first_snapshot_freelancers_and_the_admin_are_told_what_to_do(db: None) -> None:
    SkillTrend.objects.all().delete()
    EarningsTrend.objects.all().delete()
    TrendSnapshot.objects.all().delete()
    page = read("/")
    assert "No figures yet" in page
    assert "search the gigs" in page
    assert "import_searches" in page
    assert Client().get("/skills.atom").status_code == 200
