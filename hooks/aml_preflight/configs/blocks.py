"""Blocks of templates: what stands between two tags may come to stand there, often, or not at all.

``{% if %}`` to ``{% endif %}``, ``{{- range }}`` to ``{{- end }}``, ``{{#each}}`` to ``{{/each}}``,
``<% if x %>`` to ``<% end %>``, ``#@ if x:`` to ``#@ end``. What a block holds is written as it
stands, so that text with both tags outside of it is as certain as text without a template.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

Path = tuple[tuple[int, int], ...]
"""The blocks that a place is in, from the outside: the number of each, and that of its branch."""

_DEEPEST = 50


class Tag(NamedTuple):
    """A placeholder that steers a template; ``alone`` if no text is on its line."""

    start: int
    end: int
    text: str
    alone: bool


class Blocks(NamedTuple):
    """The blocks of a text. ``offsets`` are those of the tags, in order, ``paths`` where the text
    is before the first of them and behind each. ``changed`` are the spans of blocks that do not
    write what they hold as it stands, ``others`` those of all branches but the first of each."""

    offsets: list[int]
    paths: list[Path]
    changed: list[tuple[int, int]]
    others: list[tuple[int, int]]

    def path(self, offset: int) -> Path:
        """The blocks that an offset of the text is in."""
        return self.paths[bisect_right(self.offsets, offset)]


class _Role(NamedTuple):
    """What a tag does: ``part`` is "open", "middle" or "close". ``word`` is what its other half
    repeats, empty where that is the same word for all. What is not ``sure`` may have no end."""

    family: str
    part: str
    word: str = ""
    sure: bool = True


_JINJA = re.compile(r"\{%[-+~]?\s*(end)?(\w*)")
_BRACES = re.compile(r"\{\{[-~]?\s*(?:([#^/])\s*)?([\w.-]*)")
_ERB = re.compile(r"<%(?![=#%])[-_]?\s*(.*?)\s*[-_]?%>")
_YTT = re.compile(r"#@\s*(if|for|while|def|elif|else|end)\b(/end)?")

_MIDDLES = frozenset({"else", "elif", "elseif", "elsif", "when"})
_HAVE_ENDS = frozenset(
    {"if", "unless", "case", "for", "while", "with", "block", "macro", "raw", "filter", "call"}
)
_WRITE = _HAVE_ENDS - {"filter", "call"} | {"verbatim", "autoescape", "spaceless"}
"""Blocks of Jinja and its kin that write what they hold as it stands."""

_OPENS_BRACES = frozenset({"if", "range", "with", "define", "block", "each"})
_OPENS_ERB = re.compile(r"(?:if|unless|for|while|until|case|begin)\b|.*(?:\bdo|\{)\s*(?:\|.*\|)?$")
_MIDDLE_ERB = re.compile(r"(?:else|elsif|when|rescue)\b|\}.*\{$")
_CLOSES_ERB = re.compile(r"end\b|\}")


def steers(text: str) -> bool:
    """Whether a placeholder opens, parts or closes a block, or may do so."""
    return _role(text) is not None


def is_part(text: str, part: str) -> bool:
    """Whether a placeholder is this part of a block: "open", "middle" or "close"."""
    role = _role(text)
    return role is not None and role.part == part


def _role(text: str) -> _Role | None:
    found = _JINJA.match(text)
    if found:
        return _role_in_jinja(found[1] is not None, found[2])
    found = _BRACES.match(text)
    if found:
        return _role_in_braces(found[1], found[2])
    found = _ERB.match(text)
    if found:
        return _role_in_erb(found[1])
    found = _YTT.match(text)
    if found:
        word = found[1]
        if word in _MIDDLES:
            return _Role("#", "middle")
        if found[2]:  # it ends with what stands behind it, and has no tag for that
            return _Role("#/end", "open")
        return _Role("#", "close" if word == "end" else "open")
    return None


def _role_in_jinja(ends: bool, word: str) -> _Role | None:
    if ends:
        return _Role("%", "close", word)
    if word in _MIDDLES:
        return _Role("%", "middle")
    return _Role("%", "open", word, sure=word in _HAVE_ENDS) if word else None


def _role_in_braces(mark: str | None, word: str) -> _Role | None:
    if mark is not None and word:
        return _Role("{", "close" if mark == "/" else "open", word)
    if word in _MIDDLES or mark == "^":
        return _Role("{", "middle")
    if word == "end":
        return _Role("{", "close")
    return _Role("{", "open", word) if word in _OPENS_BRACES else None


def _role_in_erb(code: str) -> _Role | None:
    if _MIDDLE_ERB.match(code):
        return _Role("<", "middle")
    if _CLOSES_ERB.match(code):
        return _Role("<", "close")
    return _Role("<", "open") if _OPENS_ERB.match(code) else None


def pair(tags: list[Tag]) -> Blocks | None:
    """The blocks of a text whose tags are given in order; ``None`` if they do not match."""
    roles = [_role(each.text) for each in tags]
    pairs = _pairs(roles)
    if pairs is None:
        return None
    closing = set(pairs.values())
    found = Blocks([], [()], [], [])
    within: list[tuple[int, int]] = []
    """The blocks that are open: the number of each, which is that of its tag, and of the branch."""
    for index, (tag, role) in enumerate(zip(tags, roles, strict=True)):
        if role is None or (role.part == "open" and index not in pairs):
            continue
        if role.part == "open":
            within.append((index, 0))
            if role.family == "%" and role.word not in _WRITE:
                found.changed.append((tag.start, tags[pairs[index]].end))
        elif index in closing:
            within.pop()
        elif within:
            number, branch = within[-1]
            within[-1] = number, branch + 1
            if not branch:
                found.others.append((tag.end, tags[pairs[number]].start))
        if len(within) > _DEEPEST or (role.part == "middle" and not within):
            return None
        found.offsets.append(tag.start)
        found.paths.append(tuple(within))
    return found


def _pairs(roles: list[_Role | None]) -> dict[int, int] | None:
    """By the number of each tag that opens a block, that of the one that closes it."""
    waiting: list[int] = []
    pairs: dict[int, int] = {}
    for index, role in enumerate(roles):
        if role is None:
            continue
        if role.part == "open":
            waiting.append(index)
        elif role.part == "close":
            while waiting:
                last = waiting.pop()
                opened = roles[last]
                assert opened is not None
                if _match(opened, role):
                    pairs[last] = index
                    break
                if opened.sure:
                    return None
            else:
                return None
    left = (roles[each] for each in waiting)
    return None if any(each is not None and each.sure for each in left) else pairs


def _match(opened: _Role, closes: _Role) -> bool:
    if opened.family != closes.family:
        return False
    return opened.word == closes.word or (closes.word == "" and opened.sure)
