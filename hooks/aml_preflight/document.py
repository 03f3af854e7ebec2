"""The text of one file and the places in it.

Positions are offsets into the decoded text: code points, counted from 0, ends exclusive. Lines and
columns, as people and the JSON output see them, count from 1. A line ends at ``\\n``, ``\\r\\n`` or
``\\r``, which is how editors and the Python grammar count; other characters that
``str.splitlines`` breaks at stay inside their line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_END = re.compile(r"\r\n|\r|\n")


class Document:
    """The decoded text of a file, with what is needed to write it back byte for byte.

    ``path`` is absolute. ``encoding`` and ``bom`` are how the bytes were decoded; ``encode`` is
    the inverse. ``exact`` is false where encoding the text would not give the same bytes again, or
    where not all of it was understood: such a file is never fixed.
    """

    __slots__ = ("_line_starts", "bom", "encoding", "exact", "path", "text")

    def __init__(
        self,
        path: str,
        text: str,
        encoding: str = "utf-8",
        bom: bytes = b"",
        *,
        exact: bool = True,
    ) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self.exact = exact
        self._line_starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; there is always at least one line."""
        if self._line_starts is None:
            self._line_starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_span(self, line: int) -> tuple[int, int]:
        """Start and end offset of a line (from 1), without its line end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end."""
        start, end = self.line_span(number)
        return self.text[start:end]

    def encode(self, text: str) -> bytes:
        """The bytes of ``text`` in this file's encoding. Raises ``UnicodeEncodeError``."""
        return self.bom + text.encode(self.encoding)


class Place:
    """A stretch of a document. The offsets may be worked out only when somebody asks for them:
    a file without findings never pays for positions."""

    __slots__ = ("_locate", "_span", "document")

    def __init__(
        self,
        document: Document,
        span: tuple[int, int] | None = None,
        *,
        locate: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        assert (span is None) != (locate is None)
        self.document = document
        self._span = span
        self._locate = locate

    @property
    def span(self) -> tuple[int, int]:
        """Start and end offset, end exclusive."""
        if self._span is None:
            assert self._locate is not None
            self._span = self._locate()
        return self._span

    @property
    def start(self) -> int:
        return self.span[0]

    @property
    def end(self) -> int:
        return self.span[1]

    @property
    def text(self) -> str:
        """The characters of the place."""
        return self.document.text[self.start : self.end]

    def part(self, start: int, end: int) -> Place:
        """A place inside this one, by offsets relative to its start."""
        return Place(self.document, (self.start + start, self.start + end))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Place)
            and self.document.path == other.document.path
            and self.span == other.span
        )

    def __hash__(self) -> int:
        return hash((self.document.path, self.span))

    def __repr__(self) -> str:
        line, column = self.document.position(self.start)
        return f"<{self.document.path}:{line}:{column} {self.text!r}>"
