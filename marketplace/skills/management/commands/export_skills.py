"""export_skills [FILE]: the taxonomy as import_skills reads it."""

import argparse
import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.skills.exporting import COLUMNS, exported_skills


class Command(BaseCommand):
    help = "Write every active skill to FILE (.csv; - or nothing: standard output)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE")

    def handle(self, *, file: str, **options: Any) -> None:
        if file == "-":
            write(self.stdout)
            return
        try:
            with Path(file).open("w", encoding="utf-8", newline="") as stream:
                write(stream)
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}", returncode=2) from None


def write(stream: Any) -> None:
    """Write the taxonomy as CSV with a header."""
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(exported_skills())
