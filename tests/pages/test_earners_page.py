"""What pays: what is on which list, in which order, with which figures beside each growth."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from marketplace.skills.models import Category
from tests.markets.category_market import category_market
from tests.tools.reading import lines, queries, read
from trends.drawing.pay_strip import Scale, strip
from trends.models import EarningsTrend, TrendSnapshot
from trends.pages.earners.filters import EarnerList, EarnerOrder, read_filters
from trends.pages.earners.listing import counted, earner_rows, shown_earners

MOST_QUERIES = 10
# The figure a column goes by, as it is published.
FIGURES: dict[EarnerOrder, Callable[[Any], Any]] = {
    EarnerOrder.RANK: lambda row: row["place"],
    EarnerOrder.NAME: lambda row: row["skill"]["name"],
    EarnerOrder.ORDERS_GROWTH: lambda row: row["orders"]["growth"]["ratio"],
    EarnerOrder.MONEY_GROWTH: lambda row: row["earnings"]["growth"]["ratio"],
    EarnerOrder.MEDIAN: lambda row: row["earnings"]["median"],
    EarnerOrder.TOTAL: lambda row: row["earnings"]["total"],
    EarnerOrder.SELLERS: lambda row: row["earnings"]["sellers"],
    EarnerOrder.BUYERS: lambda row: row["earnings"]["buyers"],
    EarnerOrder.ORDERS: lambda row: row["earnings"]["orders"],
}


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return category_market


def shown(snapshot: TrendSnapshot, **query: str) -> list[Any]:
    filters, unknown = read_filters(query, Category.objects.all())
    assert not unknown
    return earner_rows(shown_earners(snapshot, filters), snapshot, filters)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", EarnerOrder)
def test_a_list_goes_by_what_is_published_and_the_rest_stands_last_either_way(
    snapshot: TrendSnapshot, column: EarnerOrder, sign: str
) -> None:
    found = [FIGURES[column](row) for row in shown(snapshot, show="rising", order=sign + column)]
    told = [figure for figure in found if figure is not None]
    assert len(told) > 5
    assert found[: len(told)] == told
    ascending = column in {EarnerOrder.RANK, EarnerOrder.NAME}
    assert told == sorted(told, reverse=ascending == bool(sign))
    hidden = column in {EarnerOrder.ORDERS_GROWTH, EarnerOrder.MONEY_GROWTH}
    assert (len(told) < len(found)) == hidden


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("column", [EarnerOrder.MEDIAN, EarnerOrder.TOTAL, EarnerOrder.ORDERS])
def test_what_reads_the_same_stands_by_its_place_whatever_the_next_digit(
    snapshot: TrendSnapshot, column: EarnerOrder, sign: str
) -> None:
    for number, one in enumerate(EarningsTrend.objects.filter(snapshot=snapshot)):
        one.orders += number % 7 / 20
        one.save(update_fields=["orders"])
    places = [row["skill"]["slug"] for row in shown(snapshot, show="best")]
    found = shown(snapshot, show="best", order=sign + column)
    alike = defaultdict[Any, list[int]](list)
    for row in found:
        alike[FIGURES[column](row)].append(places.index(row["skill"]["slug"]))
    assert [one for one in alike.values() if one != sorted(one)] == []
    assert len(alike) < len(found)


def test_what_is_hidden_is_on_no_list_and_moves_nothing_there(snapshot: TrendSnapshot) -> None:
    hidden = EarningsTrend.objects.filter(snapshot=snapshot).exclude(hidden="")
    slugs = set(hidden.values_list("skill__slug", flat=True))
    before = {show: lines(f"/earners.csv?show={show}") for show in EarnerList.values}
    assert slugs
    for found in before.values():
        assert not slugs & {line["slug"] for line in found}
    hidden.update(median=99_999.0, total=1e7, sellers=3, best_rank=1)
    assert before == {show: lines(f"/earners.csv?show={show}") for show in EarnerList.values}


def test_every_tab_and_category_says_how_many_skills_its_list_has(snapshot: TrendSnapshot) -> None:
    counts = counted(snapshot, Category.objects.select_related("parent"))
    seen = 0
    for show in EarnerList.values:
        assert counts[show][""] == len(shown(snapshot, show=show))
        for one in Category.objects.all():
            skills = len(shown(snapshot, show=show, category=one.slug))
            assert counts[show][one.slug] == skills, (show, one)
            seen += skills
    assert seen > counts["best"][""]
    page = read("/earners/?show=rising&category=design")
    assert f'Rising earners <span class="small muted">{counts["rising"]["design"]}<' in page
    assert f'<option value="design" selected>Design ({counts["rising"]["design"]})' in page


def test_growth_stands_with_both_figures_and_both_half_years_or_is_not_told(
    snapshot: TrendSnapshot,
) -> None:
    page = read("/earners/?show=rising")
    found = shown(snapshot, show="rising")
    cells = re.findall(r'<td class="full grown">(.*?)</td>', page, re.DOTALL)
    assert len(cells) == len(found)
    for cell, row in zip(cells, found, strict=True):
        told = row["money"] is not None
        assert ("→" in cell.split("card-only")[0]) == told
        if told:
            assert f"{row['orders']['previous']:,} → {row['orders']['count']:,}" in cell
            assert f"${row['money']['before']:,.0f} → ${row['money']['now']:,.0f}" in cell
        assert len(re.findall(r"\d{1,2} [A-Z][a-z]{2} \d{4}", cell)) >= 2
    assert {row["money"] is None for row in found} == {True, False}


@pytest.mark.parametrize(
    "query", ["", "?show=total&order=-sellers", "?show=rising&category=design&order=money-growth"]
)
def test_the_file_is_exactly_what_the_page_shows(snapshot: TrendSnapshot, query: str) -> None:
    page, file = read(f"/earners/{query}"), lines(f"/earners.csv{query}")
    assert f'href="/earners.csv{query.replace("&", "&amp;")}"' in page
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    slugs = re.findall(r'href="/skills/([^/]+)/"', table)
    assert slugs == [line["slug"] for line in file[:50]]
    assert len(slugs) > 3
    for line, row in zip(file, table.split("<tr>")[1:], strict=False):
        assert f">${float(line['median']):,.0f}</strong>" in row
        assert f">${float(line['total']):,.0f}<" in row
        assert ("orders_before" in line) == ("rising" in query)


@pytest.mark.parametrize("order", ["rank", "-rank", "median", "sellers", "money-growth"])
def test_one_column_says_how_the_list_is_sorted_and_its_link_turns_it_round(
    snapshot: TrendSnapshot, order: str
) -> None:
    page = read(f"/earners/?show=rising&category=design&order={order}")
    heads = re.findall(r'<th[^>]*aria-sort="(\w+)"[^>]*>(.*?)</th>', page, re.DOTALL)
    assert len(heads) == 1
    assert heads[0][0] == ("ascending" if order == "rank" else "descending")
    link = re.search(r'href="([^"]+)" class="sorted"', heads[0][1])
    assert link
    other = order[1:] if order.startswith("-") else f"-{order}"
    expected = "/earners/?show=rising&amp;category=design"
    assert link[1] == (expected if other == "rank" else f"{expected}&amp;order={other}")


@pytest.mark.parametrize(
    "query", ["category=gone", "show=worst", "order=luck", "order=money-growth"]
)
def test_what_there_is_not_is_said_on_the_page_and_refused_to_programs(
    snapshot: TrendSnapshot, query: str
) -> None:
    name, text = query.split("=")
    assert f"There is no {name} “{text}”" in read(f"/earners/?{query}")
    assert Client().get(f"/earners.csv?{query}").status_code == 404


def test_all_categories_in_the_form_lead_to_the_short_address(snapshot: TrendSnapshot) -> None:
    answer = Client().get("/earners/?show=total&category=")
    assert (answer.status_code, answer["Location"]) == (302, "/earners/?show=total")


@pytest.mark.parametrize("query", ["", "?show=rising&category=design&order=median"])
def test_a_page_asks_the_database_ten_times_at_most_however_many_rows(
    snapshot: TrendSnapshot, query: str
) -> None:
    many = queries(f"/earners/{query}")
    assert many <= MOST_QUERIES
    keep = EarningsTrend.objects.filter(snapshot=snapshot, rising_rank=1).values("pk")
    EarningsTrend.objects.exclude(pk__in=keep).delete()
    assert queries(f"/earners/{query}") <= many


amounts = st.floats(1, 1e7)


@given(st.lists(amounts, min_size=3, max_size=30))
def test_strips_keep_the_order_of_amounts_and_stay_on_the_scale(found: list[float]) -> None:
    scale = Scale.around(found)
    places = [scale.percent(one) for one in sorted(found)]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
    assert len(scale.marks) <= 4


def test_a_median_whose_interval_is_not_told_has_a_dot_and_no_span() -> None:
    scale = Scale.around([100.0, 1_000.0])
    assert "strip-span" in strip(scale, median=300, lower=200, upper=500)
    bare = strip(scale, median=300, lower=None, upper=None)
    assert "strip-span" not in bare
    assert "strip-dot" in bare
