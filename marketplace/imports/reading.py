"""Files as streams of rows: CSV or NDJSON, plain or .gz, a broken row never hides the next."""

import codecs
import csv
import gzip
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Self, cast

import msgspec

from marketplace.imports.rows import Invalid, Row

# A quoted field may hold line breaks; one open for longer than this was never meant to be one.
LONGEST_QUOTED_LINES = 20
# A line longer than this is refused unread: memory must not grow with the file.
LONGEST_LINE = 1 << 20


class Unusable(Exception):
    """A file that cannot be read at all, and why."""


class Rows:
    """The rows of one file, in order; `offset` bytes of `size` are read so far.

    Used in a `with`, which closes the file. Unusable is raised where the file cannot be opened,
    and while its rows are read.
    """

    def __init__(self, path: Path, *, required: Sequence[str]) -> None:
        self.path, self.required = path, required
        name = path.name.lower()
        self.gzipped = name.endswith(".gz")
        self.kind = name.removesuffix(".gz").rpartition(".")[2]
        if self.kind not in {"csv", "ndjson"}:
            raise Unusable("expected a name that ends in .csv, .ndjson, .csv.gz or .ndjson.gz")
        try:
            self.raw: BinaryIO = path.open("rb")
        except OSError as problem:
            raise Unusable(problem.strerror or str(problem)) from None
        self.size = path.stat().st_size
        stream = gzip.GzipFile(fileobj=self.raw) if self.gzipped else self.raw
        self.lines = _Lines(cast("BinaryIO", stream))
        self.columns: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.raw.close()

    @property
    def offset(self) -> int:
        return self.raw.tell()

    def __iter__(self) -> Iterator[Row]:
        return self._csv_rows() if self.kind == "csv" else self._json_rows()

    def _header(self) -> list[str]:
        first = self.lines.next()
        if first is None:
            raise Unusable("is empty; expected a header line")
        try:
            # The byte order mark some spreadsheets write is not part of the first name.
            line = first[1].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unusable("is not UTF-8 text; expected a header line") from None
        if "\0" in line:
            raise Unusable("is a binary file; expected text with a header line")
        columns = [name.strip().lower() for name in next(csv.reader([line]), [])]
        if missing := [name for name in self.required if name not in columns]:
            raise Unusable(
                f"has no column {', '.join(missing)}; its header names {', '.join(columns)[:200]}"
            )
        return columns

    def _csv_rows(self) -> Iterator[Row]:
        self.columns = self._header()
        while (item := self.lines.next()) is not None:
            number, line = item
            try:
                yield Row(number, self._record(line))
            except Invalid as problem:
                yield Row(number, problem)

    def _record(self, line: bytes) -> dict[str, str]:
        """Return the fields of the record that starts with `line`; quotes may carry it further."""
        if b'"' not in line:
            return self._fields(_decoded(line).rstrip("\r\n").split(","))
        taken: list[tuple[int, bytes]] = []
        whole = line
        while whole.count(b'"') % 2 and len(taken) < LONGEST_QUOTED_LINES:
            if (following := self.lines.next()) is None:
                break
            taken.append(following)
            whole += following[1]
        try:
            return self._fields(_quoted(whole))
        except Invalid:
            # The quote was a slip, and the lines after it are rows of their own.
            self.lines.put_back(taken)
            raise

    def _fields(self, values: list[str]) -> dict[str, str]:
        if len(values) == len(self.columns):
            return dict(zip(self.columns, values, strict=True))
        if values in ([], [""]):
            raise Invalid("", "is an empty line")
        raise Invalid("", f"has {len(values)} columns; the header has {len(self.columns)}")

    def _json_rows(self) -> Iterator[Row]:
        while (item := self.lines.next()) is not None:
            number, line = item
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip() and not line.lstrip().startswith(b"{"):
                    raise Unusable("is no NDJSON; expected one JSON object a line")
            try:
                yield Row(number, json_fields(_decoded(line)))
            except Invalid as problem:
                yield Row(number, problem)


class _Lines:
    """Numbered lines of a stream, with a way back for those read in vain."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.number = stream, 0
        self.back: deque[tuple[int, bytes]] = deque()

    def next(self) -> tuple[int, bytes] | None:
        if self.back:
            return self.back.popleft()
        try:
            line = self.stream.readline(LONGEST_LINE)
            end = line
            while len(end) == LONGEST_LINE and not end.endswith(b"\n"):
                end = self.stream.readline(LONGEST_LINE)
        except (EOFError, OSError, zlib.error) as problem:
            where = f"after line {self.number}" if self.number else "at its start"
            raise Unusable(f"cannot be read {where}: {problem}") from None
        if not line:
            return None
        self.number += 1
        return self.number, line

    def put_back(self, lines: list[tuple[int, bytes]]) -> None:
        self.back.extendleft(reversed(lines))


def _decoded(line: bytes) -> str:
    if len(line) >= LONGEST_LINE:
        raise Invalid("", f"is a line of more than {LONGEST_LINE:,} bytes")
    try:
        return line.decode()
    except UnicodeDecodeError as problem:
        raise Invalid("", f"is not UTF-8 at byte {problem.start + 1} of its line") from None


def _quoted(record: bytes) -> list[str]:
    if record.count(b'"') % 2:
        raise Invalid("", "has a quote that is never closed")
    try:
        return next(csv.reader([_decoded(record)], strict=True))
    except csv.Error as problem:
        raise Invalid("", f"is not valid CSV: {problem}") from None


def json_fields(document: str | bytes) -> dict[str, str]:
    """Return the fields of one JSON object, as text."""
    if not document.strip():
        raise Invalid("", "is an empty line")
    try:
        fields = msgspec.json.decode(document, type=dict[str, str | int | float | bool | None])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Invalid("", f"is not a JSON object of plain values: {problem}") from None
    return as_text(fields)


def as_text(fields: Mapping[str, object]) -> dict[str, str]:
    """Turn JSON values into the texts a CSV file would hold; null is empty."""
    return {name: "" if value is None else str(value) for name, value in fields.items()}
