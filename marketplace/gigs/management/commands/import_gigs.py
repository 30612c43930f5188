"""import_gigs FILE…: gigs from files, added or updated."""

from marketplace.gigs.importing import GIG_COLUMNS, import_gigs
from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict


class Command(ImportCommand):
    help = (
        "Import gigs from FILE… (.csv, .ndjson, plain or .gz) with the columns"
        " gig_id, seller_id, title, category, skills (separated by |), price, currency,"
        " created_at and status, and if known country (where the seller works, e.g. DE)."
    )
    required = GIG_COLUMNS

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        return import_gigs(rows)
