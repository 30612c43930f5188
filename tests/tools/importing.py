"""An import command run in this process, and what it said."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, the tally of its JSON line, what it complained of."""

    code: int
    tally: dict[str, int]
    complaint: str

    @property
    def sums(self) -> list[int]:
        return [self.tally[part] for part in ("received", "accepted", "duplicate", "rejected")]


def run(name: str, *arguments: object) -> Ended:
    out, err, code, complaint = io.StringIO(), io.StringIO(), 0, ""
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err)
    except CommandError as problem:
        code, complaint = problem.returncode, str(problem)
    return Ended(code, json.loads(out.getvalue().splitlines()[-1]), complaint + err.getvalue())


def rejects(file: Path) -> dict[int, tuple[str, str]]:
    """Row, field and reason of FILE.rejects.ndjson."""
    lines = Path(f"{file}.rejects.ndjson").read_text().splitlines()
    return {one["row"]: (one["field"], one["reason"]) for one in map(json.loads, lines)}
