"""The text of one file and the places in it.

Positions are offsets into the decoded text: code points, counted from 0, ends exclusive. Lines and
columns, as people and the JSON output see them, count from 1. A line ends at ``\\n``, ``\\r\\n`` or
``\\r``, which is how editors and the Python grammar count; other characters that
``str.splitlines`` breaks at stay inside their line.

A text that is written inside another one (a cell of a notebook, a fence of a Markdown page, the
body of ``%%writefile``) is a document of its own, ``Embedded``, with a map back to where its
characters are written. Readers and rules work on it as on any other; only what shows or changes a
file asks for the place's ``origin``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Span = tuple[int, int]
    Outline = tuple[list[list[Span]], list[int]]
    """What of a text is to be parsed: its parts, each of spans of whole lines that follow each
    other; and where statements begin that are nested too deeply for that. Plain tuples and lists,
    which pass from one process to another."""

_LINE_END = re.compile(r"\r\n|\r|\n")


class Language(Enum):
    """What a text is written in: it decides how comments and literals look."""

    PYTHON = "Python"
    NOTEBOOK = "notebook"
    MARKDOWN = "Markdown"
    YAML = "YAML"
    JSON = "JSON"
    DOCKERFILE = "Dockerfile"
    SHELL = "shell"
    POWERSHELL = "PowerShell"
    ENV_FILE = "env file"
    REQUIREMENTS = "requirements"
    TEXT = "text"


SHELLS = (Language.SHELL, Language.POWERSHELL)


class Document:
    """The decoded text of a file, with what is needed to write it back byte for byte.

    ``path`` is absolute. ``encoding`` and ``bom`` are how the bytes were decoded; ``encode`` is
    the inverse. ``exact`` is false where encoding the text would not give the same bytes again, or
    where not all of it was understood: such a file is never fixed.
    """

    __slots__ = ("_exact", "_line_starts", "bom", "encoding", "language", "path", "text")

    def __init__(
        self,
        path: str,
        text: str,
        encoding: str = "utf-8",
        bom: bytes = b"",
        *,
        exact: bool = True,
        language: Language = Language.TEXT,
    ) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self.language = language
        self._exact = exact
        self._line_starts: list[int] | None = None

    @property
    def exact(self) -> bool:
        """Whether the text may be edited."""
        return self._exact

    @exact.setter
    def exact(self, value: bool) -> None:
        self._exact = value

    @property
    def file(self) -> str | None:
        """The path of the file that all of the text is written in; ``None`` if it is several."""
        return self.path

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

    def holds(self, text: str) -> bool:
        """Whether this file's encoding has all characters of ``text``."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True


class Piece(NamedTuple):
    """A stretch of an embedded text, from ``start`` to ``end``, and where it is written.

    The stretch of the source from ``source_start`` to ``source_end`` spells it. If both are
    equally long, character stands for character; if not, it is one escape and is never divided.
    """

    start: int
    end: int
    source: Document
    source_start: int
    source_end: int


