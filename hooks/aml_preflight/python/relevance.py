"""Which top-level statements can matter, so that libcst parses no others.

A function or class is left out if nothing that matters names it and it names nothing that matters:
it works with its own arguments, the standard library and other such functions, so it can neither
make a deployment nor change one. The standard parser's tree decides that; ``source`` hands only
what is left to libcst.
"""

from __future__ import annotations

import ast

_SDK_ROOTS = frozenset({"azure", "azureml"})
_REACH_ANYTHING = frozenset(
    {"__import__", "eval", "exec", "getattr", "globals", "locals", "setattr", "vars"}
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def relevant(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that can matter, in order. Without a doubt the others do not."""
    names = [_names(statement) for statement in body]
    live = set(_REACH_ANYTHING)
    waiting = []
    for statement, mentioned in zip(body, names, strict=True):
        if isinstance(statement, _DEFINITIONS):
            waiting.append((statement, mentioned))
        elif not isinstance(statement, (ast.Import, ast.ImportFrom)):
            live |= mentioned
        elif _is_star(statement):
            return body
        elif _is_sdk(statement):
            live |= mentioned
    kept: set[ast.stmt] = set()
    while True:
        found = [each for each in waiting if each[0].name in live or not live.isdisjoint(each[1])]
        if not found:
            break
        for definition, mentioned in found:
            kept.add(definition)
            live |= mentioned | {definition.name}
        waiting = [each for each in waiting if each[0] not in kept]
    return [each for each in body if not isinstance(each, _DEFINITIONS) or each in kept]


def _names(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement uses or binds anywhere inside; of attributes, the first part."""
    names = set()
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            names.update(node.names)
        elif node is not statement and isinstance(node, _DEFINITIONS):
            names.add(node.name)
        stack.extend(ast.iter_child_nodes(node))
    return frozenset(names)


def _is_star(statement: ast.Import | ast.ImportFrom) -> bool:
    return any(name.name == "*" for name in statement.names)


def _is_sdk(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import can bring in an SDK, or code of the project that works with one."""
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.level) or (statement.module or "").split(".")[0] in _SDK_ROOTS
    return any(name.name.split(".")[0] in _SDK_ROOTS for name in statement.names)
