"""Lists as CSV, sent line by line: any length, no memory, nothing a spreadsheet would run."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse

# What spreadsheets take for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


# The columns of a file: the head of each, and what reads it from a row.
Columns = Mapping[str, Callable[[Any], Any]]


class _Line:
    """The file csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def figure(*path: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return what reads a figure of a row by the names of the API; nothing is in what is None."""

    def read(row: Mapping[str, Any]) -> Any:
        value: Any = row
        for name in path:
            value = None if value is None else value[name]
        return value

    return read


def csv_response(name: str, columns: Columns, rows: Iterable[Any]) -> StreamingHttpResponse:
    """Return a download NAME.csv."""
    lines = csv_lines(columns, rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_lines(columns: Columns, rows: Iterable[Any], *, end: str = "\r\n") -> Iterator[str]:
    """Write a table line by line, its head first; numbers as they are, texts safe, None empty."""
    writer = csv.writer(_Line(), lineterminator=end)
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([safe(read(row)) for read in columns.values()])


def safe(value: Any) -> Any:
    """Return a text that a spreadsheet shows and does not run."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
