"""Every page says what it is: one heading and a title that no other page has, in both languages."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.markets.whole_market import whole_market
from tests.tools.copies import filled
from tests.tools.public_pages import public_pages

pytestmark = pytest.mark.usefixtures("market")

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)

# The same page with another link of a mail, and a skill in a frame on somebody else's.
SAME = re.compile(r"^(/me/(?:watches|unsubscribe)/).*|^(/skills/.*/)embed/$")


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        filled(whole_market)
        yield


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_has_one_heading_and_a_title_of_its_own(db: None, language: str) -> None:
    named = defaultdict(set)
    for path in public_pages():
        client = Client(headers={"Accept-Language": language})
        html = client.get(path).content.decode()
        head, _, body = html.partition("</head>")
        (title,), headings = TITLE.findall(head), HEADING.findall(body)
        assert len(headings) == 1, (path, headings)
        assert title.strip(" ·").removesuffix("Upcurrent").strip(" ·"), path
        named[title].add(SAME.sub(r"\1\2", path.partition("?")[0]))
    assert {title: pages for title, pages in named.items() if len(pages) > 1} == {}
