"""What somebody watches, in words, and what of it is news: evidence between two snapshots."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from marketplace.skills.models import Category, Skill
from trends.arithmetic.labels import Label
from trends.models import SkillTrend, TrendSnapshot, Watch, Window
from trends.pages.rising.filters import Filters, Tab, in_words, read_filters
from trends.pages.rising.listing import shown_trends
from trends.published.rows import Reader, skill_rows
from trends.published.schema import SkillTrend as SkillTrendRow
from trends.wording.figures import days, range_in_words
from trends.wording.numbers import LABELS, Words, figure

Fact = dict[str, Any]

# What the end of the interval must pass to be news: ordinary growth, and round multiples.
RISES = (1.25, 2.0, 5.0, 10.0)
# And what the most it can be must fall below.
FALLS = (0.8, 0.5)
# Of one list as many as a person reads in a mail; that there are more is said.
MOST_OF_A_LIST = 12


def filters_of(query: str) -> Filters:
    """Return what a stored query narrows the list to; what there no longer is falls away."""
    return read_filters(QueryDict(query), Category.objects.select_related("parent"))[0]


def about(watch: Watch) -> str:
    """Return what is watched, in words."""
    if watch.skill:
        return watch.skill.name
    return list_in_words(filters_of(watch.query))


def address(watch: Watch) -> str:
    """Return the page that shows what is watched."""
    return watch.skill.get_absolute_url() if watch.skill else filters_of(watch.query).address


def list_in_words(filters: Filters) -> str:
    """Return a list as people read it: "Rising, Design, Germany, labelled new"."""
    return ", ".join([str(Tab(filters.show).label), *map(str, _narrowed(filters))])


def _narrowed(filters: Filters) -> Iterator[Words]:
    """Yield what a list is narrowed to; a label is named as one, as "rising" is a list, too."""
    known = [filters.category] if filters.category else []
    for name, text in filters.parameters().items():
        if name not in {"show", "order"}:
            said = in_words(name, text, categories=known, currency=settings.REPORTING_CURRENCY)
            yield gettext("labelled %(label)s") % {"label": said} if name == "label" else said


def changes(watches: Iterable[Watch], now: TrendSnapshot) -> list[Fact]:
    """Return what changed for these watches since the figures of each one's last mail."""
    snapshots: dict[date, TrendSnapshot | None] = {}
    facts: list[Fact] = []
    for watch in watches:
        if watch.compared is None or watch.compared >= now.as_of:
            continue
        if watch.compared not in snapshots:
            snapshots[watch.compared] = _as_of(watch.compared)
        if then := snapshots[watch.compared]:
            facts += (
                _of_skill(watch.skill, now, then) if watch.skill else _of_list(watch, now, then)
            )
    return facts


def _of_skill(watched: Skill, now: TrendSnapshot, then: TrendSnapshot) -> list[Fact]:
    """Return a label that is another, and bounds that were crossed."""
    skill = watched.merged_into or watched
    after, before = _trend(skill, now), _trend(skill, then)
    if after is None:
        return []
    (row,) = skill_rows([after], Reader(now))
    label = before.label if before else Label.NOT_ENOUGH_DATA.value
    facts = []
    if after.label != label:
        facts.append(_fact(row, f"label:{after.label}", before=label))
    rise = _risen(after.public_bound, before.public_bound if before else None)
    fall = _fallen(after.public_upper, before.public_upper if before else None)
    facts += [_fact(row, f"rise:{rise:g}", times=rise)] if rise else []
    facts += [_fact(row, f"fall:{fall:g}", times=fall)] if fall else []
    return facts


def _of_list(watch: Watch, now: TrendSnapshot, then: TrendSnapshot) -> list[Fact]:
    """Return the skills that are on a list and were not."""
    filters = filters_of(watch.query)
    were = set(shown_trends(then, filters).values_list("skill", flat=True))
    new = [trend for trend in shown_trends(now, filters) if trend.skill_id not in were]
    rows = skill_rows(new[:MOST_OF_A_LIST], Reader(now))
    more = len(new) - len(rows)
    words, path = list_in_words(filters), filters.address
    return [
        _fact(row, f"list:{watch.query}", list=words, list_path=path, more=more) for row in rows
    ]


def _fact(row: SkillTrendRow, kind: str, **more: Any) -> Fact:
    """Return a fact as a mail has it: what, of which skill, and the figures it stands on."""
    slug = row["skill"]["slug"]
    return {
        "fact": f"{slug} {row['window']} {row['country']} {kind}"[:300],
        "kind": kind.partition(":")[0],
        "skill": row["skill"]["name"],
        "path": reverse("skill", args=[slug]),
        "label": row["label"],
        "growth": row["growth"]["display"],
        "surely": range_in_words(row),
        "counts": [
            counted and counted["searchers_display"]
            for counted in (row["previous"], row["current"])
        ],
        "dates": [days(row["previous"]), days(row["current"])],
        **more,
    }


def sentence(fact: Fact) -> str:
    """Return a fact in words, in the language of the moment."""
    if fact["kind"] == "label":
        said = {name: LABELS[fact[of]] for name, of in (("now", "label"), ("then", "before"))}
        return gettext("Label: %(now)s (before: %(then)s).") % said
    if fact["kind"] == "rise":
        return gettext("Now sure at least ×%(times)s.") % {"times": figure(fact["times"], "g")}
    if fact["kind"] == "fall":
        return gettext("Now sure at most ×%(times)s.") % {"times": figure(fact["times"], "g")}
    return gettext("New on your list “%(list)s”.") % {"list": fact["list"]}


def _risen(now: float | None, then: float | None) -> float | None:
    """Return the highest of RISES that the growth's lower end passes now and did not then."""
    passed = [step for step in RISES if (then or 0) < step <= (now or 0)]
    return passed[-1] if passed else None


def _fallen(now: float | None, then: float | None) -> float | None:
    """Return the lowest of FALLS that the growth's upper end is below now and was not then."""
    if now is None:
        return None
    passed = [step for step in FALLS if now <= step and (then is None or then > step)]
    return passed[-1] if passed else None


def _trend(skill: Skill, snapshot: TrendSnapshot) -> SkillTrend | None:
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    trend: SkillTrend | None = trends.filter(skill=skill).select_related("skill__category").first()
    return trend


def _as_of(day: date) -> TrendSnapshot | None:
    """Return the figures of a day as they were last published."""
    return TrendSnapshot.objects.published().filter(as_of=day).order_by("-pk").first()
