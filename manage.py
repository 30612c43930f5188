#!/usr/bin/env python
"""Runs the project's commands, with PostgreSQL and Valkey of its own unless URLs are set."""

import os
import sys

from django.core.management import execute_from_command_line

from marketplace.local import provide_urls


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    provide_urls(os.environ)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
