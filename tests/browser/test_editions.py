"""An edition in a browser: from draft to published, corrected, and read by everybody."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.axe import SETTINGS, Scheme, axe_report
from tests.browser.conftest import Visit, Visitor
from tests.conftest import NOON, TODAY
from tests.markets.small_market import CALLED, small_market
from trends.backoffice.editions.drafting import draft
from trends.backoffice.editions.recomputation import next_proof, prove
from trends.models import Edition

pytestmark = pytest.mark.browser

LIST = "/admin/trends/edition/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOKS = pytest.mark.parametrize(("width", "scheme"), SETTINGS)
Editor = Callable[..., Visit]


@pytest.fixture(scope="module")
def fill() -> Callable[[], object]:
    """A market with an edition of half a year ago, and a draft of today's."""

    def filled() -> None:
        small_market()
        later = NOON + timedelta(days=30)
        draft(CALLED, now=later, headline="What rose then").publish(by=None, now=later)
        draft(TODAY, now=later, headline="Draft")

    return filled


@pytest.fixture
def editor(visit: Visitor) -> Editor:
    """Somebody who may publish, signed in."""

    def come(**options: object) -> Visit:
        user, _ = User.objects.get_or_create(username="ann", is_staff=True, is_superuser=True)
        return visit(**options).sign_in(user)

    return come


def address(day: object) -> str:
    return f"{LIST}{Edition.objects.get(slug=str(day)).pk}/change/"


def quiet(visitor: Visit) -> Page:
    """The page looked at, once nothing is wrong with it."""
    assert visitor.problems == []
    assert visitor.page.evaluate(OVERFLOW) == 0
    assert axe_report(visitor.page) == ""
    return visitor.page


@LOOKS
def test_every_page_fits_and_axe_finds_nothing(editor: Editor, width: int, scheme: Scheme) -> None:
    visitor = editor(width=width, color_scheme=scheme, bypass_csp=True)
    pages = [LIST, address(TODAY), address(CALLED), address(TODAY).replace("change", "publish")]
    for page in pages:
        visitor.open(page)
        quiet(visitor)


def test_a_draft_is_worded_published_proven_corrected_and_read(
    editor: Editor, tmp_path: Path
) -> None:
    visitor = editor()
    page = visitor.page
    visitor.open(LIST)
    page.get_by_role("link", name=str(TODAY)).click()
    expect(page.get_by_text("Against the edition of")).to_be_visible()
    page.get_by_label("Headline").fill("Risers rise")
    page.get_by_label("Notes").fill("One country is missing.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Publish …").click()
    expect(page.get_by_role("heading", name="Risers rise")).to_be_visible()
    page.get_by_role("button", name="Publish for ever").click()
    expect(page.get_by_text("published", exact=True)).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_count(0)
    page.get_by_role("button", name="Recompute").click()
    expect(page.get_by_text("waiting", exact=True)).to_be_visible()
    proof = next_proof(timezone.now())
    assert proof
    prove(proof, now=timezone.now)
    page.get_by_label("What is wrong in it").fill("It was two countries.")
    page.get_by_role("button", name="Add a correction").click()
    expect(page.get_by_text("the same", exact=True)).to_be_visible()
    page.get_by_role("link", name="Its page").click()
    for said in ("Risers rise", "One country is missing.", "It was two countries."):
        expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("came out the same")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All figures as CSV").click()
    download.value.save_as(tmp_path / "edition.csv")
    checksum = hashlib.sha256((tmp_path / "edition.csv").read_bytes()).hexdigest()
    expect(page.get_by_text(checksum).first).to_be_visible()
    assert visitor.problems == []
