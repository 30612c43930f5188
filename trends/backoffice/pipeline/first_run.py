"""What is under way while there are no figures yet, in words: loading, counting, measuring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from marketplace.under_way import FIGURES, FILES, Load, load_under_way
from trends.models import PipelineRun
from trends.wording.numbers import figure

STAGES = {
    PipelineRun.Stage.DAILY: _("The searches of every day are being counted."),
    PipelineRun.Stage.SNAPSHOT: _("The trends are being measured."),
}
SAID: dict[str, str | Promise] = {
    "searches": _("Its searches of two years are being sent in, day by day."),
    "orders": _("Its orders are being sent in."),
    FILES: _("Data is being imported."),
    FIGURES: _("The days are counted next, then the trends are measured."),
}
# Seconds are told by fives, and from here on minutes.
STEP, IN_MINUTES = 5, 90


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done, how much of how much, both in words, and whether it is invented."""

    said: str
    done: int = 0
    total: int = 0
    so_far: str = ""
    left: str = ""
    simulated: bool = False


def under_way(now: datetime) -> Step | None:
    """Return the step being done; None where nothing is, or it is not known."""
    load = load_under_way()
    if load and load.what != FIGURES:
        return _loading(load, now)
    if run := PipelineRun.objects.going_on(now).filter(stage__in=STAGES).first():
        return _running(run, now)
    return _loading(load, now) if load else None


def _loading(load: Load, now: datetime) -> Step:
    said = str(SAID.get(load.what, _("Its skills, sellers and gigs are being sent in.")))
    simulated = load.what not in {FILES, FIGURES}
    if not load.total:
        return Step(said, simulated=simulated)
    done, total = load.done, load.total
    so_far = _days(done, total) if simulated else _bytes(done, total)
    left = left_in_words(load.left(now))
    return Step(said, done, total, so_far, left, simulated=simulated)


def _running(run: PipelineRun, now: datetime) -> Step:
    said = str(STAGES[PipelineRun.Stage(run.stage)])
    if not run.total:
        return Step(said)
    words = _days if run.stage == PipelineRun.Stage.DAILY else _parts
    return Step(
        said, run.done, run.total, words(run.done, run.total), left_in_words(run.remaining(now))
    )


def _days(done: int, total: int) -> str:
    return ngettext("%(done)s of %(total)s day", "%(done)s of %(total)s days", total) % {
        "done": figure(done),
        "total": figure(total),
    }


def _parts(done: int, total: int) -> str:
    return ngettext("%(done)s of %(total)s part", "%(done)s of %(total)s parts", total) % {
        "done": figure(done),
        "total": figure(total),
    }


def _bytes(done: int, total: int) -> str:
    sizes = {"done": filesizeformat(done), "total": filesizeformat(total)}
    return gettext("%(done)s of %(total)s") % sizes


def left_in_words(time: timedelta | None) -> str:
    """Return about how long it takes from here, in a unit people wait in."""
    if time is None:
        return ""
    seconds = max(ceil(time.total_seconds() / STEP), 1) * STEP
    if seconds < IN_MINUTES:
        return gettext("about %(seconds)s seconds left") % {"seconds": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(minutes)s minute left", "about %(minutes)s minutes left", minutes) % {
        "minutes": figure(minutes)
    }
