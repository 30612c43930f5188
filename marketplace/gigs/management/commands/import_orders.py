"""import_orders FILE…: orders from files, added or updated."""

from marketplace.gigs.importing import ORDER_COLUMNS, import_orders
from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict


class Command(ImportCommand):
    help = (
        "Import orders from FILE… (.csv, .ndjson, plain or .gz) with the columns"
        " order_id, gig_id, buyer_id, amount, refunded, currency, ordered_at,"
        " completed_at and status."
    )
    required = ORDER_COLUMNS

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        return import_orders(rows)
