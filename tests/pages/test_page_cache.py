"""What lists have counted is kept as long as it is true, and nothing that strangers make up."""

from collections.abc import Callable

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from redis import Redis

from marketplace.skills.models import Category, Skill
from tests.conftest import NO_BROKER
from tests.markets.list_market import list_market
from tests.tools.reading import words
from trends.models import SkillTrend, TrendSnapshot

LISTS = (
    "/",
    "/?show=all",
    "/?show=falling&country=DE",
    "/?show=all&window=3m&order=-pay",
)


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return list_market


@pytest.fixture
def valkey() -> Redis:
    return Redis.from_url(configured.REDIS_URL)


def fresh(address: str) -> str:
    """A page that nobody has asked for before."""
    cache.clear()
    return words(address)


def counts(address: str) -> int:
    """How many queries of a page count a list: what is on it, and what is elsewhere."""
    with CaptureQueriesContext(connection) as asked:
        words(address)
    return sum('COUNT("trends_skilltrend"' in one["sql"] for one in asked)


def test_a_page_says_the_same_when_it_was_counted_before(snapshot: TrendSnapshot) -> None:
    said = [fresh(address) for address in LISTS]
    cache.clear()
    assert [counts(address) for address in LISTS] == [2, 1, 2, 2]
    assert [counts(address) for address in LISTS] == [0, 0, 0, 0]
    assert [words(address) for address in LISTS] == said


def test_a_new_snapshot_is_counted_at_once(snapshot: TrendSnapshot) -> None:
    address = "/?show=all"
    old, before = snapshot.pk, words(address)
    kept = [one for one in SkillTrend.objects.filter(snapshot=old) if one.skill_id % 2]
    TrendSnapshot.objects.filter(pk=old).update(published_at=None)
    found = TrendSnapshot.objects.create(
        as_of=snapshot.as_of, taxonomy=snapshot.taxonomy, parameters={}, inputs=snapshot.inputs
    )
    for one in kept:
        one.pk, one.snapshot = None, found
    SkillTrend.objects.bulk_create(kept)
    after = words(address)
    assert after != before
    assert after == fresh(address)


def test_what_is_renamed_or_moved_is_shown_so_at_once(snapshot: TrendSnapshot) -> None:
    before = words("/")
    Category.objects.filter(name="Logo").update(name="Emblems")
    assert "Emblems" in words("/")
    assert "Emblems" not in before
    coding, emblems = (Category.objects.get(name=one) for one in ("Coding", "Emblems"))
    breakout, other = Skill.objects.filter(category=coding).order_by("pk")[:2]
    labelled = "/?show=all&label=breakout"
    renamed = words(labelled)
    Skill.objects.filter(pk=breakout.pk).update(category=emblems)
    moved = words(labelled)
    assert moved != renamed
    assert moved == fresh(labelled)
    # The two change places: there are as many in each as before.
    Skill.objects.filter(pk=breakout.pk).update(category=coding)
    Skill.objects.filter(pk=other.pk).update(category=emblems)
    swapped = words(labelled)
    assert swapped != moved
    assert swapped == fresh(labelled)


def test_a_cache_that_is_down_or_full_breaks_no_page(
    snapshot: TrendSnapshot, settings: Settings, valkey: Redis
) -> None:
    said = [fresh(address) for address in LISTS]
    cache.clear()
    room = str(valkey.config_get("maxmemory")["maxmemory"])
    valkey.config_set("maxmemory", 1)
    try:
        assert [words(address) for address in LISTS] == said
    finally:
        valkey.config_set("maxmemory", room)
    assert not list(valkey.scan_iter("*rows:*"))
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NO_BROKER}}
    assert [words(address) for address in LISTS] == said


def test_lists_that_strangers_make_up_do_not_fill_the_cache(
    snapshot: TrendSnapshot, valkey: Redis
) -> None:
    cache.clear()
    for label in ("new", "rising", "steady"):
        for pay in ("", "50", "200", "1000"):
            words(f"/?show=all&label={label}&pay={pay}&category=design".replace("&pay=&", "&"))
    (key,) = valkey.scan_iter("*rows:*")
    assert 0 < int(valkey.ttl(key)) <= 3_600
