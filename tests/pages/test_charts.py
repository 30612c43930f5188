"""The charts: drawn to scale, honest about gaps, safe to embed and readable in both schemes."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trends.drawing import charts
from trends.drawing.pay_chart import Strip, pay_strip
from trends.wording import figures

AS_OF = date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]
STYLE_SHEET = ROOT / "trends/static/trends/frame/palette.css"

# What the guidelines for accessible web content ask of text of ordinary size.
READABLE_CONTRAST = 4.5

weekly_figures = st.lists(st.none() | st.integers(0, 10**7), min_size=1, max_size=90)


def points(path: str | None) -> int:
    """How many points a path of M, L and h0 goes through."""
    return len(re.findall("[ML]", path or ""))


def counted(searchers: int | None) -> dict[str, Any]:
    """A window of a row; None is too few to say."""
    return {"searchers": searchers, "searchers_kind": "too few" if searchers is None else "known"}


def chart(weekly: Sequence[int | None], name: str = "AI agents") -> ET.Element:
    bands = [
        charts.Band(
            kind="current",
            name="Last half-year",
            count="18,447",
            first_day=AS_OF - timedelta(days=182),
            last_day=AS_OF - timedelta(days=1),
        )
    ]
    return ET.fromstring(charts.trend_chart(weekly, as_of=AS_OF, bands=bands, title=name))


@given(st.floats(0, 1e9))
def test_ticks_are_round_start_at_zero_and_reach_the_highest_value(highest: float) -> None:
    ticks = charts.round_ticks(highest)
    steps = {after - before for before, after in pairwise(ticks)}
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(ticks) <= charts.MOST_TICKS + 1
    assert len(steps) == 1
    assert re.fullmatch("[125]0*", str(steps.pop()))


@given(weekly_figures)
def test_every_known_week_is_drawn_and_every_unknown_one_is_a_gap(weekly: list[int | None]) -> None:
    known = sum(value is not None for value in weekly)
    first_current = max(len(weekly) - charts.CURRENT_WEEKS, 0)
    # The line before the current window ends at its first week, so that the two lines meet; so does
    # the one before the last week, which is drawn by itself.
    joint = int(weekly[first_current] is not None)
    last_joint = int(len(weekly) > 1 and weekly[-2] is not None)
    drawings = [(ET.fromstring(charts.sparkline(weekly)), 0), (chart(weekly), last_joint)]
    for svg, further in drawings:
        lines = [p for p in svg.iter("path") if re.search("past|now|open", p.get("class", ""))]
        assert sum(points(line.get("d")) for line in lines) == known + joint + further
        assert "nan" not in ET.tostring(svg, encoding="unicode")


def test_a_lone_week_between_two_gaps_is_still_visible() -> None:
    assert "h0" in charts.sparkline([None, 7, None])


def test_the_trend_chart_is_to_scale() -> None:
    weekly = [*[0] * 52, *[10] * 25, 20]
    svg = chart(weekly)
    marks = [mark for mark in svg.iter("rect") if mark.get("class") == "mark"]
    heights = [float(mark.get("data-y", "nan")) for mark in marks]
    bottom = charts.PLOT_TOP + charts.PLOT_HEIGHT
    assert heights[0] == bottom
    assert bottom - heights[-1] == pytest.approx(2 * (bottom - heights[-2]))
    band = next(svg.iter("g")).find("rect")
    assert band is not None
    assert band.get("x") == "66.67%"
    assert marks[52].get("x") == "66.667%"
    assert marks[-1].findtext("title") == "Week of 13 Nov 2026: 20 searchers"


def test_a_week_without_a_figure_says_so_and_has_no_point_to_stop_at() -> None:
    marks = [mark for mark in chart([5, None]).iter("rect") if mark.get("class") == "mark"]
    assert "data-y" not in marks[1].attrib
    assert marks[1].findtext("title") == "Week of 13 Nov 2026: no figure"


def test_the_last_week_is_drawn_by_itself_as_it_may_still_change() -> None:
    open_line = next(p for p in chart([3, 4, 5]).iter("path") if p.get("class") == "trend-open")
    assert open_line.get("d") == "M1.5 20L2.5 0"


def test_a_note_stands_at_its_day_and_is_read_with_its_week() -> None:
    note = charts.Note(number=1, day=AS_OF - timedelta(days=14), said="“<b>” was added")
    svg = ET.fromstring(charts.trend_chart([1] * 8, as_of=AS_OF, bands=[], title="t", notes=[note]))
    assert next(circle.get("cx") for circle in svg.iter("circle")) == "75.00%"
    said = [mark.findtext("title") for mark in svg.iter("rect") if mark.get("class") == "mark"]
    assert said[6] == "Week of 6 Nov 2026: 1 searchers. 1: “<b>” was added"
    assert sum("was added" in str(one) for one in said) == 1


def strip(**amounts: float) -> ET.Element:
    said = {name: f"${amount:g}" for name, amount in amounts.items()}
    return ET.fromstring(pay_strip(Strip(amounts, said, (150, 300)), title="pay"))


def test_the_strip_of_pay_is_in_proportion() -> None:
    svg = strip(p25=100, median=200, p75=500, p90=1_000)
    boxes = {box.get("class"): (box.get("x"), box.get("width")) for box in svg.iter("rect")}
    assert boxes == {"pay-half": ("10.00%", "40.00%"), "pay-interval": ("15.00%", "15.00%")}
    median = next(line for line in svg.iter("line") if line.get("class") == "pay-median")
    assert median.get("x1") == median.get("x2") == "20.00%"
    assert [text.text for text in svg.iter("text")] == ["$200", "$1000", "$500", "$100"]


def test_amounts_of_pay_that_would_run_into_each_other_are_left_to_the_table() -> None:
    said = [text.text for text in strip(p25=800, median=850, p75=900, p90=1_000).iter("text")]
    assert said == ["$850", "$1000", "$800"]


def test_a_name_written_by_people_cannot_break_out_of_the_drawing() -> None:
    assert chart([1], name='"><script>alert(1)</script>').find(".//script") is None


def test_bars_are_parts_of_the_longest() -> None:
    bars = ET.fromstring(charts.comparison_bar(50, 25, maximum=200)).findall("rect")
    assert [bar.get("width") for bar in bars] == ["25.00%", "12.50%"]
    assert "0%" in charts.comparison_bar(0, None, maximum=0)


def test_figures_read_the_way_people_write_them() -> None:
    window = {"from": "2026-05-22", "to": date(2026, 11, 19)}
    assert figures.days(window) == "22 May to 19 Nov 2026"
    assert figures.days({"from": "2025-11-21", "to": "2026-05-21"}) == "21 Nov 2025 to 21 May 2026"
    assert [figures.people(n) for n in (counted(18_447), counted(1), counted(None))] == [
        "18,447 people",
        "1 person",
        "fewer than 10 people",
    ]
    assert [figures.share(p) for p in (0.3013, 0.00341, 0, None, 1)] == [
        "30\u00a0%",
        "0.34\u00a0%",
        "0\u00a0%",
        "\u2013",
        "100\u00a0%",
    ]
    assert figures.money(1900, "USD") == "$1,900"
    assert figures.money(95.5, "CHF") == "CHF\u00a095.50"
    assert figures.country("GB") == "United Kingdom"


def trend_row(previous: int, current: int, ratio: float) -> dict[str, Any]:
    growth = {"raw_ratio": current / previous, "lower": ratio / 2, "upper": ratio * 2}
    return {"growth": growth, "previous": {"searchers": previous}}


def test_a_percentage_needs_a_base_of_thirty() -> None:
    rising, small = trend_row(100, 18_447, 150.0), trend_row(29, 18_447, 500.0)
    assert figures.raw_change(rising) == "+18,347\u00a0%"
    assert figures.interval(rising) == "×75 to ×300"
    assert figures.raw_change(small) == figures.interval(small) == ""
    assert figures.raw_change(trend_row(100, 72, 0.6)) == "\u221228\u00a0%"
    assert figures.raw_change(trend_row(100, 100, 1.0)) == "±0\u00a0%"


# A mail carries its style with it; no browser reads it under the policy of the site.
MAILS = {"mail_digest.html"}


def templates() -> list[Path]:
    found = [*ROOT.glob("trends/templates/**/*.html"), *ROOT.glob("*/*/templates/**/*.html")]
    return sorted(one for one in found if one.name not in MAILS)


@pytest.mark.parametrize("template", templates(), ids=lambda path: path.name)
def test_no_template_needs_an_exception_from_the_content_security_policy(template: Path) -> None:
    html = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:", html)
    assert not re.search(r"""(src|href)=["'](https?:)?//""", html)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("scheme", "block"), [("light", 0), ("dark", 1)])
def test_text_is_readable_on_every_ground(scheme: str, block: int) -> None:
    roots = re.findall(r":root \{(.*?)\}", STYLE_SHEET.read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", roots[block]))
    grounds = ("paper", "wash", "accent-wash")
    pairs = [(text, ground) for text in ("ink", "muted", "accent") for ground in grounds]
    pairs += [("on-accent", "accent"), ("on-banner", "banner")]
    poor = {p: contrast(colours[p[0]], colours[p[1]]) for p in pairs}
    assert {p: c for p, c in poor.items() if c < READABLE_CONTRAST} == {}, scheme
