"""How right and how fast: `python -m tests.benchmarks [growth] [import] …`, or all.

Figures with their references, no verdicts; nothing of a demo next door is touched.
"""

import sys
from importlib import import_module

from tests.benchmarks import bench_growth
from tests.benchmarks.databases import own_database

# In this order: imports are timed into empty tables, pages shown of what refresh has filled.
WITH_DATABASE = ("import", "refresh", "pages", "discovery")


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, without any all of them."""
    if not names or "growth" in names:
        bench_growth.main(bench_growth.SEEDS)
    if chosen := [name for name in WITH_DATABASE if not names or name in names]:
        with own_database() as directory:
            for name in chosen:
                # Models can only be imported once there is a database.
                import_module(f"tests.benchmarks.bench_{name}").main(directory)


if __name__ == "__main__":
    main(sys.argv[1:])
