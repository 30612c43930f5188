"""A snapshot: everything measured as of one day, computed together and published at once."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, Sum
from django.utils import timezone

from marketplace.skills.matching import current_taxonomy, current_version
from marketplace.skills.models import Skill
from trends import window_counts
from trends.daily_rollup import Progress, roll_up
from trends.earnings import earnings, orders_without_rate
from trends.locks import Lock, hold
from trends.models import (
    CategoryTrend,
    DailyDemand,
    EarningsTrend,
    ExcludedSearcher,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.trend_measurement import Market, PreviousLabels, measure_market
from trends.trend_storage import store_trends
from trends.window_counts import WEEK, WEEKS_READ, Counts, WindowCounts
from trends.withholding import Members, withhold

SUBJECTS: dict[type[SkillTrend] | type[CategoryTrend], str] = {
    SkillTrend: window_counts.SKILLS,
    CategoryTrend: window_counts.CATEGORIES,
}


# Late events may still come for these; they are counted again every day.
DAYS_STILL_OPEN = 3


class NothingToMeasure(Exception):
    """No search lies before the day asked for."""


def refresh(as_of: date, *, progress: Progress = lambda done, total: None) -> TrendSnapshot:
    """Roll up what is dirty, compute the snapshot of `as_of` and publish it."""
    roll_up(progress)
    return compute(as_of)


def compute(as_of: date) -> TrendSnapshot:
    """Compute and publish the snapshot of a day, in the place of an older one of that day.

    All in one transaction that reads one state of the database: readers see the old snapshot or
    the new one, never a mixture, and a failure leaves nothing behind.
    """
    with transaction.atomic():
        _one_state_of_the_database()
        hold(Lock.SNAPSHOT)
        demand = DailyDemand.objects.of_all().worldwide()
        first_day = demand.filter(day__lt=as_of).aggregate(first=Min("day"))["first"]
        if first_day is None:
            raise NothingToMeasure(f"There is no search before {as_of}; import some first.")
        snapshot = TrendSnapshot.objects.create(
            as_of=as_of,
            taxonomy=current_version(current_taxonomy()),
            parameters={},
            inputs=_inputs(as_of, first_day),
        )
        snapshot.parameters = _measure_all(snapshot, first_day)
        snapshot.published_at = timezone.now()
        snapshot.save(update_fields=["parameters", "published_at"])
        TrendSnapshot.objects.filter(as_of=as_of).exclude(pk=snapshot.pk).delete()
    return snapshot


def days_still_open(as_of: date) -> list[date]:
    """The last closed days, which late events may have changed."""
    return [as_of - timedelta(days=back) for back in range(1, DAYS_STILL_OPEN + 1)]


def _one_state_of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _inputs(as_of: date, first_day: date) -> dict[str, Any]:
    """What the snapshot stands on, for whoever checks or doubts it."""
    first = as_of - WEEKS_READ * WEEK
    demand = DailyDemand.objects.of_all().worldwide().between(first, as_of)
    days = set(demand.values_list("day", flat=True))
    left_out = ExcludedSearcher.objects.filter(day__gte=first, day__lt=as_of)
    covered = (as_of - max(first, first_day)).days
    return {
        "first_day": first_day.isoformat(),
        "searches": demand.aggregate(all=Sum("searches"))["all"] or 0,
        "searches_excluded": demand.aggregate(all=Sum("excluded"))["all"] or 0,
        "floods": left_out.aggregate(all=Count("pk"))["all"],
        "days_without_data": covered - len(days),
        "orders_without_rate": orders_without_rate(as_of),
        "currency": settings.REPORTING_CURRENCY,
    }


def _measure_all(snapshot: TrendSnapshot, first_day: date) -> dict[str, Any]:
    """Measure and store everything; the noise that was found, by kind and country."""
    as_of = snapshot.as_of
    countries = window_counts.countries_seen(as_of)
    before = TrendSnapshot.objects.a_week_before(as_of)
    platform = window_counts.count(window_counts.PLATFORM, as_of=as_of, countries=countries)
    noise = {}
    skills: WindowCounts | None = None
    for model, searches in SUBJECTS.items():
        subjects = window_counts.count(searches, as_of=as_of, countries=countries)
        members = Members(skills, _skills_of(subjects, skills)) if skills else None
        skills = skills or subjects
        market = Market(
            as_of=as_of,
            first_day=first_day,
            subjects=subjects,
            platform=platform,
            withheld=withhold(subjects, platform, members),
            previous=_previous_labels(model, before),
        )
        for measured in measure_market(market):
            store_trends(model, snapshot, market, measured, {})
            if measured.growth and measured.window == Window.HALF_YEAR:
                found = measured.growth.dispersion
                noise[f"{model._meta.model_name} {measured.country}"] = [found.a0, found.kappa]
    EarningsTrend.objects.bulk_create(
        EarningsTrend(snapshot=snapshot, skill_id=found.skill, hidden=found.hidden, **figures)
        for found in earnings(as_of)
        if (figures := {k: v for k, v in asdict(found).items() if k != "skill"})
    )
    return {"noise": noise}


def _skills_of(categories: WindowCounts, skills: WindowCounts) -> Counts:
    """Pairs (place of a category, place of a skill in it), children's skills included."""
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


def _previous_labels(
    model: type[SkillTrend] | type[CategoryTrend], before: TrendSnapshot | None
) -> PreviousLabels:
    """The labels of an earlier snapshot by (window, country, subject)."""
    subject = "skill_id" if model is SkillTrend else "category_id"
    rows = (
        model._default_manager.filter(snapshot=before) if before else model._default_manager.none()
    )
    return {
        (window, country, one): (measured, label)
        for window, country, one, measured, label in rows.values_list(
            "window", "country", subject, "measured", "label"
        )
    }
