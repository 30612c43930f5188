"""A snapshot: everything measured as of one day, computed together and published at once."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Sum
from django.utils import timezone

from marketplace.skills.matching import version_read
from marketplace.skills.models import Category, Skill, TaxonomyVersion
from trends.counting import sql, window_counts
from trends.counting.daily_rollup import roll_up
from trends.counting.locks import Lock, alone
from trends.counting.progress import Progress
from trends.counting.window_counts import Counts, WindowCounts
from trends.counting.windows import WEEK, WEEKS_READ
from trends.measuring.demand import public_growth
from trends.measuring.demand.measurement import (
    MarketCounts,
    Measured,
    PreviousLabels,
    measure_market,
)
from trends.measuring.demand.monthly_outlook import store_outlooks
from trends.measuring.demand.review_flags import review
from trends.measuring.demand.storage import published_weeks, store_trends
from trends.measuring.demand.withholding import Members, Withheld, with_children, withhold
from trends.measuring.flows.ai_share import store_ai_shares
from trends.measuring.flows.next_skills import store_next_skills
from trends.measuring.flows.replacements import store_replacements
from trends.measuring.left_out import shares_left_out
from trends.measuring.money.earnings import store_earnings
from trends.measuring.money.paid_orders import orders_without_rate
from trends.measuring.surroundings.months import store_markets
from trends.measuring.surroundings.neighbours import store_neighbours
from trends.measuring.surroundings.sellers_by_country import store_country_supply
from trends.measuring.track_record import past_calls
from trends.models import (
    CategoryTrend,
    DailyDemand,
    SkillTrend,
    TrendSnapshot,
    Window,
)

# What is measured against its own past.
Subject = type[SkillTrend] | type[CategoryTrend]

# The work in parts, as its progress tells it: to count, to measure skills, to measure categories,
# what is neither, the record of past calls.
PARTS = 5

# Late events may still come for these; they are counted again every day.
DAYS_STILL_OPEN = 3


class NothingToMeasure(Exception):
    """No search lies before the day asked for."""


def refresh(as_of: date) -> TrendSnapshot:
    """Roll up what is dirty, compute the snapshot of `as_of` and publish it."""
    roll_up()
    return compute(as_of)


def compute(as_of: date, *, progress: Progress = lambda done, total, rows: None) -> TrendSnapshot:
    """Compute and publish the snapshot of a day, in the place of an older one of that day.

    All in one transaction that reads one state of the database: readers see the old snapshot or
    the new one, never a mixture, and a failure leaves nothing behind. `progress` is called with
    (parts done, parts in all, rows written).
    """
    # The lock first: who waited for it inside would not see what it waited for.
    with alone(Lock.SNAPSHOT), transaction.atomic():
        one_state_of_the_database()
        before = TrendSnapshot.objects.a_week_before(as_of)
        # What was counted, not what is edited by now: who follows edits compares the two.
        snapshot = measure(as_of, taxonomy=version_read(), before=before, progress=progress)
        snapshot.published_at = timezone.now()
        snapshot.save(update_fields=["published_at"])
        older = TrendSnapshot.objects.filter(as_of=as_of).exclude(pk=snapshot.pk)
        older.exclude(pk__in=TrendSnapshot.objects.kept()).delete()
    return snapshot


def measure(
    as_of: date,
    *,
    taxonomy: TaxonomyVersion,
    before: TrendSnapshot | None,
    progress: Progress = lambda done, total, rows: None,
) -> TrendSnapshot:
    """Measure and store everything as a snapshot no reader sees yet.

    Within a transaction that reads one state of the database. `taxonomy` is the version the terms
    were read with, `before` the snapshot whose labels a change is held against.
    """
    demand = DailyDemand.objects.of_all().worldwide()
    first_day = demand.filter(day__lt=as_of).aggregate(first=Min("day"))["first"]
    if first_day is None:
        raise NothingToMeasure(f"There is no search before {as_of}; import some first.")
    snapshot = TrendSnapshot.objects.create(
        as_of=as_of,
        taxonomy=taxonomy,
        parameters={},
        inputs=_inputs(as_of, first_day),
        published_at=None,
    )
    snapshot.parameters = _measure_all(snapshot, first_day, before, progress)
    snapshot.record = {"calls": past_calls(snapshot), "outlook": store_outlooks(snapshot)}
    snapshot.save(update_fields=["parameters", "record", "platform_weekly"])
    return snapshot


def days_still_open(as_of: date) -> list[date]:
    """Return the last closed days, which late events may have changed."""
    return [as_of - timedelta(days=back) for back in range(1, DAYS_STILL_OPEN + 1)]


def one_state_of_the_database() -> None:
    """Read one state of the database to the end of the transaction, of which this is the first."""
    sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _inputs(as_of: date, first_day: date) -> dict[str, Any]:
    """Return what the snapshot stands on, for whoever checks or doubts it."""
    first = as_of - WEEKS_READ * WEEK
    demand = DailyDemand.objects.of_all().worldwide().between(first, as_of)
    days = set(demand.values_list("day", flat=True))
    covered = (as_of - max(first, first_day)).days
    return {
        "first_day": first_day.isoformat(),
        "searches": demand.aggregate(all=Sum("searches"))["all"] or 0,
        "left_out": shares_left_out(as_of),
        "days_without_data": covered - len(days),
        "orders_without_rate": orders_without_rate(as_of),
        "currency": settings.REPORTING_CURRENCY,
    }


def _measure_all(
    snapshot: TrendSnapshot, first_day: date, before: TrendSnapshot | None, progress: Progress
) -> dict[str, Any]:
    """Measure and store everything; the noise that was found, by kind and country."""
    progress(0, PARTS, 0)
    skills, categories = _markets(snapshot, first_day, before)
    looked_at = review(snapshot.as_of, skills.subjects)
    subjects: list[tuple[Subject, MarketCounts]] = [
        (SkillTrend, skills),
        (CategoryTrend, categories),
    ]
    rows = 0
    noise: dict[str, list[float]] = {}
    for done, (model, market) in enumerate(subjects, 1):
        progress(done, PARTS, rows)
        for measured in measure_market(market):
            shown = looked_at.hold_back(measured) if market is skills else measured
            rows += store_trends(model, snapshot, market, shown)
            progress(done, PARTS, rows)
            noise |= _noise(model, measured)
    looked_at.record(snapshot)
    progress(PARTS - 2, PARTS, rows)
    _store_the_rest(snapshot, first_day)
    progress(PARTS - 1, PARTS, rows)
    return {"noise": noise}


def _markets(
    snapshot: TrendSnapshot, first_day: date, before: TrendSnapshot | None
) -> tuple[MarketCounts, MarketCounts]:
    """Count what skills and categories are measured from; store the platform's weeks."""
    as_of = snapshot.as_of
    countries = window_counts.countries_seen(as_of)
    count = partial(window_counts.count, as_of=as_of, countries=countries)
    platform = count(window_counts.PLATFORM)
    platform_withheld = withhold(platform)
    snapshot.platform_weekly = published_weeks(platform, platform_withheld)
    market = partial(
        MarketCounts,
        as_of=as_of,
        first_day=first_day,
        platform=platform,
        platform_withheld=platform_withheld,
    )
    skills, categories = count(window_counts.SKILLS), count(window_counts.CATEGORIES)
    withheld = withhold(skills, platform)
    members = Members(skills, withheld, _skills_of(categories, skills))
    hidden = _hidden_categories(categories, members, platform)
    return (
        market(subjects=skills, withheld=withheld, previous=_labels(SkillTrend, before)),
        market(subjects=categories, withheld=hidden, previous=_labels(CategoryTrend, before)),
    )


