"""recompute_edition SLUG: compute an edition again, and say whether it is the same."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trends.backoffice.editions.recomputation import recompute
from trends.models import Edition


class Command(BaseCommand):
    help = (
        "Compute an edition again from what it was computed from and compare every row."
        " Prints one JSON line, then the first differences; exit 1 where there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="of the edition, e.g. 2026-01-01")

    def handle(self, *, slug: str, **options: Any) -> None:
        edition = Edition.objects.filter(slug=slug).first()
        if edition is None:
            raise CommandError(f"There is no edition {slug}.")
        result = recompute(edition)
        line = {
            "edition": result.edition,
            "rows": result.rows,
            "equal": result.equal,
            "different": result.different,
            "unproven": result.unproven,
            "changed": result.changed,
            "checksum": result.checksum,
        }
        self.stdout.write(json.dumps(line))
        for difference in result.first:
            self.stdout.write(difference)
        if result.different:
            sys.exit(1)
