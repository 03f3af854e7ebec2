"""Words as shells and Dockerfiles know them: text in which quotes and escapes are taken away and
expansions, whose value is not written there, remain as holes. Every character keeps its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .document import Embedded, Language, Piece, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .document import Document


class Chunk(NamedTuple):
    """Some characters of a word. The source from ``start`` to ``end`` spells them: one by one if
    both are equally long, else it is one escape."""

    text: str
    start: int
    end: int

    @property
    def is_escape(self) -> bool:
        return len(self.text) != self.end - self.start


class Hole(NamedTuple):
    """An expansion, from ``start`` to ``end`` in the source. ``name`` is that of the variable if it
    stands for the value of one and nothing else. One outside quotes may become several words, or
    none."""

    name: str | None
    start: int
    end: int
    quoted: bool


Part = Chunk | Hole


class Word:
    """One word, or a part of one, from ``start`` to ``end`` in the document.

    ``quotes`` are the spans of what stands in quotes, from the opening to behind the closing one.
    """

    __slots__ = ("document", "end", "parts", "quotes", "start")

    def __init__(
        self,
        document: Document,
        start: int,
        end: int,
        parts: Sequence[Part],
        quotes: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.parts = tuple(parts)
        self.quotes = tuple(quotes)

    @property
    def text(self) -> str | None:
        """The value, if it has no holes."""
        texts = [part.text for part in self.parts if isinstance(part, Chunk)]
        return "".join(texts) if len(texts) == len(self.parts) else None

    @property
    def leading(self) -> str:
        """The value as far as the first hole."""
        texts = []
        for part in self.parts:
            if isinstance(part, Hole):
                break
            texts.append(part.text)
        return "".join(texts)

    @property
    def source(self) -> str:
        """The word as it is written."""
        return self.document.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where the word is written; of one that is the end of a quoted text, without the quote."""
        around = self._around()
        if around is not None and around[1] == self.end:
            return Place(self.document, (self.start, self.end - 1))
        return Place(self.document, (self.start, self.end))

    @property
    def characters(self) -> Place:
        """Where the value is written, without the quotes around it."""
        if not self.parts:
            return self.place
        return Place(self.document, (self.parts[0].start, self.parts[-1].end))

    def literal(self, escape: Callable[[str, str], str], *, inside: bool = False) -> Place | None:
        """The place at which another value can be written, or ``None``.

        ``escape`` spells a text between quotes of the kind that it is also given. ``inside`` asks
        for the place between the quotes where the whole word stands in one pair of them.
        """
        around = self._around()
        if around is None and inside and self.quotes == ((self.start, self.end),):
            around = self.start, self.end
        if around is None:
            return Place(self.document, (self.start, self.end))
        if around[1] != self.end:
            return None
        start, end = max(self.start, around[0] + 1), self.end - 1
        quote = self.document.text[around[0]]
        text = self.document.text[start:end]
        within = Embedded(
            text,
            [Piece(0, end - start, self.document, start, end)],
            source=self.document,
            language=Language.TEXT,
            spell=lambda value: escape(value, quote),
        )
        return Place(within, (0, len(text)))

    def _around(self) -> tuple[int, int] | None:
        """The quotes that the word begins in the middle of."""
        for start, end in self.quotes:
            if start < self.start < end:
                return start, end
        return None

    def partition(self, separator: str) -> tuple[Word, Word] | None:
        """What stands before and behind the first such character of the value."""
        for index, part in enumerate(self.parts):
            if isinstance(part, Chunk) and separator in part.text:
                return self._cut(index, part.text.index(separator))
        return None

    def without(self, count: int) -> Word:
        """The word without its first characters. Raises ``ValueError`` where there are not so many
        before a hole."""
        if count == 0:
            return self
        for index, part in enumerate(self.parts):
            if isinstance(part, Hole):
                break
            if count <= len(part.text):
                return self._cut(index, count - 1)[1]
            count -= len(part.text)
        raise ValueError(f"{count} characters too many for {self!r}")

    def _cut(self, index: int, offset: int) -> tuple[Word, Word]:
        """The parts before and behind a character of a part."""
        part = self.parts[index]
        assert isinstance(part, Chunk)
        if part.is_escape:
            at = behind = part.start
            behind = part.end
        else:
            at, behind = part.start + offset, part.start + offset + 1
        before = [*self.parts[:index]]
        after = [*self.parts[index + 1 :]]
        if offset:
            before.append(Chunk(part.text[:offset], part.start, at))
        if offset + 1 < len(part.text):
            after.insert(0, Chunk(part.text[offset + 1 :], behind, part.end))
        first = Word(self.document, self.start, at, before, self.quotes)
        return first, Word(self.document, behind, self.end, after, self.quotes)

    def __repr__(self) -> str:
        return f"<Word {self.source!r}>"
