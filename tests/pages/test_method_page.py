"""The method page says what the program does: every constant is on it, and changes with it."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from tests.conftest import CHECKOUT
from tests.markets.small_market import small_market
from tests.tools.copies import filled
from tests.tools.reading import plain
from trends.arithmetic import growth, outlook
from trends.models import TrendSnapshot
from trends.pages.method import constants as method

# Every constant of the method with its value; whoever changes one changes it here and says why.
GOLDEN = CHECKOUT / "tests/pages/method_constants.txt"
FOLDER = CHECKOUT / "trends/templates/trends/method"
# Each language has a page of its own, made of the same constants.
TEMPLATES = {"en": FOLDER / "method.html", "es": FOLDER / "method_es.html"}
# Constants that are arithmetic or bookkeeping: changing them changes no figure people read by.
NOT_FOR_READERS = {
    # division safeguards and formulae that follow from what is said in words
    "dispersion.FEWEST_BLOCKS",
    "dispersion.WOBBLE_RANGE",
    "dispersion.NEIGHBOUR_EFFICIENCY",
    "dispersion.MEDIAN_SHORTFALL",
    "dispersion.MEMORY_BEYOND",
    "share_ratio.SMALLEST_PROBABILITY",
    "pay.LEAST_SPREAD",
    "outlook.SMOOTHING",
    "money_disclosure.FEWEST_BEYOND",
    # the same in other units, or another constant by its own name
    "growth.WEEKS_OF_A_YEAR",
    "paid_orders.WEEKS_READ",
    "windows.WEEKS_READ",
    "windows.WEEKS_SHOWN",
    # sizes of transactions and digits of storage
    "wording.FLOAT_NOISE",
    "candidate_counts.CHUNK",
    "discovery.PARTS",
    "daily_rollup.DAYS_AT_ONCE",
    "daily_rollup.BATCHES_AT_ONCE",
    "daily_rollup.GIGS_AT_ONCE",
    "earnings.ROWS_AT_ONCE",
    "paid_orders.PARTS_OF_ORDER",
    "paid_orders.PARTS_OF_MONEY",
}


@pytest.fixture(scope="module")
def snapshot(emptied: Callable[[], None]) -> TrendSnapshot:
    return filled(small_market)


def page(language: str = "en") -> str:
    """What a reader reads of the page."""
    html = Client().get("/method/", headers={"Accept-Language": language}).content.decode()
    return plain(html)


def own_constants(module: ModuleType) -> dict[str, Any]:
    """The judgement numbers a module defines itself, by name."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    names = re.findall(r"^([A-Z][A-Z_, ]*[A-Z])(?:: [^=]+)? = ", source, flags=re.MULTILINE)
    found = {name: getattr(module, name) for line in names for name in line.split(", ")}
    return {name: value for name, value in found.items() if not isinstance(value, str)}


@pytest.mark.django_db
@pytest.mark.parametrize("language", TEMPLATES)
def test_every_constant_a_figure_rests_on_is_on_the_page(
    snapshot: TrendSnapshot, language: str
) -> None:
    template, read = TEMPLATES[language].read_text(encoding="utf-8"), page(language)
    decimals = str.maketrans({".": ",", ",": "\u00a0"}) if language == "es" else {}
    missing = []
    for name, module in method.MODULES.items():
        for constant, value in own_constants(module).items():
            told = f"{name}.{constant}"
            if told in NOT_FOR_READERS or not isinstance(value, int | float | tuple):
                continue
            # By its name, or on behalf of one of equal value: the page tells each at least once.
            if told not in template or not any(
                said.translate(decimals) in read for said in spellings(value)
            ):
                missing.append(f"{told} = {value}")
    assert missing == []


def spellings(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return spellings(value[0] if not isinstance(value[0], tuple) else value[0][0])
    percent = f"{100 * value:,.2f}".rstrip("0").rstrip(".") + " %"
    return [percent, f"{value:,g}", f"{value:g}", str(value)]


@pytest.mark.django_db
def test_every_name_the_page_uses_exists(snapshot: TrendSnapshot) -> None:
    constants = method.MODULES
    used = names_in("en")
    assert len(used) > 50
    assert [(module, name) for module, name in used if not hasattr(constants[module], name)] == []


def test_a_page_in_another_language_says_the_same_numbers_in_the_same_sections() -> None:
    sections = {
        language: re.findall(r'<section class="section" id="(\w+)"', path.read_text("utf-8"))
        for language, path in TEMPLATES.items()
    }
    assert sections["es"] == sections["en"]
    assert Counter(names_in("es")) == Counter(names_in("en"))


def names_in(language: str) -> list[tuple[str, str]]:
    """Every constant a page names, as (module, name)."""
    template = TEMPLATES[language].read_text(encoding="utf-8")
    return re.findall(r"\b([a-z_]+)\.([A-Z][A-Z_]+)", template)


@pytest.mark.django_db
def test_the_page_follows_the_program(
    snapshot: TrendSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "at least 30 people in the window" in page()
    monkeypatch.setattr(growth, "FEWEST_SEARCHERS", 37)
    monkeypatch.setattr(growth, "FALSE_DISCOVERY_RATE", 0.07)
    monkeypatch.setattr(outlook, "LEAST_COVERAGE", 0.66)
    read = page()
    assert "at least 37 people in the window" in read
    assert "false-discovery rate is 7 %" in read
    assert "less than 66 %" in read


@pytest.mark.django_db
def test_the_page_shows_what_the_current_run_found(snapshot: TrendSnapshot) -> None:
    read = page()
    a0, kappa = snapshot.parameters["noise"]["skilltrend 001"]
    assert f"a0 is {a0:.3f}" in read.replace("  ", " ")
    assert f"{kappa:.2f}" in read
    for reason in snapshot.inputs["left_out"]:
        assert f"({reason})" in read
    for one in snapshot.record["calls"]["labels"]:
        assert f"{one['label']} {one['listed']} {one['up']} {one['held']}" in read
    assert f"of {snapshot.record['outlook']['tested']:,} times" in read


@pytest.mark.django_db
def test_days_without_data_agree_with_their_number(snapshot: TrendSnapshot) -> None:
    said = {
        1: ("1 day had no data at all", "1 día no tuvo ningún dato"),
        2: ("2 days had no data at all", "2 días no tuvieron ningún dato"),
    }
    for days, sentences in said.items():
        snapshot.inputs["days_without_data"] = days
        snapshot.save(update_fields=["inputs"])
        for language, sentence in zip(TEMPLATES, sentences, strict=True):
            assert sentence in page(language)


@pytest.mark.django_db
def test_the_page_stands_without_any_snapshot(snapshot: TrendSnapshot) -> None:
    TrendSnapshot.objects.all().delete()
    assert "tasa de descubrimientos falsos es del 10 %" in page("es")
    read = page()
    assert "no list of half a year ago yet" in read
    assert "the false-discovery rate is 10 %" in read


def test_no_constant_of_the_method_changes_unnoticed() -> None:
    """Halve one and only this fails: readers hold the page against figures of years ago."""
    constants = {
        f"{name}.{constant}": value
        for name, module in method.MODULES.items()
        for constant, value in own_constants(module).items()
        if isinstance(value, int | float | tuple | timedelta)
    }
    kept = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert [f"{name} = {value}" for name, value in sorted(constants.items())] == kept