class Embedded(Document):
    """A text that is written inside another one.

    ``pieces`` are in order and do not overlap; characters between them (a line end between two
    cells, say) are written nowhere. ``path`` is given where the text becomes a file of its own, as
    with ``%%writefile``; else it is the path of the file around it. ``cell`` is the number, from 1,
    of the notebook cell that this is the source of. ``spell`` writes a text as the source does
    around this one, such as with the escapes of a JSON string.
    """

    __slots__ = ("_files", "_piece_starts", "_written_in", "cell", "pieces", "spell")

    def __init__(
        self,
        text: str,
        pieces: Sequence[Piece],
        *,
        source: Document,
        language: Language,
        path: str | None = None,
        cell: int | None = None,
        spell: Callable[[str], str] | None = None,
        exact: bool = True,
    ) -> None:
        super().__init__(path or source.path, text, source.encoding, exact=exact, language=language)
        # A text of which nothing is written anywhere still has its place.
        self.pieces = tuple(pieces) or (Piece(0, 0, source, 0, 0),)
        self._piece_starts = [piece.start for piece in self.pieces]
        self._files: set[str | None] | None = None
        self._written_in: tuple[Document, ...] | None = None
        self.cell = cell
        self.spell = spell

    @property
    def exact(self) -> bool:
        """Whether the text may be edited: if so may everything that it is written in."""
        return self._exact and all(each.exact for each in self._sources)

    @exact.setter
    def exact(self, value: bool) -> None:
        self._exact = value

    @property
    def file(self) -> str | None:
        if self._files is None:
            self._files = {each.file for each in self._sources}
        return next(iter(self._files)) if len(self._files) == 1 else None

    @property
    def _sources(self) -> tuple[Document, ...]:
        if self._written_in is None:
            sources = {id(piece.source): piece.source for piece in self.pieces}
            self._written_in = tuple(sources.values())
        return self._written_in

    def stretches(self, start: int, end: int) -> list[Place]:
        """Where the characters from ``start`` to ``end`` are written, in order: one place, or more
        where the source has something else in between."""
        found: list[Place] = []
        index = max(bisect_right(self._piece_starts, start) - 1, 0)
        for number in range(index, len(self.pieces)):
            piece = self.pieces[number]
            if found and piece.start >= end:
                break
            first, last = max(start, piece.start), min(end, piece.end)
            if last < first or (last == first and start != end):
                continue
            place = _in_source(piece, first, last)
            joins = found and found[-1].document is place.document and found[-1].end == place.start
            if joins:
                found[-1] = Place(place.document, (found[-1].start, place.end))
            else:
                found.append(place)
        return found or [self._nearest(start)]

    def source_of(self, start: int, end: int) -> Place:
        """The place in the source that holds the characters from ``start`` to ``end``, or their
        first ones where they are written in several sources."""
        places = self.stretches(start, end)
        first = places[0]
        last = max(place.end for place in places if place.document is first.document)
        return Place(first.document, (first.start, max(last, first.end)))

    def _nearest(self, offset: int) -> Place:
        """The place of a character that is written nowhere: the end of what stands before it."""
        piece = self.pieces[max(bisect_right(self._piece_starts, offset) - 1, 0)]
        at = piece.source_end if offset >= piece.end else piece.source_start
        return Place(piece.source, (at, at))


def is_example(document: Document) -> bool:
    """Whether a text is shown in a Markdown page, for people to read."""
    while isinstance(document, Embedded):
        document = document.pieces[0].source
        if document.language is Language.MARKDOWN:
            return True
    return False


def unread(path: str) -> Place:
    """The place of a file whose text is not at hand: its beginning."""
    return Place(Document(path, "", exact=False), (0, 0))


def verbatim(source: Document, spans: Sequence[tuple[int, int]]) -> tuple[str, list[Piece]]:
    """The text that some stretches of a document make one after the other, and its pieces."""
    pieces: list[Piece] = []
    length = 0
    for start, end in spans:
        pieces.append(Piece(length, length + end - start, source, start, end))
        length += end - start
    return "".join(source.text[start:end] for start, end in spans), pieces


def _in_source(piece: Piece, start: int, end: int) -> Place:
    if piece.end - piece.start != piece.source_end - piece.source_start:  # an escape
        if start == end:
            at = piece.source_start if start == piece.start else piece.source_end
            return Place(piece.source, (at, at))
        return Place(piece.source, (piece.source_start, piece.source_end))
    shift = piece.source_start - piece.start
    return Place(piece.source, (start + shift, end + shift))


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

    @property
    def origin(self) -> Place:
        """The place in the file that the text is written in."""
        place = self
        while isinstance(place.document, Embedded):
            place = place.document.source_of(*place.span)
        return place

    @property
    def file(self) -> str:
        """The path of the file that the text is written in: known without the offsets, unless the
        text is written in several."""
        return self.document.file or self.origin.document.path

    @property
    def shown(self) -> Place:
        """The place as people look at it: in the cell of a notebook, else in the file."""
        place = self
        while isinstance(place.document, Embedded) and place.document.cell is None:
            place = place.document.source_of(*place.span)
        return place

    def within(self, document: Document) -> Place | None:
        """The place in a document that the text is written in, at any depth, or is itself."""
        place = self
        while place.document is not document:
            if not isinstance(place.document, Embedded):
                return place if place.document.path == document.path else None
            place = place.document.source_of(*place.span)
        return place

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Place):
            return False
        if self.document is other.document:
            return self.span == other.span
        one, two = self.origin, other.origin
        return one.document.path == two.document.path and one.span == two.span

    def __hash__(self) -> int:
        origin = self.origin
        return hash((origin.document.path, origin.span))

    def __repr__(self) -> str:
        line, column = self.document.position(self.start)
        return f"<{self.document.path}:{line}:{column} {self.text!r}>"
