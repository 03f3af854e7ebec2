"""Whether a program may end within some statements."""

from __future__ import annotations

import ast
from typing import Any

_TRIES: tuple[Any, ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))  # the second from 3.11 on


def leads_out(body: list[ast.stmt], ends: frozenset[str]) -> bool:
    """Whether the program may end within some statements, for all that can be told without running
    it: not where that is up to what a function returns."""
    return any(_may_lead_out(node, ends) for node in body)


def _may_lead_out(node: ast.stmt, ends: frozenset[str]) -> bool:
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Expr):
        return any(
            (isinstance(part, ast.Name) and part.id in ends)
            or (isinstance(part, ast.Attribute) and part.attr in ends)
            for part in ast.walk(node)
        )
    if isinstance(node, ast.If) and _calls(node.test):
        return leads_out(node.body, ends) and leads_out(node.orelse, ends)
    if isinstance(node, (ast.If, ast.While, ast.For, ast.AsyncFor)):
        return leads_out(node.body, ends) or leads_out(node.orelse, ends)
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return leads_out(node.body, ends)
    if isinstance(node, _TRIES):
        return any(leads_out(part, ends) for part in (node.body, node.orelse, node.finalbody))
    return isinstance(node, ast.Match) and any(leads_out(case.body, ends) for case in node.cases)


def _calls(node: ast.expr) -> bool:
    return any(isinstance(part, (ast.Call, ast.Await)) for part in ast.walk(node))
