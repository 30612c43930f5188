"""What the pipeline page shows: its tiles, its runs and its charts, in words and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from trends.backoffice.pipeline import status
from trends.backoffice.pipeline.runs import TASKS
from trends.drawing.day_columns import Spelled, day_columns, with_others
from trends.models import PipelineRun, TrendSnapshot

PERCENTS = (0, 0.25, 0.5, 0.75, 1)
CHIPS = {"done": "good", "running": "", "failed": "bad", "lost": "warn"}
DASH = "–"

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number people look at first, what is to be said of it, and the page behind it."""

    name: str
    number: str
    hint: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A series or several of days, drawn and as the table it is drawn from."""

    title: str
    about: str
    days: Sequence[date]
    series: Sequence[tuple[str, Values]]
    spelled: Spelled
    ticks: Sequence[float] = ()
    stacked: bool = True

    @property
    def svg(self) -> SafeString:
        drawn = day_columns(
            self.days,
            self.series,
            title=self.title,
            spelled=self.spelled,
            ticks=self.ticks,
            stacked=self.stacked,
        )
        return mark_safe(drawn)

    @property
    def rows(self) -> list[tuple[date, list[str]]]:
        """The present day first."""
        figures = [
            (day, [_told(values[at], self.spelled) for _, values in self.series])
            for at, day in enumerate(self.days)
        ]
        return figures[::-1]


def tiles(
    waiting: status.Backlog,
    snapshot: TrendSnapshot | None,
    matched: status.Daily,
    *,
    person: User | AnonymousUser,
    now: datetime,
) -> list[Tile]:
    """Return what everybody asks first; with a link to what this person may open."""
    published = snapshot.published_at if snapshot else None
    return [
        Tile(
            "Oldest batch not counted",
            in_words(now - waiting.oldest) if waiting.oldest else "none",
            f"since {waiting.oldest:%H:%M} UTC on {waiting.oldest.day} {waiting.oldest:%b}"
            if waiting.oldest
            else "",
        ),
        Tile("Batches waiting", f"{waiting.batches:,}"),
        Tile("Days to count again", f"{waiting.dirty_days:,}"),
        Tile(
            "Last snapshot",
            f"{snapshot.as_of.day} {snapshot.as_of:%b %Y}" if snapshot else "none",
            f"published {in_words(now - published)} ago" if published else "",
        ),
        Tile("Named a skill today", _told(matched.values[-1], as_share), "of the searches counted"),
        Tile(
            "Rows to replay",
            f"{waiting.rejected_rows:,}",
            page=_page(person, "searches.view_rejectedrow", "?replay=waiting"),
        ),
        Tile(
            "Flags to decide",
            f"{waiting.flags:,}",
            page=_page(person, "trends.change_reviewflag"),
        ),
    ]


def _page(person: User | AnonymousUser, permission: str, query: str = "") -> str:
    """Return the list of what a permission is about, for whoever has it."""
    app, _, name = permission.partition(".")
    model = name.partition("_")[2]
    address = reverse(f"admin:{app}_{model}_changelist") + query
    return address if person.has_perm(permission) else ""


def run_row(run: PipelineRun, *, now: datetime) -> dict[str, Any]:
    """Return a run as the page shows it, everything as of one moment."""
    condition, remaining = run.condition(now), run.remaining(now)
    return {
        "run": run,
        "condition": condition,
        "chip": CHIPS[condition],
        "lasted": in_words(run.lasted(now)),
        "speed": run.speed(now),
        "speed_of": run.unit if run.rows is None else "rows",
        "remaining": "" if remaining is None else in_words(remaining),
        "silent": in_words(now - run.heartbeat_at) if condition in {"running", "lost"} else "",
        "retriable": run.is_broken(now) and run.stage in TASKS,
    }


def charts(today: date, matched: status.Daily) -> list[Chart]:
    """Return what people would rather look at than read."""
    intake_days = status.last_days(today, status.INTAKE_DAYS)
    age_days = status.last_days(today, status.MATCHED_DAYS)
    out_days = status.last_days(today, status.LEFT_OUT_DAYS)
    sources = [(intake.name, intake.values) for intake in status.intake(intake_days)]
    return [
        Chart(
            "Rows received a day, by source",
            "Every row that came, accepted or not.",
            intake_days,
            with_others(sources),
            "{:,.0f}".format,
        ),
        Chart(
            "Searches that named a skill",
            "Share of the searches counted, by day.",
            age_days,
            [(matched.name, matched.values)],
            as_share,
            ticks=PERCENTS,
        ),
        Chart(
            "Age of the queue",
            "From the arrival of a batch until the workers had passed it on, by day of arrival.",
            age_days,
            [(intake.name, intake.values) for intake in status.queue_age(age_days)],
            as_time,
            stacked=False,
        ),
        Chart(
            "Searches left out of the count",
            "Share of a day's searches: staff, bots, floods, sellers for their own skill.",
            out_days,
            [("left out", status.left_out(out_days).values)],
            as_share,
            ticks=PERCENTS,
        ),
    ]


def as_share(value: float) -> str:
    return f"{value:.0%}"


def as_time(seconds: float) -> str:
    return in_words(timedelta(seconds=seconds))


def in_words(time: timedelta) -> str:
    """Return a length of time in the unit people would use."""
    seconds = max(time.total_seconds(), 0)
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:.0f} s"


def _told(value: float | None, spelled: Spelled) -> str:
    return DASH if value is None else spelled(value)
