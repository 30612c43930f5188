"""refresh_trends [--as-of DATE]: roll up, compute the snapshot of a day and publish it."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.snapshot import NothingToMeasure, refresh

# What fits on a terminal.
SHOWN = 10


class Command(BaseCommand):
    help = "Count what changed, compute the trends as of a day, publish them and print a summary."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="DATE",
            help="first day not counted, e.g. 2026-01-31 (default: today, UTC)",
        )

    def handle(self, *, as_of: date | None, **options: Any) -> None:
        with tqdm(desc="counting days", unit="day", disable=None, leave=False) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                snapshot = refresh(as_of or timezone.now().date(), progress=progress)
            except NothingToMeasure as problem:
                raise CommandError(str(problem)) from None
        self.summarise(snapshot)

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
