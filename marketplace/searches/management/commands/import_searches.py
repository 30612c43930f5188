"""import_searches FILE…: searches of any age from files, through the same intake as the API."""

from django.utils import timezone

from marketplace.imports.command import ImportCommand
from marketplace.imports.rows import Row, Verdict
from marketplace.searches.cleaning import COLUMNS
from marketplace.searches.intake import take_in
from marketplace.searches.models import Source


class Command(ImportCommand):
    help = (
        "Import searches from FILE… (.csv, .ndjson, plain or .gz) with the columns"
        " event_id, occurred_at, query, searcher, country and, if known, role and results."
    )
    required = COLUMNS

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        source, _ = Source.objects.get_or_create(name="import")
        return take_in(rows, source=source, now=timezone.now(), origin=origin).verdicts
