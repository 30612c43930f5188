"""discover_terms [--as-of DATE] [--min-searchers N]: the phrases worth a skill, as JSON lines."""

import argparse
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.backoffice.candidates.discovery import NothingSearched, discover
from trends.backoffice.candidates.evidence import Proposal
from trends.counting.daily_rollup import roll_up
from trends.management.as_of import add_as_of
from trends.management.bar import Bar
from trends.models import CandidateTerm, DiscoveryThresholds


class Command(BaseCommand):
    help = (
        "Count what changed, find the phrases that no skill answers to and that are new or"
        " growing, and print the queue, the best first, one JSON object a line. Stores nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_as_of(parser, default="today, UTC")
        parser.add_argument(
            "--min-searchers",
            type=_enough,
            default=None,
            metavar="N",
            help=f"the fewest searchers in six months, {FEWEST_PEOPLE} or more"
            " (default: the thresholds in the admin)",
        )

    def handle(self, *, as_of: date | None, min_searchers: int | None, **options: Any) -> None:
        as_of = as_of or timezone.now().date()
        thresholds = DiscoveryThresholds.now()
        with Bar("counting days", "day") as bar:
            roll_up(bar.show)
        try:
            with Bar("discovering", "part") as bar:
                proposals = discover(
                    as_of,
                    thresholds=thresholds,
                    min_searchers=min_searchers,
                    progress=bar.show,
                )
        except NothingSearched as problem:
            raise CommandError(str(problem)) from None
        settled = CandidateTerm.objects.settled(as_of)
        for proposal in proposals:
            if not proposal.noise and proposal.text not in settled:
                self.stdout.write(json.dumps(line(proposal), ensure_ascii=False))


def line(proposal: Proposal) -> dict[str, Any]:
    """Return a phrase as the queue shows it; people script against these keys."""
    nearest = [
        {"slug": slug, "name": name, "likeness": likeness}
        for slug, name, likeness in proposal.nearest
    ]
    return {
        "term": proposal.text,
        "priority": proposal.priority,
        "n_b": proposal.previous,
        "n_c": proposal.current,
        "first_seen": proposal.first_seen.isoformat(),
        "variants": proposal.variants,
        "nearest": nearest,
    }


def _enough(text: str) -> int:
    number = int(text)
    if number < FEWEST_PEOPLE:
        raise argparse.ArgumentTypeError(
            f"must be {FEWEST_PEOPLE} or more: fewer people are never shown"
        )
    return number
