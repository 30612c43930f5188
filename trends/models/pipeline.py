"""What the workers did, do, and could not do."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

# A run gives a sign of life every second; a database under load may take some for it.
LOST_AFTER = timedelta(seconds=30)
# One a minute where searches never cease: beyond a quarter nobody looks for a run that went well.
KEPT_FOR = timedelta(days=91)


class PipelineRunQuerySet(models.QuerySet["PipelineRun"]):
    def broken(self, now: datetime) -> "PipelineRunQuerySet":
        """Keep failed or lost runs without a later run of the same stage that did the work."""
        later = self.model._default_manager.filter(
            stage=OuterRef("stage"), state=PipelineRun.State.DONE, pk__gt=OuterRef("pk")
        )
        lost = Q(state=PipelineRun.State.RUNNING, heartbeat_at__lt=now - LOST_AFTER)
        return self.filter(lost | Q(state=PipelineRun.State.FAILED)).exclude(Exists(later))

    def going_on(self, now: datetime) -> "PipelineRunQuerySet":
        """Return running, and seen to be."""
        return self.filter(state=PipelineRun.State.RUNNING, heartbeat_at__gte=now - LOST_AFTER)

    def forget(self, *, before: datetime) -> int:
        """Drop runs that ended well before a moment; how many."""
        return self.filter(state=PipelineRun.State.DONE, finished_at__lt=before).delete()[0]


class PipelineRun(models.Model):
    """One run of a stage that had something to do: how far it is, how fast, and what broke it."""

    class Stage(models.TextChoices):
        DAILY = "daily", "count days"
        SNAPSHOT = "snapshot", "compute a snapshot"
        DISCOVERY = "discovery", "propose new skills"
        EDITION = "edition", "draft an edition"
        PROOF = "proof", "prove an edition"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    stage = models.CharField(max_length=10, choices=Stage.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True, help_text="as far as it is known")
    unit = models.CharField(max_length=20, blank=True, help_text="what is counted: days, rows")
    rows = models.BigIntegerField(null=True, blank=True, help_text="rows read or written")
    result = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    retry_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retries"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PipelineRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("retry_pipelinerun", "Can start and retry runs")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="pipeline_run_that_ended_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.started_at:%Y-%m-%d %H:%M}"

    def condition(self, now: datetime) -> str:
        """Return its state, or "lost" where it says running without a sign of life."""
        silent = now - self.heartbeat_at > LOST_AFTER
        return "lost" if self.state == self.State.RUNNING and silent else self.state

    def is_broken(self, now: datetime) -> bool:
        """Return whether it ended without doing its work."""
        return self.condition(now) in {"failed", "lost"}

    def lasted(self, now: datetime) -> timedelta:
        """Return how long it took, has taken so far, or was last seen to take."""
        last_seen = now if self.condition(now) == self.State.RUNNING else self.heartbeat_at
        return (self.finished_at or last_seen) - self.started_at

    def speed(self, now: datetime) -> float | None:
        """Return rows a second, or units where rows are not counted; None before the first."""
        seconds = self.lasted(now).total_seconds()
        done = self.done if self.rows is None else self.rows
        return done / seconds if done and seconds > 0 else None

    def remaining(self, now: datetime) -> timedelta | None:
        """Estimate the time left if it goes on at this rate; None where that is not known."""
        if self.total is None or not self.done or self.condition(now) != self.State.RUNNING:
            return None
        return self.lasted(now) * (self.total - self.done) / self.done
