"""publish_edition [--as-of DATE] [--headline TEXT] [--draft]: freeze the figures of a day."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trends.backoffice.editions import drafting
from trends.backoffice.pipeline.runs import recorded
from trends.counting.daily_rollup import roll_up
from trends.management.as_of import add_as_of
from trends.management.bar import Bar
from trends.measuring.snapshot import NothingToMeasure
from trends.models import AlreadyPublished, Edition, PipelineRun


class Command(BaseCommand):
    help = "Measure a day from all that is known now and publish it as an edition, for ever."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_as_of(parser, default="the newest there can be")
        parser.add_argument("--headline", default="", help="what it says, in one sentence")
        parser.add_argument(
            "--draft", action="store_true", help="freeze it only; the admin publishes it"
        )

    def handle(self, *, as_of: date | None, headline: str, draft: bool, **options: Any) -> None:
        day = as_of or drafting.newest_closed(timezone.now().date())
        try:
            edition = self.drafted(day, headline)
            if not draft:
                edition.publish(by=None, now=timezone.now())
        except (drafting.EditionRefused, NothingToMeasure, AlreadyPublished) as problem:
            raise CommandError(str(problem)) from None
        done = "Drafted" if draft else "Published"
        self.stdout.write(f"{done} the edition {edition.slug} ({edition.get_absolute_url()})")
        self.stdout.write(f"sha256 {edition.checksum}")

    def drafted(self, as_of: date, headline: str) -> Edition:
        """Return the draft of that day: the one that waits, or one made now."""
        waiting = Edition.objects.filter(slug=as_of.isoformat(), state=Edition.State.DRAFT).first()
        if waiting:
            if headline:
                waiting.reword(headline=headline, notes=waiting.notes)
            return waiting
        drafting.refuse(as_of, today=timezone.now().date())
        roll_up()
        with (
            recorded(PipelineRun.Stage.EDITION, unit="parts") as run,
            Bar("measuring", "part") as bar,
        ):
            edition = drafting.draft(
                as_of,
                now=timezone.now(),
                headline=headline,
                progress=bar.beside(run.progress),
            )
            run.result = f"drafted {edition.slug}"
            return edition
