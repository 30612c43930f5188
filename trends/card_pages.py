"""The addresses of the cards: what rises, one skill, one edition, all from published figures."""

import hashlib
import logging
from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.skills.models import Skill
from trends import rows
from trends.editions import shown
from trends.list_filters import Filters
from trends.models import Edition, SkillTrend, TrendSnapshot, Window
from trends.rising_list import shown_trends
from trends.social_cards import Card, draw
from trends.templatetags.figures import day, days

log = logging.getLogger(__name__)

# As many as fit under a headline in letters that are read on a phone.
SKILLS_ON_A_CARD = 5
# Cards are asked for in the hours after a link was shared.
SECONDS_KEPT = 24 * 3600
# Networks keep their own copy much longer; browsers need not.
SECONDS_IN_BROWSERS = 3600
# A year of the weekly line: what the two windows compare.
WEEKS_DRAWN = 52


@require_safe
def home_card(request: HttpRequest) -> HttpResponse:
    """The first of the rising skills."""
    snapshot = _current()
    found = shown_trends(snapshot, Filters())[:SKILLS_ON_A_CARD]
    listed = rows.skill_rows(found, rows.Reader(snapshot))
    headline = _("Rising freelance skills")
    return _answer(request, Card(_over(), headline, "", _lines(listed), _dates(listed, snapshot)))


@require_safe
def skill_card(request: HttpRequest, slug: str) -> HttpResponse:
    """One skill: its growth, both counts and their dates, the line of its weeks."""
    skill = get_object_or_404(Skill.objects.select_related("merged_into"), slug=slug)
    skill, snapshot = skill.merged_into or skill, _current()
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).filter(skill=skill)
    found = rows.skill_rows(trends.select_related("skill__category"), rows.Reader(snapshot))
    if not found:
        said = _("Nobody searched for it in the last half-year.")
        return _answer(request, Card(_over(), skill.name, "", [("", said)], _dates([], snapshot)))
    row = found[0]
    card = Card(
        _over(),
        skill.name,
        row["growth"]["display"],
        _of_a_skill(row),
        _dates(found, snapshot),
        row["weekly"][-WEEKS_DRAWN:],
    )
    return _answer(request, card)


@require_safe
def edition_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The headline of an edition and the first skills of its list."""
    published = Edition.objects.published().defer("file", "basis").select_related("snapshot")
    edition = get_object_or_404(published, slug=slug)
    listed = shown(edition, skills=SKILLS_ON_A_CARD)["rows"]
    headline = edition.headline or _("Skills on the rise")
    foot = _dates(listed, edition.snapshot)
    return _answer(request, Card(_over(), headline, "", _lines(listed), foot))


def _current() -> TrendSnapshot:
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        raise Http404("nothing is published yet")
    return snapshot


def _over() -> str:
    """Whose card it is; nobody may share invented figures as if they were real."""
    simulated = Source.objects.filter(name=SIMULATED).exists()
    return _("Upcurrent · simulated data, every figure is invented") if simulated else "Upcurrent"


def _lines(listed: Iterable[rows.Row]) -> list[tuple[str, str]]:
    return [
        (row["skill"]["name"], f"{row['growth']['display']}: {_counts(row)}") for row in listed
    ] or [("", _("No skill is surely rising."))]


def _of_a_skill(row: rows.Row) -> list[tuple[str, str]]:
    counts = _("People who searched for it: %(counts)s") % {"counts": _counts(row)}
    # Of the two counts alone another percentage would follow.
    share = _("The growth is that of its share of all who searched.")
    told = any(sign in row["growth"]["display"] for sign in "%×")
    return [("", counts), ("", share)] if told else [("", counts)]


def _counts(row: rows.Row) -> str:
    now = row["current"]["searchers_display"]
    if row["previous"] is None:
        return str(now)
    return _("%(now)s after %(before)s") % {
        "now": now,
        "before": row["previous"]["searchers_display"],
    }


def _dates(listed: list[rows.Row], snapshot: TrendSnapshot) -> str:
    """Both windows of the figures on the card; where there are none, as of when that is so."""
    if not listed or listed[0]["previous"] is None:
        return _("As of %(day)s") % {"day": day(snapshot.as_of)}
    now, before = days(listed[0]["current"]), days(listed[0]["previous"])
    return _("People who searched %(now)s, after %(before)s") % {"now": now, "before": before}


def _answer(request: HttpRequest, card: Card) -> HttpResponse:
    etag = hashlib.sha256(repr(card).encode()).hexdigest()[:32]
    picture = _kept(f"card:{etag}", lambda: draw(card))
    answer = HttpResponse(picture, content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={SECONDS_IN_BROWSERS}"
    answer["ETag"] = f'"{etag}"'
    return answer


def _kept(key: str, make: Callable[[], bytes]) -> bytes:
    """What the cache has under this key, else made and kept; a cache that is down is no reason."""
    try:
        found: bytes | None = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found, SECONDS_KEPT)
    except (RedisError, OSError) as problem:
        log.warning("a card is not kept: %s", type(problem).__name__)
        found = make()
    return found
