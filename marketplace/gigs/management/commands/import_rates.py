"""import_rates FILE…: rates from files, added or updated."""

from marketplace.gigs.importing import RATE_COLUMNS, import_rates
from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict


class Command(ImportCommand):
    help = (
        "Import rates from FILE… (.csv, .ndjson, plain or .gz) with the columns"
        " date, currency and rate (the reporting currency"
        " one unit was worth)."
    )
    required = RATE_COLUMNS

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        return import_rates(rows)
