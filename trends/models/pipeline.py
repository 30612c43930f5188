"""What the workers did, do, and could not do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PipelineRun(models.Model):
    """One run of a stage that had something to do: how far it is, how fast, and what broke it."""

    class Stage(models.TextChoices):
        DAILY = "daily", "count days"
        SNAPSHOT = "snapshot", "compute a snapshot"
        DISCOVERY = "discovery", "propose new skills"
        EDITION = "edition", "draft an edition"
        REPLAY = "replay", "replay rejected rows"

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
