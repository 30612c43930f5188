"""The pages freelancers read: each shows the published snapshot and computes nothing."""

from datetime import date
from functools import cache
from typing import Any

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.under_way import load_under_way
from trends import rows
from trends.first_run import under_way
from trends.method import bands_kept, constants, loudest, noise
from trends.models import DiscoveryThresholds, TrendSnapshot
from trends.replacement_rows import half_years


def chrome(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs, asked for only where a template uses it."""
    frame = cache(_frame)
    return {
        "simulated": SimpleLazyObject(lambda: frame()[0]),
        "as_of": lambda: frame()[1],
        "loading": cache(load_under_way),
        "under_way": cache(lambda: under_way(timezone.now())),
    }


def _frame() -> tuple[bool, date | None]:
    """Whether the market is a simulated one, and the day of the snapshot readers see."""
    simulated = Source.objects.filter(name=SIMULATED)
    latest = TrendSnapshot.objects.latest_first().annotate(simulated=Exists(simulated))
    found = latest.values_list("simulated", "as_of").first()
    return found or (simulated.exists(), None)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How everything is measured, with the constants themselves and what the last run found."""
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {
        **constants(),
        "snapshot": snapshot,
        "thresholds": DiscoveryThresholds.now(),
    }
    if snapshot:
        found = [one] if (one := loudest(snapshot)) else []
        examples = rows.skill_rows(found, rows.Reader(snapshot))
        context |= {"as_of": snapshot.as_of, "noise": noise(snapshot)}
        context |= {"kept": bands_kept(snapshot), **half_years(snapshot)}
        context["example"] = examples[0] if examples else None
    # Too long a text for a catalogue: each language has a page of its own, of the same constants.
    names = [f"trends/method_{get_language()}.html", "trends/method.html"]
    return render(request, names, context)
