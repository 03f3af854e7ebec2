"""Which top-level statements can matter, so that libcst parses no others.

A function or class is left out if nothing that matters names it and it names nothing that matters:
it works with its own arguments, the standard library and other such functions, so it can neither
make a deployment nor change one. The standard parser's tree decides that; ``source`` hands only
what is left to libcst.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

_SDK_ROOTS = frozenset({"azure", "azureml"})
_REACH_ANYTHING = frozenset(
    {"__import__", "eval", "exec", "getattr", "globals", "locals", "setattr", "vars"}
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Statement(NamedTuple):
    """A top-level statement, the names in it and how many levels it has."""

    node: ast.stmt
    names: frozenset[str]
    depth: int


def relevant(body: list[Statement]) -> list[Statement]:
    """The statements that can matter, in order. Without a doubt the others do not."""
    live = set(_REACH_ANYTHING)
    waiting: list[tuple[Statement, str]] = []
    for each in body:
        statement, mentioned = each.node, each.names
        if isinstance(statement, _DEFINITIONS):
            waiting.append((each, statement.name))
        elif not isinstance(statement, (ast.Import, ast.ImportFrom)):
            live |= mentioned
        elif _is_star(statement):
            return body
        elif _is_sdk(statement):
            live |= mentioned
    kept: set[int] = set()
    while True:
        found = [
            (each, name)
            for each, name in waiting
            if id(each) not in kept and (name in live or not live.isdisjoint(each.names))
        ]
        if not found:
            break
        for each, name in found:
            kept.add(id(each))
            live |= each.names | {name}
    return [each for each in body if not isinstance(each.node, _DEFINITIONS) or id(each) in kept]


def survey(node: ast.stmt) -> Statement:
    """The names that a statement uses or binds anywhere inside, of attributes the first part, and
    the levels of its tree, counted from 1."""
    names: set[str] = set()
    level: list[ast.AST] = [node]
    depth = 0
    while level:
        depth += 1
        below: list[ast.AST] = []
        for each in level:
            kind = type(each)
            if kind is ast.Name:
                names.add(each.id)  # type: ignore[attr-defined]
                continue
            if kind is ast.alias:
                names.add((each.asname or each.name).split(".")[0])  # type: ignore[attr-defined]
            elif kind is ast.Global or kind is ast.Nonlocal:
                names.update(each.names)  # type: ignore[attr-defined]
            elif isinstance(each, _DEFINITIONS) and each is not node:
                names.add(each.name)
            for field in each._fields:
                value = getattr(each, field, None)
                if isinstance(value, ast.AST):
                    below.append(value)
                elif isinstance(value, list):
                    below += [item for item in value if isinstance(item, ast.AST)]
        level = below
    return Statement(node, frozenset(names), depth)


def _is_star(statement: ast.Import | ast.ImportFrom) -> bool:
    return any(name.name == "*" for name in statement.names)


def _is_sdk(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import can bring in an SDK, or code of the project that works with one."""
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.level) or (statement.module or "").split(".")[0] in _SDK_ROOTS
    return any(name.name.split(".")[0] in _SDK_ROOTS for name in statement.names)
