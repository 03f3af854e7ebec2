"""Pieces of a line, read as texts of their own, that still know where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .credentials import find_secrets
from .records import Option, Part, Secret, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lines import LogicalLine
    from .options import Found, Options
    from .words import Word


class Placed(NamedTuple):
    """A piece of a line with the index in the line of each of its characters."""

    text: str
    line: LogicalLine
    at: Sequence[int]
    empty_at: int = 0

    def span(self, start: int, end: int) -> Span:
        """Where ``text[start:end]`` stands in the source."""
        if start < end:
            return self.line.span(self.at[start], self.at[end - 1] + 1)
        place = self.at[start] if start < len(self.at) else self.empty_at
        return self.line.span(place, place)

    def part(self, start: int, end: int) -> Part:
        """``text[start:end]`` with its place in the source."""
        return Part(self.text[start:end], self.span(start, end))

    def whole(self) -> Part:
        """All of the text with its place in the source."""
        return self.part(0, len(self.text))

    def secrets(self) -> tuple[Secret, ...]:
        """The credentials in the text."""
        return tuple(Secret(kind, self.span(i, j)) for kind, i, j in find_secrets(self.text))


def placed_word(line: LogicalLine, word: Word, start: int) -> Placed:
    """A word of the option string that begins at index ``start`` of the line."""
    return Placed(word.text, line, [start + index for index in word.at], start + word.start)


def placed_option(line: LogicalLine, found: Found, start: int) -> Option:
    """An option of the option string that begins at index ``start`` of the line."""
    written = placed_word(line, found.written, start).whole()
    if found.value is None:
        return Option(found.name, written, None, written.span)
    value = placed_word(line, found.value, start)
    last = line.span(start + found.value.start, start + found.value.end)
    span = Span(written.span.start, max(last.end, written.span.end))
    return Option(found.name, written, value.whole(), span, value.secrets())


def dropped_words(line: LogicalLine, options: Options, start: int) -> tuple[Part, ...]:
    """The loose words of the option string that begins at index ``start`` of the line."""
    return tuple(placed_word(line, word, start).whole() for word in options.loose)
