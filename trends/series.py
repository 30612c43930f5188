"""The day-by-day demand of a skill, as far as it may be told."""

from datetime import date
from typing import Any

from django.utils import timezone

from marketplace.skills.models import Skill
from trends.disclosure import FEWEST_PEOPLE
from trends.models import DailyDemand


def daily_series(skill: Skill, *, exact: bool) -> dict[str, Any]:
    """Searches and distinct searchers a day, worldwide, oldest first.

    The present day is told while it runs and is marked as not closed. A day with searches of
    fewer than ten people has neither figure.
    """
    demand = DailyDemand.objects.worldwide().filter(skill=skill).order_by("day")
    today = timezone.now().date()
    return {
        "skill": {"slug": skill.slug, "name": skill.name},
        "days": [
            _day(day, searches, searchers, closed=day < today, exact=exact)
            for day, searches, searchers in demand.values_list("day", "searches", "searchers")
        ],
    }


def _day(day: date, searches: int, searchers: int, *, closed: bool, exact: bool) -> dict[str, Any]:
    told = exact or searchers >= FEWEST_PEOPLE
    return {
        "day": day.isoformat(),
        "searches": searches if told else None,
        "searchers": searchers if told else None,
        "closed": closed,
    }
