"""The instructions of a Dockerfile and where they are written, as BuildKit splits them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from ..document import Place
from ..values import Unknown

if TYPE_CHECKING:
    from ..document import Document

_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(\S.*)")
_KEYWORD = re.compile(r"\S+")
_HERE_DOCUMENT = re.compile(r"(?:^|\s)\d*<<(-?)(\"[^\"]*\"|'[^']*'|[^\s<\"']+)")
_WITH_DOCUMENTS = frozenset({"RUN", "COPY", "ADD"})


class Instruction:
    """One instruction: ``keyword`` in capitals, and ``text``, the rest of its line with its
    continuations joined. ``offset`` leads from the text back into the document.

    ``first`` and ``last`` are line numbers, from 1; ``documents`` tells that here-documents follow.
    """

    __slots__ = ("_starts", "document", "documents", "first", "keyword", "last", "spans", "text")

    def __init__(
        self, document: Document, keyword: str, spans: list[tuple[int, int]], first: int
    ) -> None:
        self.document = document
        self.keyword = keyword
        self.spans = spans
        self.first = self.last = first
        self.documents = False
        self.text = "".join(document.text[start:end] for start, end in spans)
        self._starts = [0]
        for start, end in spans:
            self._starts.append(self._starts[-1] + end - start)

    def offset(self, index: int) -> int:
        """Where in the document a character of the text is."""
        number = min(bisect_right(self._starts, index) - 1, len(self.spans) - 1)
        return self.spans[number][0] + index - self._starts[number]

    def end(self, index: int) -> int:
        """Where in the document the text before an index ends."""
        return self.offset(index - 1) + 1 if index else self.offset(0)

    @property
    def place(self) -> Place:
        """The first line of the instruction, with its keyword."""
        start, end = self.document.line_span(self.first)
        line = self.document.text[start:end]
        return Place(
            self.document, (start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        )


class File(NamedTuple):
    """The instructions of a Dockerfile, and the character that escapes."""

    instructions: tuple[Instruction, ...]
    escape: str
    trouble: tuple[Unknown, ...] = ()


def instructions(document: Document) -> File:
    """Split a document into instructions; never raises for what is in it."""
    escape = _escape(document)
    blank_behind = re.compile(rf"(?:^|[^{re.escape(escape)}]){re.escape(escape)}[ \t]*$")
    found: list[Instruction] = []
    lines = len(document.line_starts)
    number = 1
    while number <= lines:
        first = number
        start, end = _stripped(document, number)
        number += 1
        if start == end or document.text[start] == "#":
            continue
        spans = []
        while True:
            continued = blank_behind.search(document.text[start:end])
            if continued is None:
                spans.append((start, end))
                break
            at = start + document.text[start:end].rstrip(" \t").rindex(escape)
            spans.append((start, at))
            number = _next_line(document, number)
            if number > lines:
                break
            start, end = document.line_span(number)
            number += 1
        made = _made(document, spans, first)
        if made is None:
            continue
        made.last = number - 1
        found.append(made)
        if made.keyword in _WITH_DOCUMENTS:
            after = _behind_documents(document, made, number)
            if after is None:
                reason = "a here-document does not end"
                return File(tuple(found), escape, (Unknown(reason, made.place),))
            made.last = after - 1
            number = after
    return File(tuple(found), escape)


def _escape(document: Document) -> str:
    """The escape character that the directives at the top choose."""
    for number in range(1, len(document.line_starts) + 1):
        found = _DIRECTIVE.fullmatch(document.line(number).strip())
        if found is None:
            break
        if found.group(1).lower() == "escape":
            return "`" if found.group(2) == "`" else "\\"
    return "\\"


def _stripped(document: Document, number: int) -> tuple[int, int]:
    start, end = document.line_span(number)
    text = document.text[start:end]
    return start + len(text) - len(text.lstrip()), end


def _next_line(document: Document, number: int) -> int:
    """The next line that is neither empty nor a comment: those may stand in between."""
    while number <= len(document.line_starts):
        start, end = _stripped(document, number)
        if start < end and document.text[start] != "#":
            break
        number += 1
    return number


def _made(document: Document, spans: list[tuple[int, int]], first: int) -> Instruction | None:
    whole = Instruction(document, "", spans, first)
    keyword = _KEYWORD.search(whole.text)
    if keyword is None:
        return None
    at = keyword.end()
    while at < len(whole.text) and whole.text[at].isspace():
        at += 1
    rest = []
    for index, (start, end) in enumerate(spans):
        begins = whole._starts[index]
        from_ = start + max(0, at - begins)
        if from_ < end:
            rest.append((from_, end))
    if not rest:
        rest = [(spans[-1][1], spans[-1][1])]
    return Instruction(document, keyword.group().upper(), rest, first)


def _behind_documents(document: Document, made: Instruction, number: int) -> int | None:
    """The line behind the here-documents of an instruction; ``None`` if one does not end."""
    for found in _HERE_DOCUMENT.finditer(made.text):
        made.documents = True
        name = found.group(2).strip("\"'")
        while True:
            if number > len(document.line_starts):
                return None
            line = document.line(number)
            number += 1
            if (line.lstrip("\t") if found.group(1) else line) == name:
                break
    return number
