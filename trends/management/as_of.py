"""--as-of DATE, as every command takes it: the first day not counted."""

import argparse
from datetime import date


def add_as_of(parser: argparse.ArgumentParser, *, default: str) -> None:
    """Let it be given; `default` says which day it is where it is not."""
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        default=None,
        metavar="DATE",
        help=f"first day not counted, e.g. 2026-01-31 (default: {default})",
    )
