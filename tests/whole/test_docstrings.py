"""What a function is for begins with a verb: what it returns, draws, stores or answers."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Words that begin the name of a thing, or a sentence that has no verb of its own.
NO_VERBS = frozenset(
    {
        *("the", "a", "an", "what", "whether", "how", "every", "all", "one", "where", "its"),
        *("which", "everything", "each", "who", "why", "those", "both", "some", "nothing", "this"),
        *("that", "whose", "for", "of", "by", "as", "at", "in", "on", "with", "without", "to"),
        *("so", "when", "whoever"),
    }
)


def documented(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the first word of the docstring of every function but properties."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not (text := ast.get_docstring(node)):
            continue
        if not any("property" in ast.unparse(each) for each in node.decorator_list):
            yield node.lineno, text.split()[0].strip(",;:").lower()


def test_the_docstring_of_every_function_begins_with_a_verb() -> None:
    begun = [
        (f"{file.relative_to(ROOT)}:{line}", word)
        for package in ("marketplace", "trends")
        for file in (ROOT / package).rglob("*.py")
        if "migrations" not in file.parts
        for line, word in documented(ast.parse(file.read_text()))
    ]
    assert len(begun) > 1_000
    assert [where for where, word in begun if word in NO_VERBS] == []
