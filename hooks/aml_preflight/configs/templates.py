"""Templates: places in a text that something else fills in before it is used.

``{{NAME}}``, ``${{ }}``, ``$(name)``, ``<NAME>``, ``{% %}``, ``#@ name`` and their kin make YAML
that does not parse, or that parses as what it will not be. They are masked with text of equal
length, so that the rest can be read and every position stays true; what they stand for is unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from ..document import Language
from .blocks import Blocks, Tag, is_part, pair, steers

FILLED = "it is filled in by a template"
DECIDED = "a template decides what is written here"
LEFT_OUT = "something is left out here"

_PLACEHOLDER = re.compile(
    r"""
    \{\{\{[^{}\n]{0,200}\}\}\}              # {{{name}}}
  | [$\#]?\{\{[^\n]{0,200}?\}\}\#?          # {{ name }}, ${{ name }}, #{{name}}#
  | \{%[^\n]{0,200}?%\} | \{\#[^\n]{0,200}?\#\}
  | <%[^\n]{0,200}?%>                       # <%= name %>
  | \#\{[^{}\s][^{}\n]{0,200}\}\#           # #{name}#
  | \$\{[^{}\n]{0,200}\} | \$\([^()\n]{0,200}\) | \$\[[^\[\]\n]{0,200}\]
  | \$[A-Z][A-Z0-9_]{0,100}\b
  | (?<!\w)__[A-Z](?:[A-Z0-9]|_(?!_)){0,100}__(?!\w)
  | <[ ]?[A-Za-z_][^<>\n"'=]{0,200}>        # <your name>
  | @@?[A-Z][A-Z0-9_]{0,100}@@? | %[A-Z][A-Z0-9_]{0,100}%
  | (?<![^\s])\#@[^\r\n]{0,400}            # ytt: #@ name
    """,
    re.VERBOSE,
)
_WRITES_NOTHING = re.compile(
    r"""
    \{\# | \{%[-+~]?\s*(?:set|import|from|do|load|assign)\b
  | \{\{[-~]?\s*(?: /\* | ! | \$\w+\s*:?= )
  | <%\# | \#@\s*(?: load\s*\( | \w+\s*=[^=] )
    """,
    re.VERBOSE,
)
_IN_TEXT = re.compile(
    r"\{[^{}\r\n]*\} | \[\[[^\[\]\r\n]*\]\] | \(\([^()\r\n]*\)\) | (?<!\w)\$[A-Za-z_] | %\w+%",
    re.VERBOSE,
)
_LINE_END = re.compile(r"[\r\n]")
_NO_LINE_END = re.compile(r"[^\r\n]")
_COMMENT = re.compile(r"(?:^|(?<=\s))\#[^\r\n]*")
_LONGEST_LINE = 400
"""Of a line that may hold nothing but placeholders."""

_ELISION = re.compile(r"^[ \t]*(?:#[ \t]*)?(?:\.\.\.|…|\[\.\.\.\]).*$", re.MULTILINE)


class Masked(NamedTuple):
    """A text with its placeholders masked.

    ``filled`` are their spans, in order; ``loose`` are spans, in order and apart from each other,
    in which other lines may come to stand or those that are there may go, each with the reason.
    ``decided`` are the offsets, in order, at which a line is that only the template understands,
    each with the reason. ``blocks`` say which lines stand there only if a template wants them.
    """

    text: str
    filled: list[tuple[int, int]]
    loose: list[tuple[int, int, str]]
    decided: list[tuple[int, str]]
    blocks: Blocks

    @property
    def is_template(self) -> bool:
        """Whether lines may come or go."""
        return bool(self.decided or self.blocks.offsets)

    def is_filled(self, start: int, end: int) -> bool:
        """Whether a placeholder is in a stretch of the text."""
        index = bisect_left(self.filled, (start, start))
        if index < len(self.filled) and self.filled[index][0] < end:
            return True
        return index > 0 and self.filled[index - 1][1] > start

    def looseness(self, start: int, end: int) -> str | None:
        """Why lines may come or go between two offsets or at them, if they may, other than those
        that are there."""
        index = bisect_right(self.loose, end, key=_start) - 1
        if index < 0 or self.loose[index][1] < start:
            return None
        return self.loose[index][2]

    def is_decided(self, start: int, end: int) -> str | None:
        """Why a stretch of the text may become another, if a template has a line in it."""
        index = bisect_left(self.decided, (start, ""))
        if index < len(self.decided) and self.decided[index][0] < end:
            return self.decided[index][1]
        return None

    def next_is_decided(self, offset: int) -> str | None:
        """Why something may come to stand at an offset, behind which there are only blanks and
        comments."""
        index = bisect_left(self.decided, (offset, ""))
        if index == len(self.decided):
            return None
        first, reason = self.decided[index]
        between = _COMMENT.sub("", self.text[offset:first])
        return reason if not between.strip() else None


def without_others(masked: Masked, language: Language) -> Masked:
    """A template with one branch of each of its blocks: together they may be no YAML, although each
    of them is."""
    others = masked.blocks.others
    loose = [*masked.loose, *((start, end, DECIDED) for start, end in others)]
    text = _without(masked.text, others, language)
    return masked._replace(text=text, loose=_apart(loose))


def _without(text: str, spans: list[tuple[int, int]], language: Language) -> str:
    """A text with what means nothing in the place of some spans, which are in order."""
    nothing = " " if language is Language.JSON else "#"
    parts: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:  # else it is inside of another one
            parts += (text[at:start], _NO_LINE_END.sub(nothing, text[start:end]))
            at = end
    return "".join([*parts, text[at:]])


def is_filled_in(text: str) -> bool:
    """Whether a value has something in it that is most likely filled in: ``{name}``, ``$name`` and
    others that mean something else where they are no part of a text."""
    return _IN_TEXT.search(text) is not None


def mask(text: str, language: Language, *, excerpt: bool = False) -> Masked:
    """``text`` without its placeholders. ``excerpt`` tells that it is part of a page, where ``...``
    says that something is left out."""
    json = language is Language.JSON
    parts: list[str] = []
    filled: list[tuple[int, int]] = []
    alone: list[Tag] = []
    tags: list[Tag] = []
    at = 0
    for found in _PLACEHOLDER.finditer(text):
        start, end = found.span()
        parts.append(text[at:start])
        at = end
        tag = Tag(start, end, found.group(), _is_alone(text, start, end))
        if steers(tag.text):
            tags.append(tag)
        if tag.alone:
            parts.append((" " if json else "#") * (end - start))
            alone.append(tag)
        else:
            filled.append((start, end))
            parts.append(("1" if json else "x") * (end - start))
    masked = "".join([*parts, text[at:]])
    blocks, loose = _looseness(alone, tags)
    decided = [(each.start, DECIDED) for each in alone if not _WRITES_NOTHING.match(each.text)]
    lines = _whole_lines(text, tags)
    if lines:
        masked = _without(masked, lines, language)
        loose += ((start, end, DECIDED) for start, end in lines)
        decided = sorted([*decided, *((start, DECIDED) for start, _ in lines)])
    if excerpt:
        left_out = [(each.start(), each.end()) for each in _ELISION.finditer(masked)]
        loose += ((start, end, LEFT_OUT) for start, end in left_out)
        decided = sorted([*decided, *((start, LEFT_OUT) for start, _ in left_out)])
        masked = _ELISION.sub(lambda each: (" " if json else "#") * len(each.group()), masked)
    return Masked(masked, filled, _apart(loose), decided, blocks)


def _looseness(alone: list[Tag], tags: list[Tag]) -> tuple[Blocks, list[tuple[int, int, str]]]:
    """The blocks of a template, and where lines may come or go that are no part of them.

    Where the tags do not match, what stands between the first and the last may be there once,
    often, or not at all.
    """
    lines = [each for each in tags if each.alone]
    blocks = pair(tags) or pair(lines)
    if blocks is None:
        blocks = Blocks([], [()], [], [])
        loose = [(lines[0].start, lines[-1].end, DECIDED)] if lines else []
    else:
        loose = [(start, end, DECIDED) for start, end in blocks.changed]
    paired = set(blocks.offsets)
    for tag in alone:
        if tag.start not in paired and not _WRITES_NOTHING.match(tag.text):
            loose.append((tag.start, tag.end, DECIDED))
    return blocks, loose


def _whole_lines(text: str, tags: list[Tag]) -> list[tuple[int, int]]:
    """Lines that are a block each, with both of its tags."""
    found: list[tuple[int, int]] = []
    for number, tag in enumerate(tags):
        before = text[max(0, tag.start - _LONGEST_LINE) : tag.start]
        if tag.alone or _LINE_END.split(before)[-1].strip() or not is_part(tag.text, "open"):
            continue
        line = _LINE_END.split(text[tag.start : tag.start + _LONGEST_LINE], maxsplit=1)[0].rstrip()
        end = tag.start + len(line)
        last = number
        while last < len(tags) - 1 and tags[last].end < end:
            last += 1
        if tags[last].end == end and is_part(tags[last].text, "close"):
            found.append((tag.start, end))
    return found


def _apart(loose: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The spans in order, with those that overlap made one."""
    found: list[tuple[int, int, str]] = []
    for start, end, reason in sorted(loose):
        if found and start < found[-1][1]:
            first, last, why = found[-1]
            found[-1] = first, max(last, end), why
        else:
            found.append((start, end, reason))
    return found


def _start(span: tuple[int, int, str]) -> int:
    return span[0]


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but placeholders stands on the line of a placeholder."""
    before = text[max(0, start - _LONGEST_LINE) : start]
    behind = text[end : end + _LONGEST_LINE]
    line = _LINE_END.split(before)[-1] + _LINE_END.split(behind, maxsplit=1)[0]
    return len(line) < _LONGEST_LINE and not _PLACEHOLDER.sub("", line).strip()
