"""The text of a Python file as top-level statements, each parsed by libcst on its own.

The standard library's parser finds where the statements begin and end, and ``nesting`` refuses what
would crash libcst. Where the standard parser of the running Python does not know a syntax that
libcst knows, the file is handed to libcst whole. Where both refuse it, the statements before the
mistake are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..document import Document, Place
from ..values import Unknown
from .nesting import DEEPEST, TOO_DEEP, too_deep_at
from .outline import outline, parse
from .relevance import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Outline, Span

_REFUSED = (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError)
"""What libcst raises for code that it does not take; of ``"a" b"b"`` it tells only when it builds
the node."""

_BAD_LITERALS = ("(unicode error)", "(value error)", "Exceeds the limit")
"""How the standard parser's messages begin that are about the inside of a literal: it is no syntax
that a later Python knows, and libcst does not look there."""

MOST_TRIES = 30
"""How many places are tried at which the part of a broken file before the mistake may end."""


class Segment:
    """Some whole top-level statements, with the places of their nodes."""

    __slots__ = ("_positions", "document", "offset", "tree")

    def __init__(self, document: Document, offset: int, text: str) -> None:
        self.document = document
        self.offset = offset
        self.tree = cst.parse_module(text)
        self._positions: dict[cst.CSTNode, tuple[int, int]] | None = None

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Start and end offset of a node in the document, without the blanks around it."""
        if self._positions is None:
            self._positions = self._resolve()
        return self._positions[node]

    def _resolve(self) -> dict[cst.CSTNode, tuple[int, int]]:
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(self.tree, unsafe_skip_copy=True)
        ranges = wrapper.resolve(PositionProvider)
        first, _ = self.document.position(self.offset)
        starts = self.document.line_starts

        def offset_of(line: int, column: int) -> int:
            index = min(first + line - 2, len(starts) - 1)
            return starts[index] + column

        return {
            node: (
                offset_of(found.start.line, found.start.column),
                offset_of(found.end.line, found.end.column),
            )
            for node, found in ranges.items()
        }


class Site:
    """A node and the segment it lies in: a place that costs nothing until it is asked for."""

    __slots__ = ("node", "segment")

    def __init__(self, segment: Segment, node: cst.CSTNode) -> None:
        self.segment = segment
        self.node = node

    def place(self) -> Place:
        return Place(self.segment.document, locate=lambda: self.segment.span(self.node))


def segments(
    document: Document, trouble: list[Unknown], known: Outline | None = None
) -> Iterator[Segment]:
    """The top-level statements of a document that can matter, in order, parsed; ``known`` is its
    outline, if that was made before.

    What cannot be parsed is left out and said in ``trouble``.
    """
    try:
        found = known or outline(document, parse(document.text))
    except SyntaxError as error:
        yield from _without_ast(document, error, trouble)
    except (ValueError, RecursionError, MemoryError):
        trouble.append(_unknown(document, TOO_DEEP, 0))
    else:
        yield from _outlined(document, found, trouble)


def whole(document: Document, trouble: list[Unknown]) -> Iterator[Segment]:
    """All top-level statements of a document, in order, parsed; ``trouble`` as in ``segments``."""
    try:
        body = parse(document.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        trouble.append(_not_python(document, 1))
        return
    if any(survey(each).depth > DEEPEST for each in body):
        trouble.append(_unknown(document, TOO_DEEP, 0))
    elif body:
        yield from _parsed(document, [[(0, len(document.text))]], trouble)


def _outlined(document: Document, found: Outline, trouble: list[Unknown]) -> Iterator[Segment]:
    parts, too_deep = found
    trouble += [_unknown(document, TOO_DEEP, offset) for offset in too_deep]
    yield from _parsed(document, parts, trouble)


def _parsed(
    document: Document, parts: list[list[Span]], trouble: list[Unknown]
) -> Iterator[Segment]:
    for part in parts:
        start, end = part[0][0], part[-1][1]
        try:
            yield Segment(document, start, document.text[start:end])
        except _REFUSED as error:
            if len(part) > 1:  # find the statement that libcst does not take
                yield from _parsed(document, [[span] for span in part], trouble)
            elif isinstance(error, RecursionError):
                trouble.append(_unknown(document, TOO_DEEP, start))
            else:
                line = error.raw_line if isinstance(error, cst.ParserSyntaxError) else 1
                trouble.append(_not_python(document, line + document.position(start)[0] - 1))


def _without_ast(
    document: Document, error: SyntaxError, trouble: list[Unknown]
) -> Iterator[Segment]:
    """What libcst, or else the standard parser before the mistake, can read of a file."""
    deep = too_deep_at(document.text)
    if deep is None:
        try:
            segment = Segment(document, 0, document.text)
        except _REFUSED:
            trouble.append(_not_python(document, error.lineno or 1))
        else:
            if error.msg.startswith(_BAD_LITERALS):
                trouble.append(_bad_literal(document, error))
            yield segment
            return
    else:
        trouble.append(_unknown(document, TOO_DEEP, deep))
    for cut in _cuts(document, error.lineno or 1):
        try:
            body = parse(document.text[:cut])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield from _outlined(document, outline(document, body), trouble)
        return


def _cuts(document: Document, line: int) -> Iterator[int]:
    """Offsets at which a top-level statement may begin, going back from a line (from 1)."""
    tries = 0
    for number in range(min(line, len(document.line_starts)), 1, -1):
        text = document.line(number)
        if text[:1] not in ("", " ", "\t", ")", "]", "}", "#"):
            yield document.line_starts[number - 1]
            tries += 1
            if tries == MOST_TRIES:
                return


def _not_python(document: Document, line: int) -> Unknown:
    line = min(line, len(document.line_starts))
    start, _ = document.line_span(line)
    return _unknown(document, f"line {line} is not valid Python", start)


def _bad_literal(document: Document, error: SyntaxError) -> Unknown:
    found = _not_python(document, error.lineno or 1)
    if not error.msg.startswith("(unicode error)"):
        return found
    how = 'a backslash in text starts an escape; write r"..." or / for a path'
    return Unknown(f"{found.reason}: {how}", found.place)


def _unknown(document: Document, reason: str, offset: int) -> Unknown:
    return Unknown(reason, Place(document, document.line_span(document.position(offset)[0])))
