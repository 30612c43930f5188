"""An editor merges two skills in a browser, looks before, and undoes it; every page fits."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from marketplace.skills import edits
from marketplace.skills.models import Skill, TaxonomyEdit
from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, Visitor
from tests.browser.test_pages import OVERFLOW
from trends.backoffice.taxonomy.following import follow

pytestmark = pytest.mark.browser

Inside = Callable[..., Visit]
PAGES = ["skill", "merge", "merge ?into", "split", "split ?name", "retire", "import", "changelist"]


@pytest.fixture
def editor(visit: Visitor) -> Inside:
    """Somebody who may edit the taxonomy and no more, signed in."""
    user, new = User.objects.get_or_create(username="eve", is_staff=True)
    if new:
        granted = Permission.objects.filter(content_type__app_label="skills")
        user.user_permissions.set(granted.exclude(codename__startswith="delete"))

    def come(**options: object) -> Visit:
        return visit(**options).sign_in(user)

    return come


def path(page: str) -> str:
    """The path of a page of PAGES, where there is a skill and another."""
    skill, other = (Skill.objects.get(name=f"skill {letter}") for letter in "ac")
    name, _, query = page.partition(" ")
    asked = {
        "": "",
        "?into": f"?into={other.pk}",
        "?name": f"?name=skill+z2&category={skill.category_id}&more=skill+a+plus&texts=gardening",
    }
    arguments = [] if name in {"import", "changelist"} else [skill.pk]
    return reverse(f"admin:skills_taxonomyedit_{name}", args=arguments) + asked[query]


@pytest.fixture
def edited(site: str) -> None:
    """An alias that was given, so that pages have something to tell."""
    skill = Skill.objects.get(name="skill a")
    if not skill.aliases.filter(text="gardening").exists():
        edits.add_alias(skill, "gardening", by=None, reason="gardeners do it")
        follow()


def test_two_skills_are_merged_after_a_look_and_the_merger_is_undone(editor: Inside) -> None:
    page = opened(editor, reverse("admin:skills_skill_change", args=[skill("skill b").pk]))
    page.get_by_role("link", name="Merge").click()
    page.get_by_label("Skill or alias").fill("skill c")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="skill c", exact=True).click()
    expect(page.get_by_role("heading", name="“skill b” into “skill c”")).to_be_visible()
    both = page.get_by_role("table", name="As it is, by the snapshot readers see")
    expect(both.get_by_role("row")).to_have_count(3)
    about = page.get_by_role("table", name=re.compile("As it would be"))
    expect(about.get_by_role("rowheader")).to_have_text("skill c")
    assert skill("skill b").status == "active", "a look changes nothing"
    page.get_by_role("button", name="Merge them").click()
    assert skill("skill b").status == "active", "it is not done without a reason"
    page.get_by_label("Reason").fill("people mean the same")
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("“skill b” was merged into “skill c”. The figures")).to_be_visible()
    expect(page.get_by_role("heading", name="The figures follow")).to_be_visible()
    assert skill("skill b").merged_into == skill("skill c")
    assert Client().get("/skills/skill-b/")["Location"] == "/skills/skill-c/"
    follow()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="The figures follow")).to_have_count(0)
    page.get_by_role("button", name="Undo: “skill b” was merged into “skill c”").click()
    expect(page.get_by_text("Undone: “skill b” was merged into “skill c”.")).to_be_visible()
    assert skill("skill b").status == "active"
    edit = TaxonomyEdit.objects.get(kind="merge")
    assert (str(edit.made_by), str(edit.undone_by), edit.reason) == (
        "eve",
        "eve",
        "people mean the same",
    )
    follow()


def test_a_file_is_looked_through_before_it_is_applied(editor: Inside) -> None:
    page = opened(editor, path("changelist"))
    page.get_by_role("link", name="Import skills").click()
    lines = ["name,category,aliases", "Knitting,Solo,yarn|needles", "Purling,Solo,skill b"]
    page.get_by_label("CSV file").set_input_files(
        {"name": "skills.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    page.get_by_role("button", name="Look it through").click()
    expect(page.locator("ins")).to_have_text(["Knitting", "yarn", "needles"])
    expect(page.get_by_text('"skill b" already names the skill "skill b"')).to_be_visible()
    assert not Skill.objects.filter(name="Knitting").exists()
    page.get_by_label("Reason").fill("asked for by sellers")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("skills added: 1, aliases added: 2, rows refused: 1")).to_be_visible()
    assert {alias.text for alias in skill("Knitting").aliases.all()} >= {"yarn", "needles"}


def test_some_of_a_skill_is_split_off_after_a_look(editor: Inside, edited: None) -> None:
    page = opened(editor, path("split"))
    page.get_by_label("Name of the new skill").fill("Gardening")
    page.get_by_role("checkbox", name=re.compile("^gardening")).check()
    page.get_by_role("button", name="Look what changes").click()
    about = page.get_by_role("table", name=re.compile("As it would be"))
    expect(about.get_by_role("rowheader")).to_have_text(["skill a", "Gardening"])
    page.get_by_label("Reason").fill("a trade of its own")
    page.get_by_role("button", name="Split it").click()
    expect(page.get_by_text("“Gardening” was split off “skill a”")).to_have_count(2)
    assert [alias.text for alias in skill("Gardening").aliases.all()] == ["gardening"]
    edits.undo(TaxonomyEdit.objects.filter(kind="split").latest("pk"), by=None)


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quiet_and_fits_and_axe_finds_nothing(
    editor: Inside, edited: None, page: str, width: int, scheme: Scheme
) -> None:
    visitor = editor(width=width, color_scheme=scheme)
    visitor.open(path(page))
    assert visitor.problems == []
    assert visitor.page.evaluate(OVERFLOW) == 0
    visitor = editor(width=width, color_scheme=scheme, bypass_csp=True)
    visitor.open(path(page))
    assert axe_report(visitor.page) == ""


def opened(editor: Inside, path: str) -> Page:
    visitor = editor()
    visitor.open(path)
    return visitor.page


def skill(name: str) -> Skill:
    return Skill.objects.select_related("merged_into").get(name=name)
