"""Source frames: the lines that a finding speaks of, with the places marked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .lines import ELLIPSIS, show
from .positions import offsets
from .terminal import BLUE, sentence, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..document import Document, Place
    from .lines import ShownLine
    from .terminal import Style

_LEAST_ROOM = 24
_RELATED = BLUE


class Mark(NamedTuple):
    """A place to underline, in its colour; the ``label`` stands beside it."""

    place: Place
    label: str
    primary: bool
    colour: str = _RELATED


class _Part(NamedTuple):
    """The part of a mark that lies in one line: characters, counted from 0, end exclusive."""

    start: int
    end: int
    mark: Mark
    label: str


def frame(
    document: Document,
    marks: Sequence[Mark],
    *,
    gutter: int,
    style: Style,
    masked: Iterable[tuple[int, int]] = (),
) -> list[str]:
    """The marked lines of one document, without the line that names the file.

    ``gutter`` is how many columns line numbers get. The characters in ``masked``, pairs of
    offsets, are shown as stars.
    """
    parts: dict[int, list[_Part]] = {}
    for mark in marks:
        for line, part in _parts(mark, document):
            parts.setdefault(line, []).append(part)
    room = max(style.columns - gutter - len(" | "), _LEAST_ROOM)
    bar = style.paint("|", BLUE)
    rows = [f"{'':{gutter}} {bar}"]
    before = 0
    for number in _with_small_gaps_filled(parts):
        if before and number > before + 1:
            rows.append(style.paint(ELLIPSIS, BLUE))
        before = number
        here = parts.get(number, [])
        start, end = _focus(here, room // 2)
        shown = show(_masked(document, number, masked), start, end, room)
        count = style.paint(f"{number:>{gutter}}", BLUE)
        rows.append(f"{count} {bar} {shown.text}".rstrip(" "))
        rows += [f"{'':{gutter}} {bar} {row}" for row in _marker_rows(shown, here, room, style)]
    return rows


def last_line(mark: Mark, document: Document) -> int:
    """The greatest line number that a mark needs."""
    return max(line for line, _ in _parts(mark, document))


def _parts(mark: Mark, document: Document) -> list[tuple[int, _Part]]:
    """The first and the last line of a place, with what of it lies there."""
    start, end = offsets(mark.place, document)
    first, column = document.position(start)
    last = document.position(max(start, end - 1))[0]
    if first == last:
        return [(first, _part(document, mark, first, column - 1, end, mark.label))]
    text = document.line(last)
    indent = len(text) - len(text.lstrip(" \t"))
    return [
        (first, _part(document, mark, first, column - 1, end, "")),
        (last, _part(document, mark, last, indent, end, mark.label)),
    ]


def _part(
    document: Document, mark: Mark, line: int, start: int, end_offset: int, label: str
) -> _Part:
    line_start, line_end = document.line_span(line)
    length = line_end - line_start
    start = min(start, length)
    end = min(max(end_offset - line_start, start), length)
    return _Part(start, end, mark, sentence(label))


def _with_small_gaps_filled(lines: Iterable[int]) -> list[int]:
    """The lines in order; a single one between two is shown rather than dots."""
    filled: list[int] = []
    for line in sorted(lines):
        if filled and line == filled[-1] + 2:
            filled.append(line - 1)
        filled.append(line)
    return filled


def _focus(parts: Sequence[_Part], near: int) -> tuple[int, int]:
    """The stretch of a line that has to be seen if the line is too long: all places if they are
    near each other, else the primary one."""
    if not parts:
        return 0, 0
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    if end - start <= near:
        return start, end
    chosen = next((part for part in parts if part.mark.primary), parts[0])
    return chosen.start, chosen.end


def _masked(document: Document, number: int, masked: Iterable[tuple[int, int]]) -> str:
    start, end = document.line_span(number)
    text = document.text[start:end]
    for first, last in masked:
        if first < end and last > start:
            one, two = max(first - start, 0), min(last, end) - start
            text = text[:one] + "*" * (two - one) + text[two:]
    return text


# ---- what stands below a line ------------------------------------------------------------------


class _Piece(NamedTuple):
    column: int
    text: str
    colour: str


def _marker_rows(shown: ShownLine, parts: Sequence[_Part], room: int, style: Style) -> list[str]:
    """The underlines, and the labels: the last one beside its underline if there is room, the
    others hang below theirs."""
    if not parts:
        return []
    spans = [(*shown.columns(part.start, part.end), part) for part in parts]
    pieces = _underlines(spans)
    end = max(right for _, right, _ in spans)
    labelled = sorted((span for span in spans if span[2].label), key=lambda span: span[:2])
    if labelled:
        _, right, part = labelled[-1]
        if right == end and end + 1 + width(part.label) <= room:
            pieces.append(_Piece(end + 1, part.label, part.mark.colour))
            labelled.pop()
    rows = [_row(pieces, style)]
    hanging = [(left, part) for left, _, part in labelled]
    if hanging:
        rows.append(_row(_strings(hanging), style))
    while hanging:
        left, part = hanging.pop()
        if left > room // 2:
            left = min(left, max(room - width(part.label), 0))
        for text in wrap(part.label, room - left):
            strings = [each for each in _strings(hanging) if each.column < left]
            rows.append(_row([*strings, _Piece(left, text, part.mark.colour)], style))
    return rows


def _underlines(spans: Sequence[tuple[int, int, _Part]]) -> list[_Piece]:
    """Runs of ``^`` and ``-``; the primary place lies over the others."""
    cells: dict[int, tuple[str, str]] = {}
    for left, right, part in sorted(spans, key=lambda span: span[2].mark.primary):
        cell = ("^" if part.mark.primary else "-", part.mark.colour)
        cells.update(dict.fromkeys(range(left, right), cell))
    pieces: list[_Piece] = []
    for column, (character, colour) in sorted(cells.items()):
        last = pieces[-1] if pieces else None
        joins = last is not None and last.column + len(last.text) == column
        if last is not None and joins and (last.text[0], last.colour) == (character, colour):
            pieces[-1] = last._replace(text=last.text + character)
        else:
            pieces.append(_Piece(column, character, colour))
    return pieces


def _strings(hanging: Iterable[tuple[int, _Part]]) -> list[_Piece]:
    """The vertical lines by which labels hang, one a column."""
    columns = {left: part.mark.colour for left, part in hanging}
    return [_Piece(column, "|", colour) for column, colour in columns.items()]


def _row(pieces: Iterable[_Piece], style: Style) -> str:
    row, column = "", 0
    for piece in sorted(pieces):
        row += " " * (piece.column - column) + style.paint(piece.text, piece.colour)
        column = piece.column + width(piece.text)
    return row
