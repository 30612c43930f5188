"""Lists of the API: cut into pages, narrowed, in the order asked for, and of one snapshot."""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY
from tests.markets.whole_market import whole_market
from trends.models import WORLD, Edition, Outlook, SkillTrend, TrendSnapshot, Window

pytestmark = pytest.mark.usefixtures("snapshot")

SKILLS, CATEGORIES = "/api/v1/trends/skills/", "/api/v1/trends/categories/"
EARNERS, REPLACEMENTS = "/api/v1/trends/earners/", "/api/v1/trends/replacements/"
ASKED = [
    *(f"{SKILLS}?order={order}" for order in ("rank", "growth", "searchers", "newcomers")),
    f"{SKILLS}?window=3m&country=DE",
    f"{SKILLS}?listed=true",
    *(f"{CATEGORIES}?order={order}" for order in ("rank", "growth", "searchers")),
    *(f"{EARNERS}?order={order}" for order in ("best", "total", "rising", "orders")),
    f"{REPLACEMENTS}?category=work",
]


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return whole_market


def get(address: str) -> Any:
    answer = Client().get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def listed(address: str) -> list[Any]:
    rows: list[Any] = get(address)["results"]
    return rows


def page_by_page(address: str) -> Iterator[list[Any]]:
    while address:
        page = get(address)
        yield page["results"]
        address = (page["next"] or "").removeprefix("http://testserver")


