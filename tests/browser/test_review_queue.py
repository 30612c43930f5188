"""People review candidates in a browser: by keyboard alone, by mouse, without a script."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from marketplace.skills.models import Category, Skill
from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, Visitor
from tests.markets.candidates import candidate, reviewer
from trends.models import CandidateDecision, CandidateTerm

pytestmark = pytest.mark.browser

QUEUE = "/admin/trends/candidateterm/"
TEXTS = [
    "mcp server",
    "ai receptionist",
    "reactjs",
    "vibe coder",
    "vibe coding",
    "free robux",
    "upskill90days",
    "voice cloning",
    "agent swarm",
    "prompt golf",
    "comfy nodes",
    "last one",
]
# Keys, or words to type, and the row they lead to.
STEPS = [
    (["j", "ArrowDown", "k"], "mcp server"),
    (["a", "Enter"], "ai receptionist"),
    (["a", "AI Front Desk", "Enter"], "reactjs"),
    (["l", "2", "1", "Enter"], "vibe coder"),
    (["m", "vibe coding", "Enter"], "vibe coding"),
    (["a", "Escape"], "vibe coding"),
    (["a", "Enter"], "free robux"),
    (["r", "5", "Enter"], "upskill90days"),
    (["s"], "voice cloning"),
    (["l", "Tab", "voice over", "Enter"], "agent swarm"),
    (["r", "Enter"], "prompt golf"),
    (["u"], "agent swarm"),
    (["x", "j", "x", "j", "x", "s"], "last one"),
]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
State = CandidateTerm.State


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """No market: all a review needs stands with the candidates."""
    return lambda: None


@pytest.fixture
def queue(site: str, emptied: Callable[[], None]) -> None:
    """Twelve candidates, the first named first."""
    emptied()
    web = Category.objects.at_path("Programming > Web")
    for name in ("React", "Python", "Voice Over"):
        Skill.objects.add(name=name, category=web)
    for number, text in enumerate(TEXTS):
        near = [["react", "React", 0.61], ["python", "Python", 0.2]]
        candidate(text, priority=100 - number, nearest=near)


Person = Callable[..., Visit]


@pytest.fixture
def person(visit: Visitor, queue: None) -> Person:
    """Somebody of the staff with a browser of their own, signed in."""

    def come(name: str = "ann", **options: object) -> Visit:
        user = User.objects.filter(username=name).first() or reviewer(name)
        return visit(**options).sign_in(user)

    return come


def focused(page: Page, text: str) -> None:
    """The row of this candidate has the focus, and is held for who has it."""
    row = page.locator(f'.candidate[data-text="{text}"]')
    expect(row).to_be_focused()


def states() -> dict[str, str]:
    return dict(CandidateTerm.objects.values_list("text", "state"))


def test_ten_candidates_are_reviewed_by_keyboard_alone(person: Person) -> None:
    visitor = person()
    page = visitor.page
    visitor.open(QUEUE)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("undo your last decision")
    page.keyboard.press("Escape")
    for keys, text in STEPS:
        for key in keys:
            (page.keyboard.type if " " in key else page.keyboard.press)(key)
        focused(page, text)
    assert states() == {
        "mcp server": State.ACCEPTED,
        "ai receptionist": State.ACCEPTED,
        "reactjs": State.ALIAS,
        "vibe coder": State.MERGED,
        "vibe coding": State.ACCEPTED,
        "free robux": State.REJECTED,
        "upskill90days": State.SNOOZED,
        "voice cloning": State.ALIAS,
        "agent swarm": State.SNOOZED,
        "prompt golf": State.SNOOZED,
        "comfy nodes": State.SNOOZED,
        "last one": State.OPEN,
    }
    named = {skill.name: {one.text for one in skill.aliases.all()} for skill in Skill.objects.all()}
    assert named == {
        "MCP Server": {"mcp server"},
        "AI Front Desk": {"ai front desk", "ai receptionist"},
        "React": {"react", "reactjs"},
        "Python": {"python"},
        "Vibe Coding": {"vibe coding", "vibe coder"},
        "Voice Over": {"voice over", "voice cloning"},
    }
    assert CandidateDecision.objects.get(candidate__text="free robux").reason == "Spam"
    assert visitor.problems == []


def test_each_decision_is_made_by_mouse_without_a_script(person: Person) -> None:
    visitor = person(java_script_enabled=False)
    page = visitor.page

    def opened(text: str, button: str) -> None:
        visitor.open(QUEUE)
        page.get_by_role("button", name=f"{button} {text}", exact=True).click()

    opened("mcp server", "Accept")
    page.fill("#id_accept-name", "MCP Servers")
    page.select_option("#id_accept-category", label="Programming > Web")
    page.click("#accept button")
    assert page.url.endswith(f"#candidate-{CandidateTerm.objects.get(text='ai receptionist').pk}")
    opened("reactjs", "Alias")
    page.click("#alias label:has-text('React')")
    page.click("#alias button")
    opened("vibe coder", "Merge")
    page.fill("#id_merge-into", "vibe coding")
    page.click("#merge button")
    opened("free robux", "Reject")
    page.click("#reject label:has-text('Spam')")
    page.click("#reject button")
    opened("upskill90days", "Snooze")
    visitor.open(QUEUE)
    for text in ("agent swarm", "prompt golf"):
        page.check(f"input[aria-label='Select {text}']")
    page.click("#reject label:has-text('Too broad')")
    page.click("#reject button")
    page.click("#undo button")
    expect(page.locator(".messagelist")).to_contain_text("Undone: ")
    assert {text: state for text, state in states().items() if state != State.OPEN} == {
        "mcp server": State.ACCEPTED,
        "reactjs": State.ALIAS,
        "vibe coder": State.MERGED,
        "free robux": State.REJECTED,
        "upskill90days": State.SNOOZED,
        "agent swarm": State.REJECTED,
    }
    assert set(Skill.objects.get(name="MCP Servers").aliases.values_list("text", flat=True)) == {
        "mcp servers",
        "mcp server",
    }


def test_the_other_sees_who_looks_at_a_row_and_cannot_decide_it(person: Person) -> None:
    ann, ben = person("ann"), person("ben")
    for one in (ann, ben):
        one.open(QUEUE)
    with ann.page.expect_response("**/hold/"):
        ann.page.keyboard.press("j")
    with ben.page.expect_response("**/hold/"):
        ben.page.keyboard.press("j")
    row = ben.page.locator('.candidate[data-text="mcp server"]')
    expect(row).to_contain_text("ann is looking at it")
    ben.page.keyboard.press("s")
    ben.page.reload()
    expect(row).to_contain_text("ann is looking at it")
    assert states()["mcp server"] == State.OPEN
    with ann.page.expect_response("**/hold/"):
        ann.page.keyboard.press("j")
    ben.page.reload()
    expect(row).not_to_contain_text("is looking at it")


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
def test_axe_finds_nothing_and_the_pages_fit(person: Person, width: int, scheme: Scheme) -> None:
    visitor = person(width=width, color_scheme=scheme, bypass_csp=True)
    page = visitor.page
    first = CandidateTerm.objects.get(text="mcp server").pk
    for path in (QUEUE, f"{QUEUE}{first}/change/", f"{QUEUE}?tab=asleep"):
        visitor.open(path)
        assert page.evaluate(OVERFLOW) == 0
        assert axe_report(page) == ""
    visitor.open(QUEUE)
    page.keyboard.press("j")
    for key in "alr?":
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        assert axe_report(page) == ""
        page.keyboard.press("Escape")
    page.keyboard.press("s")
    focused(page, "ai receptionist")
    for path in (f"{QUEUE}?tab=decided", f"{QUEUE}?tab=asleep", "/admin/trends/candidatedecision/"):
        visitor.open(path)
        assert axe_report(page) == ""
    assert visitor.problems == []


def test_a_dialog_is_left_by_its_button_where_there_is_no_keyboard(person: Person) -> None:
    visitor = person()
    visitor.open(QUEUE)
    for way in ("Accept mcp server", "Reject mcp server"):
        visitor.page.get_by_role("button", name=way, exact=True).click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(visitor.page.locator("dialog[open]")).to_have_count(0)
    assert not CandidateDecision.objects.exists()
