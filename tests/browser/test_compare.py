"""Skills side by side, in a browser: by keyboard, without scripts, with names that stay apart."""

from itertools import pairwise

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visitor, opened, tab_to

pytestmark = pytest.mark.browser

FIVE = "/compare/?skills=skill-a,skill-b,skill-c,skill-d,skill-e"


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scale", ["share", "searchers"])
def test_the_names_beside_the_lines_neither_overlap_nor_leave_the_page(
    visit: Visitor, scale: str, width: int
) -> None:
    page = opened(visit, f"{FIVE}&scale={scale}", width=width)
    boxes = [box for one in page.locator(".line-names text").all() if (box := one.bounding_box())]
    assert len(boxes) > 1
    boxes.sort(key=lambda box: box["y"])
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 2
    assert all(box["x"] + box["width"] <= width for box in boxes)
    # Each beside the lines, not over them.
    plot = page.locator("svg.compared").bounding_box()
    assert plot
    assert all(box["x"] >= plot["x"] + plot["width"] - 1 for box in boxes)


def test_a_skill_is_added_read_and_dropped_by_keyboard_alone(visit: Visitor) -> None:
    page = opened(visit, "/compare/?skills=skill-a")
    tab_to(page, "input[name=add]")
    page.keyboard.type("skill b")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li")).to_have_count(2)
    assert "skills=skill-a,skill-b" in page.url
    tab_to(page, "[role=slider]")
    weeks = int(page.get_by_role("slider").get_attribute("aria-valuemax") or 0)
    for key, week in (("Home", 1), ("ArrowRight", 2), ("End", weeks)):
        page.keyboard.press(key)
        assert page.get_by_role("slider").get_attribute("aria-valuenow") == str(week)
        expect(page.locator(".readout")).to_contain_text("skill a")
        expect(page.locator(".readout")).to_contain_text("skill b")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, ".switches a:has-text('Index')")
    page.keyboard.press("Enter")
    expect(page.locator(".switches [aria-current=true]")).to_contain_text("Index")
    tab_to(page, "a.drop[aria-label='Drop skill a']")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li")).to_have_count(1)
    assert page.url.endswith("/compare/?skills=skill-b&scale=index")


def test_from_a_skill_to_a_comparison_with_one_that_is_suggested(visit: Visitor) -> None:
    page = opened(visit, "/skills/skill-a/", width=375)
    page.get_by_role("link", name="Compare it").click()
    page.get_by_label("Add a skill").press_sequentially("skill b")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="skill b").click()
    page.wait_for_url("**/compare/?skills=skill-a,skill-b")


def test_what_was_typed_before_the_script_came_has_its_suggestions(visit: Visitor) -> None:
    visitor = visit()
    scripts: list[Route] = []

    def keep_back(script: Route) -> None:
        scripts.append(script)

    visitor.page.route("**/combobox.js", keep_back)
    visitor.page.goto(f"{visitor.site}/compare/", wait_until="commit")
    visitor.page.get_by_label("Add a skill").press_sequentially("skill b")
    (script,) = scripts
    script.continue_()
    expect(visitor.page.get_by_role("option", name="skill b")).to_be_visible()


@pytest.mark.parametrize("path", ["/compare/", "/me/"])
def test_on_a_phone_the_suggestions_leave_the_button_free(visit: Visitor, path: str) -> None:
    page = opened(visit, path, width=375, has_touch=True)
    page.locator("#add").press_sequentially("skill")
    expect(page.get_by_role("option").first).to_be_visible()
    page.locator("#add").fill("skill b")
    page.locator(".combobox + button").tap(timeout=5_000)
    page.wait_for_url("**skills=skill-b")


def test_a_comparison_is_made_without_scripts_and_says_the_same(visit: Visitor) -> None:
    page = opened(visit, "/compare/?skills=skill-a", java_script_enabled=False)
    page.fill("input[name=add]", "skill b")
    page.click("form.filters button >> nth=0")
    page.select_option("select[name=country]", "DE")
    page.click("form:has(select[name=country]) button")
    expect(page.locator("caption").last).to_contain_text("Germany")
    assert "skills=skill-a%2Cskill-b" in page.url or "skills=skill-a,skill-b" in page.url
    said = page.locator("main table").all_inner_texts()
    with_scripts = opened(visit, page.url[page.url.index("/compare/") :])
    assert with_scripts.locator("main table").all_inner_texts() == said
    # Every week has its words without a script, too.
    assert page.locator(".mark title").count() > 50


def test_on_paper_the_lines_stand_without_their_forms(visit: Visitor) -> None:
    page = opened(visit, FIVE)
    page.emulate_media(media="print")
    expect(page.locator("svg.compared")).to_be_visible()
    for form in page.locator("form.filters").all():
        expect(form).to_be_hidden()
