"""The blocks of a page: its fences, with where each of their lines is written, and its headings.

markdown-it-py finds the blocks, as CommonMark has them: fences in lists and block quotes, of tildes
and of more than three backticks, and those that are never closed. It says on which lines a block
lies and what those lines hold without the indentation and the ``>`` of what is around them; the
columns follow from that. What other dialects have is added: tabs and notes of MkDocs and JSX, whose
content is indented like code, and directives of MyST, whose content is Markdown. Lines count from 0
here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import Piece
from .directives import is_markdown, options
from .info import Kind, guessed, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt

    from ..document import Document

MOST_STEPS = 150_000
"""How many lines may be looked at as the beginning of a block: a page of 1 MB that people wrote
takes some 50,000, one made of list marks some millions, and as many objects of half a kilobyte."""

_MOST_HEADINGS = 1_000
_LONGEST_HEADING = 2_000
_LONGEST_BEFORE = 300
_MOST_BEFORE = 10
_AROUND = " \t>"
_MARKS = re.compile(r"```|~~~")
_BEGINS = re.compile(r"[-*+][ ]|\d{1,9}[.)][ ]|#|<|\||:::|===|!!!|\?\?\?")
_DEEPEST = 3
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*")
_TAB = re.compile(r"\s*(?:===|!!!|\?\?\?)\+? +\S")
_TAB_HERE = re.compile(r" {0,3}(?:===|!!!|\?\?\?)\+? +\S")
_TAG = re.compile(r"\s*</?[A-Za-z][^<>]*>\s*")
_INDENTED = (Kind.PYTHON, Kind.YAML, Kind.DOCKERFILE)
_RULES = ["blockquote", "code", "fence", "heading", "hr", "html_block", "lheading", "list"]


class TooManyBlocks(Exception):
    """The page has more blocks than are followed."""


class Line(NamedTuple):
    """A line of a page without what is around its block: ``text`` without its line end; where it
    starts in the page's text, and where the line after it does."""

    text: str
    start: int
    end: int


class Fence(NamedTuple):
    """A fenced block, or one that is indented and certainly code. ``kind`` is what it is written
    in, ``None`` for what is not read. ``info`` is what stands behind its first marks. ``first`` and
    ``last`` are the lines of its marks, or those that it begins and ends with. ``before`` is the
    end of the text above it, a paragraph at most, on one line. ``title`` is what an option of a
    directive calls it. ``marked`` is not set where the first line is code already."""

    kind: Kind | None
    info: str
    first: int
    last: int
    lines: tuple[Line, ...]
    before: str
    title: str | None = None
    marked: bool = True

    def is_mark(self, line: int) -> bool:
        """Whether a line is the one that the block is opened with."""
        return line == self.first and self.marked

    def content(self, page: Document) -> tuple[str, list[Piece]]:
        """The text inside, with the line ends of the page, and its pieces."""
        parts: list[str] = []
        pieces: list[Piece] = []
        length = 0
        for line in self.lines:
            written = page.text[line.start : line.end]
            ending = written[len(written.rstrip("\r\n")) :]
            own = written[: len(written) - len(ending)]
            blanks = line.text[: len(line.text) - len(own)]  # of a tab that is divided
            parts += (blanks, written)
            length += len(blanks)
            pieces.append(Piece(length, length + len(written), page, line.start, line.end))
            length += len(written)
        return "".join(parts), pieces


class Heading(NamedTuple):
    """A heading: its line, its level from 1, its text."""

    line: int
    level: int
    text: str


class Blocks(NamedTuple):
    """What a page consists of. ``front`` is the number of lines of its front matter."""

    fences: tuple[Fence, ...]
    headings: tuple[Heading, ...]
    front: int

    def fence_at(self, line: int) -> Fence | None:
        """The fence that a line belongs to."""
        before = bisect_right(self.fences, line, key=lambda each: each.first)
        fence = self.fences[before - 1] if before else None
        return fence if fence is not None and fence.last >= line else None

    def headings_above(self, line: int) -> Iterator[str]:
        """The headings that a line stands under, the nearest first."""
        level = 7
        above = bisect_right(self.headings, line, key=lambda each: each.line)
        for heading in reversed(self.headings[max(above - _MOST_HEADINGS, 0) : above]):
            if heading.level < level:
                level = heading.level
                yield heading.text[:_LONGEST_HEADING]
            if level == 1:
                return


