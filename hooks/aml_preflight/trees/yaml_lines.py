"""The lines of a YAML scalar, each where it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = re.compile(r"[|>][-+1-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
"""Begins a block scalar. An indentation that is given by a number is not needed here: blanks in
front of all lines are left out then."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_ESCAPE = {"'": re.compile(r"'(.)"), '"': re.compile(r"\\(.|\Z)")}
_ESCAPED = {"'": "'", '"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t"}


class Line(NamedTuple):
    """A line, or a part of one: the stretch of the source that it is written in, the text that this
    spells, and what YAML puts behind it: line ends, a blank or nothing."""

    start: int
    end: int
    text: str
    behind: str


def lines_of(text: str, start: int, end: int) -> list[Line] | None:
    """The lines of the scalar that is written from ``start`` to ``end``, offsets in code points.

    What YAML makes of line ends behind the last one is left out. ``None`` where there are escapes
    that people do not write in scripts.
    """
    first = text[start : start + 1]
    if first in ("|", ">"):
        header = HEADER.match(text, start)
        return _block(text, header.end(), end, folds=first == ">") if header else None
    if first in ("'", '"'):
        return _unescaped(_flow(text, start + 1, end - 1), _ESCAPE[first])
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
        found.append(Line(begin, last, text[begin:last], behind))
        behind = "\n"
    return found[::-1]


def _flow(text: str, start: int, end: int) -> list[Line]:
    """Lines of a scalar that folds wherever it is broken; an empty line in it is a line end."""
    found: list[Line] = []
    for first, last in _written(text, start, end):
        line = text[first:last]
        begin = first + (len(line) - len(line.lstrip(" \t")) if found else 0)
        stop = max(first + len(line.rstrip(" \t")) if last < end else last, begin)
        if stop == begin and found and last < end:
            found[-1] = found[-1]._replace(behind=found[-1].behind.strip(" ") + "\n")
        else:
            found.append(Line(begin, stop, text[begin:stop], " "))
    return [*found[:-1], *(line._replace(behind="") for line in found[-1:])]


def _unescaped(lines: list[Line], escape: re.Pattern[str]) -> list[Line] | None:
    """Lines in quotes, with each escape as a part of its own."""
    found: list[Line] = []
    for line in lines:
        at = 0
        for match in escape.finditer(line.text):
            meant = _ESCAPED.get(match.group(1))
            if meant is None:
                return None
            first, last = match.span()
            found.append(Line(line.start + at, line.start + first, line.text[at:first], ""))
            found.append(Line(line.start + first, line.start + last, meant, ""))
            at = last
        found.append(Line(line.start + at, line.end, line.text[at:], line.behind))
    return found


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
