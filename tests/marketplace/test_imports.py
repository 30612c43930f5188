"""Import commands: the good rows of any file, the reason for each bad one, one JSON line."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from marketplace.imports import command
from marketplace.searches.models import IngestBatch, RejectedRow, SearchEvent
from tests.conftest import CHECKOUT, database_url, search_row
from tests.tools.importing import rejects, run

HEADER = b"event_id,occurred_at,query,searcher,country\n"

pytestmark = pytest.mark.django_db


def csv_row(**fields: Any) -> bytes:
    row = search_row(**fields)
    return ",".join(row[name] for name in HEADER.decode().strip().split(",")).encode() + b"\n"


def good(number: int = 1) -> list[bytes]:
    return [csv_row(searcher=f"u{n}") for n in range(number)]


def written(path: Path, lines: Iterable[bytes], *, header: bytes = HEADER) -> Path:
    path.write_bytes(header + b"".join(lines))
    return path


def test_a_file_with_every_kind_of_broken_row_gives_its_good_ones_and_the_reasons(
    tmp_path: Path,
) -> None:
    reused = csv_row(event_id="reused")
    broken: list[tuple[bytes, str, str]] = [
        (csv_row(occurred_at="31/01/2024"), "occurred_at", "not a date"),
        (csv_row(occurred_at="3000-01-01T00:00:00Z"), "occurred_at", "future"),
        (csv_row(query=""), "query", "missing"),
        (csv_row(query="x" * 10_000), "query", "10,000 characters"),
        (csv_row(query="py\0thon"), "query", "NUL"),
        (b"\xff\xfe" + csv_row(), "", "UTF-8"),
        (csv_row().replace(b",DE", b",DE,one,more"), "", "7 columns; the header has 5"),
        (csv_row(event_id="reused", query="other"), "event_id", "used for another search"),
        (csv_row(query="write to jo@example.org"), "query", "e-mail"),
        (csv_row(country="Narnia"), "country", "ISO 3166"),
        (b"\n", "", "empty line"),
        (csv_row(query="\"=cmd|' /C calc'!A0\""), "query", "formula"),
        (csv_row(query='"one "quote" too few"'), "", "not valid CSV"),
        (csv_row(query='"never closed'), "", "not valid CSV"),
        (csv_row(query='"never closed either'), "", "never closed"),
    ]
    lines = [reused]
    for line, _, _ in broken:
        lines += [line, *good()]
    file = written(tmp_path / "searches.csv", lines)
    ended = run("import_searches", file)
    assert ended.code == 0
    assert ended.sums == [2 * len(broken) + 1, len(broken) + 1, 0, len(broken)]
    explained = rejects(file)
    assert list(explained) == [2 * place + 3 for place in range(len(broken))]
    for (line, field, words), (found, reason) in zip(broken, explained.values(), strict=True):
        assert (found, words in reason) == (field, True), (line[:80], found, reason)
    assert "searches.csv.rejects.ndjson" in ended.complaint
    assert SearchEvent.objects.count() == len(broken) + 1
    assert RejectedRow.objects.count() == len(broken)
    again = run("import_searches", file)
    assert again.sums == [2 * len(broken) + 1, 0, len(broken) + 1, len(broken)]


def test_quoted_commas_quotes_and_line_breaks_are_read_as_meant(tmp_path: Path) -> None:
    lines = [
        csv_row(query='"python, react"'),
        csv_row(query='"so called ""ai"""'),
        csv_row(query='"logo\ndesign"'),
        csv_row().replace(b"\n", b"\r\n"),
        csv_row().rstrip(b"\n"),
    ]
    file = written(tmp_path / "FINE.CSV", lines, header=b"\xef\xbb\xbf" + HEADER)
    assert run("import_searches", file).sums == [5, 5, 0, 0]
    terms = set(SearchEvent.objects.values_list("term__text", flat=True))
    assert terms == {"python react", "so called ai", "logo design", "python"}
    assert not Path(f"{file}.rejects.ndjson").exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"event_id,query,searcher,country\n1,x,u,DE\n", "has no column occurred_at"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8"),
        ("a.csv", b"PK\x03\x04\0\0\0\0", "binary"),
        ("a.csv", b"", "is empty"),
        ("a.ndjson", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "one JSON object a line"),
        ("a.ndjson", b'[{"event_id": "1"}]', "one JSON object a line"),
        ("a.csv.gz", b"no gzip at all", "cannot be read at its start"),
        ("a.xlsx", b"PK\x03\x04", "expected a name that ends in"),
        ("missing.csv", None, "No such file"),
    ],
)
def test_an_unusable_file_is_refused_whole_and_the_next_one_read(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    other = written(tmp_path / "other.csv", good(2))
    ended = run("import_searches", file, other)
    assert ended.code == 2
    assert why in ended.complaint
    assert str(file) in ended.complaint
    assert ended.sums == [2, 2, 0, 0]


def test_a_truncated_gzip_keeps_what_came_before_and_says_where_it_broke(tmp_path: Path) -> None:
    # So many that the cut falls behind several whole blocks; so random that they do not vanish.
    lines = [csv_row(searcher=os.urandom(20).hex()) for _ in range(2_000)]
    file = tmp_path / "cut.csv.gz"
    file.write_bytes(gzip.compress(HEADER + b"".join(lines))[:-30_000])
    ended = run("import_searches", file)
    assert ended.code == 2
    assert "cannot be read after line" in ended.complaint
    received, accepted, duplicate, rejected = ended.sums
    assert 0 < received == accepted == SearchEvent.objects.count() < 2_000
    assert (duplicate, rejected) == (0, 0)
    whole = tmp_path / "whole.csv.gz"
    whole.write_bytes(gzip.compress(HEADER + b"".join(lines)))
    assert run("import_searches", whole).sums == [2_000, 2_000 - accepted, accepted, 0]


@pytest.mark.parametrize("name", ["searches.ndjson", "searches.ndjson.gz"])
def test_ndjson_is_read_line_by_line(tmp_path: Path, name: str) -> None:
    lines = [
        *(json.dumps(row) for row in (search_row(), search_row() | {"results": 3, "role": "bot"})),
        *("", "not json", "[1]", '{"event_id": {"nested": 1}}', '{"a":' * 60_000),
        json.dumps(search_row() | {"event_id": 17, "country": None, "unknown": "ignored"}),
    ]
    content = "\ufeff" + "\n".join(lines)
    file = tmp_path / name
    file.write_bytes(gzip.compress(content.encode()) if name.endswith("gz") else content.encode())
    ended = run("import_searches", file)
    assert (ended.code, ended.sums) == (0, [8, 3, 0, 5])
    assert list(rejects(file)) == [3, 4, 5, 6, 7]
    assert SearchEvent.objects.filter(event_id="17", country="ZZ").exists()


def test_a_dry_run_tells_everything_and_stores_nothing(tmp_path: Path) -> None:
    lines = good(3)
    file = written(tmp_path / "searches.csv", [*lines, lines[0], csv_row(query="")])
    told = run("import_searches", "--dry-run", file).sums
    assert told == [5, 3, 1, 1]
    assert not SearchEvent.objects.exists()
    assert not IngestBatch.objects.exists()
    assert run("import_searches", file).sums == told


def test_a_batch_border_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "BATCH", 3)
    lines = good(7)
    file = written(tmp_path / "searches.csv", [*lines, lines[0], csv_row(query=""), lines[6]])
    assert run("import_searches", file).sums == [10, 7, 2, 1]
    assert list(rejects(file)) == [10]
    assert IngestBatch.objects.count() == 4
    assert sum(IngestBatch.objects.values_list("received", flat=True)) == 10


