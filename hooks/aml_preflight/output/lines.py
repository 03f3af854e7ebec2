"""One source line as a frame shows it: harmless, with tabs expanded, clipped if it is long."""

from __future__ import annotations

from .terminal import safe, width

TAB = 4
ELLIPSIS = "..."
_CONTEXT = 16
"""Columns kept behind a place in a clipped line, if there is more to see there."""


class ShownLine:
    """The text that is printed, and where in it the characters of the line are.

    Columns here count from 0 and are those of the terminal.
    """

    __slots__ = ("_first", "_last", "_starts", "text")

    def __init__(self, line: str, first: int, last: int) -> None:
        head = ELLIPSIS if first else ""
        tail = ELLIPSIS if last < len(line) else ""
        cells = [head]
        starts = []
        column = len(head)
        for character in line[first:last]:
            starts.append(column)
            cell = " " * (TAB - column % TAB) if character == "\t" else safe(character)
            cells.append(cell)
            column += width(cell)
        self._first = first
        self._last = last
        self._starts = [*starts, column]
        self.text = "".join([*cells, tail])
        if tail:
            self._starts.append(column + len(tail))

    def columns(self, start: int, end: int) -> tuple[int, int]:
        """The columns of a stretch of the line, at least one wide. What is not shown counts as the
        dots that stand for it."""
        left = self._column(start)
        right = self._column(end, behind=True)
        return left, max(right, left + 1)

    def _column(self, index: int, *, behind: bool = False) -> int:
        if index < self._first or (behind and index == self._first and self._first):
            return len(ELLIPSIS) if behind else 0
        beyond = index > self._last if behind else index >= self._last
        if beyond:
            shown = self._last - self._first
            return self._starts[-1] if behind else self._starts[shown]
        return self._starts[index - self._first]


def show(line: str, start: int, end: int, room: int) -> ShownLine:
    """A line in ``room`` columns; if it is longer, the part around ``start`` and ``end``."""
    if len(line) <= 4 * room:
        whole = ShownLine(line, 0, len(line))
        if width(whole.text) <= room:
            return whole
    dots = len(ELLIPSIS)
    left = max(room - 2 * dots, 1)
    last, left = _forward(line, start, end, left)
    behind = min(left // 2, _CONTEXT)
    last, unused = _forward(line, last, len(line), behind)
    first, left = _backward(line, start, left - behind + unused)
    if first == 0:
        last, left = _forward(line, last, len(line), left + dots)
    elif last == len(line):
        first, left = _backward(line, first, left + dots)
    return ShownLine(line, first, last)


def _forward(line: str, index: int, stop: int, room: int) -> tuple[int, int]:
    while index < stop and _cost(line[index]) <= room:
        room -= _cost(line[index])
        index += 1
    return index, room


def _backward(line: str, index: int, room: int) -> tuple[int, int]:
    while index > 0 and _cost(line[index - 1]) <= room:
        index -= 1
        room -= _cost(line[index])
    return index, room


def _cost(character: str) -> int:
    """The most columns that a character can take; never 0, so that a walk ends."""
    return TAB if character == "\t" else max(width(safe(character)), 1)
