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
        found = recompute(edition)
        line = {
            "edition": found.edition,
            "rows": found.rows,
            "equal": found.equal,
            "different": found.different,
            "unproven": found.unproven,
            "changed": found.changed,
            "checksum": found.checksum,
        }
        self.stdout.write(json.dumps(line))
        for difference in found.first:
            self.stdout.write(difference)
        if found.different:
            sys.exit(1)
