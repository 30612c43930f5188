"""Gives every page its frame: the day of the figures, whether they are simulated, what runs."""

from datetime import date
from functools import cache

from django.db.models import Exists
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.under_way import load_under_way
from trends.backoffice.pipeline.first_run import under_way
from trends.models import TrendSnapshot


def chrome(request: HttpRequest) -> dict[str, object]:
    """Return what the frame of every page needs, asked for only where a template uses it."""
    frame = cache(_frame)
    return {
        "simulated": SimpleLazyObject(lambda: frame()[0]),
        "as_of": lambda: frame()[1],
        "loading": cache(load_under_way),
        "under_way": cache(lambda: under_way(timezone.now())),
    }


def _frame() -> tuple[bool, date | None]:
    """Return whether the market is simulated, and the day of the current snapshot."""
    simulated = Source.objects.filter(name=SIMULATED)
    latest = TrendSnapshot.objects.latest_first().annotate(simulated=Exists(simulated))
    newest = latest.values_list("simulated", "as_of").first()
    return newest or (simulated.exists(), None)
