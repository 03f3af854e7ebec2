"""Where IPython's own syntax stands in the code of a cell: magics, shell commands, help.

Python's lines are followed just as far as it takes to know where a statement begins: a ``%`` or
``!`` inside a string, in brackets or behind a backslash is none of IPython's.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

_COMMAND = re.compile(r"[ \t\f]*(%%?(?=\w)|!!?|\?\??(?=[\w%*]))")
_ASSIGNED = re.compile(r"[ \t]*(%(?=\w)|!!?(?!=))")
_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<string> \"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z) | '''(?:[^\\]|\\.)*?(?:'''|\Z)
        | "(?:[^"\\\r\n]|\\(?:\r\n|.))*"? | '(?:[^'\\\r\n]|\\(?:\r\n|.))*'? )
    | (?P<open> [(\[{] ) | (?P<close> [)\]}] )
    | (?P<joined> \\(?:\r\n|\r|\n) )
    | (?P<line> \r\n|\r|\n )
    | (?P<assign> (?<![=!<>:+\-*/%&|^@])=(?!=) )
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    """What a line is."""

    PYTHON = "Python"
    MAGIC = "a line magic"
    SYSTEM = "a shell command"
    HELP = "a question"


class Line(NamedTuple):
    """A logical line: from ``start`` to ``end``, without its line end.

    ``body`` is the offset behind the sign of a magic or command (``%``, ``!``), and ``sign`` that
    of the sign itself: what stands before it is the indentation, or names and an equals sign.
    """

    kind: Kind
    start: int
    end: int
    sign: int
    body: int
    assigned: bool = False


def lines(text: str, start: int = 0) -> list[Line]:
    """The logical lines of a cell, from an offset on. Blank ones are not counted."""
    found: list[Line] = []
    at = start
    while at < len(text):
        command = _COMMAND.match(text, at)
        if command is not None:
            kind = {"%": Kind.MAGIC, "!": Kind.SYSTEM, "?": Kind.HELP}[command[1][0]]
            end = _end_of_command(text, command.end())
            line = Line(kind, at, end, command.start(1), command.end())
            found.append(line)
        else:
            line = _python(text, at)
            if text[line.start : line.end].strip():
                found.append(line)
        behind = _LINE_END.match(text, line.end)
        at = behind.end() if behind else max(line.end, at + 1)
    return found


def without_comments(code: str) -> str:
    """A logical line of Python without what is written for people."""
    if "#" not in code:
        return code
    parts, at = [], 0
    for token in _TOKEN.finditer(code):
        if token.lastgroup == "comment":
            parts.append(code[at : token.start()])
            at = token.end()
    return "".join([*parts, code[at:]])


def _end_of_command(text: str, at: int) -> int:
    """The end of a command that goes on behind every backslash at the end of a line."""
    while True:
        found = _LINE_END.search(text, at)
        if found is None:
            return len(text)
        if text[found.start() - 1 : found.start()] != "\\":
            return found.start()
        at = found.end()


def _python(text: str, start: int) -> Line:
    """A logical line of Python, or one that assigns what a command returns, or asks for help."""
    depth = 0
    at = start
    while (token := _TOKEN.search(text, at)) is not None:
        what, at = token.lastgroup, token.end()
        if what == "open":
            depth += 1
        elif what == "close":
            depth = max(depth - 1, 0)
        elif what == "line" and not depth:
            return _plain(text, start, token.start())
        elif what == "assign" and not depth:
            command = _ASSIGNED.match(text, at)
            if command is not None:
                kind = Kind.MAGIC if command[1] == "%" else Kind.SYSTEM
                end = _end_of_command(text, command.end())
                return Line(kind, start, end, command.start(1), command.end(), assigned=True)
    return _plain(text, start, len(text))


def _plain(text: str, start: int, end: int) -> Line:
    code = text[start:end].rstrip()
    asks = code.endswith("?") and "#" not in code and code.count('"') % 2 == 0
    first = start + len(code) - len(code.lstrip())
    return Line(Kind.HELP if asks else Kind.PYTHON, start, end, first, first)
