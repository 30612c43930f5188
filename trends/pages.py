"""The pages freelancers read: each shows the published snapshot and computes nothing."""

from datetime import date
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from trends import rows
from trends.method import constants, loudest, noise
from trends.models import DiscoveryThresholds, TrendSnapshot


def chrome(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs, asked for only where a template uses it."""
    return {
        "simulated": SimpleLazyObject(Source.objects.filter(name=SIMULATED).exists),
        "as_of": cache(_as_of),
    }


def _as_of() -> date | None:
    snapshot = TrendSnapshot.objects.current()
    return snapshot.as_of if snapshot else None


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
        context["example"] = examples[0] if examples else None
    # Too long a text for a catalogue: each language has a page of its own, of the same constants.
    names = [f"trends/method_{get_language()}.html", "trends/method.html"]
    return render(request, names, context)
