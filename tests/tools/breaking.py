"""The ways to break a module in one place: bounds, operators, constants, conditions, locks."""

import ast
import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).parents[2]
# Of one module, drawn by a fixed seed: a run ends while somebody waits for it.
MOST = 25
# These make a thing what it is: without them nothing can run.
NEEDED = ("property", "dataclass", "classmethod", "staticmethod", "cache", "register", "display")
FLIPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
# Constants below that move by one, larger ones are halved.
LARGEST_MOVED = 10
NARROWING = ("filter", "exclude", "select_for_update", "listed", "distinct")


@dataclass(frozen=True)
class Mutant:
    """A module with one change: where it is, and what the line says before and after."""

    module: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}\n  - {self.before}\n  + {self.after}"


def mutants(module: str, most: int = MOST) -> list[Mutant]:
    """Return the changed copies of a module, so many of them at most."""
    tree = ast.parse((ROOT / module).read_text())
    made: dict[str, Mutant] = {}
    untouched = {part for each in _not_run(tree) for part in ast.walk(each)}
    for place, node in enumerate(ast.walk(tree)):
        if node in untouched:
            continue
        for change in BREAKS.get(type(node), []):
            broken = copy.deepcopy(tree)
            target: Any = list(ast.walk(broken))[place]
            instead = change(target)
            if instead is None:
                continue
            _replace(broken, target, instead)
            source = ast.unparse(ast.fix_missing_locations(broken))
            line = getattr(node, "lineno", 1)
            made.setdefault(source, Mutant(module, line, _head(node), _head(instead), source))
    few = random.Random(module).sample(list(made.values()), min(most, len(made)))
    return sorted(few, key=lambda mutant: mutant.line)


def _not_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what no test can miss or notice: types, and what `make check` compares.

    A type that makes no sense ends the import, a frozen dataclass runs like another. Columns are as
    the migrations made them, whatever the model says since: `makemigrations --check` tells.
    """
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if isinstance(part := getattr(node, name, None), ast.AST):
                yield part
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from (each for each in node.decorator_list if "dataclass" in ast.unparse(each))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("models."):
            yield node


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if each is old else each for each in value]


def _head(node: ast.AST) -> str:
    """Return the first line of a node as source; of a function its decorators."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return " ".join(f"@{ast.unparse(each)}" for each in node.decorator_list)
    text = ast.unparse(node.test) if isinstance(node, ast.If | ast.IfExp) else ast.unparse(node)
    return text.splitlines()[0][:100]


# Each changes a copy of a node and gives what stands in its place; None where it has nothing to do.


def _flip(node: Any) -> ast.AST | None:
    many = isinstance(node, ast.Compare)
    operator = FLIPPED.get(type(node.ops[0] if many else node.op))
    if operator is None:
        return None
    if many:
        node.ops[0] = operator()
    else:
        node.op = operator()
    return cast("ast.AST", node)


def _drop_not(node: Any) -> ast.AST | None:
    return cast("ast.AST", node.operand) if isinstance(node.op, ast.Not) else None


def _other_constant(node: Any) -> ast.AST | None:
    value = node.value
    if isinstance(value, bool):
        return ast.Constant(value=not value)
    if not isinstance(value, int | float):
        return None
    # Small ones move by one; a constant of the method could be halved unnoticed.
    return ast.Constant(value=value + 1 if value in range(LARGEST_MOVED) else value / 2)


def _always(node: Any) -> ast.AST | None:
    node.test = ast.Constant(value=True)
    return cast("ast.AST", node)


def _never(node: Any) -> ast.AST | None:
    node.test = ast.Constant(value=False)
    return cast("ast.AST", node)


def _drop_narrowing(node: Any) -> ast.AST | None:
    function = node.func
    narrows = isinstance(function, ast.Attribute) and function.attr in NARROWING
    return function.value if narrows else None


def _drop_call(node: Any) -> ast.AST | None:
    works = isinstance(node.value, ast.Call) and "log" not in ast.unparse(node.value.func)
    return ast.Pass() if works else None


def _drop_context(node: Any) -> ast.AST | None:
    if any(item.optional_vars for item in node.items):
        return None
    return ast.If(test=ast.Constant(value=True), body=node.body, orelse=[])


def _drop_decorators(node: Any) -> ast.AST | None:
    kept = [d for d in node.decorator_list if any(name in ast.unparse(d) for name in NEEDED)]
    if len(kept) == len(node.decorator_list):
        return None
    node.decorator_list = kept
    return cast("ast.AST", node)


BREAKS: dict[type[ast.AST], list[Callable[[Any], ast.AST | None]]] = {
    ast.Compare: [_flip],
    ast.BinOp: [_flip],
    ast.BoolOp: [_flip],
    ast.UnaryOp: [_drop_not],
    ast.Constant: [_other_constant],
    ast.If: [_always, _never],
    ast.IfExp: [_always, _never],
    ast.Call: [_drop_narrowing],
    ast.Expr: [_drop_call],
    ast.With: [_drop_context],
    ast.FunctionDef: [_drop_decorators],
    ast.ClassDef: [_drop_decorators],
}
