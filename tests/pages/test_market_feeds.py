"""What pays, categories and what replaces what as feeds: what came, what left, each told once."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.skills.models import Skill
from tests.markets.category_market import category_market
from tests.markets.list_market import WEEK_BEFORE
from tests.markets.whole_market import flow
from tests.pages.test_feeds import ATOM, said
from tests.pages.test_pages import COUNT, DATE
from tests.tools.copies import filled
from tests.tools.reading import lines, read, tidy
from trends.models import CategoryTrend, EarningsTrend, Replacement, SkillTrend, TrendSnapshot
from trends.published import feeds
from trends.published.feeds import BEGUN, past_of

MOST_QUERIES = 10
FEEDS = ("/earners.atom", "/categories.atom", "/replacing.atom")
PERCENT = re.compile(r"\d\s%|×\d")


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> TrendSnapshot:
    found = filled(category_market)
    for snapshot in TrendSnapshot.objects.all():
        flow(snapshot, "skill-00", "skill-01", 160)
        flow(snapshot, "skill-02", "skill-01", 40)
    return found


def entries(address: str) -> dict[str, ElementTree.Element]:
    """The entries of a feed by what their ids end in, after the name of the list."""
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("application/atom+xml"), address
    found = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    return {said(one, "id").partition(",2026:")[2]: one for one in found}


def updated(entry: ElementTree.Element) -> str:
    return said(entry, "updated")[:10]


@pytest.mark.parametrize(
    "query", ["", "?show=total&category=design&order=-sellers", "?show=rising&order=money-growth"]
)
def test_what_pays_is_fed_as_the_page_has_it_and_every_filter_is_kept(
    snapshot: TrendSnapshot, query: str
) -> None:
    shown = read(f"/earners/{query}")
    table = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    slugs = re.findall(r'href="/skills/([^/]+)/"', table)
    assert [key.rpartition("/")[2] for key in entries(f"/earners.atom{query}")] == slugs
    for part in shown.split("</head>"):
        assert f'href="/earners.atom{query.replace("&", "&amp;")}"' in part


def test_what_earns_more_is_fed_with_both_figures_of_both_growths(snapshot: TrendSnapshot) -> None:
    found, told = entries("/earners.atom?show=rising"), 0
    for line in lines("/earners.csv?show=rising"):
        summary = tidy(said(found[f"earners/rising/{line['slug']}"], "summary"))
        if line["orders_growth_ratio"]:
            told += 1
            for before, now in (
                (line["orders_before"], line["orders"]),
                (line["money_before_at_same_rate"], line["money_at_same_rate"]),
            ):
                pair = " → ".join(f"{float(one):,.0f}" for one in (before, now))
                assert pair in summary.replace("$", "")
        else:
            assert "%" not in summary
    assert 0 < told < len(found)


def test_a_skill_is_fed_when_it_comes_on_a_list_and_when_it_leaves(
    snapshot: TrendSnapshot,
) -> None:
    place = "earners/best/skill-01"
    assert updated(entries("/earners.atom")[place]) == WEEK_BEFORE.isoformat()
    then, now = (
        EarningsTrend.objects.get(snapshot__as_of=day, skill__slug="skill-01")
        for day in (WEEK_BEFORE, snapshot.as_of)
    )
    EarningsTrend.objects.filter(pk=then.pk).update(hidden="few buyers")
    assert updated(entries("/earners.atom")[place]) == snapshot.as_of.isoformat()
    EarningsTrend.objects.filter(pk=then.pk).update(hidden="")
    EarningsTrend.objects.filter(pk=now.pk).update(hidden="few buyers")
    found = entries("/earners.atom")
    assert place not in found
    gone = found[f"{place}/gone"]
    assert said(gone, "title") == "Skill 01: no longer on this list"
    assert updated(gone) == snapshot.as_of.isoformat()
    assert not re.search(r"\$\d", said(gone, "summary"))
    assert f"{place}/gone" not in entries("/earners.atom?category=coding")
    Skill.objects.filter(slug="skill-01").update(status="retired")
    assert f"{place}/gone" not in entries("/earners.atom")


def test_a_category_is_news_when_its_label_is_another(snapshot: TrendSnapshot) -> None:
    before = TrendSnapshot.objects.get(as_of=WEEK_BEFORE)
    for one in CategoryTrend.objects.filter(snapshot=snapshot):
        one.pk, one.snapshot = None, before
        one.label = "cooling" if one.category.slug == "design" else one.label
        one.save()
    found = entries("/categories.atom")
    days = {key: updated(one) for key, one in found.items()}
    assert days.pop("categories/design") == snapshot.as_of.isoformat()
    assert set(days.values()) == {WEEK_BEFORE.isoformat()}
    assert set(found) == {
        f"categories/{slug}"
        for slug in re.findall(r'class="name" href="/categories/([^/]+)/"', read("/categories/"))
    }


def test_a_flow_is_fed_when_it_is_found_and_when_it_ends(snapshot: TrendSnapshot) -> None:
    ending, lasting = "replacing/skill-02/skill-01", "replacing/skill-00/skill-01"
    assert list(entries("/replacing.atom")) == [lasting, ending]
    Replacement.objects.filter(snapshot=snapshot, left__slug="skill-02").delete()
    flow(snapshot, "skill-04", "skill-01", 90)
    found = entries("/replacing.atom")
    days = {key: updated(one) for key, one in found.items()}
    new = "replacing/skill-04/skill-01"
    today, then = snapshot.as_of.isoformat(), WEEK_BEFORE.isoformat()
    assert days == {lasting: then, new: today, f"{ending}/gone": today}
    assert said(found[new], "title") == "Skill 04 → Skill 01"
    assert set(entries("/replacing.atom?category=coding")) == {f"{ending}/gone"}
    assert Client().get("/replacing.atom?category=nowhere").status_code == 404


@pytest.mark.parametrize("query", ["", "?category=design"])
def test_the_flows_are_a_file_in_tens_that_the_page_links_to(
    snapshot: TrendSnapshot, query: str
) -> None:
    shown = read(f"/replacing/{query}")
    for part in shown.split("</head>"):
        assert f'href="/replacing.csv{query}"' in part
        assert f'href="/replacing.atom{query}"' in part
    file = lines(f"/replacing.csv{query}")
    table = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    assert re.findall(r'<th scope="row"><a class="name" href="/skills/([^/]+)/"', table) == [
        line["left_slug"] for line in file
    ]
    days = [date.fromisoformat(file[0][name]) for name in ("to_before", "from", "to")]
    assert (days[1] - days[0], days[2] - days[0]) == (timedelta(days=1), timedelta(days=182))
    assert {int(line["moved"]) % 10 for line in file} == {0}
    assert Client().get("/replacing.csv?category=nowhere").status_code == 404


@pytest.mark.parametrize("address", [*FEEDS, "/earners.atom?show=rising"])
def test_every_growth_in_a_feed_stands_with_its_counts_and_dates(
    snapshot: TrendSnapshot, address: str
) -> None:
    found = entries(address)
    assert found
    for entry in found.values():
        summary = re.sub(r"<[^>]+>", " ", said(entry, "summary"))
        assert len(DATE.findall(summary)) >= 2
        if PERCENT.search(summary):
            assert len(COUNT.findall(DATE.sub("", summary))) >= 2, summary


def test_a_flow_is_told_as_the_page_tells_it(snapshot: TrendSnapshot) -> None:
    summary = said(entries("/replacing.atom")["replacing/skill-00/skill-01"], "summary")
    assert re.search(r"Of 600 people .* and since then only for other skills, 160 now", summary)
    assert ": 3.1 times as many as among comparable people" in summary


@pytest.mark.parametrize("address", [*FEEDS, "/skills.atom"])
def test_a_feed_without_entries_is_as_new_as_its_figures(
    snapshot: TrendSnapshot, address: str
) -> None:
    for figures in (Replacement, CategoryTrend, EarningsTrend, SkillTrend):
        figures.objects.all().delete()
    assert (entries(address), dated(address).date()) == ({}, snapshot.as_of)
    TrendSnapshot.objects.all().delete()
    assert dated(address) == BEGUN


def dated(address: str) -> datetime:
    """The moment of a whole feed."""
    feed = ElementTree.fromstring(Client().get(address).content)
    return datetime.fromisoformat(said(feed, "updated"))


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_asks_the_database_ten_times_at_most(snapshot: TrendSnapshot, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        entries(address)
    assert len(queries) <= MOST_QUERIES


def test_what_was_always_there_keeps_its_day_when_that_is_looked_back_on_no_more(
    snapshot: TrendSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SNAPSHOTS_LOOKED_BACK", 3)
    snapshots = [snapshot, TrendSnapshot.objects.get(as_of=WEEK_BEFORE)]
    for weeks in (10, 14, 40):
        snapshots.append(
            TrendSnapshot.objects.create(
                as_of=snapshot.as_of - timedelta(weeks=weeks),
                taxonomy=snapshot.taxonomy,
                parameters={},
                inputs={},
                published_at=snapshot.published_at,
            )
        )
    past, ever = past_of(snapshot), {("one", one.pk) for one in snapshots}
    assert list(past.days) == [one.pk for one in snapshots[:3]]
    assert past.since("one", ever) == snapshots[-1].as_of
    assert past.since("one", ever - {("one", snapshots[2].pk)}) == WEEK_BEFORE
    # What left is gone since the first day without it, however often it came and went before.
    assert past.since("one", {("one", one.pk) for one in snapshots[2:]}, on=False) == WEEK_BEFORE
