"""The addresses of the cards: lists, one skill, one edition, all from published figures."""

import hashlib
import logging
from collections.abc import Callable

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.problems import CACHE_AWAY
from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.skills.models import Skill
from trends.backoffice.editions.drafting import shown
from trends.counting.windows import half_years
from trends.drawing.social_cards import Card, draw
from trends.models import Edition, Replacement, SkillTrend, TrendSnapshot, Window
from trends.pages.rising.filters import Filters, Tab
from trends.pages.rising.listing import shown_trends
from trends.pages.sharing import cards
from trends.pages.sharing.cards import SKILLS_ON_A_CARD, list_card, tab_card
from trends.published import rows
from trends.published.flow_rows import asked_category, replacement_rows

log = logging.getLogger(__name__)

# Cards are asked for in the hours after a link was shared.
SECONDS_KEPT = 24 * 3600
# Networks keep their own copy much longer; browsers need not.
SECONDS_IN_BROWSERS = 3600


@require_safe
def home_card(request: HttpRequest) -> HttpResponse:
    """Show the first of the rising skills, or of the falling."""
    tab = Tab.FALLING if request.GET.get("show") == Tab.FALLING else Tab.RISING
    snapshot = _current()
    trends = shown_trends(snapshot, Filters(show=tab.value))[:SKILLS_ON_A_CARD]
    listed = rows.skill_rows(trends, rows.Reader(snapshot))
    return _answer(request, tab_card(tab, listed, snapshot.as_of, simulated=_simulated()))


@require_safe
def replacing_card(request: HttpRequest) -> HttpResponse:
    """Show the largest flows from fading skills, of all or of one category."""
    category, snapshot = asked_category(request.GET), _current()
    flows = Replacement.objects.of(snapshot).out_of(category)[:SKILLS_ON_A_CARD]
    listed = replacement_rows(flows, rows.Reader(snapshot))
    halves, simulated = half_years(snapshot), _simulated()
    return _answer(request, cards.replacing_card(category, listed, halves, simulated=simulated))


@require_safe
def skill_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one skill: its growth, both counts and their dates, the line of its weeks."""
    skill = get_object_or_404(Skill.objects.select_related("merged_into"), slug=slug)
    skill, snapshot = skill.merged_into or skill, _current()
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).filter(skill=skill)
    measured = rows.skill_rows(trends.select_related("skill__category"), rows.Reader(snapshot))
    row = measured[0] if measured else None
    card = cards.skill_card(skill.name, row, snapshot.as_of, simulated=_simulated())
    return _answer(request, card)


@require_safe
def edition_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the headline of an edition and the first skills of its list."""
    published = Edition.objects.published().defer("file", "basis").select_related("snapshot")
    edition = get_object_or_404(published, slug=slug)
    listed = shown(edition, skills=SKILLS_ON_A_CARD)["rows"]
    headline = edition.headline or _("Skills on the rise")
    as_of = edition.snapshot.as_of
    return _answer(request, list_card(headline, listed, as_of, simulated=_simulated()))


def _current() -> TrendSnapshot:
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        raise Http404("nothing is published yet")
    return snapshot


def _simulated() -> bool:
    return Source.objects.filter(name=SIMULATED).exists()


def _answer(request: HttpRequest, card: Card) -> HttpResponse:
    etag = hashlib.sha256(repr(card).encode()).hexdigest()[:32]
    picture = _kept(f"card:{etag}", lambda: draw(card))
    answer = HttpResponse(picture, content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={SECONDS_IN_BROWSERS}"
    answer["ETag"] = f'"{etag}"'
    return answer


def _kept(key: str, make: Callable[[], bytes]) -> bytes:
    """Return what the cache has under this key, else make and keep it; without a cache, too."""
    try:
        kept: bytes | None = cache.get(key)
        if kept is None:
            kept = make()
            cache.set(key, kept, SECONDS_KEPT)
    except CACHE_AWAY as problem:
        log.warning("a card is not kept: %s", type(problem).__name__)
        kept = make()
    return kept
