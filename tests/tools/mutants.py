"""Breaks a module on purpose, one place at a time, and says which breaks no test notices.

`make mutants MODULE=trends/counting/windows.py`: bounds, operators, constants, conditions, filters,
locks and decorators are changed or dropped in a copy of the checkout; of each change the tests run
that execute its line. MODULE may be several modules, TESTS the tests to choose from, MOST how many
changes of a module are drawn.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from types import FrameType
from typing import Any

import pytest
from tqdm import tqdm

from marketplace.local import URL_OF, lease
from tests.tools.breaking import MOST, ROOT, Mutant, mutants

# Seconds of tests a mutant: what needs longer to be noticed counts as missed.
LONGEST = 20
# Characters of the name of a test that a command line takes.
LONGEST_ID = 300
# Which tests may know a room, where they are not in a folder of its name.
TESTS_OF = {"published": ["tests/pages", "tests/backoffice"], "measuring": ["tests/measuring"]}
RECORD = "UPCURRENT_RECORD_LINES"


class Recorder:
    """A plugin of pytest that writes down which lines of the modules each test executes."""

    def __init__(self, modules: Sequence[str], out: Path) -> None:
        self.lines: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.files = {str(Path.cwd() / module): module for module in modules}
        self.out, self.test = out, ""

    def trace(self, frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename not in self.files:
            return None
        self.lines[self.test].add((self.files[frame.f_code.co_filename], frame.f_lineno))
        return self.trace

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        # What fixtures do, they may do for all tests of the file.
        self.test = item.nodeid.partition("::")[0]
        sys.settrace(self.trace)
        threading.settrace(self.trace)
        yield

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.test = item.nodeid
        yield
        sys.settrace(None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # Not the market that one test of a file fills for the others.
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration

    def pytest_sessionfinish(self) -> None:
        rows = {
            test: [seconds, sorted(self.lines[test] | self.lines[test.partition("::")[0]])]
            for test, seconds in self.seconds.items()
        }
        self.out.write_text(json.dumps(rows))


def pytest_configure(config: pytest.Config) -> None:
    if named := os.environ.get(RECORD):
        out, *modules = named.split(os.pathsep)
        config.pluginmanager.register(Recorder(modules, Path(out)))


def run(
    copied: Path,
    *arguments: str,
    seconds: float | None = None,
    record: str = "",
    breaking: bool = True,
) -> int:
    """Run pytest in a copy of the checkout on servers of its own; its exit status, 2 for late.

    Where nothing is broken yet, a test that fails ends everything.
    """
    environ = os.environ | {"UPCURRENT_STATE": str(copied / ".local"), RECORD: record}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
    try:
        done = subprocess.run(
            command, cwd=copied, env=environ, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return 2
    if done.returncode and not breaking:
        raise SystemExit(
            f"The tests fail before anything is broken:\n{(done.stdout + done.stderr).decode()}"
        )
    return done.returncode


def copied_to(folder: Path) -> Path:
    """Copy the checkout, without what git ignores, to a folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    # An environment that is a link is neither a file nor ignored.
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.decode().splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def survivors(
    modules: Sequence[str], tests: Sequence[str], most: int
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant and whether a test caught it, as they are tried, some at a time."""
    lanes = min(os.cpu_count() or 1, 4)
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(lanes) as pool:
        copies: Queue[Path] = Queue()
        for number in range(lanes):
            copied = copied_to(Path(directory) / str(number))
            # Held here, the servers of a copy outlive each run of its tests.
            lease.take(URL_OF, state=copied / ".local")
            copies.put(copied)
        first, out = copies.get(), Path(directory) / "lines.json"
        record = os.pathsep.join([str(out), *modules])
        run(first, "-p", "tests.tools.mutants", *tests, record=record, breaking=False)
        rows = json.loads(out.read_text())
        every = [mutant for module in modules for mutant in mutants(module, most)]
        _unbroken(first, modules, {test for each in every for test in _executing(each, rows)})
        copies.put(first)

        def tried(mutant: Mutant) -> tuple[Mutant, bool]:
            executing = _executing(mutant, rows)
            seconds = 60 + 4 * sum(rows[test][0] for test in executing)
            copied = copies.get()
            file = copied / mutant.module
            kept = file.read_text()
            try:
                file.write_text(mutant.source)
                return mutant, bool(executing and run(copied, *executing, seconds=seconds))
            finally:
                file.write_text(kept)
                copies.put(copied)

        try:
            yield from tqdm(pool.map(tried, every), total=len(every), unit="mutant")
        finally:
            lease.give_back()


def _unbroken(copied: Path, modules: Sequence[str], tests: set[str]) -> None:
    """Run the chosen tests where the modules are spelled as mutants are, and nothing is broken.

    What fails there fails for the lost comments or for its company, and would catch every mutant.
    """
    kept = {copied / module: (copied / module).read_text() for module in modules}
    for file, source in kept.items():
        file.write_text(ast.unparse(ast.parse(source)))
    if tests:
        run(copied, *sorted(tests), breaking=False)
    for file, source in kept.items():
        file.write_text(source)


def _executing(mutant: Mutant, rows: dict[str, Any]) -> list[str]:
    """Return tests that execute the line, of each file the quickest first, as time allows.

    Of the module where no test executes the line: it runs on import, or in a shared fixture.
    """
    there = [test for test, (_, lines) in rows.items() if [mutant.module, mutant.line] in lines]
    near = [
        test
        for test, (_, lines) in rows.items()
        if any(module == mutant.module for module, _ in lines)
    ]
    of_file: Counter[str] = Counter()
    ranked = []
    for test in sorted(there or near, key=lambda test: rows[test][0]):
        file = test.partition("::")[0]
        ranked.append((of_file[file], test))
        of_file[file] += 1
    chosen: list[str] = []
    seconds = 0.0
    for _, test in sorted(ranked):
        seconds += rows[test][0]
        if len(test) <= LONGEST_ID and (not chosen or seconds <= LONGEST):
            chosen.append(test)
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="+", help="paths from the top of the checkout")
    parser.add_argument("--tests", nargs="+", help="tests to choose from")
    parser.add_argument("--most", type=int, default=MOST, help="changes of a module")
    given = parser.parse_args()
    package, room = Path(given.modules[0]).parts[:2]
    usual = TESTS_OF.get(room, [f"tests/{'marketplace' if package == 'marketplace' else room}"])
    verdicts = []
    for mutant, noticed in survivors(given.modules, given.tests or usual, given.most):
        verdicts.append(noticed)
        if not noticed:
            tqdm.write(str(mutant), file=sys.stdout)
    part = sum(verdicts) / max(len(verdicts), 1)
    print(f"{sum(verdicts)} of {len(verdicts)} caught ({part:.0%}).")


if __name__ == "__main__":
    main()
