"""What every import command does: read, take in by batches, explain, sum up in one JSON line."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from marketplace import under_way
from marketplace.imports.reading import Rows, Unusable
from marketplace.imports.rows import Invalid, Row, Status, Tally, Verdict

# Rows taken in one transaction: beyond a few thousand, larger ones are not faster.
BATCH = 5_000


class ImportCommand(BaseCommand):
    """Import FILE… and end with {"received", "accepted", "duplicate", "rejected"}.

    Exits with 0 when every file was read to its end, with 2 when one is unusable. Running it
    again is harmless: what is known already is counted as duplicate.
    """

    required: ClassVar[Sequence[str]]

    def take(self, rows: list[Row], *, origin: str) -> list[Verdict]:
        """Store one batch; the verdict on each row."""
        raise NotImplementedError

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, store nothing"
        )

    def handle(self, *, files: list[Path], dry_run: bool, **options: Any) -> None:
        tally = Tally()
        unusable: list[str] = []
        try:
            for path in files:
                try:
                    for part in self._import(path, dry_run=dry_run):
                        tally += part
                except Unusable as problem:
                    unusable.append(f"{path}: {problem}")
        finally:
            if not dry_run:
                under_way.over()
        self.stdout.write(json.dumps(asdict(tally)))
        if unusable:
            raise CommandError("\n".join(unusable), returncode=2)

    def _import(self, path: Path, *, dry_run: bool) -> Iterator[Tally]:
        """Yield the tally of each stored batch of a file; in a dry run as it would be."""
        with (
            Rows(path, required=self.required) as source,
            Rejects(path) as rejects,
            tqdm(total=source.size, unit="B", unit_scale=True, desc=path.name, disable=None) as bar,
        ):
            for batch in in_batches(source):
                # Tried and undone batch by batch: a whole file would keep others waiting.
                with transaction.atomic() if dry_run else nullcontext():
                    verdicts = self.take(batch, origin=path.name)
                    if dry_run:
                        transaction.set_rollback(True)
                rejects.write(batch, verdicts)
                bar.update(source.offset - bar.n)
                if not dry_run:
                    now = timezone.now()
                    under_way.tell(under_way.FILES, now=now, done=source.offset, total=source.size)
                yield Tally.of(verdicts)
        if rejects.count:
            self.stderr.write(f"{rejects.count:,} rows refused, see {rejects.path}")


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield BATCH rows at a time; rows before the place where a file breaks off come, too."""
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except Unusable:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


class Rejects:
    """FILE.rejects.ndjson: each refused row with its line, field and reason; absent if none was."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".rejects.ndjson")
        self.count = 0
        self.stream: TextIO | None = None

    def __enter__(self) -> "Rejects":
        # One of an earlier run would list rows that may be mended by now.
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *problem: object) -> None:
        if self.stream:
            self.stream.close()

    def write(self, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> None:
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.status in {Status.REJECTED, Status.CONFLICT}:
                self.count += 1
                self.stream = self.stream or self.path.open("w", encoding="utf-8")
                self.stream.write(json.dumps(_explained(row, verdict)) + "\n")


def _explained(row: Row, verdict: Verdict) -> dict[str, Any]:
    fields = None if isinstance(row.fields, Invalid) else row.fields
    return {
        "row": row.number,
        "status": verdict.status,
        "field": verdict.field,
        "reason": verdict.reason,
        "fields": fields,
    }
