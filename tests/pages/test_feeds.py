"""The list as a file and as a feed: what the page shows, in its order, and safe to open."""

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.test import Client

from marketplace.skills.models import Skill
from tests.markets.list_market import SKILLS, WEEK_BEFORE, list_market
from tests.tools.reading import tidy
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.published.csv_files import csv_lines, figure

QUERIES = ["", "?show=falling&category=design", "?show=all&order=-pay", "?country=DE&window=6m"]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return list_market


def on_pages(query: str) -> list[str]:
    """The slugs of a list, page after page, as the page links to them."""
    slugs, address = [], f"/{query}"
    while address:
        page = tidy(Client().get(address, follow=True).content.decode())
        slugs += re.findall(r'<a class="name" href="/skills/([^/]+)/">', page)
        further = re.search(r'<a href="([^"]+)" rel="next">', page)
        address = "/" + further[1].replace("&amp;", "&") if further else ""
    return slugs


def file(query: str) -> list[dict[str, str]]:
    answer = Client().get(f"/skills.csv{query}")
    assert answer.streaming
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer).decode()
    return list(csv.DictReader(StringIO(text)))


def feed(query: str = "") -> list[ElementTree.Element]:
    answer = Client().get(f"/skills.atom{query}")
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def said(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_and_the_feed_have_what_the_page_shows_in_its_order(
    snapshot: TrendSnapshot, query: str
) -> None:
    shown = on_pages(query)
    assert shown
    assert [row["slug"] for row in file(query)] == shown
    assert [said(one, "id").rpartition("/")[2] for one in feed(query)] == shown[:50]


def test_the_page_links_to_the_file_and_the_feed_of_its_own_list(snapshot: TrendSnapshot) -> None:
    page = Client().get("/?show=all&category=design").content.decode()
    head, body = page.split("</head>")
    for part in (head, body):
        assert 'href="/skills.csv?show=all&amp;category=design"' in part
        assert 'href="/skills.atom?show=all&amp;category=design"' in part


def test_a_row_of_the_file_has_its_counts_and_dates_and_nothing_that_is_hidden(
    snapshot: TrendSnapshot,
) -> None:
    rows = file("?show=all")
    assert len(rows) == SKILLS
    for row in rows:
        trend = SkillTrend.objects.get(
            snapshot=snapshot, window=Window.HALF_YEAR, country=WORLD, skill__slug=row["slug"]
        )
        few = bool(trend.hidden)
        assert row["searchers"] == ("< 10" if few else str(trend.current))
        assert row["searchers_before"] == ("< 10" if few else str(trend.previous))
        assert (row["growth_ratio"] == "") == few
        days = [date.fromisoformat(row[name]) for name in ("from_before", "to_before", "from")]
        assert days[1] - days[0] == timedelta(days=181)
        assert days[2] - days[1] == timedelta(days=1)


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@sum", "\tx", "\rx"])
def test_nothing_in_a_file_is_run_by_a_spreadsheet(name: str) -> None:
    columns = {head: figure(head) for head in ("skill", "change", "pay")}
    lines = list(csv_lines(columns, [{"skill": name, "change": -1.5, "pay": None}]))
    assert list(csv.reader(lines)) == [["skill", "change", "pay"], [f"'{name}", "-1.5", ""]]


def test_an_entry_keeps_its_id_and_says_when_the_skill_came_on_the_list(
    snapshot: TrendSnapshot,
) -> None:
    ids = [said(one, "id") for one in feed()]
    assert len(set(ids)) == len(ids)
    listed_on_a_day_before(snapshot, weeks=2, like=WEEK_BEFORE)
    assert said(feed()[0], "updated").startswith("2024-02-26")
    # A week off the list, and it is news again: what was before does not count.
    before = SkillTrend.objects.filter(snapshot__as_of=WEEK_BEFORE)
    before.filter(skill__slug=ids[0].rpartition("/")[2]).update(rank=None)
    assert said(feed()[0], "updated").startswith(snapshot.as_of.isoformat())
    assert said(feed()[1], "updated").startswith("2024-02-26")
    assert [said(one, "id") for one in feed()] == ids


def listed_on_a_day_before(snapshot: TrendSnapshot, *, weeks: int, like: date) -> None:
    """Publish a third, earlier snapshot with the trends of another day."""
    assert snapshot.published_at
    earlier = TrendSnapshot.objects.create(
        as_of=snapshot.as_of - timedelta(weeks=weeks),
        taxonomy=snapshot.taxonomy,
        parameters={},
        inputs=snapshot.inputs,
        published_at=snapshot.published_at - timedelta(days=1),
    )
    trends = list(SkillTrend.objects.filter(snapshot__as_of=like))
    for trend in trends:
        trend.pk, trend.snapshot = None, earlier
    SkillTrend.objects.bulk_create(trends)


def test_on_the_list_of_everything_a_new_label_is_news(snapshot: TrendSnapshot) -> None:
    slug = said(feed("?show=all")[0], "id").rpartition("/")[2]
    assert said(feed("?show=all")[0], "updated").startswith(WEEK_BEFORE.isoformat())
    SkillTrend.objects.filter(snapshot__as_of=WEEK_BEFORE, skill__slug=slug).update(label="steady")
    assert said(feed("?show=all")[0], "updated").startswith(snapshot.as_of.isoformat())


def test_an_entry_is_read_without_the_page(snapshot: TrendSnapshot) -> None:
    first = said(feed()[0], "id").rpartition("/")[2]
    Skill.objects.filter(slug=first).update(name="R&D <b>")
    entry = feed()[0]
    assert re.fullmatch(r"R&D <b>: (new|rising|surging|breakout)", said(entry, "title"))
    summary = said(entry, "summary")
    assert len(re.findall(r"[\d,]+ people", summary)) == 2
    assert len(re.findall(r"\d{1,2} [A-Z][a-z]{2} \d{4}", summary)) >= 2
