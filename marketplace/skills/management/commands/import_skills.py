"""import_skills FILE…: categories, skills and aliases."""

from pathlib import Path
from typing import Any

from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict
from marketplace.skills.importing import COLUMNS, differences


class Command(ImportCommand):
    help = (
        "Import skills from FILE… (.csv, .ndjson, plain or .gz) with the columns name,"
        " category (“Parent > Child” or one level) and aliases (separated by |);"
        " ai (yes or no) may be a fourth: whether the skill works with AI."
        " With --dry-run every difference is printed, one a line."
    )
    required = COLUMNS
    tell = False

    def handle(self, *, files: list[Path], dry_run: bool, **options: Any) -> None:
        self.tell = dry_run
        super().handle(files=files, dry_run=dry_run, **options)

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        made = differences(rows, by=None, reason=f"Imported from {origin}")
        if self.tell:
            self.stdout.writelines(
                f"{line}\n" for difference in made for line in difference.lines()
            )
        return [difference.verdict() for difference in made]
