"""What a page may cost: bytes on the way to a phone, and questions to the database."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from marketplace.gigs.models import Gig, Order
from marketplace.skills.models import Skill
from tests.markets.whole_market import whole_market
from tests.tools import reading
from tests.tools.copies import filled
from tests.tools.public_pages import SKILLS, public_pages
from trends.models import AiShare, EarningsTrend, Replacement, SkillTrend, TrendSnapshot

pytestmark = pytest.mark.usefixtures("market")

MOST_QUERIES = 10
MOST_BYTES = 60 * 1024
# What whitenoise compresses files with when they are collected.
BEST = 9
STATIC = re.compile(r'(?:href|src)="/static/([^"]+)"')


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> None:
    filled(whole_market)


def sent(path: str) -> bytes:
    """A page as it comes over the wire."""
    return Client().get(path, headers={"accept-encoding": "gzip"}).content


def files_of(html: str) -> dict[str, bytes]:
    """The files that a browser asks for with a page."""
    found = {name: finders.find(name) for name in STATIC.findall(html)}
    return {name: Path(str(path)).read_bytes() for name, path in found.items()}


def queries(path: str) -> int:
    """How often a page asks the database when nothing is kept of it."""
    cache.clear()
    return reading.queries(path)


@pytest.mark.parametrize("path", ["/", "/?show=all"])
def test_the_front_page_and_all_it_asks_for_take_sixty_kilobytes_at_most(
    db: None, path: str
) -> None:
    page = sent(path)
    files = files_of(gzip.decompress(page).decode())
    assert {name.rpartition(".")[2] for name in files} >= {"css", "js"}
    sizes = {name: len(gzip.compress(text, BEST)) for name, text in files.items()}
    assert len(page) + sum(sizes.values()) <= MOST_BYTES, (len(page), sizes)


def test_no_page_asks_the_database_more_than_ten_times_however_many_rows(db: None) -> None:
    pages = public_pages()
    # The first search for a thing makes its term, and the first of all the site's own source.
    for page in filter(re.compile("/search/").match, pages):
        Client().get(page)
    many = {page: queries(page) for page in pages}
    assert {page: asked for page, asked in many.items() if asked > MOST_QUERIES} == {}
    leave_few()
    few = {page: queries(page) for page in pages}
    grown = {page: (few[page], many[page]) for page in pages if many[page] > few[page]}
    assert grown == {}


def leave_few() -> None:
    """Delete the most of every list, and leave something in each."""
    now = {"snapshot": TrendSnapshot.objects.current()}
    others = Skill.objects.exclude(slug__in=SKILLS)
    SkillTrend.objects.filter(**now, skill__in=others).delete()
    EarningsTrend.objects.filter(**now, skill__in=others).delete()
    Order.objects.all().delete()
    for rows in (Replacement.objects.all(), AiShare.objects.all(), Gig.objects.all()):
        few = list(rows.order_by("pk").values_list("pk", flat=True)[:3])
        rows.exclude(pk__in=few).delete()