def test_old_searches_are_welcome_in_files(tmp_path: Path) -> None:
    file = written(
        tmp_path / "old.csv",
        [csv_row(occurred_at=f"{year}-02-28T23:59:59-05:00") for year in (1995, 2007, 2023)],
    )
    assert run("import_searches", file).sums == [3, 3, 0, 0]
    days = SearchEvent.objects.order_by("day").values_list("day", flat=True)
    assert [day.isoformat() for day in days] == ["1995-03-01", "2007-03-01", "2023-03-01"]


@pytest.mark.django_db(transaction=True)
def test_ten_times_the_file_takes_the_same_memory(tmp_path: Path) -> None:
    # Both longer than a batch, which is what memory is for.
    peaks = []
    for rows in (12_000, 120_000):
        file = tmp_path / f"{rows}.csv"
        with file.open("wb") as stream:
            stream.write(HEADER)
            for number in range(rows):
                stream.write(
                    b"e%d,2024-03-%02dT12:00:00Z,query %d,u%d,DE\n"
                    % (number, number % 28 + 1, number % 5_000, number % 50_000)
                )
        ended, peak = peak_memory("import_searches", "--dry-run", str(file))
        assert ended["accepted"] == rows
        peaks.append(peak)
    assert peaks[1] / peaks[0] < 1.3, peaks


def peak_memory(*command: str) -> tuple[dict[str, int], int]:
    """The tally and the largest resident memory (KiB) of a command of its own process."""
    measure = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    start = f"import sys, manage; sys.argv = ['manage.py', *{list(command)}]; manage.main()"
    ended = subprocess.run(
        [sys.executable, "-c", f"{start}; {measure}"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        check=True,
    )
    *_, tally, peak = ended.stdout.splitlines()
    return json.loads(tally), int(peak)
