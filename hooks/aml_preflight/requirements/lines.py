"""Physical lines to logical lines, every character with its place.

The grammar is that of pip 26.3's ``req_file.preprocess`` (unchanged since pip 20), in one linear
pass: pip's own expression for comments takes quadratic time on a long run of blanks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from .records import Part, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE_LINE_COMMENT = re.compile(r"\s*#")
# The same places as "start or white space, then #", but looking back one character only.
_COMMENT = re.compile(r"(?:^|(?<=\s))#")


class PhysicalLine(NamedTuple):
    """One line as ``str.splitlines`` sees it: its number from 1, its offset, its text."""

    number: int
    start: int
    text: str


class LogicalLine(NamedTuple):
    """What pip reads as one line.

    ``number`` is the line it starts on, ``text`` is joined, without comment, stripped; it may be
    empty. ``starts`` and ``sources`` map stretches of ``text`` (plus ``shift``, the characters
    stripped in front) to the source. ``comment`` is the comment's span, without line break, over
    all the lines that it takes in; ``carrier`` are those lines as they stand in the source, from
    the one where the comment begins (empty where the comment is a line of its own).
    """

    number: int
    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    shift: int
    comment: Span | None
    carrier: tuple[PhysicalLine, ...]

    def offset(self, index: int) -> int:
        """The source offset of the character ``text[index]``."""
        position = index + self.shift
        piece = bisect_right(self.starts, position) - 1
        return self.sources[piece] + position - self.starts[piece]

    def span(self, start: int, end: int) -> Span:
        """The source span of ``text[start:end]``; an empty stretch gives an empty span."""
        if start < end:
            return Span(self.offset(start), self.offset(end - 1) + 1)
        if start < len(self.text):
            return Span(self.offset(start), self.offset(start))
        place = self.offset(start - 1) + 1 if start else self.sources[0]
        return Span(place, place)

    def part(self, start: int, end: int) -> Part:
        """``text[start:end]`` with its span."""
        return Part(self.text[start:end], self.span(start, end))


def physical_lines(text: str) -> Iterator[PhysicalLine]:
    """The lines of ``text`` as ``str.splitlines`` has them: U+2028 or a form feed ends one.

    Editors know fewer line ends: compute an editor's line and column from the offset.
    """
    start = 0
    kept = text.splitlines(keepends=True)
    for number, (line, with_end) in enumerate(zip(text.splitlines(), kept, strict=True), start=1):
        yield PhysicalLine(number, start, line)
        start += len(with_end)


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """The logical lines of ``text`` in order, those left empty by their comment included.

    A line that ends in a backslash goes on in the next one, unless it is a comment from its first
    character on; such a comment also ends a continuation.
    """
    pending: list[PhysicalLine] = []
    for line in physical_lines(text):
        if _WHOLE_LINE_COMMENT.match(line.text):
            if pending:
                yield _joined(pending, None, line)
                pending = []
        elif line.text.endswith("\\"):
            pending.append(line)
        elif pending:
            yield _joined(pending, line, None)
            pending = []
        elif line.text:
            yield _joined([], line, None) if "#" in line.text else _alone(line)
    if pending:
        yield _joined(pending, None, None)


def swallowed_lines(line: LogicalLine) -> Iterator[tuple[Span, LogicalLine]]:
    """What the comment of ``line`` took in, as the logical lines it would be otherwise.

    Each comes with the span of the backslashes in front of it that would have to go. A swallowed
    line may itself end in a comment and a backslash; the next one is then another logical line.
    """
    group: list[PhysicalLine] = []
    for before, current in zip(line.carrier, line.carrier[1:], strict=False):
        if not group:
            end = before.start + len(before.text)
            backslash = Span(before.start + len(before.text.rstrip("\\")), end)
        if _COMMENT.search(current.text) or not current.text.endswith("\\"):
            yield backslash, _joined(group, current, None)
            group = []
        else:
            group.append(current)
    if group:
        yield backslash, _joined(group, None, None)


def _joined(
    continued: list[PhysicalLine], last: PhysicalLine | None, comment_line: PhysicalLine | None
) -> LogicalLine:
    """One logical line of continued lines and of the line, or the comment line, that ends them."""
    lines = continued if last is None else [*continued, last]
    pieces = [_without_backslashes(line) for line in continued]
    if last is not None:
        pieces.append(last)
    starts = []
    length = 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.text)
    bare = "".join(piece.text for piece in pieces)
    comment = None if comment_line is None else _whole_line_comment(comment_line)
    carrier: tuple[PhysicalLine, ...] = ()
    match = _COMMENT.search(bare)
    if match is not None:
        first = bisect_right(starts, match.start()) - 1
        carrier = tuple(lines[first:])
        end = comment.end if comment else pieces[-1].start + len(pieces[-1].text)
        comment = Span(pieces[first].start + match.start() - starts[first], end)
        bare = bare[: match.start()]
    shift = len(bare) - len(bare.lstrip())
    sources = tuple(piece.start for piece in pieces)
    text = bare.strip()
    return LogicalLine(lines[0].number, text, tuple(starts), sources, shift, comment, carrier)


def _alone(line: PhysicalLine) -> LogicalLine:
    """A line that neither goes on nor has a comment."""
    shift = len(line.text) - len(line.text.lstrip())
    return LogicalLine(line.number, line.text.strip(), (0,), (line.start,), shift, None, ())


def _without_backslashes(line: PhysicalLine) -> PhysicalLine:
    # pip takes backslashes off both ends of a continued line, so the first one of "\\a\\" goes too.
    bare = line.text.lstrip("\\")
    start = line.start + len(line.text) - len(bare)
    return PhysicalLine(line.number, start, bare.rstrip("\\"))


def _whole_line_comment(line: PhysicalLine) -> Span:
    return Span(line.start + line.text.index("#"), line.start + len(line.text))