def _hidden_categories(
    categories: WindowCounts, skills: Members, platform: WindowCounts
) -> Withheld:
    """Withhold of categories what would give away a hidden figure of a skill."""
    withheld = withhold(categories, platform, skills)
    return with_children(withheld, categories, _children(categories), platform)


def _noise(model: Subject, measured: Measured) -> dict[str, list[float]]:
    """Return the noise of a country, which the other windows borrow from the six months."""
    if not measured.growth or measured.window != Window.HALF_YEAR:
        return {}
    noise = measured.growth.dispersion
    figures = [float(f"{figure:.{public_growth.DIGITS}g}") for figure in (noise.a0, noise.kappa)]
    return {f"{model._meta.model_name} {measured.country}": figures}


def _store_the_rest(snapshot: TrendSnapshot, first_day: date) -> None:
    """Store what is neither the growth of a skill nor of a category."""
    store_earnings(snapshot)
    store_replacements(snapshot)
    store_markets(snapshot)
    store_country_supply(snapshot)
    store_neighbours(snapshot)
    store_next_skills(snapshot)
    store_ai_shares(snapshot, first_day)


def _skills_of(categories: WindowCounts, skills: WindowCounts) -> Counts:
    """Return pairs (place of a category, place of a skill in it), children's skills included."""
    category_at = {pk: place for place, pk in enumerate(categories.subjects)}
    skill_at = {pk: place for place, pk in enumerate(skills.subjects)}
    rows = Skill.objects.filter(pk__in=skills.subjects).order_by("pk")
    pairs = [
        (category_at[category], skill_at[skill])
        for skill, own, parent in rows.values_list("pk", "category_id", "category__parent_id")
        for category in (own, parent)
        if category in category_at
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _children(categories: WindowCounts) -> Counts:
    """Return pairs (place of a category, place of a child)."""
    category_at = {pk: place for place, pk in enumerate(categories.subjects)}
    rows = Category.objects.filter(pk__in=category_at, parent__in=category_at).order_by("pk")
    pairs = [
        (category_at[parent], category_at[child])
        for child, parent in rows.values_list("pk", "parent_id")
        if parent
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _labels(model: Subject, before: TrendSnapshot | None) -> PreviousLabels:
    """Return the labels of an earlier snapshot by (window, country, subject)."""
    subject = "skill_id" if model is SkillTrend else "category_id"
    rows = (
        model._default_manager.filter(snapshot=before) if before else model._default_manager.none()
    )
    return {
        (window, country, pk): (measured, label)
        for window, country, pk, measured, label in rows.values_list(
            "window", "country", subject, "measured", "label"
        )
    }
