"""Texts of fences with some of their characters left out or replaced, still mapped to the page."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Language, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..document import Document


class Change(NamedTuple):
    """Put ``text`` in the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


class Mapped(NamedTuple):
    """A text and where its characters are written."""

    text: str
    pieces: tuple[Piece, ...]

    def changed(self, changes: Iterable[Change]) -> Mapped:
        """The text after changes that do not overlap. What replaces characters is written where
        those are, as one piece."""
        wanted = sorted(changes)
        if not wanted or not self.pieces:
            return self
        source = self.pieces[0].source
        around = Embedded(self.text, self.pieces, source=source, language=Language.TEXT)
        parts: list[str] = []
        pieces: list[Piece] = []
        length = at = 0
        starts = [piece.start for piece in self.pieces]
        for each in [*wanted, Change(len(self.text), len(self.text), "")]:
            for index in range(max(bisect_right(starts, at) - 1, 0), len(starts)):
                piece = self.pieces[index]
                if piece.start >= each.start:
                    break
                first, last = max(piece.start, at), min(piece.end, each.start)
                if first < last:
                    pieces.append(_part(piece, first, last, length - at))
            parts += (self.text[at : each.start], each.text)
            length += each.start - at
            if each.text:
                place = around.source_of(each.start, each.end)
                end = length + len(each.text)
                pieces.append(Piece(length, end, place.document, place.start, place.end))
                length = end
            at = each.end
        return Mapped("".join(parts), tuple(pieces))

    def embedded(self, page: Document, language: Language) -> Embedded:
        """The text as a document inside the page."""
        return Embedded(self.text, self.pieces, source=page, language=language)


def _part(piece: Piece, start: int, end: int, shift: int) -> Piece:
    """The part of a piece between two offsets, moved by ``shift``; an escape stays whole."""
    if piece.end - piece.start != piece.source_end - piece.source_start:
        return piece._replace(start=start + shift, end=end + shift)
    first = piece.source_start + start - piece.start
    return Piece(start + shift, end + shift, piece.source, first, first + end - start)


def joined(texts: Iterable[Mapped], before: str = "") -> Mapped:
    """Texts one after the other, each on lines of its own, behind one that is written nowhere."""
    parts = [before]
    pieces: list[Piece] = []
    length = len(before)
    for each in texts:
        pieces += (
            piece._replace(start=piece.start + length, end=piece.end + length)
            for piece in each.pieces
        )
        ending = "" if each.text.endswith(("\n", "\r")) else "\n"
        parts += (each.text, ending)
        length += len(each.text) + len(ending)
    return Mapped("".join(parts), tuple(pieces))
