"""import_skills FILE…: categories, skills and aliases."""

from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict
from marketplace.skills.importing import COLUMNS, import_skills


class Command(ImportCommand):
    help = (
        "Import skills from FILE… (.csv, .ndjson, plain or .gz) with the columns name,"
        " category (“Parent > Child” or one level) and aliases (separated by |)."
    )
    required = COLUMNS

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        return import_skills(rows)
