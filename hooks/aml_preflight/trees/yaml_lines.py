"""The lines of a YAML scalar, each where it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = re.compile(r"[|>][-+]?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_ESCAPED = {'"': "\\", "'": "''"}


class Line(NamedTuple):
    """A stretch of the text, and what YAML puts behind it: line ends, a blank or nothing."""

    start: int
    end: int
    behind: str


def lines_of(text: str, start: int, end: int) -> list[Line] | None:
    """The lines of the scalar that is written from ``start`` to ``end``, offsets in code points.

    What YAML makes of line ends behind the last one is left out. ``None`` where the characters are
    not those that are written, as with escapes, or where the indentation is given by a number.
    """
    first = text[start : start + 1]
    if first in ("|", ">"):
        header = _HEADER.match(text, start)
        return _block(text, header.end(), end, folds=first == ">") if header else None
    if first in ('"', "'"):
        start, end = start + 1, end - 1
        if _ESCAPED[first] in text[start:end]:
            return None
    return _flow(text, start, end)


def _block(text: str, start: int, end: int, *, folds: bool) -> list[Line]:
    written = list(_written(text, start, end))
    filled = [(first, last) for first, last in written if text[first:last].strip(" ")]
    indent = _indent(text, *filled[0]) if filled else 0
    found: list[Line] = []
    behind = ""
    after: str | None = None
    """How the next line begins that is not empty."""
    for first, last in reversed(written):
        begin = min(first + indent, last)
        here = text[begin : begin + 1] if last > begin else None
        if here is not None:
            if folds and after is not None and here not in " \t" and after not in " \t":
                behind = "" if found[-1].end == found[-1].start else " "
            after = here
        found.append(Line(begin, last, behind))
        behind = "\n"
    return found[::-1]


def _flow(text: str, start: int, end: int) -> list[Line]:
    """Lines of a scalar that folds wherever it is broken; an empty line in it is a line end."""
    found: list[Line] = []
    for first, last in _written(text, start, end):
        line = text[first:last]
        begin = first + (len(line) - len(line.lstrip(" \t")) if found else 0)
        stop = first + len(line.rstrip(" \t")) if last < end else last
        if stop <= begin and found and last < end:
            found[-1] = found[-1]._replace(behind=found[-1].behind.strip(" ") + "\n")
        else:
            found.append(Line(begin, max(stop, begin), " "))
    return [*found[:-1], *(line._replace(behind="") for line in found[-1:])]


def _written(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines from ``start`` to ``end``, without their ends."""
    while start < end:
        match = _LINE.match(text, start, end)
        assert match is not None
        yield match.span(1)
        start = match.end()


def _indent(text: str, start: int, end: int) -> int:
    line = text[start:end]
    return len(line) - len(line.lstrip(" "))
