"""The page of a skill: its story in words, its chart and notes, what it says with little data."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Skill, SkillStatus, TaxonomyEdit
from tests.conftest import TODAY
from tests.markets.small_market import CALLED, small_market
from tests.tools.copies import filled
from tests.tools.reading import plain, queries, read
from trends.models import TrendSnapshot
from trends.pages.skill import sentences
from trends.pages.skill.countries import OUTRUNS, by_country, outrun, searchers_for_each
from trends.templatetags.skill_charts import halves
from trends.wording.figures import day as in_words
from trends.wording.figures import days, range_in_words

MOST_QUERIES = 10
# Small beside any page that frames it.
MOST_BYTES_EMBEDDED = 6_000
Row = dict[str, Any]


@pytest.fixture(scope="module")
def _market(emptied: Callable[[], None]) -> None:
    filled(small_market)


pytestmark = [pytest.mark.usefixtures("_market"), pytest.mark.django_db]


def html(slug: str) -> str:
    return read(f"/skills/{slug}/")


def page(slug: str) -> str:
    return unescape(html(slug))


def text(slug: str) -> str:
    return plain(html(slug))


def row(slug: str) -> Row:
    trends = Client().get(f"/api/v1/skills/{slug}/").json()["trends"]
    return next(one for one in trends if (one["country"], one["window"]) == ("001", "6m"))


def test_the_story_begins_with_people_dates_and_how_sure_it_is() -> None:
    found = row("riser")
    said = text("riser")
    counted = f"{found['current']['searchers_display']} people searched for it from"
    assert f"{counted} {days(found['current'])}, after" in said
    assert f"{days(found['previous'])}. As a share of all searchers that is" in said
    assert range_in_words(found) in said


def test_the_story_tells_what_it_pays_and_by_how_many_sellers() -> None:
    earnings = row("kept")["earnings"]
    assert (
        f"Half of the {earnings['sellers']} sellers who completed orders in that half-year"
        in text("kept")
    )
    assert "What it pays is not published" in text("steady-a")


def test_the_story_tells_a_newcomers_chance_only_where_it_is_known() -> None:
    window = {"from": "2024-01-01", "to": "2024-02-01"}
    said = "about 167 of 186 (90 %)"
    won = {"display": said, "days": 30, "compared": "=", **window}
    found: Any = row("kept")
    told, limit = (
        sentences.work(found | {"opportunity": found["opportunity"] | {"new_gigs": [one]}})
        for one in (won, won | {"compared": "<"})
    )
    chance = "about 167 of 186 (90\u00a0%) gigs first published 1 Jan to 1 Feb 2024 won an order"
    assert f"A newcomer’s chance: {chance} within 30 days." in told
    assert "newcomer" not in limit


def test_earlier_half_years_lie_week_by_week_over_the_last() -> None:
    weekly = row("steady-a")["weekly"]
    assert halves(weekly) == [weekly[52:], weekly[26:52], weekly[:26]]
    assert halves(weekly[40:])[1:] == [[*[None] * 14, *weekly[40:52]], [None] * 26]
    said = page("steady-a")
    assert all(f'class="line line-{number}"' in said for number in (1, 2, 3))
    first = said[said.index("52 weeks before") :].split("<tr>")[1]
    cells = re.findall(r"<td[^>]*>([^<]*)<", first)
    shown = [weekly[-1 - back] for back in (0, 26, 52)]
    assert cells == ["–" if one is None else str(one) for one in shown]


def test_an_edit_and_a_new_label_are_numbered_on_the_axis_and_said_below() -> None:
    riser = Skill.objects.get(slug="riser")
    edited = TODAY - timedelta(days=91)
    TaxonomyEdit.objects.create(
        kind=TaxonomyEdit.Kind.ALIAS,
        skill=riser,
        after={"aliases": {"soarer": {}}, "skills": {}},
        before={"aliases": {}, "skills": {}},
        reason="a test",
        made_at=datetime.combine(edited, time(), tzinfo=UTC),
    )
    said = page("riser")
    notes = said[said.index('<ol class="notes">') : said.index("</ol>")]
    told = [re.sub(r"<br>", "; ", one).strip() for one in re.findall("<li>(.*?)</li>", notes)]
    number = next(n for n, one in enumerate(told, 1) if "soarer" in one)
    assert told[number - 1] == f"{in_words(edited)}: “soarer” became an alias of “Riser”"
    place = 100 * (546 - 91) / 546
    assert f'<circle cx="{place:.2f}%" cy="292" r="8"/><text x="{place:.2f}%"' in said
    assert f'text-anchor="middle">{number}</text>' in said
    assert re.search(r"labelled “\w+”, before that “[\w ]+”", notes)
    assert len(told) == len(re.findall('<g class="note-mark">', said))


def test_a_label_that_stayed_the_same_is_no_note() -> None:
    assert TrendSnapshot.objects.published().filter(as_of=CALLED).exists()
    assert "labelled" not in page("steady-a")


def test_days_without_data_are_said_though_they_have_no_mark() -> None:
    snapshot = TrendSnapshot.objects.current()
    assert snapshot
    snapshot.inputs["days_without_data"] = 3
    snapshot.save()
    assert "3 days of the last two years have no data" in text("riser")


def test_what_is_missing_for_a_label_is_counted() -> None:
    history: Any = {"name": "history", "value": 60, "threshold": 52, "passed": True}
    few: Any = {
        "label": "not enough data",
        "current": {"searchers": 18, "searchers_kind": "known"},
    }
    assert sentences.missing(few, [history]).startswith("18 people searched")
    short = history | {"value": 40, "passed": False}
    assert "40 of the 52 weeks" in sentences.missing(few, [short])
    assert sentences.missing(few | {"label": "steady"}, [history]) == ""
    assert "It takes 30 searchers in a half-year; it had fewer than 10 people." in text("tiny")


def test_a_skill_nobody_searched_for_says_so_and_has_no_chart() -> None:
    said = page("nobody")
    assert "Not measured yet" in said
    assert "<figure" not in said


def test_a_retired_skill_says_that_its_figures_are_the_last() -> None:
    Skill.objects.filter(slug="faded").update(status=SkillStatus.RETIRED)
    assert "This skill is retired" in text("faded")
    assert 'class="chip' not in page("faded")


def test_a_country_is_held_against_the_world() -> None:
    reaches = {"001": 0.02, "DE": 0.05, "FR": None}
    rows: list[Any] = [{"country": one, "current": {"reach": reaches[one]}} for one in reaches]
    world, *others = rows
    assert [one["more"] for one in by_country(world, [world, *others])] == [2.5, None]
    assert "Where it is looked for" in text("riser")
    assert "In which countries its sellers work is not known" in text("riser")


def test_searchers_of_a_country_are_held_against_its_sellers_where_both_are_told() -> None:
    searchers = {"001": 900, "DE": 300, "FR": 100, "US": 29, "AT": None, "LU": 40, "PK": 90}
    sellers = {"001": 90, "DE": 20, "FR": 10, "US": 10, "AT": 10, "LU": None}
    rows = searchers_for_each(searchers, sellers, TODAY)
    found = {one["country"]: (one["searchers_per_seller"], one["ratio"]) for one in rows}
    known = {"001": (10, 1), "DE": (15, 1.5), "FR": (10, 1)}
    assert list(found.items())[:3] == list(known.items())
    assert found == known | dict.fromkeys(["US", "AT", "LU", "PK"], (None, None))
    assert [one["country"] for one in outrun(rows)] == ["DE"]
    assert searchers_for_each(searchers, sellers | {"001": None}, TODAY) == []


def test_the_page_names_the_countries_where_demand_outruns_supply_with_all_counts() -> None:
    told = Client().get("/api/v1/skills/kept/").json()["supply_by_country"]
    us, world = (next(one for one in told if one["country"] == code) for code in ("US", "001"))
    # Of 35 sellers, 20 work in Germany, 12 in the United States, and of three it is not known.
    assert {one["country"]: one["sellers"] for one in told} == {
        "001": 30,
        "US": 10,
        "DE": 20,
        "FR": None,
    }
    more = us["searchers"] / 10 / (world["searchers"] / 30)
    assert us["ratio"] == pytest.approx(more, rel=0.05)
    assert us["ratio"] >= OUTRUNS
    said = text("kept")
    said = said[said.index("Where demand outruns supply") : said.index("Where it is looked for")]
    assert f"against the whole world: United States (×{us['ratio']:g})." in said
    assert f"People who searched {days(us)}, for each seller" in said
    counts = f"{us['searchers_per_seller']:g} {us['searchers']} 10"
    assert f"United States ×{us['ratio']:g} {counts}" in said
    assert "France" not in said
    assert "is not known" not in text("kept").split("Where it is looked for")[1][:200]


def test_a_key_is_told_the_sellers_of_a_country_exactly() -> None:
    key = {"authorization": f"Bearer {ApiKey.issue('shop')}"}
    every = Client(headers=key).get("/api/v1/skills/kept/").json()["supply_by_country"]
    told = {one["country"]: one["sellers"] for one in every}
    assert told == {"001": 32, "US": 12, "DE": 20, "FR": 0}


@pytest.mark.parametrize("slug", ["riser", "kept", "tiny", "nobody"])
def test_the_page_asks_few_questions_of_the_database(slug: str) -> None:
    page(slug)
    assert queries(f"/skills/{slug}/") <= MOST_QUERIES


def badge(slug: str) -> ET.Element:
    answer = Client().get(f"/skills/{slug}/badge.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    return ET.fromstring(answer.content.decode())


def test_a_badge_carries_label_counts_and_dates() -> None:
    found = row("riser")
    said = " ".join(badge("riser").itertext())
    counts = [found[when]["searchers_display"] for when in ("previous", "current")]
    assert f"{counts[0]} → {counts[1]} people" in said
    assert f"{days(found['previous'])} → {days(found['current'])}" in said
    assert found["label"] in said
    assert f"as of {in_words(TODAY)}" in said
    assert "Not measured yet" in " ".join(badge("nobody").itertext())


def test_a_name_cannot_break_out_of_a_badge() -> None:
    Skill.objects.filter(slug="riser").update(name='"><script>alert(1)</script>')
    assert badge("riser").find(".//{*}script") is None


def test_the_embed_alone_may_be_framed() -> None:
    framed, page_itself = (Client().get(f"/skills/riser/{part}") for part in ("embed/", ""))
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors 'none'" in page_itself["Content-Security-Policy"]
    assert page_itself["X-Frame-Options"] == "DENY"
    assert framed.content.decode().count("<svg") == 1
    assert len(framed.content) < MOST_BYTES_EMBEDDED


def test_snippets_are_whole_addresses_with_the_counts_in_words() -> None:
    said = html("riser")
    snippets = [unescape(one) for one in re.findall(r"<textarea[^>]*>(.*?)</textarea>", said)]
    assert [re.findall(r'src="([^"]*)"', one) for one in snippets] == [
        ["http://testserver/skills/riser/badge.svg"],
        ["http://testserver/skills/riser/embed/"],
    ]
    counts = row("riser")["current"]["searchers_display"]
    assert f"{counts} people" in snippets[0]


@pytest.mark.parametrize("part", ["", "badge.svg", "embed/"])
def test_a_merged_skill_leads_to_its_survivor(part: str) -> None:
    kept = Skill.objects.get(slug="kept")
    Skill.objects.filter(slug="faded").update(status=SkillStatus.MERGED, merged_into=kept)
    answer = Client().get(f"/skills/faded/{part}")
    assert (answer.status_code, answer["Location"]) == (301, f"/skills/kept/{part}")


def test_a_week_that_is_not_told_is_a_dash_in_the_table() -> None:
    assert None in row("tiny")["weekly"]
    table = html("tiny").split("52 weeks before", 1)[1].split("</table>")[0]
    cells = set(re.findall(r"<td[^>]*>([^<]*)<", table))
    assert "–" in cells
    assert "None" not in cells
