"""What a page tells its readers to make, or shows them as theirs: files and folders by their names.

Of such a file nobody can say that it will be missing when they deploy.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from .blocks import TooManyBlocks, blocks
from .captions import caption
from .info import Kind
from .verbs import is_made

if TYPE_CHECKING:
    from ..document import Document
    from .blocks import Fence

_SENTENCE_ENDS = re.compile(
    r"(?<=[.!?;])\s+|[。！？；]|(?<![:：\r])(?:(?:\r\n|\r(?!\n)|\n)[ \t>]*){2}"
    r"|(?<![^\r\n])[ \t>]*#[^\r\n]*[\r\n]|[\r\n][ \t>]*#"
)
_ANY_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_IS_NAMED = re.compile(
    r"""[`"'*/“‘«_]$|\b(?:folder|directory|environment|path|named|called)[\s:]+$""",
    re.VERBOSE | re.IGNORECASE,
)
_IS_NAME_OF = re.compile(r"""[`"'*/”’»_]|\s+(?:folder|directory|virtual|environment)\b""")
_VIRTUAL = re.compile(
    r"\bvirtual\s?env(?:ironment)?s?\b|\bvenv\b|\bconda\s+env(?:ironment)?s?\b", re.IGNORECASE
)
_PACKAGES = "site-packages"
_TREE = re.compile(r"[ \t\u2500-\u257f|+`\\*-]*(?:[\w.-]+/)*")
_BESIDE_TREE = re.compile(r"[ \t*/]*(?:$|[#(<\u2190]|--|//)")
_FURTHEST = 200
_MOST_NAMES = 1_000


@lru_cache(maxsize=16)
def tells_to_make(page: Document, words: re.Pattern[str]) -> bool:
    """Whether a page tells its readers to make one of these files or folders, or shows it to them;
    ``words`` finds their names. Also where the page has more blocks than are followed."""
    packages = words.search(_PACKAGES) is not None
    if not packages and words.search(page.text) is None:
        return False
    try:
        text, fences = _parts(page)
    except TooManyBlocks:
        return True
    if _says(text, words) or (packages and _says(text, _VIRTUAL)):
        return True
    return any(_shows(fence, words) for fence in fences)


@lru_cache(maxsize=4)
def _parts(page: Document) -> tuple[str, tuple[Fence, ...]]:
    """What a page says, comments in its fences among it but no other code, and its fences."""
    fences = blocks(page).fences
    parts: list[str] = []
    at = 0
    for fence in fences:
        start, end = page.line_starts[fence.first], page.line_span(fence.last + 1)[1]
        comments = (line.text for line in fence.lines if line.text.lstrip().startswith("#"))
        parts += (page.text[at:start], "\n\n", *(f"{each}\n" for each in comments), "\n\n")
        at = max(at, end)
    return "".join((*parts, page.text[at:])), fences


def _says(text: str, words: re.Pattern[str]) -> bool:
    """Whether a sentence says that one of these is to be made."""
    for number, found in enumerate(words.finditer(text)):
        if number == _MOST_NAMES:
            return True
        before = text[max(0, found.start() - _FURTHEST) : found.start()]
        behind = text[found.end() : found.end() + _FURTHEST]
        ends = [each.end() for each in _SENTENCE_ENDS.finditer(before)]
        before = before[ends[-1] if ends else 0 :]
        behind = _SENTENCE_ENDS.split(behind, maxsplit=1)[0]
        is_name = words is _VIRTUAL or _is_name(found.group(), before, behind)
        if is_name and is_made(before, behind):
            return True
    return False


def _is_name(word: str, before: str, behind: str) -> bool:
    """Whether a word is a name where it stands: ``packages`` may be meant as other words are."""
    if _ANY_WORD.fullmatch(word) is None:
        return True
    return _IS_NAMED.search(before) is not None or _IS_NAME_OF.match(behind) is not None


def _shows(fence: Fence, words: re.Pattern[str]) -> bool:
    """Whether a fence shows one of these files under its name, or where in a folder it belongs."""
    lines = [line.text for line in fence.lines]
    named = False
    for line in lines:
        for found in words.finditer(line) if not line.lstrip().startswith("#") else ():
            named = True
            in_tree = _TREE.fullmatch(line, 0, found.start()) is not None
            if in_tree and fence.kind in (Kind.TEXT, Kind.SETTINGS, None):
                return _BESIDE_TREE.match(line, found.end()) is not None
    return not named and caption(fence, words) is not None
