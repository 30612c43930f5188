"""Pages and files of the site as somebody without an account gets them."""

import csv
import re
from html import unescape

from django.test import Client


def read(address: str, *, status: int = 200) -> str:
    """The HTML of a page."""
    answer = Client().get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def words(address: str) -> str:
    """What a reader reads of a page, its head and foot left out."""
    main = re.search(r"<main.*</main>", read(address), re.DOTALL)
    assert main, address
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group())))


def lines(address: str) -> list[dict[str, str]]:
    """A CSV file, line by line."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(b"".join(answer).decode().splitlines()))
