"""What sellers of each skill earned in half a year, how that grew, and where it is told."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from marketplace.skills.models import Category, Skill
from trends.arithmetic import pay
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.hype_gap import hype_gap
from trends.arithmetic.opportunity import FEWEST_TO_DIVIDE, newcomers_won, usual_searchers
from trends.arithmetic.share_ratio import Bools, Counts, Floats
from trends.measuring.money.growth import EarningsGrowth, earnings_growth
from trends.measuring.money.paid_orders import (
    PARTS_OF_MONEY,
    PARTS_OF_ORDER,
    PaidOrders,
    paid_orders,
)
from trends.measuring.money.publication import Hidden, Publication, Total, people, totals
from trends.measuring.money.supply import Supply, new_gigs, supply
from trends.models import EarningsTotal, EarningsTrend, SkillTrend, TrendSnapshot, Window

# With fewer sellers a median says more about who they are than about the skill.
FEWEST_TO_RANK = 30

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What one run goes by. `skills` are ids in their order, `category` (skills,) theirs;
    `half_year` and `quarter` are the worldwide trends of what was searched."""

    snapshot: TrendSnapshot
    paid: PaidOrders
    offered: Mapping[int, Supply]
    half_year: Mapping[int, SkillTrend]
    quarter: Mapping[int, SkillTrend]
    skills: list[int]
    category: Counts


def store_earnings(snapshot: TrendSnapshot) -> None:
    """Store what every skill earned and offers; the snapshot's skill trends are there already.

    Within a transaction. Source: the method page, sections Earnings and Opportunity.
    """
    sources = _sources(snapshot)
    publication, world = _publication(sources)
    published = np.isin(sources.skills, list(publication.published()))
    growth = earnings_growth(sources.paid, sources.skills, snapshot.as_of)
    columns = {
        **_supply(sources),
        **_paid(sources),
        **_people(sources, publication),
        **_growth(sources, growth),
        **_demand(sources),
    }
    columns |= _pay(sources, published)
    columns |= _ranks(columns, published, growth)
    columns |= _hype_gap(sources, columns, growth)
    _store(snapshot, columns)
    _store_totals(sources, world, columns)


def _sources(snapshot: TrendSnapshot) -> Sources:
    paid, offered = paid_orders(snapshot.as_of), supply(snapshot.as_of)
    half_year, quarter = (
        _searched(snapshot, window) for window in (Window.HALF_YEAR, Window.QUARTER)
    )
    wanted = {skill for skill, trend in quarter.items() if trend.current >= FEWEST_TO_DIVIDE}
    skills = sorted({*paid.skills.tolist(), *offered, *wanted})
    category = dict(Skill.objects.filter(pk__in=skills).values_list("pk", "category_id"))
    return Sources(
        snapshot=snapshot,
        paid=paid,
        offered=offered,
        half_year=half_year,
        quarter=quarter,
        skills=skills,
        category=np.array([category[skill] for skill in skills], dtype=np.int64),
    )


def _searched(snapshot: TrendSnapshot, window: Window) -> dict[int, SkillTrend]:
    trends = SkillTrend.objects.of(snapshot, window=window)
    return {
        trend.skill_id: trend
        for trend in trends.only("skill_id", "current", "hidden", "bound", "upper")
    }


def _publication(sources: Sources) -> tuple[Publication, Total]:
    """Return what is published of the money of skills, and of all totals above them."""
    publication = Publication(sources.paid, fewest_ranked=FEWEST_TO_RANK)
    category = dict(zip(sources.skills, sources.category.tolist(), strict=True))
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    world = totals({skill: category[skill] for skill in publication.money}, parents)
    publication.settle(world)
    return publication, world


def _supply(sources: Sources) -> Columns:
    supplies = [sources.offered.get(skill, Supply()) for skill in sources.skills]
    sold = new_gigs(sources.snapshot.as_of)
    new = [sold.get(skill, {}) for skill in sources.skills]
    return {
        "skill_id": sources.skills,
        "gigs": [supply.gigs for supply in supplies],
        "offering": [supply.sellers for supply in supplies],
        "offering_before": [supply.sellers_before for supply in supplies],
        "new_gigs": [json.dumps(supply) for supply in new],
        "newcomers_won": [newcomers_won(supply) for supply in new],
    }


def _paid(sources: Sources) -> Columns:
    """Compute orders, money and the median order; sixtieths of an order become a number."""
    skills, sellers = np.array(sources.skills), sources.paid.sellers.rows
    place = np.searchsorted(skills, sellers[:, 0])
    total, provisional = (
        np.bincount(place, weights=sellers[:, column], minlength=len(skills)) / PARTS_OF_MONEY
        for column in (2, 3)
    )
    orders, middle = np.zeros(len(skills)), np.full(len(skills), np.nan)
    sold = np.searchsorted(skills, sources.paid.orders[:, 0])
    orders[sold] = sources.paid.orders[:, 1] / PARTS_OF_ORDER
    middle[sold] = sources.paid.orders[:, 3] / PARTS_OF_MONEY
    return {
        "total": total.tolist(),
        "provisional": provisional.tolist(),
        "orders": orders.tolist(),
        "median_order": _known(middle),
    }