@pytest.mark.parametrize("address", ASKED)
def test_a_list_read_page_by_page_is_the_list_read_at_once(address: str) -> None:
    whole = listed(f"{address}&limit=1000")
    pages = list(page_by_page(f"{address}&limit=3"))
    assert [row for page in pages for row in page] == whole
    assert all(len(page) == 3 for page in pages[:-1])
    # Nobody is sent to a page with nothing on it.
    assert len(pages) == max(1, -(-len(whole) // 3))


def test_a_list_goes_on_with_the_snapshot_it_began_with(snapshot: TrendSnapshot) -> None:
    newer = TODAY + timedelta(days=7)
    following = copy(snapshot)
    following.pk, following.as_of, following.published_at = None, newer, timezone.now()
    following.save()
    assert get(SKILLS)["snapshot"]["as_of"] == newer.isoformat()
    assert get(f"{SKILLS}?cursor={snapshot.pk}-0")["snapshot"]["as_of"] == TODAY.isoformat()


def test_who_asks_for_figures_there_are_not_is_told_why() -> None:
    replaced = Client().get(f"{SKILLS}?cursor=999999-3")
    assert replaced.status_code == 404
    assert "start again without it" in replaced.json()["detail"]
    TrendSnapshot.objects.published().update(published_at=None)
    none = Client().get(SKILLS)
    assert none.status_code == 404
    assert "No snapshot is published yet" in none.json()["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("cursor=3", "cursor"),
        ("window=2m", "window"),
        ("country=de", "country"),
        ("label=loud", "label"),
        ("order=loudest", "order"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(query: str, field: str) -> None:
    answer = Client().get(f"{SKILLS}?{query}")
    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_without_a_limit_a_page_has_a_hundred_rows(snapshot: TrendSnapshot) -> None:
    trend = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).first()
    assert trend
    for number in range(101):
        trend.pk, trend.position = None, 1_000 + number
        trend.skill = Skill.objects.add(name=f"More {number}", category=trend.skill.category)
        trend.save()
    page = get(SKILLS)
    assert len(page["results"]) == 100
    assert page["next"]


def test_a_list_has_what_its_filters_leave_and_nothing_else() -> None:
    elsewhere = Category.objects.at_path("Play > Games")
    Skill.objects.filter(slug="riser").update(category=elsewhere)
    every = listed(f"{SKILLS}?limit=1000")
    labels = {row["label"] for row in every}
    assert len(labels) > 2
    for label in labels:
        assert listed(f"{SKILLS}?label={label}") == [row for row in every if row["label"] == label]
    assert listed(f"{SKILLS}?listed=true") == [row for row in every if row["rank"]]
    assert listed(f"{SKILLS}?listed=false") == every
    assert every == listed(f"{SKILLS}?window=6m&country=001")
    games = [row for row in every if row["skill"]["slug"] == "riser"]
    # A category of the first level has what its children have.
    for category in (elsewhere.slug, elsewhere.top.slug):
        assert listed(f"{SKILLS}?category={category}") == games != []
    assert listed(f"{SKILLS}?category=work-desk") == [row for row in every if row not in games]
    for row in listed(f"{SKILLS}?window=3m&country=DE"):
        assert (row["window"], row["country"]) == ("3m", "DE")


def largest_first(figures: list[float | None]) -> bool:
    known = [figure for figure in figures if figure is not None]
    return figures == sorted(known, reverse=True) + [None] * (len(figures) - len(known))


def test_every_order_goes_by_what_is_published_with_the_unpublished_last() -> None:
    def figures(order: str, of: Callable[[Any], Any], path: str = SKILLS) -> list[Any]:
        return [of(row) for row in listed(f"{path}?order={order}&limit=1000")]

    assert largest_first(figures("growth", lambda row: row["growth"]["ratio"]))
    assert largest_first(figures("searchers", lambda row: row["current"]["searchers"]))
    ranks = figures("rank", lambda row: row["rank"])
    listed_first = [rank for rank in ranks if rank]
    assert listed_first == list(range(1, len(listed_first) + 1))
    assert set(ranks[len(listed_first) :]) == {None}
    for order, rank in {"best": "best_paid_rank", "total": "most_money_rank"}.items():
        places = figures(order, lambda row, rank=rank: row["earnings"][rank], EARNERS)  # type: ignore[misc]
        known = [place for place in places if place]
        assert known == sorted(known)
        assert set(places[len(known) :]) <= {None}
    assert largest_first(figures("orders", lambda row: row["orders"]["count"], EARNERS))


GROWTHS: dict[str, dict[str, Any]] = {
    "known": {"current": 30, "previous": 30, "ratio": 1.5, "public_ratio": 1.5},
    "new": {"current": 30, "previous": 29, "ratio": 1.5, "public_ratio": 1.5},
    "too few": {"current": 29, "previous": 29, "ratio": 1.5, "public_ratio": 1.5},
    "withheld": {"current": 30, "previous": 30, "ratio": 1.5, "public_ratio": None},
    "unknown": {"current": 30, "previous": 30, "ratio": None, "public_ratio": None},
}


@pytest.mark.parametrize("kind", GROWTHS)
def test_growth_says_of_which_kind_it_is(snapshot: TrendSnapshot, kind: str) -> None:
    trends = SkillTrend.objects.filter(
        snapshot=snapshot, skill__slug="steady-a", window=Window.HALF_YEAR, country=WORLD
    )
    assert trends.update(**GROWTHS[kind], hidden=[], public_bound=2.5) == 1
    (row,) = [row for row in listed(f"{SKILLS}?limit=1000") if row["skill"]["slug"] == "steady-a"]
    assert row["growth"]["kind"] == kind
    displayed = {"known": "+50 %", "new": "New, at least ×2.5", "too few": "too few to say"}
    assert row["growth"]["display"].replace("\u00a0", " ") == displayed.get(
        kind, row["growth"]["display"].replace("\u00a0", " ")
    )
    trends.update(previous=None)
    (row,) = [row for row in listed(f"{SKILLS}?limit=1000") if row["skill"]["slug"] == "steady-a"]
    assert row["growth"]["kind"] == "unknown"
    assert row["previous"] is None


def test_a_count_that_is_hidden_is_nowhere_in_its_row(snapshot: TrendSnapshot) -> None:
    trends = SkillTrend.objects.filter(
        snapshot=snapshot, skill__slug="steady-a", window=Window.HALF_YEAR, country=WORLD
    )

    def shown(**fields: Any) -> Any:
        trends.update(**fields)
        rows = listed(f"{SKILLS}?limit=1000")
        return next(row for row in rows if row["skill"]["slug"] == "steady-a")

    counts = {"current": 40, "previous": 20, "season": 9, "platform_current": 400}
    row = shown(**counts, platform_previous=500, platform_season=300, hidden=["y", "C"])
    now, before, season = row["current"], row["previous"], row["season"]
    assert (now["searchers"], now["platform_searchers"], now["reach"]) == (40, None, None)
    assert (before["searchers"], before["platform_searchers"], before["reach"]) == (20, 500, 0.04)
    assert (season["searchers"], season["searchers_kind"]) == (None, "too few")
    assert season["searchers_display"] == "< 10"
    assert row["growth"]["raw_ratio"] == 2
    for letter, period in {"c": "current", "b": "previous"}.items():
        row = shown(hidden=[letter])
        assert (row[period]["searchers"], row[period]["searchers_kind"]) == (None, "withheld")
        assert row["growth"]["raw_ratio"] is None


def test_an_edition_is_read_by_its_names_and_a_draft_by_nobody() -> None:
    edition = Edition.objects.published().get()
    Skill.objects.filter(slug="riser").update(name="Called otherwise")
    names = [row["skill"]["name"] for row in listed(f"{SKILLS}?edition={edition.slug}&limit=1000")]
    assert "Riser" in names
    assert "Called otherwise" not in names
    assert "Called otherwise" in [row["skill"]["name"] for row in listed(f"{SKILLS}?limit=1000")]
    assert get(f"{SKILLS}?edition={edition.slug}")["snapshot"]["edition"] == edition.slug
    work = listed(f"{SKILLS}?edition={edition.slug}&category=work&limit=1000")
    assert len(work) == len(names)
    assert Client().get(f"{SKILLS}?edition={TODAY}").status_code == 404


def test_an_edition_keeps_its_categories_whatever_moves_since() -> None:
    edition = Edition.objects.published().get()
    elsewhere = Category.objects.at_path("Play > Games")
    Skill.objects.filter(slug="riser").update(category=elsewhere)

    def has_riser(category: str, edition: str = "") -> bool:
        address = f"{SKILLS}?category={category}&limit=1000"
        rows = listed(f"{address}&edition={edition}" if edition else address)
        return "riser" in [row["skill"]["slug"] for row in rows]

    assert has_riser("work", edition.slug)
    assert not has_riser("play", edition.slug)
    assert has_riser("play")
    assert not has_riser("work")


def test_a_category_is_listed_with_its_children() -> None:
    every = [row["category"]["slug"] for row in listed(f"{CATEGORIES}?limit=1000")]
    edition = Edition.objects.published().get().slug
    for address in (CATEGORIES, f"{CATEGORIES}?edition={edition}"):
        sign = "&" if "?" in address else "?"
        found = [row["category"]["slug"] for row in listed(f"{address}{sign}category=work")]
        assert sorted(found) == ["work", "work-desk"]
        found = [row["category"]["slug"] for row in listed(f"{address}{sign}category=work-desk")]
        assert found == ["work-desk"]
    assert set(every) >= {"work", "work-desk"}


def test_what_was_left_out_of_a_snapshot_is_exact_for_a_key_alone(
    api: Client, snapshot: TrendSnapshot
) -> None:
    known = api.get(SKILLS).json()["snapshot"]["inputs"]
    public = get(SKILLS)["snapshot"]["inputs"]
    assert known == snapshot.inputs
    assert known.keys() - public.keys() == {"orders_without_rate"}
    assert public.items() <= known.items()


def test_a_skill_has_the_outlook_of_its_own(snapshot: TrendSnapshot) -> None:
    Outlook.objects.filter(snapshot=snapshot).delete()
    figures = {"months": 3, "lower": 10, "upper": 40, "arrow": "up"}
    for present, slug in enumerate(("kept", "riser"), start=20):
        skill = Skill.objects.get(slug=slug)
        Outlook.objects.create(
            snapshot=snapshot, skill=skill, present=present, point=present + 1, **figures
        )
    for present, slug in enumerate(("kept", "riser"), start=20):
        expected = figures | {"present": present, "point": present + 1}
        assert get(f"/api/v1/skills/{slug}/")["outlook"] == expected
    assert get("/api/v1/skills/steady-a/")["outlook"] is None
