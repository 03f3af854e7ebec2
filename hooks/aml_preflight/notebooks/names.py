"""Texts that a notebook's program binds to names for certain, as far as magics need them.

``%%writefile $folder/score.py`` and ``!docker run -e NAME={value}`` are worked out by IPython from
the names of the program. A name counts if the program binds it once, at its top level and before
the magic, to text that is written there, and nothing in between may bring any name.
"""

from __future__ import annotations

import ast
import posixpath
import re
import warnings
from functools import cached_property

from ..python.relevance import survey

_DEEPEST = 20
_FIELD = re.compile(r"(?<![{$])\{(?P<code>[^{}\r\n]*)\}(?!\})|(?<!\$)\$(?P<name>[^\W\d]\w*)")
_JOINS = ("os.path.join", "path.join")
_HERE = ("os.getcwd", "getcwd", "Path.cwd")
_SAME = ("str", "Path", "pathlib.Path", "os.path.normpath")
_REACH_ANYTHING = frozenset({"exec", "eval", "globals", "locals", "vars"})


class Names:
    """The names of a program. ``text`` is its code, which is Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._stars: list[int] = []
        """The lines that import all names of another module."""

    @cached_property
    def _bound(self) -> dict[str, tuple[int, ast.expr]]:
        """Names that are bound once: the line (from 1) and the value."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                body = ast.parse(self.text).body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return {}
        times: dict[str, int] = {}
        self._stars = []
        values: dict[str, tuple[int, ast.expr]] = {}
        for node in body:
            found = survey(node)
            if found.names & _REACH_ANYTHING:
                return {}
            if "*" in found.bound:
                self._stars.append(node.lineno)
            for name in found.bound:
                times[name] = times.get(name, 0) + 1
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    values[target.id] = (node.lineno, node.value)
        return {name: value for name, value in values.items() if times.get(name) == 1}

    def value(self, code: str, line: int) -> str | None:
        """The text of an expression that is used on a line (from 1), if it is certain."""
        try:
            node = ast.parse(code.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return self._fold(node, line, 0)

    def fields(self, said: str, line: int) -> list[tuple[int, int, str | None]]:
        """What IPython puts in: start and end of each ``{code}`` and ``$name`` in a command on a
        line, and the text, or ``None`` where it is not known."""
        found = []
        for field in _FIELD.finditer(said):
            code = field["name"] or field["code"]
            if _is_expression(code):
                found.append((*field.span(), self.value(code, line)))
        return found

    def filled_in(self, said: str, line: int) -> str | None:
        """A command with everything put in, or ``None`` if some of it is not known."""
        parts = []
        at = 0
        for start, end, value in self.fields(said, line):
            if value is None:
                return None
            parts += [said[at:start], value]
            at = end
        return "".join([*parts, said[at:]])

    def _fold(self, node: ast.expr, line: int, depth: int) -> str | None:
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            known = self._bound.get(node.id)
            if known is None or known[0] >= line:
                return None
            if any(known[0] <= star < line for star in self._stars):
                return None
            return self._fold(known[1], known[0], depth + 1)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values, line, depth)
        if isinstance(node, ast.FormattedValue):
            plain = node.conversion == -1 and node.format_spec is None
            return self._fold(node.value, line, depth + 1) if plain else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
            parts = [self._fold(each, line, depth + 1) for each in (node.left, node.right)]
            return _put_together(parts, "" if isinstance(node.op, ast.Add) else "/")
        if isinstance(node, ast.Call) and not node.keywords:
            return self._call(node, line, depth)
        return None

    def _joined(self, values: list[ast.expr], line: int, depth: int) -> str | None:
        return _put_together([self._fold(each, line, depth + 1) for each in values], "")

    def _call(self, node: ast.Call, line: int, depth: int) -> str | None:
        function = ast.unparse(node.func)
        if function in _HERE and not node.args:
            return "."
        parts = [self._fold(each, line, depth + 1) for each in node.args]
        if function in _JOINS:
            return _put_together(parts, "/")
        return parts[0] if function in _SAME and len(parts) == 1 else None


def _put_together(parts: list[str | None], between: str) -> str | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not parts:
        return None
    return posixpath.join(*known) if between else "".join(known)


def _is_expression(code: str) -> bool:
    try:
        ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
