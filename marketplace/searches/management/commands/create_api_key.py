"""create_api_key NAME: a key for one integration, shown once."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from marketplace.searches.models import ApiKey


class Command(BaseCommand):
    help = "Create an API key for the integration NAME and print it; only its digest is kept."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="the integration; its events are kept apart by this name")

    def handle(self, *, name: str, **options: Any) -> None:
        token = ApiKey.issue(name)
        self.stderr.write(
            "Send it as the header  Authorization: Bearer KEY. It is not shown again:"
        )
        self.stdout.write(token)
