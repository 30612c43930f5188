"""How fast import_searches takes files in, next to a bare COPY, and how much memory it needs.

Run `python -m tests.benchmarks import`. The command runs as people run it, in a process of its own;
its start-up is in the times. The reference copies the same file into a table without any index.
"""

import csv
import random
import re
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from tests.benchmarks.databases import print_table, seconds

CHECKOUT = Path(__file__).resolve().parents[2]
ROWS = 40_000
TIMES = 3
COLUMNS = ["event_id", "occurred_at", "query", "searcher", "country"]
START = datetime(2023, 1, 2, tzinfo=UTC)
DAYS, PEOPLE, QUERIES = 182, 20_000, 3_000
MEGABYTE = 1024
POLL_SECONDS = 0.02


def main(directory: Path) -> None:
    """Print rows a second and peak memory, of one file and of one ten times as long."""
    files = [written(directory / f"{number}.csv", ROWS, number) for number in range(TIMES)]
    long = written(directory / "long.csv", 10 * ROWS, TIMES)
    runs = [imported(file) for file in files]
    long_seconds, long_memory = imported(long)
    taken, memory = (statistics.median(one) for one in zip(*runs, strict=True))
    print_table(
        f"import_searches of {ROWS:,} rows, reference a bare COPY",
        [("import", taken)],
        seconds(lambda: copied(files[0])),
    )
    print_table("ten times as many", [("import", long_seconds)], seconds(lambda: copied(long), 1))
    print(f"\n{ROWS / taken:,.0f} and {10 * ROWS / long_seconds:,.0f} rows a second")
    print(
        f"peak memory {memory / MEGABYTE:.0f} MB and {long_memory / MEGABYTE:.0f} MB: "
        f"{long_memory / memory:.2f} times as much for ten times the rows"
    )


def written(file: Path, rows: int, seed: int) -> Path:
    """Write a file of searches in the order of their moments."""
    rng = random.Random(seed)
    step = timedelta(days=DAYS) / rows
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(
            [
                f"{seed}-{row}",
                (START + row * step).isoformat(timespec="seconds"),
                f"skill {int(QUERIES * rng.random() ** 3)} expert",
                f"user {rng.randrange(PEOPLE)}",
                rng.choice(["DE", "US", "FR", ""]),
            ]
            for row in range(rows)
        )
    return file


def imported(file: Path) -> tuple[float, int]:
    """Import a file; the seconds it took, and the most memory in kilobytes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_searches", str(file)],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, most_memory(process.pid))
        time.sleep(POLL_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return time.perf_counter() - start, peak


def most_memory(pid: int) -> int:
    """The peak memory of a process up to now; 0 once it has ended.

    What the system reports at its end counts our own memory too, from before it became itself.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


def copied(file: Path) -> None:
    """Copy the file into a plain table of texts."""
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS plain; CREATE TABLE plain ({columns})")
        with (
            cursor.copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as copy,
            file.open("rb") as rows,
        ):
            while chunk := rows.read(1 << 20):
                copy.write(chunk)
        cursor.execute("DROP TABLE plain")
