"""The house as README and CONTRIBUTING draw it is the house as it stands."""

import re
from importlib import import_module

import pytest

from tests.conftest import CHECKOUT

ROOMS = {
    folder.relative_to(CHECKOUT).as_posix()
    for top in ("marketplace", "trends", "tests")
    for folder in (CHECKOUT / top).rglob("*")
    if (folder / "__init__.py").exists() and "management/" not in folder.as_posix()
}
# What Django wants where it is: commands, migrations, and models in several files.
OF_DJANGO = re.compile(r"marketplace/.*/(admin|management|migrations|models)$|trends/migrations$")


def drawn(document: str) -> set[str]:
    """Every folder of the tree in a document, by its path; two spaces further in is within."""
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    path: list[str] = []
    folders = set()
    for indent, names in re.findall(r"^ {4}( *)((?:[a-z]+/ ?)+)(?:  .*)?$", text, re.MULTILINE):
        depth = len(indent) // 2
        path[depth:] = [names.split("/")[0]]
        folders |= {"/".join([*path[:depth], name]) for name in re.findall("[a-z]+", names)}
    return folders


def test_contributing_draws_every_room_there_is() -> None:
    on_paper = drawn("CONTRIBUTING.md")
    assert {room for room in ROOMS if not OF_DJANGO.match(room)} - on_paper == set()


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md"])
def test_a_document_draws_no_room_that_is_not_there(document: str) -> None:
    assert {path for path in drawn(document) if not (CHECKOUT / path).is_dir()} == set()


@pytest.mark.parametrize(
    "room",
    sorted(room for room in ROOMS if room.startswith("trends/") and room != "trends/migrations"),
)
def test_every_room_says_what_it_is_for(room: str) -> None:
    assert (import_module(room.replace("/", ".")).__doc__ or "").strip()