def blocks(page: Document) -> Blocks:
    """The blocks of a page. Raises ``TooManyBlocks``."""
    starts, text = page.line_starts, page.text
    ends = [*starts[1:], len(text)]
    lines = [
        Line(text[start:end].rstrip("\r\n"), start, end)
        for start, end in zip(starts, ends, strict=True)
    ]
    front = _front_matter(lines)
    shown = [Line("", each.start, each.end) for each in lines[:front]] + lines[front:]
    found = _Found([], [], [_Part(shown, 0, 0, "")])
    parser = _parser()
    while found.waiting:
        part = found.waiting.pop()
        text = "\n".join("" if _TAB_HERE.match(line.text) else line.text for line in part.lines)
        for token in parser.parse(text):
            if token.map is not None:
                found.take(token, part)
    found.fences.sort(key=lambda each: each.first)
    return Blocks(tuple(found.fences), tuple(found.headings), front)


class _Part(NamedTuple):
    """Lines that are Markdown by themselves: the number of the first one in the page, how deep they
    lie in other parts, and what stands above them."""

    lines: list[Line]
    first: int
    depth: int
    above: str


class _Found(NamedTuple):
    fences: list[Fence]
    headings: list[Heading]
    waiting: list[_Part]

    def take(self, token: Any, part: _Part) -> None:
        """A block of a part."""
        begin, end = token.map
        if token.type == "heading_open" and not part.depth:
            self.headings.append(Heading(begin, int(token.tag[1:]), part.lines[begin].text))
        elif token.type in ("fence", "code_block"):
            is_fence = token.type == "fence"
            content = token.content.split("\n")
            if content[-1] == "":
                content.pop()
            inside = list(_cut(part.lines[begin + is_fence : end], content))
            self._code(token.info.strip() if is_fence else None, inside, part, begin, end)

    def _code(
        self, info: str | None, inside: list[Line], part: _Part, begin: int, end: int
    ) -> None:
        """A block that is fenced, with its info string, or one that is indented."""
        first = part.first + begin
        before = _text_before(part.lines, begin) or part.above
        if info is None:
            above = _line_before(part.lines, begin)
            if part.depth < _DEEPEST and (_TAB.match(above) or _TAG.fullmatch(above)):
                self.waiting.append(_Part(inside, first, part.depth + 1, above))
                return
        elif is_markdown(info) and part.depth < _DEEPEST:
            self.waiting.append(_Part(inside, first + 1, part.depth + 1, before))
            return
        count, title = options(info or "", [line.text for line in inside])
        lines = tuple(inside[count:])
        kind = kind_of(info) if info else None
        if not info:
            text = "\n".join(line.text for line in lines)
            kind = guessed(text, tuple(Kind) if info == "" else _INDENTED)
        if kind is None and info == "":
            kind = Kind.TEXT
        if info is not None or kind is not None:
            last = part.first + max(end - 1, begin)
            marked = info is not None
            self.fences.append(Fence(kind, info or "", first, last, lines, before, title, marked))


def _cut(lines: list[Line], content: list[str]) -> Iterator[Line]:
    """Lines as they are inside a block; ``content`` are their texts there."""
    for line, inside in zip(lines, content, strict=False):
        if not inside and line.text.strip(_AROUND):  # it looks like a tab
            yield line
            continue
        written = inside if line.text.endswith(inside) else inside.lstrip(" ")
        start = line.start + len(line.text) - len(written)
        if not line.text.endswith(written):  # not understood: as it is
            inside, start = line.text, line.start
        yield Line(inside, start, line.end)


def _line_before(lines: list[Line], index: int) -> str:
    """The last line with text before one, if at most one empty line is between."""
    for line in reversed(lines[max(0, index - 2) : index]):
        if line.text.strip(_AROUND):
            return line.text[-_LONGEST_BEFORE:]
    return ""


def _text_before(lines: list[Line], index: int) -> str:
    """The end of the paragraph or item before a line, if at most one empty line is between."""
    if index and not lines[index - 1].text.strip(_AROUND):
        index -= 1
    found: list[str] = []
    length = 0
    for line in reversed(lines[max(0, index - _MOST_BEFORE) : index]):
        text = line.text.lstrip(_AROUND).rstrip()
        if not text or length > _LONGEST_BEFORE or _MARKS.match(text):
            break
        found.append(text)
        length += len(text)
        if _BEGINS.match(text):
            break
    return " ".join(reversed(found))[-_LONGEST_BEFORE:]


def _front_matter(lines: list[Line]) -> int:
    """How many lines of metadata a page begins with."""
    marks = _FRONT_MATTER.fullmatch(lines[0].text)
    if marks is None:
        return 0
    for index, line in enumerate(lines[1:], 1):
        if line.text.rstrip() in (marks[1], "..."):
            return index + 1
    return 0


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"html": True}).enable(_RULES)
    parser.core.ruler.enableOnly(["block"])  # what stands inside paragraphs is not asked for
    steps = 0

    def count(*_: object) -> bool:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise TooManyBlocks
        return False

    every = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "steps", count, {"alt": every})
    return parser
