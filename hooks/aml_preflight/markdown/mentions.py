"""The names of variables in running text, inline code and tables.

What is meant for machines does not count (links, paths, anchors, tags, comments, metadata), nor
does a name that the text itself calls wrong: a page may speak about a misspelling.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from .. import variables as names
from ..document import Place
from ..values import Known
from .info import Kind, kind_of

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
_TYPO = re.compile(
    r"""misspel|mis-spel|mistyp|misnam|\btypos?\b|wrongly|\(sic\)|\[sic\]|nothing\ reads
    |spelled\ wrong|spelt\ wrong|wrong\ spelling|\bspelling\b|did\ you\ mean|\bmistakes?\b
    |\baccident(?:al|ally)?\b|\b(?:wrong|bad|incorrect|invalid)\ names?\b|common\ errors?\b
    |silently\ (?:dropped|ignored)|\b(?:single|missing|extra|one)\ (?:letter|[A-Z]\b)
    |tippfehler|schreibfehler|falsch\ geschrieben|faute\ de\ frappe|coquille|mal\ orthographi
    |error\ tipogr|mal\ escrit|errata|refuso|erro\ de\ digita|опечат
    |拼写错误|拼错|拼錯|拼寫錯誤|笔误|打错|誤字|誤記|タイポ|綴り間違|오타|철자""",
    re.VERBOSE | re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"""(?:\b(?:not|never|instead\ of|rather\ than|no\ longer|formerly|previously|old(?:er)?|wrong
    |incorrect|invalid|bad|unlike|renamed?|replaced?|nicht|statt|anstatt|pas|au\ lieu\ de|no)
    |search(?:ed|ing)?\s+for|look(?:ed|ing)?\s+for|(?:grep|rg|findstr)(?:\s+[/-]\w+)*|不是|而不是|而非|(?:不要|请勿|勿)(?:使用|用|写|设置)?
    |❌|✗|✘)
    (?:\s+(?:an?|the|it|use|using|write|writing|set|setting|called|named|name|variable|from|to|as))*
    [\s`"'“”‘’*_:,(]*$""",
    re.VERBOSE | re.IGNORECASE,
)
_DENIED_BEHIND = re.compile(
    r"""^[\s`"'“”‘’*_),|]*(?:→|->|=>|-->|≠|!=|❌|✗|✘
    |instead\b|(?:is|was|are|were)\s+(?:\w+\s+)?(?:wrong|incorrect|invalid|a\s+mistake|an\s+error
    |not\s+(?:a|the|read|right|correct|valid|known|supported|recogni[sz]ed|what|one)\b|ignored
    |renamed|replaced|deprecated|unknown|corrected|fixed)
    |(?:does|do|did|has|have)(?:\s+not|n['’]t)\s|(?:isn|wasn|aren)['’]t\s
    |(?:should|must|ought\s+to)\s+(?:be\s+(?:called|named|spelled|written|`|[A-Z])|read\b)
    |(?:は|ではなく|不是|错误|錯誤|誤り|アル))""",
    re.VERBOSE | re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"""\b(?:not|instead|rather|should|must|was|were|is|for|to|into|vs\.?|versus|but|than|with|now
    |statt|zu|nicht|pour|por)\b|→|->|=>|≠|!=|\||不是|改|ではなく""",
    re.VERBOSE | re.IGNORECASE,
)
_HISTORY = re.compile(r"(?:change|release|history|news|whats[-_]?new|changelog)", re.IGNORECASE)
_FURTHEST = 80
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
        if fence is not None and (fence.first not in self.fences or line == fence.first):
            return False
        is_any = fence is not None and kind_of(fence.info) in (Kind.TEXT, Kind.SETTINGS)
        if is_any and _ASSIGNED.match(self.page.text, end) is None:
            return False
        if any(first <= start < last for first, last in self._machines):
            return False
        if name in names.KNOWN:
            return True
        if self._is_history or _TYPO.search(self._context(line, fence, start)):
            return False
        text = self._text
        before = text[max(0, start - _FURTHEST) : start].rpartition("\n\n")[2]
        behind = text[end : end + _FURTHEST].partition("\n\n")[0]
        if before.endswith("~~") and behind.startswith("~~"):
            return False
        if _DENIED_BEFORE.search(before) or _DENIED_BEHIND.search(behind):
            return False
        return not self._stands_against_the_right_one(name, line, start, end)

    @cached_property
    def _machines(self) -> list[tuple[int, int]]:
        return [each.span() for each in _MACHINES.finditer(self.page.text)]

    @cached_property
    def _text(self) -> str:
        """What people read of the page: comments, ours among them, say nothing of a name."""
        return _COMMENT.sub(lambda found: _CHARACTER.sub(" ", found.group()), self.page.text)

    @cached_property
    def _is_history(self) -> bool:
        """Whether the page tells what changed from version to version."""
        return bool(_HISTORY.match(os.path.basename(self.page.path)))

    @cached_property
    def _heading_lines(self) -> list[int]:
        return [each.line for each in self.blocks.headings]

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
        return "\n".join([*self._headings(line), self._text[start:end]])

    def _line(self, index: int) -> bool:
        """Whether there is something on a line."""
        start, end = self.page.line_span(index + 1)
        return end > start and not self.page.text[start : min(end, start + 200)].isspace()

    def _headings(self, line: int) -> Iterator[str]:
        level = 7
        above = bisect_right(self._heading_lines, line)
        for index in range(above - 1, max(above - 1_000, 0) - 1, -1):
            heading = self.blocks.headings[index]
            if heading.level < level:
                level = heading.level
                yield heading.text[:_MOST_CONTEXT]
            if level == 1:
                return

    def _stands_against_the_right_one(self, name: str, line: int, start: int, end: int) -> bool:
        """Whether the right name stands on the same line, in contrast to this one."""
        found = names.misspelling(name)
        if not isinstance(found, names.Misspelling):
            return False
        text = self._text
        first, last = self.page.line_span(line + 1)
        first, last = max(first, start - 2 * _FURTHEST), min(last, end + 2 * _FURTHEST)
        for each in re.finditer(rf"(?<![A-Z0-9_]){found.meant}(?![A-Z0-9_])", text[first:last]):
            one, two = first + each.start(), first + each.end()
            between = text[end:one] if one >= end else text[two:start]
            if len(between) <= _FURTHEST and _CONTRAST.search(between):
                return True
        return False
