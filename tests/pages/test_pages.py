"""Every page shows a percentage only with the two counts and the dates it is made of."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import override

from marketplace.skills.models import Skill
from tests.markets.whole_market import whole_market
from tests.tools.copies import filled
from tests.tools.public_pages import public_pages
from trends.models import DiscoveryThresholds, TrendSnapshot
from trends.pages.method.constants import MODULES
from trends.wording.figures import as_percent

# What an element may be within which counts and dates stand for a percentage in it.
TOGETHER = ("tr", "div", "p", "li", "figure")
# ... and whose caption, or the heads of whose columns, say it for all rows.
HEADED = "table"
# Numbers of the method, no measurements: what the interval promises, when money is hidden.
OF_THE_METHOD = re.compile(r"95\s%\s+interval|intervalo del 95\s%|nor two more than 85\s%")
# ... and those it decides by: marked with the name of the constant that says so.
CONSTANT = re.compile(r'<data value="(\w+)\.(\w+)">([^<]*)</data>')
METHOD = "/method/"
PERCENT = re.compile(r"[\d.,]+\s%")
COUNT = re.compile(r"< 10|(?<![\d.,×+\u2212±])\d[\d,]*(?![\d.,]*\s%|[\d.,]*\d)")
DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2}(?: \d{4})?")
MONTHS_IN_SPANISH = "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic"
DATE_IN_SPANISH = re.compile(rf"\d{{1,2}} (?:{MONTHS_IN_SPANISH})(?: \d{{4}})?")
# How long something took counts nobody.
LENGTH = re.compile(r"\d+\s(?:days|días)")
MULTIPLE_FROM = 1_000


class Reading(HTMLParser):
    """The texts of the elements of a page that percentages may share with their counts."""

    VOID = frozenset({"br", "meta", "link", "input", "img", "path", "rect", "circle", "line"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, list[str]]] = []
        self.found: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append((tag, []))

    def handle_data(self, data: str) -> None:
        for _, texts in self.open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed, texts = self.open.pop()
            if closed in TOGETHER:
                around = next((t for name, t in reversed(self.open) if name == HEADED), [])
                self.found.append((closed, " ".join(texts), " ".join(around)))
            if closed == tag:
                return


def percents(html: str) -> Iterator[tuple[str, str, str]]:
    """Each innermost element with a percentage: its kind, its text, and its table's up to it."""
    # A frame on somebody else's page has no main part: it is one.
    main = html[html.find("<main") : html.rfind("</main>")] if "<main" in html else html
    main = CONSTANT.sub(constant, main)
    seen: list[str] = []
    for kind, text, around in Reading(main).found:
        said = re.sub(r"\s+", " ", OF_THE_METHOD.sub("", text))
        if PERCENT.search(said) and not any(inner and inner in said for inner in seen):
            seen.append(said)
            yield kind, said, re.sub(r"\s+", " ", around)


def bare(text: str, around: str) -> bool:
    """Whether a percentage lacks its two counts or its dates."""
    counts = COUNT.findall(LENGTH.sub("", DATE.sub("", PERCENT.sub("", text))))
    return len(counts) < 2 or max(len(DATE.findall(one)) for one in (text, around)) < 2


def constant(marked: re.Match[str]) -> str:
    """Nothing in the place of a number that is the constant it says it is."""
    known = {**MODULES, "thresholds": DiscoveryThresholds.now()}
    assert as_percent(getattr(known[marked[1]], marked[2])) == marked[3], marked[0]
    return ""


@pytest.fixture(scope="module")
def snapshot(emptied: Callable[[], None]) -> TrendSnapshot:
    return filled(whole_market)


@pytest.fixture(scope="module")
def pages(snapshot: TrendSnapshot) -> dict[str, str]:
    """Every page of figures, by its address; all tests read the same ones."""
    addresses = {*public_pages(), *(f"/skills/{one}/" for one in slugs())}
    answers = {address: Client().get(address) for address in sorted(addresses)}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.content.decode() for address, answer in answers.items()}


def slugs() -> list[str]:
    return list(Skill.objects.values_list("slug", flat=True))


def test_every_percentage_stands_with_two_counts_and_its_dates(pages: dict[str, str]) -> None:
    told = [(address, *one) for address, html in pages.items() for one in percents(html)]
    assert len(told) > 50
    assert [(address, text) for address, _, text, around in told if bare(text, around)] == []


def test_the_method_page_says_the_same_measured_percentages_in_spanish(
    pages: dict[str, str],
) -> None:
    spanish = Client().get(METHOD, headers={"Accept-Language": "es"}).content.decode()
    assert len(CONSTANT.findall(spanish)) == len(CONSTANT.findall(pages[METHOD])) > 20
    with override("es"):
        found = list(percents(spanish))
    assert len(found) == len(list(percents(pages[METHOD]))) > 0
    for _, text, _ in found:
        assert len(DATE_IN_SPANISH.findall(text)) >= 2, text
        left = LENGTH.sub("", DATE_IN_SPANISH.sub("", PERCENT.sub("", text)))
        assert len(COUNT.findall(left)) >= 2, text


def test_growth_has_two_digits_or_is_a_multiple_and_an_interval_beside_it(
    pages: dict[str, str],
) -> None:
    growth = re.compile(r'<span class="growth">([^<]*)</span>(.{0,120})', re.DOTALL)
    shown = [found for html in pages.values() for found in growth.findall(html)]
    assert shown
    for text, after in shown:
        if "%" in text:
            digits = re.sub(r"[^\d]", "", text.replace(",", "")).strip("0")
            assert len(digits) <= 2, text
            assert abs(int(re.sub(r"[^\d]", "", text.split(".")[0]))) <= MULTIPLE_FROM, text
            assert re.search("95 % interval|surely between", after), text


def test_a_skill_from_nothing_is_new_without_a_percentage_but_with_a_date(
    pages: dict[str, str],
) -> None:
    page = pages["/skills/newcomer/"]
    assert "New, at least ×" in page
    figures = page[page.index('<dl class="figures">') : page.index("</dl>")]
    growth = figures[: figures.index("Reach")]
    assert "%" not in growth
    assert "&lt; 10 →" in growth
    assert re.search(r"first seen in the week of \d{1,2} [A-Z][a-z]{2} \d{4}", growth)


def test_what_is_too_small_is_said_so_and_has_no_growth(pages: dict[str, str]) -> None:
    page = pages["/skills/tiny/"]
    assert "fewer than 10 people" in page.lower()
    assert "too few to say" in page
