"""Which file a fence shows: its info string says so, its own first line, or the text above it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .info import title_of
from .verbs import is_made

if TYPE_CHECKING:
    from .blocks import Fence

_FIRST_LINE = re.compile(
    r"[ \t]*(?:#+|//|--|;|<!--)[ \t]*(?:file(?:[ ]?name)?[ ]*:[ ]*)?(\S+?)[ \t:]*(?:-->)?[ \t]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--|-->")
_TARGET = re.compile(r"\]\([^()\n]*\)?")
_LABEL = re.compile(r"""\b(?:label|title|value|header|name)=["'{]+([^"'{}<>]+)""")
_COMMAND = re.compile(r"`[^`\n]*\s[^`\n]*`|\bpip3?\s[^:,;`]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DENIES = re.compile(
    r"""\b(?:not|never|no|without|instead|rather|avoid\w*|bad|wrong\w*|incorrect\w*|broken|fails?
    |failed|errors?|outputs?|prints?|printed|logs?|nicht|kein\w*|statt|pas|sans|sin|senza|sem)\b
    |n['’]t\b|❌|✗|✘|不要|不是|请勿|エラー|ない""",
    re.VERBOSE | re.IGNORECASE,
)
_COLONS = (":", "：")
_FEW_WORDS = 3


class Caption(NamedTuple):
    """The name of the file that a fence shows. ``certain`` is not set where a sentence leads to the
    fence that has the name in it, and that may say anything."""

    name: str
    certain: bool


def caption(fence: Fence, names: re.Pattern[str]) -> Caption | None:
    """Under which of the names that ``names`` finds a fence shows a file, if it shows one."""
    title = fence.title or title_of(fence.info)
    if title is not None:
        found = names.search(title)
        return Caption(found.group(), certain=True) if found else None
    head = next((line.text for line in fence.lines if line.text.strip()), "")
    first = _FIRST_LINE.fullmatch(head)
    found = names.search(first[1]) if first else None
    if found is not None:
        return Caption(found.group(), certain=True)
    return _above(fence.before, names)


def _above(text: str, names: re.Pattern[str]) -> Caption | None:
    said = _COMMAND.sub("", _TARGET.sub("]", _TAG.sub(" ", text)))
    if names.search(said) is None:
        said = " ".join(_LABEL.findall(text))
    found = list(names.finditer(said))
    if len({each.group() for each in found}) != 1 or _DENIES.search(said):
        return None
    first = found[0]
    before, behind = said[: first.start()], said[first.end() :]
    if len(_WORD.findall(f"{before} {behind}")) <= _FEW_WORDS or is_made(before, behind):
        return Caption(first.group(), certain=True)
    if said.rstrip(" \t*_`").endswith(_COLONS):
        return Caption(first.group(), certain=False)
    return None
