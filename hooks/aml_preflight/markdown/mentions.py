"""The names of variables in running text, inline code and tables.

What is meant for machines does not count (links, paths, anchors, tags, comments, metadata), nor
does a name that the text itself calls wrong: a page may speak about a misspelling.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from .. import variables as names
from ..document import Place
from ..values import Known
from . import denials
from .info import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..document import Document
    from .blocks import Blocks, Fence

_LONGEST = 100
_ASSIGNED = re.compile(r"""["'`]?[ \t]*(?:=(?!=)|:[ \t]*["']?[^\s"']+["']?,?[ \t]*(?=\r|\n|\Z))""")
_NAME = re.compile(
    r"""
    (?<![A-Za-z0-9_\\./#?&@=-]) (?P<mark>_{0,2})   # no part of a longer name or of a path
    (?P<name>[A-Z][A-Z0-9]{0,40}(?:\\?_[A-Z0-9]{1,40}){1,12})
    (?P=mark) (?![A-Za-z0-9_\\/{\[-]|<(?!/|br\b)|\.\w|\*(?!\*)|…|\.\.\.)
    """,
    re.VERBOSE,
)
_AFTER_EQUALS = re.compile(
    r"(?<==)(?P<name>[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,12})(?=[\"'`])"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CHARACTER = re.compile(r"[^\r\n]")
_MACHINES = re.compile(
    r"""
    <!--.*?(?:-->|\Z) | \bhttps?://[^\s)>\]"'`，。、）」]+ | \bwww\.[^\s)>\]]+ |
    (?<=\])\([^()\n]{0,500}(?:\([^()\n]{0,100}\)[^()\n]{0,500})?\) |  # [text](target)
    ^[ ]{0,3}\[[^\]\n]{1,200}\]:[^\n]* |                        # [label]: target
    </?[A-Za-z][\w.-]*(?:\s[^<>\n]{0,500})?/?> |                    # tags, <user@host>
    ^[ \t>]*:::[^\n]* | \{\#[^}\n]{0,100}\}
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_PARAGRAPH_END = re.compile(r"(?:(?:\r\n|\r(?!\n)|\n)[ \t>]*){2}")
_FURTHEST = 80
_FURTHEST_CONTRAST = 250
_MOST_CONTEXT = 2_000
_MOST_NAMES = 1_000
"""More than that is no text that people write."""


def may_mention(text: str) -> bool:
    """Whether a text can hold one of the names that are looked for, or something like them."""
    return "EXTRA" in text or "REQUIREMENTS" in text


def mentions(page: Document, blocks: Blocks, fences: Collection[int]) -> Iterator[Known[str]]:
    """The names in the text of a page, and in those fences that begin on some lines: in what has no
    language, or is for another program, only where they are given a value. Each is known by its
    place, which may hold escaped underscores."""
    if not may_mention(page.text):
        return
    around = _Around(page, blocks, fences)
    found = [*_NAME.finditer(page.text), *_AFTER_EQUALS.finditer(page.text)]
    candidates = [each for each in found if may_mention(each["name"])]
    for each in sorted(candidates, key=lambda match: match.start("name"))[:_MOST_NAMES]:
        name = each["name"].replace("\\", "")
        if len(name) > _LONGEST:
            continue
        start, end = each.span("name")
        if around.shows(start, end, name):
            place = Place(page, (start, end))
            yield Known(name, place, place)


class _Around:
    """What stands around a name."""

    def __init__(self, page: Document, blocks: Blocks, fences: Collection[int]) -> None:
        self.page = page
        self.blocks = blocks
        self.fences = fences

    def shows(self, start: int, end: int, name: str) -> bool:
        """Whether people read the name as one that they should write."""
        line = self.page.position(start)[0] - 1
        if line < self.blocks.front:
            return False
        fence = self.blocks.fence_at(line)
        if fence is not None and (fence.first not in self.fences or fence.is_mark(line)):
            return False
        is_any = fence is not None and fence.kind in (Kind.TEXT, Kind.SETTINGS)
        if is_any and _ASSIGNED.match(self.page.text, end) is None:
            return False
        if any(first <= start < last for first, last in self._machines):
            return False
        if name in names.KNOWN:
            return True
        if denials.is_history(self.page, self.blocks, line):
            return False
        if denials.tells_of_typos(self._context(line, fence, start)):
            return False
        text = self._text
        before = _PARAGRAPH_END.split(text[max(0, start - _FURTHEST) : start])[-1]
        behind = _PARAGRAPH_END.split(text[end : end + _FURTHEST], maxsplit=1)[0]
        if denials.is_denied(before, behind):
            return False
        found = names.misspelling(name)
        if not isinstance(found, names.Misspelling):
            return True
        if fence is None and self._stands_beside(found.meant, line, start):
            return False
        return not self._stands_against(found.meant, start, end)

    @cached_property
    def _machines(self) -> list[tuple[int, int]]:
        return [each.span() for each in _MACHINES.finditer(self.page.text)]

    @cached_property
    def _text(self) -> str:
        """What people read of the page: comments, ours among them, say nothing of a name."""
        return _COMMENT.sub(lambda found: _CHARACTER.sub(" ", found.group()), self.page.text)

    def _context(self, line: int, fence: Fence | None, offset: int) -> str:
        """The paragraph of a line, or those before and behind a fence, and the headings above."""
        first = last = line
        if fence is not None:
            first, last = fence.first - 1, fence.last
            while first > 0 and not self._line(first):
                first -= 1
        while first > max(line - _FURTHEST, 0) and self._line(first - 1):
            first -= 1
        most = min(line + _FURTHEST, len(self.page.line_starts) - 1)
        while fence is not None and last < most and not self._line(last + 1):
            last += 1
        while last < most and self._line(last + 1):
            last += 1
        start = max(self.page.line_starts[max(first, 0)], offset - _MOST_CONTEXT)
        end = min(self.page.line_span(last + 1)[1], offset + _MOST_CONTEXT)
        return "\n".join([*self.blocks.headings_above(line), self._text[start:end]])

    def _line(self, index: int) -> bool:
        """Whether there is something on a line."""
        start, end = self.page.line_span(index + 1)
        return end > start and not self.page.text[start : min(end, start + 200)].isspace()

    def _stands_beside(self, right: str, line: int, offset: int) -> bool:
        """Whether the right name is in the same paragraph of running text. Then its author knows
        it, and most likely speaks of the other one; what the words say depends on the language."""
        first = last = line
        while first > max(line - _FURTHEST, 0) and self._is_text(first - 1):
            first -= 1
        most = min(line + _FURTHEST, len(self.page.line_starts) - 1)
        while last < most and self._is_text(last + 1):
            last += 1
        start = max(self.page.line_starts[first], offset - _MOST_CONTEXT)
        end = min(self.page.line_span(last + 1)[1], offset + _MOST_CONTEXT)
        return _written(right).search(self._text[start:end].replace("\\", "")) is not None

    def _is_text(self, index: int) -> bool:
        """Whether there is something on a line, and no code of a fence."""
        return self._line(index) and self.blocks.fence_at(index) is None

    def _stands_against(self, right: str, start: int, end: int) -> bool:
        """Whether the right name stands beside this one, in contrast to it: on the same line or in
        the same paragraph, or in the next one, as the answer to a question."""
        text = self._text
        before = _PARAGRAPH_END.split(text[max(0, start - _FURTHEST_CONTRAST) : start])[-1]
        behind = text[end : end + _FURTHEST_CONTRAST]
        parts = _PARAGRAPH_END.split(behind)
        behind = "\n".join(parts[: 1 + ("?" in parts[0])])
        between = [before[each.end() :] for each in _written(right).finditer(before)]
        between += [behind[: each.start()] for each in _written(right).finditer(behind)]
        return any(map(denials.is_contrast, between))


def _written(name: str) -> re.Pattern[str]:
    """What finds a name that is no part of a longer one."""
    return re.compile(rf"(?<![A-Z0-9_]){name}(?![A-Z0-9_])")
