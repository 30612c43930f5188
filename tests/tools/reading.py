"""Pages and files of the site as somebody without an account gets them."""

import csv
import re
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# What begins and ends a line of its own.
BLOCKS = (
    "p|div|section|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tr|td|th|h1|h2|h3"
    "|form|details|summary|figure|figcaption|br|small|main|header|footer|nav|select|option"
)


def read(address: str, *, status: int = 200) -> str:
    """The HTML of a page."""
    answer = Client().get(address)
    assert answer.status_code == status, address
    return tidy(answer.content.decode())


def tidy(html: str) -> str:
    """Return HTML without the line breaks and indents of its template, which no reader sees."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(rf" ?(<({BLOCKS})\b[^>]*>) ?", r"\1", html)
    html = html.replace('<span class="below"> ', '<span class="below">')
    return re.sub(rf" ?(</({BLOCKS}|a|span)>)", r"\1", html)


def queries(address: str) -> int:
    """How often a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        read(address)
    return len(asked)


def words(address: str) -> str:
    """What a reader reads of a page, its head and foot left out."""
    main = re.search(r"<main.*</main>", read(address), re.DOTALL)
    assert main, address
    return plain(main.group())


def plain(html: str) -> str:
    """What a reader reads of HTML."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def lines(address: str) -> list[dict[str, str]]:
    """A CSV file, line by line."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(b"".join(answer).decode().splitlines()))
