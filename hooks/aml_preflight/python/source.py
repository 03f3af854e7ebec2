"""The text of a Python file as top-level statements, each parsed by libcst on its own.

The standard library's parser finds where the statements begin and end, and refuses what would
crash libcst: both recurse, but only libcst takes the process down with it (deep nesting is a
segmentation fault in its native parser). Where the standard parser of the running Python does not
know a syntax that libcst knows, the file is handed to libcst whole, after a scan of its nesting.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING

import libcst as cst

from ..document import Document, Place
from ..values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1_000_000
"""libcst takes some 20 seconds and 450 MB for a file of this size (measured)."""

DEEPEST = 150
"""Levels of the syntax tree. Code that people write stays below 40."""

_TOO_DEEP = "it is nested too deeply to be read safely"
_OPENING, _CLOSING = "([{", ")]}"
_LONG_CHAIN = re.compile(r"(?:(?:[-+~*]|\bnot\b|\bawait\b|\blambda\s*:|\belse\b)\s*){100}")


class Unreadable(Exception):
    """The file, or a part of it, cannot be read. ``offset`` is where, in code points from 0."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def decode(path: str, data: bytes) -> Document:
    """The document of a Python file: byte order mark, coding line (PEP 263), else UTF-8.

    Raises ``Unreadable`` with the reason in the user's words.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    if b"\0" in data:
        raise Unreadable("it contains NUL bytes; is it UTF-16, or not text at all?")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise Unreadable(f"its encoding is not known ({error.msg})") from None
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    name = "utf-8" if bom else encoding
    try:
        text = data[len(bom) :].decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + len(bom)) + 1
        raise Unreadable(f"line {line} is not valid {name}") from None
    return Document(path, text, name, bom)


class Segment:
    """Some whole top-level statements, with the places of their nodes."""

    __slots__ = ("_positions", "_starts", "document", "offset", "tree")

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


def segments(document: Document, trouble: list[Unknown]) -> Iterator[Segment]:
    """The top-level statements of a document, in order, parsed.

    What cannot be parsed is left out and said in ``trouble``.
    """
    try:
        spans = _statement_spans(document, trouble)
    except Unreadable as error:
        trouble.append(_unknown(document, error))
        return
    for start, end in spans:
        try:
            yield Segment(document, start, document.text[start:end])
        except cst.ParserSyntaxError as error:
            line = error.raw_line + document.position(start)[0] - 1
            at = document.line_span(min(line, len(document.line_starts)))[0]
            trouble.append(_unknown(document, Unreadable(_syntax_error(line), at)))
        except RecursionError:
            trouble.append(_unknown(document, Unreadable(_TOO_DEEP, start)))


def _unknown(document: Document, error: Unreadable) -> Unknown:
    start, end = document.line_span(document.position(error.offset)[0])
    return Unknown(error.reason, Place(document, (start, end)))


def _syntax_error(line: int) -> str:
    return f"line {line} is not valid Python"


def _statement_spans(document: Document, trouble: list[Unknown]) -> list[tuple[int, int]]:
    """Spans of whole lines that hold whole top-level statements."""
    text = document.text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a SyntaxWarning is not ours to print
            body = ast.parse(text).body
    except SyntaxError:
        _refuse_deep_text(text)
        return [(0, len(text))]
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable(_TOO_DEEP) from None
    starts = document.line_starts
    spans: list[tuple[int, int]] = []
    for statement in body:
        if _too_deep(statement):
            at = starts[statement.lineno - 1]
            trouble.append(_unknown(document, Unreadable(_TOO_DEEP, at)))
            continue
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        last = statement.end_lineno or statement.lineno
        begin = starts[first - 1]
        end = starts[last] if last < len(starts) else len(text)
        if spans and begin < spans[-1][1]:  # `a = 1; b = 2` shares its line
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _too_deep(statement: ast.stmt) -> bool:
    level: list[ast.AST] = [statement]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            return True
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return False


def _refuse_deep_text(text: str) -> None:
    """Raise ``Unreadable`` for text that could nest deeper than libcst survives.

    Brackets inside strings and comments count as well: refusing odd text is harmless.
    """
    depth = 0
    for index, character in enumerate(text):
        if character in _OPENING:
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(_TOO_DEEP, index)
        elif character in _CLOSING and depth:
            depth -= 1
    chain = _LONG_CHAIN.search(text)
    if chain:
        raise Unreadable(_TOO_DEEP, chain.start())
