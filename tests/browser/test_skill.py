"""The page of a skill in a browser: its charts by keyboard, its frame on somebody else's page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from trends.drawing.charts import CURRENT_WEEKS
from trends.measuring.surroundings.months import MONTHS
from trends.pages.skill.badges import EMBED_SIZE

pytestmark = pytest.mark.browser

SKILL = "/skills/skill-a/"
SOLD_ABROAD = "/skills/skill-x/"


def test_every_chart_of_the_page_is_read_by_keyboard(visit: Visitor) -> None:
    visitor = visit(width=375)
    visitor.open(SKILL)
    charts = visitor.page.get_by_role("slider")
    weeks = [chart.get_attribute("aria-valuemax") for chart in charts.all()]
    assert weeks in (
        [str(CURRENT_WEEKS), str(3 * CURRENT_WEEKS)],
        [str(CURRENT_WEEKS), str(3 * CURRENT_WEEKS), str(MONTHS)],
    )
    for chart in charts.all():
        chart.focus()
        visitor.page.keyboard.press("Home")
        assert chart.get_attribute("aria-valuenow") == "1"
        said = chart.get_attribute("aria-valuetext") or ""
        expect(chart.locator(".readout")).to_have_text(said)
    assert visitor.problems == []


def test_the_cards_of_the_countries_have_no_empty_places_on_a_phone(visit: Visitor) -> None:
    visitor = visit(width=375)
    visitor.open(SOLD_ABROAD)
    for table, cells in (("#supplied", 5), ("#countries", 6)):
        cards = visitor.page.locator(f"{table} tbody tr")
        assert cards.count() > 1
        for card in cards.all():
            boxes = [cell.bounding_box() for cell in card.locator("th, td").all()]
            places = [(round(box["y"]), round(box["x"])) for box in boxes if box]
            lines, columns = ({place[axis] for place in places} for axis in (0, 1))
            # The name of the country stands beside both lines of the first table.
            assert (len(places), len(lines), len(columns)) == (cells, 2, 3)
    assert visitor.problems == []


def test_the_embed_stands_in_a_frame_and_fits_its_size(visit: Visitor) -> None:
    visitor = visit(width=EMBED_SIZE["width"])
    visitor.open(f"{SKILL}embed/")
    visitor.page.set_viewport_size({"width": EMBED_SIZE["width"], "height": EMBED_SIZE["height"]})
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert visitor.page.evaluate(size) == [*EMBED_SIZE.values()]
    expect(visitor.page.get_by_role("link").first).to_have_attribute("target", "_blank")
    assert visitor.problems == []
