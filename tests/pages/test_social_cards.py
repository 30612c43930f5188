"""What is told to who shares a page and to search engines: a card, one address, the data."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django import Settings

from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.skills.models import Skill
from tests.conftest import NOON, TODAY
from tests.markets.small_market import small_market
from tests.markets.whole_market import flow
from tests.tools.copies import filled
from trends.backoffice.editions.drafting import draft
from trends.drawing.social_cards import HEIGHT, MARGIN, WIDTH, Card, draw
from trends.models import Edition, SkillTrend, TrendSnapshot, Window
from trends.pages.sharing.cards import SKILLS_ON_A_CARD, tab_card
from trends.published import rows

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
MOST_QUERIES = 10
# What somebody who may write editions could try.
HEADLINE = '</script><script>alert("1")</script>'
PERCENT = re.compile(r"\d\s%|×\d")
COUNTS = re.compile(r"(?:[\d,]+|< 10) after (?:[\d,]+|< 10)")
DATES = re.compile(r"\d{1,2} [A-Z][a-z]{2} to \d{1,2} [A-Z][a-z]{2} \d{4}|\d{4} to \d{1,2}")


@pytest.fixture(scope="module")
def snapshot(emptied: Callable[[], None]) -> TrendSnapshot:
    cache.clear()
    found = filled(small_market)
    later = NOON + timedelta(days=30)
    draft(TODAY, now=later, headline=HEADLINE).publish(by=None, now=NOON)
    return found


@pytest.fixture(scope="module")
def cards(snapshot: TrendSnapshot) -> dict[str, str]:
    """What every card says, by its address; drawn once for all tests."""
    addresses = [
        "/card.png",
        "/card.png?show=falling",
        f"/editions/{Edition.objects.get().slug}/card.png",
    ]
    addresses += [f"/skills/{one.slug}/card.png" for one in Skill.objects.active()]
    return {address: words(address) for address in addresses}


def words(address: str) -> str:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (WIDTH, HEIGHT)
    said: str = picture.info["Description"]
    return said


def head(address: str) -> dict[str, str]:
    """The metas and the canonical link of a page, by name."""
    html = Client().get(address).content.decode()
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    found += re.findall(r'<link rel="(canonical)" href="([^"]+)">', html)
    return {name: unescape(text) for name, text in found}


def data(address: str) -> Any:
    html = Client().get(address).content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(block[1]) if block else None


def test_every_growth_on_a_card_stands_with_two_counts_and_two_windows(
    cards: dict[str, str],
) -> None:
    told = 0
    for address, said in cards.items():
        growths = len(PERCENT.findall(said))
        told += growths
        assert len(COUNTS.findall(said)) >= growths, (address, said)
        assert len(DATES.findall(said)) == (2 if COUNTS.search(said) else 0), (address, said)
    assert told > 5


def test_a_card_says_what_the_published_row_says(
    cards: dict[str, str], snapshot: TrendSnapshot
) -> None:
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    measured = rows.skill_rows(trends.select_related("skill__category"), rows.Reader(snapshot))
    assert measured
    for row in measured:
        said = cards[f"/skills/{row['skill']['slug']}/card.png"]
        assert row["growth"]["display"] in said
        assert row["previous"]
        before = row["previous"]["searchers_display"]
        assert f"{row['current']['searchers_display']} after {before}" in said


def test_invented_figures_are_not_shared_as_if_they_were_real(snapshot: TrendSnapshot) -> None:
    assert "simulated" not in words("/card.png")
    Source.objects.create(name=SIMULATED)
    assert "simulated data" in words("/card.png")


def test_a_long_name_leaves_the_margin_free_and_the_figures_whole() -> None:
    line = ("Very " * 30, "New, at least ×63: 12,960 after < 10")
    short = Card("Upcurrent", "A " * 90, "", [line], "a foot")
    pixels = np.asarray(Image.open(BytesIO(draw(short))).convert("L"))[20:]
    assert (pixels[:, WIDTH - MARGIN + 1 :] == 255).all()
    assert (pixels[:, : MARGIN - 1] == 255).all()
    alone = Card("Upcurrent", "A " * 90, "", [("x", line[1])], "a foot")
    other = np.asarray(Image.open(BytesIO(draw(alone))).convert("L"))[20:]
    assert (pixels[:, 520:] == other[:, 520:]).all()


def test_a_week_that_is_not_published_is_a_gap_in_the_line() -> None:
    def ink(weekly: list[float | None]) -> int:
        card = draw(Card("", "", "", [], "", weekly))
        return int((np.asarray(Image.open(BytesIO(card)).convert("L"))[20:530] < 255).sum())

    # From the last week before to the first after there is none.
    assert ink([20, 20, 20, 20, 20]) > 1.9 * ink([20, 20, None, 20, 20]) > 0


def test_a_card_is_drawn_once_and_without_a_cache_every_time(
    snapshot: TrendSnapshot, settings: Settings
) -> None:
    cache.clear()
    first = Client().get("/card.png")
    cache.set(f"card:{first['ETag'].strip(chr(34))}", b"kept")
    assert Client().get("/card.png").content == b"kept"
    cache.clear()
    down = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": down}
    assert Client().get("/card.png").content == first.content


def test_a_card_takes_few_queries(cards: dict[str, str]) -> None:
    for address in cards:
        with CaptureQueriesContext(connection) as queries:
            Client().get(address)
        assert len(queries) <= MOST_QUERIES, address


def test_pages_name_their_card_and_one_address(snapshot: TrendSnapshot) -> None:
    slug = Skill.objects.active().first()
    assert slug
    home = head("/?show=all&page=2")
    assert home["canonical"] == home["og:url"] == f"{SITE}/?show=all"
    assert home["og:image"] == f"{SITE}/card.png"
    skill = head(f"{slug.get_absolute_url()}?utm_source=x")
    assert skill["canonical"] == f"{SITE}{slug.get_absolute_url()}"
    assert skill["og:image"] == f"{SITE}{slug.get_absolute_url()}card.png"
    assert skill["og:title"] == slug.name
    assert skill["og:description"] == skill["description"]
    for address in (home["og:image"], skill["og:image"]):
        assert Client().get(address.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("simulated", [False, True])
def test_who_cannot_see_a_card_is_told_what_it_says(
    snapshot: TrendSnapshot, simulated: bool
) -> None:
    if simulated:
        Source.objects.create(name=SIMULATED)
    edition = Edition.objects.get()
    skills = [one.get_absolute_url() for one in Skill.objects.active()]
    for page in ("/", edition.get_absolute_url(), *skills):
        told = head(page)
        said = words(told["og:image"].removeprefix(SITE))
        assert told["og:image:alt"] == said
        assert told["twitter:card"] == "summary_large_image"
        assert ("simulated" in said) == simulated


def test_a_page_without_the_rows_of_its_card_says_what_the_card_is_about(
    snapshot: TrendSnapshot,
) -> None:
    for page in ("/method/", "/?category=work", "/earners/"):
        assert head(page)["og:image"] == f"{SITE}/card.png"
        assert "rising freelance skills" in head(page)["og:image:alt"]
    some = head("/?show=falling&category=work")
    assert some["og:image"] == f"{SITE}/card.png?show=falling"
    assert "falling freelance skills" in some["og:image:alt"]


def test_what_falls_is_not_shared_with_a_card_of_what_rises(snapshot: TrendSnapshot) -> None:
    falling = words("/card.png?show=falling")
    assert "Falling freelance skills. Fallen: " in falling
    assert "Riser" not in falling
    none = tab_card("falling", [], snapshot.as_of, simulated=False)
    assert "No skill is surely falling. As of" in none.words


@pytest.mark.parametrize("query", ["", "?category=work"])
def test_what_is_replacing_what_is_shared_with_its_first_flows(
    snapshot: TrendSnapshot, query: str
) -> None:
    found = ["riser", "newcomer", "local", "kept", "steady-a", "steady-b"]
    for place, slug in enumerate(found):
        flow(snapshot, "fallen", slug, 160 - 10 * place)
    told = head(f"/replacing/{query}")
    address = f"/replacing/card.png{query}"
    said = words(address)
    assert (told["og:image"], told["og:image:alt"]) == (f"{SITE}{address}", said)
    assert "Fallen → Riser: 160 of 600, ×3.1" in said
    assert said.count(" of 600, ×3.1") == SKILLS_ON_A_CARD
    assert "×3.1: 3.1 times as many as among comparable people" in said
    assert len(DATES.findall(said)) == 2
    assert ("what: Work" in said) == bool(query)
    with CaptureQueriesContext(connection) as queries:
        words(address)
    assert len(queries) <= MOST_QUERIES


def test_a_card_of_no_flow_says_so_and_of_no_category_there_is_none(
    snapshot: TrendSnapshot,
) -> None:
    assert "No fading skill is surely being replaced" in words("/replacing/card.png")
    assert Client().get("/replacing/card.png?category=nowhere").status_code == 404


def test_an_arrow_that_the_typeface_has_not_is_drawn_as_one_it_has() -> None:
    arrow, drawn = (draw(Card("", "", "", [(f"a {one} b", "1")], "")) for one in "→›")
    pixels = (np.asarray(Image.open(BytesIO(one))) for one in (arrow, drawn))
    assert (next(pixels) == next(pixels)).all()


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/compare/?skills=Riser,nope,kept&scale=share", "/compare/?skills=riser,kept"),
        ("/compare/?skills=riser,riser&country=XX&scale=x&utm=y", "/compare/?skills=riser"),
        (
            "/compare/?country=DE&scale=index&skills=riser",
            "/compare/?skills=riser&scale=index&country=DE",
        ),
        ("/compare/?scale=index", "/compare/"),
        ("/replacing/?category=work&utm=y", "/replacing/?category=work"),
        ("/replacing/?category=", "/replacing/"),
        ("/me/?skills=riser", "/me/"),
        ("/me/watch/?skill=riser", "/me/watch/"),
    ],
)
def test_what_is_chosen_is_part_of_the_one_address(
    snapshot: TrendSnapshot, asked: str, address: str
) -> None:
    told = head(asked)
    assert told["canonical"] == told["og:url"] == f"{SITE}{address}"


def test_lists_and_editions_describe_their_data(snapshot: TrendSnapshot) -> None:
    edition = Edition.objects.get()
    listed, frozen = data("/?show=all"), data(edition.get_absolute_url())
    assert {listed["@type"], frozen["@type"]} == {"Dataset"}
    assert frozen["identifier"] == f"sha256:{edition.checksum}"
    for one in (listed, frozen):
        address = one["distribution"]["contentUrl"].removeprefix(SITE)
        answer = Client().get(address)
        assert answer["Content-Type"].startswith("text/csv")
    assert data("/method/") is None


def test_a_headline_cannot_end_the_block_it_stands_in(snapshot: TrendSnapshot) -> None:
    address = Edition.objects.get().get_absolute_url()
    assert "<script>alert" not in Client().get(address).content.decode()
    assert data(address)["name"] == HEADLINE


def test_the_sitemap_names_every_page_and_each_is_there(snapshot: TrendSnapshot) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/sitemap.xml")
    assert len(queries) <= MOST_QUERIES
    named = [one.text or "" for one in ElementTree.fromstring(answer.content).findall(".//{*}loc")]
    paths = [one.removeprefix(SITE) for one in named]
    assert {one.get_absolute_url() for one in Skill.objects.active()} <= set(paths)
    assert {one.get_absolute_url() for one in Edition.objects.published()} <= set(paths)
    assert len(paths) == len(set(paths))
    assert {path: Client().get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    closed = re.findall(r"Disallow: (\S+)", Client().get("/robots.txt").content.decode())
    assert "/search/" in closed
    assert not [path for path in paths if path.startswith(tuple(closed))]
