"""The blocks of a page: its fences, with where each of their lines is written, and its headings.

markdown-it-py finds the blocks, as CommonMark has them: fences in lists and block quotes, of tildes
and of more than three backticks, and those that are never closed. It says on which lines a block
lies and what those lines hold without the indentation and the ``>`` of what is around them; the
columns follow from that. Lines count from 0 here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import Piece

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
_OPTION = re.compile(r":([\w-]+):(.*)")
_DEEPEST_TABS = 3
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*")
_TAB = re.compile(r"\s*(?:===|!!!|\?\?\?)\+? ")  # of MkDocs: its content is indented like code
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
    """A fenced block. ``info`` is what stands behind its first marks. ``first`` and ``last`` are
    the lines of its marks, or of what it ends with. ``before`` is the end of the text above it, a
    paragraph at most, on one line. ``title`` is what an option of a directive calls it."""

    info: str
    first: int
    last: int
    lines: tuple[Line, ...]
    before: str
    title: str | None = None

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
        for fence in self.fences:
            if fence.first <= line <= fence.last:
                return fence
        return None

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
    fences: list[Fence] = []
    headings: list[Heading] = []
    parser = _parser()
    waiting = [(shown, 0, 0, "")]
    while waiting:
        part, first, depth, above = waiting.pop()
        for token in parser.parse("\n".join(line.text for line in part)):
            if token.map is None:
                continue
            begin, end = token.map
            if token.type == "fence":
                fences.append(_fence(token, part, first, above))
            elif token.type == "heading_open" and not depth:
                headings.append(Heading(begin, int(token.tag[1:]), part[begin].text))
            elif token.type == "code_block" and depth < _DEEPEST_TABS:
                tab = _line_before(part, begin)
                if _TAB.match(tab):
                    inside = list(_cut(part[begin:end], token.content.split("\n")))
                    waiting.append((inside, first + begin, depth + 1, tab))
    fences.sort(key=lambda each: each.first)
    return Blocks(tuple(fences), tuple(headings), front)


def _fence(token: Any, lines: list[Line], first: int, above: str) -> Fence:
    begin, end = token.map
    content = token.content.split("\n")
    if content[-1] == "":
        content.pop()
    info = token.info.strip()
    inside = list(_cut(lines[begin + 1 : end], content))
    options = _options(inside) if info.startswith("{") else []
    titles = [each[2] for each in options if each[1] in ("caption", "filename")]
    return Fence(
        info=info,
        first=first + begin,
        last=first + max(end - 1, begin),
        lines=tuple(inside[len(options) :]),
        before=_text_before(lines, begin) or above,
        title=titles[0].strip() if titles else None,
    )


def _options(lines: list[Line]) -> list[re.Match[str]]:
    """The options that a directive of MyST begins with."""
    found = []
    for line in lines:
        option = _OPTION.match(line.text)
        if option is None:
            break
        found.append(option)
    return found


def _cut(lines: list[Line], content: list[str]) -> Iterator[Line]:
    """Lines as they are inside a block; ``content`` are their texts there."""
    for line, inside in zip(lines, content, strict=False):
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
