"""What surrounds a skill, on its page and for programs: its months in tens, its neighbours."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Skill, SkillStatus
from tests.markets.small_market import small_market
from tests.tools.copies import filled
from tests.tools.reading import read, words
from trends.measuring.surroundings.months import MONTHS
from trends.models import SkillMarket, SkillNeighbours, TrendSnapshot
from trends.wording.figures import day as in_words


@pytest.fixture(scope="module")
def _market(emptied: Callable[[], None]) -> None:
    filled(small_market)


pytestmark = [pytest.mark.usefixtures("_market"), pytest.mark.django_db]


def test_sellers_stand_against_buyers_in_months_told_in_tens() -> None:
    said = read("/skills/kept/")
    market = said[said.index('id="market"') : said.index('id="names"')]
    market = market[: market.index("</section>")]
    counts = re.findall(r'<td class="num">([^<]*)</td>', market)
    assert len(counts) == 3 * MONTHS
    assert {one if one == "&lt; 10" else int(one) % 10 for one in counts} == {"&lt; 10", 0}
    assert 'id="market"' not in read("/skills/steady-a/")


def put_beside(slug: str, *, searches: list[Any], skills: dict[str, tuple[int, float]]) -> None:
    """Write what people look for beside a skill into the snapshot on show."""
    near = [[Skill.objects.get(slug=one).pk, *found] for one, found in skills.items()]
    SkillNeighbours.objects.update_or_create(
        snapshot=TrendSnapshot.objects.current(),
        skill=Skill.objects.get(slug=slug),
        defaults={"searches": searches, "skills": near},
    )


def test_programs_get_the_months_the_page_shows_and_keys_get_them_exactly() -> None:
    table = read("/skills/kept/").partition("The months as a table")[2].partition("</table>")[0]
    cells = re.findall(r'<th scope="row">([^<]*)</th>|<td class="num">([^<]*)</td>', table)
    shown = [unescape(first or people) for first, people in cells]
    found = Client().get("/api/v1/skills/kept/").json()["market"]["months"]
    told = [
        in_words(month["from"]) if name == "from" else month[name]
        for month in reversed(found)
        for name in ("from", "sellers", "buyers", "searchers")
    ]
    assert shown == ["< 10" if one is None else str(one) for one in told]
    key = {"authorization": f"Bearer {ApiKey.issue('shop')}"}
    exact = Client(headers=key).get("/api/v1/skills/kept/").json()["market"]["months"]
    stored = SkillMarket.objects.get(skill__slug="kept", snapshot=TrendSnapshot.objects.current())
    assert [month["sellers"] for month in exact] == stored.sellers
    nothing = Client().get("/api/v1/skills/nobody/").json()["market"]
    assert (nothing["months"], nothing["overtaken"]) == ([], None)


def test_programs_get_the_neighbours_by_name() -> None:
    put_beside("kept", searches=[["kept & cared for", 30]], skills={"riser": (40, 2.4)})
    found = Client().get("/api/v1/skills/kept/").json()
    assert found["related_searches"] == [{"text": "kept & cared for", "people": 30}]
    near = {"skill": {"slug": "riser", "name": "Riser"}, "people": 40, "lift": 2.4}
    assert found["related_skills"] == [near]


def test_neighbours_are_named_with_their_people() -> None:
    near = {"kept": (40, 2.4), "faded": (20, 1.9)}
    put_beside("riser", searches=[["riser course", 30]], skills=near)
    Skill.objects.filter(slug="faded").update(status=SkillStatus.RETIRED)
    said = words("/skills/riser/")
    assert "riser course 30 people" in said
    assert "Kept 40 people searched for both, ×2.4 what chance would make it" in said
    assert "×1.9" not in said