def _people(sources: Sources, publication: Publication) -> Columns:
    """Compute who stands behind the money of each skill, now and before, and why it is hidden."""
    place = np.searchsorted(sources.skills, publication.skills)
    known, size = publication.people, len(sources.skills)
    sellers, buyers = (np.zeros(size, dtype=np.int64) for _ in range(2))
    largest, two_largest = (np.full(size, np.nan) for _ in range(2))
    sellers[place], buyers[place] = known.sellers, known.buyers
    largest[place], two_largest[place] = known.largest, known.two_largest
    before = np.zeros((size, 5), dtype=np.int64)
    rows = sources.paid.people_before
    before[np.searchsorted(sources.skills, rows[:, 0])] = rows[:, 1:]
    return {
        "sellers": sellers.tolist(),
        "buyers": buyers.tolist(),
        "largest": _known(largest),
        "two_largest": _known(two_largest),
        # What nobody sold is hidden, too: zero is fewer than ten.
        "hidden": [
            publication.hidden.get(skill, "" if skill in publication.money else Hidden.FEW_SELLERS)
            for skill in sources.skills
        ],
        "hidden_before": people(before).hidden(),
    }


def _pay(sources: Sources, published: Bools) -> Columns:
    """Compute what sellers earned each; published medians are moderated only by each other."""
    skills, rows = np.array(sources.skills), sources.paid.sellers.rows
    place = np.searchsorted(skills, rows[:, 0])
    earned, count = rows[:, 2] / PARTS_OF_MONEY, np.bincount(place, minlength=len(skills))
    lower, upper = pay.median_interval(earned, count)
    shrunk = np.full(len(skills), np.nan)
    shrunk[published] = pay.shrunk_medians(
        earned[published[place]], count[published], sources.category[published]
    )
    return {
        **{name: _known(pay.quantile(earned, count, part)) for name, part in pay.QUANTILES.items()},
        "median_lower": _known(lower),
        "median_upper": _known(upper),
        "shrunk_median": _known(shrunk),
    }


def _growth(sources: Sources, growth: EarningsGrowth | None) -> Columns:
    """Compute the change of orders and money; None with less than a year of orders."""
    nothing = [0.0] * len(sources.skills)
    changes = {"orders": growth and growth.orders, "money": growth and growth.money}
    columns: Columns = {
        f"{name}_{figure}": _known(getattr(change, figure)) if change else [None] * len(nothing)
        for name, change in changes.items()
        for figure in ("ratio", "lower", "upper", "bound")
    }
    return columns | {
        "orders_before": growth.orders.before.tolist() if growth else nothing,
        "total_before": growth.money.before.tolist() if growth else nothing,
        "total_constant": growth.money.current.tolist() if growth else nothing,
    }


def _demand(sources: Sources) -> Columns:
    """Return searchers of 91 days, and what is usual for each seller in the category."""
    trends = [sources.quarter.get(skill) for skill in sources.skills]
    searchers = np.array([trend.current if trend else 0 for trend in trends], dtype=np.int64)
    offering = np.array([sources.offered.get(pk, Supply()).sellers for pk in sources.skills])
    # Under ten they are known to be that; what else is withheld would give away others.
    published = np.array([not trend or not trend.current_hidden for trend in trends], dtype=bool)
    usual = usual_searchers(
        searchers, offering, sources.category, published=published | (searchers < FEWEST_PEOPLE)
    )
    return {
        "searchers": searchers.tolist(),
        "searchers_told": published.tolist(),
        "usual_searchers": _known(usual),
    }


def _ranks(columns: Columns, published: Bools, growth: EarningsGrowth | None) -> Columns:
    ranked = published & (np.array(columns["sellers"], dtype=int) >= FEWEST_TO_RANK)
    shrunk = np.array(columns["shrunk_median"], dtype=float)
    total = np.array(columns["total"], dtype=float)
    return {
        "best_rank": _places(shrunk, ranked),
        "total_rank": _places(total, ranked),
        "rising_rank": _places(growth.bound, ranked & growth.rising)
        if growth
        else [None] * len(published),
    }


def _places(value: Floats, ranked: Bools) -> list[int | None]:
    """Return the place of each ranked skill by a value, the highest first."""
    order = [at for at in np.argsort(-value, kind="stable").tolist() if ranked[at]]
    place = {at: number for number, at in enumerate(order, 1)}
    return [place.get(at) for at in range(len(value))]


def _hype_gap(sources: Sources, columns: Columns, growth: EarningsGrowth | None) -> Columns:
    if growth is None:
        return {"hype_gap": [""] * len(sources.skills)}
    trends = [sources.half_year.get(skill) for skill in sources.skills]
    bound, upper = (
        np.array([getattr(trend, name, None) for trend in trends], dtype=float)
        for name in ("bound", "upper")
    )
    gaps = hype_gap(
        search_bound=bound,
        search_upper=upper,
        order_bound=growth.order_bound,
        order_most=growth.orders.most,
        buyers=np.array(columns["buyers"], dtype=np.int64),
    )
    return {"hype_gap": gaps.tolist()}


def _store(snapshot: TrendSnapshot, columns: Columns) -> None:
    """Store a row a skill, in one COPY."""
    names = ", ".join(f'"{name}"' for name in ("snapshot_id", *columns))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {EarningsTrend._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for row in zip(*columns.values(), strict=True):
            copy.write_row((snapshot.pk, *row))


def _store_totals(sources: Sources, world: Total, columns: Columns) -> None:
    """Store the sums of the skills of every category and of the world."""
    earned = {
        skill: (orders, total)
        for skill, orders, total in zip(
            sources.skills, columns["orders"], columns["total"], strict=True
        )
    }
    EarningsTotal.objects.bulk_create(
        EarningsTotal(
            snapshot=sources.snapshot,
            category_id=part.category,
            orders=sum(earned[skill][0] for skill in part.all_skills()),
            total=sum(earned[skill][1] for skill in part.all_skills()),
            hidden="" if part.published else Hidden.BESIDE,
        )
        for part in world.everything()
        if part.all_skills()
    )


def _known(values: Floats) -> list[float | None]:
    """Return the values as they are stored: what is no number is not known."""
    return [None if math.isnan(value) else value for value in values.tolist()]
