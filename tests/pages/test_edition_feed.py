"""Who follows the editions learns of each once, and of a correction when it is made."""

import re
from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import TODAY
from tests.markets.published_edition import NOW, PAGE, SLUG, published, rolled_back
from tests.pages.test_feeds import ATOM, said
from tests.tools.reading import lines, read
from trends.backoffice.editions.drafting import draft
from trends.models import Edition
from trends.published.feeds import BEGUN

MOST_QUERIES = 10


@pytest.fixture(scope="module", autouse=True)
def edition(emptied: Callable[[], None]) -> Edition:
    """A published edition; of the day before it there is a draft."""
    found = published(emptied)
    draft(TODAY - timedelta(days=1), now=NOW)
    return found


def feed() -> ElementTree.Element:
    answer = Client().get("/editions.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


def entries() -> list[ElementTree.Element]:
    return feed().findall(f"{ATOM}entry")


def test_an_edition_is_fed_with_its_day_and_checksum_and_a_draft_is_not(edition: Edition) -> None:
    with rolled_back():
        (entry,) = entries()
        assert said(entry, "title") == "Edition of 11 Mar 2024: What rose"
        assert said(entry, "id") == f"http://testserver{PAGE}"
        assert said(entry, "published") == said(entry, "updated") == edition_moment(edition)
        assert "days before 11 Mar 2024" in said(entry, "summary")
        assert f"<code>{edition.checksum}</code>" in said(entry, "summary")
        publish_the_draft()
        assert [said(one, "id") for one in entries()] == [
            f"http://testserver/editions/{slug}/" for slug in (SLUG, "2024-03-10")
        ]


def publish_the_draft() -> None:
    Edition.objects.get(state=Edition.State.DRAFT).publish(by=None, now=NOW)


def edition_moment(edition: Edition) -> str:
    assert edition.published_at
    return edition.published_at.isoformat()


def test_a_correction_is_news_of_the_same_entry(edition: Edition) -> None:
    with rolled_back():
        later = NOW + timedelta(days=5)
        edition.corrections.create(text="A <b>name</b> was wrong.", made_at=later)
        (entry,) = entries()
        assert said(entry, "published") == edition_moment(edition)
        assert said(entry, "updated") == said(feed(), "updated") == later.isoformat()
        assert "A &lt;b&gt;name&lt;/b&gt; was wrong." in said(entry, "summary")


def test_the_list_is_a_file_and_the_page_links_to_both(edition: Edition) -> None:
    for part in read("/editions/").split("</head>"):
        assert {'href="/editions.csv"', 'href="/editions.atom"'} <= set(
            re.findall(r'href="[^"]+"', part)
        )
    (line,) = lines("/editions.csv")
    assert (line["edition"], line["as_of"], line["headline"]) == (SLUG, SLUG, "What rose")
    assert line["checksum"] == edition.checksum
    assert line["file"] == f"http://testserver{PAGE}edition.csv"


@pytest.mark.django_db
def test_without_an_edition_the_feed_is_no_news(edition: Edition) -> None:
    with rolled_back(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trends_edition SET state = 'draft', published_at = NULL")
        assert said(feed(), "updated") == BEGUN.isoformat()
        assert lines("/editions.csv") == []


def test_more_editions_take_no_more_queries(edition: Edition) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            entries()
        return len(asked)

    with rolled_back():
        few = queries()
        publish_the_draft()
        assert len(entries()) == 2
        assert queries() == few <= MOST_QUERIES
