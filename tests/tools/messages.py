"""The catalogues of translations: brought up to the sources, and compiled, by `make messages`.

A new message stands in the catalogue without a translation, and tests/test_spanish.py fails until
it has one. The compiled files are kept beside them, so that nothing has to be built to run.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
PACKAGES = ("marketplace", "trends")
LANGUAGES = ("es",)
# The words of the people who run the site: they are English.
STAFF = re.compile(r"/(admin|management|migrations)/")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
# Of the header what says when, by whom and with what it was written.
_FILLED_IN = re.compile(rb'"(?!Language:|Plural|MIME|Content)[A-Z][A-Za-z-]+: ')
HEADER = "# The words of the site in another language; `make messages` keeps it complete.\n"


def catalogue_path(package: str, language: str) -> Path:
    return ROOT / package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """The catalogue as it is stored."""
    with path.open("rb") as file:
        found = read_po(file, locale=path.parent.parent.name)
    # Else it is the moment of reading, and no two compiled files are the same.
    found.creation_date = found.revision_date = NO_DATE
    return found


def messages_in(package: str) -> Catalog:
    """Every message of the sources of a package, each with the files it is in."""
    found = Catalog()
    for path in sorted((ROOT / package).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in {".py", ".html", ".txt", ".svg"} or STAFF.search(name):
            continue
        for message, context in messages_of(path):
            found.add(message, locations=[(name, 0)], context=context)
    return found


def messages_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """The messages of one file; a template is made the Python that Django's own tools read."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Templates are indented as HTML is.
        lines = templatize(source, origin=str(path)).splitlines()
        source = "\n".join(line.strip() for line in lines)
    file = BytesIO(source.encode())
    for _, message, _, context in extract("python", file, keywords=KEYWORDS):
        yield message, context


def updated(package: str, language: str) -> Catalog:
    """The stored catalogue with the messages of today: new ones empty, old ones gone."""
    path = catalogue_path(package, language)
    known = read(path) if path.exists() else Catalog(locale=language)
    catalogue = Catalog(locale=language, header_comment=HEADER, fuzzy=False)
    for one in messages_in(package):
        if not one.id:
            continue
        before = known.get(one.id, one.context)
        same = before is not None and before.id == one.id
        translated = before.string if same and before else ""
        catalogue.add(
            one.id, translated, [(name, 0) for name, _ in one.locations], context=one.context
        )
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """The catalogue as its file holds it; without dates and names, so that only words change it."""
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    header, messages = file.getvalue().split(b"\n\n", 1)
    kept = [line for line in header.splitlines() if not _FILLED_IN.match(line)]
    return b"\n".join(kept) + b"\n\n" + messages


def compiled(path: Path) -> bytes:
    """What a program reads of the catalogue of a path."""
    file = BytesIO()
    write_mo(file, read(path))
    return file.getvalue()


def main() -> None:
    """Bring every catalogue up to the sources and compile it."""
    for language in LANGUAGES:
        for package in PACKAGES:
            path = catalogue_path(package, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_text(updated(package, language)))
            path.with_suffix(".mo").write_bytes(compiled(path))
            left = sum(1 for one in read(path) if one.id and not one.string)
            sys.stdout.write(f"{path.relative_to(ROOT)}: {left} to translate\n")


if __name__ == "__main__":
    main()
