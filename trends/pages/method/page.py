"""The method page: how everything is measured, with the constants and the last run's figures."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from trends.counting.windows import half_years
from trends.models import DiscoveryThresholds, TrendSnapshot
from trends.pages.method.constants import MODULES, bands_kept, loudest, noise
from trends.published import rows


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Show how everything is measured, with the constants and the last run's results."""
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {
        **MODULES,
        "snapshot": snapshot,
        "thresholds": DiscoveryThresholds.now(),
    }
    if snapshot:
        shown = [example] if (example := loudest(snapshot)) else []
        examples = rows.skill_rows(shown, rows.Reader(snapshot))
        context |= {"as_of": snapshot.as_of, "noise": noise(snapshot)}
        context |= {"kept": bands_kept(snapshot), **half_years(snapshot)}
        context["example"] = examples[0] if examples else None
    # Too long a text for a catalogue: each language has a page of its own, of the same constants.
    names = [f"trends/method/method_{get_language()}.html", "trends/method/method.html"]
    return render(request, names, context)
