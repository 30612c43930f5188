"""refresh_trends [--as-of DATE]: roll up, compute the snapshot of a day and publish it."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trends.backoffice.pipeline.runs import recorded
from trends.counting.daily_rollup import roll_up
from trends.management.as_of import add_as_of
from trends.management.bar import Bar
from trends.measuring.snapshot import NothingToMeasure, compute
from trends.models import WORLD, PipelineRun, SkillTrend, TrendSnapshot, Window

# What fits on a terminal.
SHOWN = 10


class Command(BaseCommand):
    help = "Count what changed, compute the trends as of a day, publish them and print a summary."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_as_of(parser, default="today, UTC")

    def handle(self, *, as_of: date | None, **options: Any) -> None:
        self.count_days()
        try:
            with recorded(PipelineRun.Stage.SNAPSHOT, unit="parts") as run:
                snapshot = compute(as_of or timezone.now().date(), progress=run.progress)
                run.result = str(snapshot)
        except NothingToMeasure as problem:
            raise CommandError(str(problem)) from None
        self.summarise(snapshot)

    def count_days(self) -> None:
        with (
            recorded(PipelineRun.Stage.DAILY, unit="days") as run,
            Bar("counting days", "day") as bar,
        ):
            roll_up(bar.beside(run.progress))

    def summarise(self, snapshot: TrendSnapshot) -> None:
        rows = SkillTrend.objects.filter(
            snapshot=snapshot, window=Window.HALF_YEAR, country=WORLD
        ).select_related("skill")
        listed = rows.filter(rank__isnull=False).order_by("rank")
        self.stdout.write(
            f"Published the trends as of {snapshot.as_of}: {rows.count():,} skills measured over"
            f" {snapshot.inputs['searches']:,} searches, {listed.count():,} rising."
        )
        for trend in listed[:SHOWN]:
            growth = f"×{trend.ratio:.2f}" if trend.ratio else "?"
            self.stdout.write(
                f"  {trend.rank:>3}. {trend.skill.name:<32} {trend.label:<9}"
                f" {trend.previous or 0:>8,} → {trend.current:>8,}  share {growth}"
            )
