"""Fences that nobody is to copy as they are: what is not to be done, or several ways to do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .blocks import Fence

_WRONG = r"""(?:wrong|incorrect|invalid|bad|broken|misspel\w+|mis-spel\w+|typos?|mistakes?
    |anti-?patterns?|falsch|faux|不正|错误|錯誤|誤り|悪い例)"""
_SIGN = re.compile(r"❌|✗|✘|🚫|👎|:x:|:no_entry\w*:")
_LABEL = re.compile(
    rf"""(?!.*\b(?:fix|avoid|prevent|correct|repair|without|no|solve)\w*)
    (?:\w+[\s-]+){{0,3}}{_WRONG}(?:\s+\w+){{0,3}}
    |(?:don['’]t|do\s+not|never|instead\s+of|rather\s+than|not)(?:\s+(?:do|write|use|set))?
    (?:\s+(?:it|this|that|so|like\s+this))*
    |old(?:\s+(?:way|style|code|path))? | before(?:\s+(?:\w+\s+)?\d{{4}}\S*)?""",
    re.VERBOSE | re.IGNORECASE,
)
"""All that a caption says."""

_SENTENCE = re.compile(
    rf"""\b(?:don['’]t|do\s+not|never)\s+(?:do|use|write|set|copy|try)\b
    |^[\W_]*(?:the|this|that|these|those|such)\b(?:\s+[\w'’`-]+){{0,5}}?\s+
    (?:fails?|breaks?|(?:is|are)\s+{_WRONG}|(?:do|does|will|did)(?:\s+not|n['’]t)\s+work
    |won['’]t\s+work)\b
    |\b(?:common|frequent|typical|popular)\s+(?:typos?|mistakes?|errors?|misspellings?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:if|when|whenever|unless|because|otherwise|but|instead|rather|so|avoid|fix)\b",
    re.IGNORECASE,
)
"""In such a sentence, what says that the fence is the remedy."""

_IN_COMMENT = re.compile(
    rf"(?:\#|//)\s*(?:❌|✗|✘|(?:{_WRONG}|don['’]t|do\s+not\s+do\s+this|not\s+like\s+this)\s*(?:$|[:!,]))",
    re.VERBOSE | re.IGNORECASE,
)
_OR = re.compile(
    r"""(?:\#|//)\s*(?:(?:or|either|oder|ou|bien|或者?|または)\W*$
    |(?:or|either)\s+(?:a|an|instead|mount|set|the|this|use|with|you)\b
    |(?:alternative(?:ly)?|option|variant|choice|way)\b\s*(?:\#?\d|[A-Za-z])?\s*(?:$|[:,.(-]))""",
    re.VERBOSE | re.IGNORECASE,
)
_VARIABLE = "ML_EXTRA_"
_CLAUSE_END = re.compile(r"(?<=[.!?;])\s+")
_MARKS = " \t#*_`>|:：-–—.!…"
_LONGEST_LINE = 1_000


def is_counter_example(fence: Fence) -> bool:
    """Whether what leads to a fence, or a comment in it, says that it is wrong."""
    said = _CLAUSE_END.split(fence.before.strip())[-1]
    if _SIGN.search(said) or _LABEL.fullmatch(said.strip(_MARKS)):
        return True
    if _SENTENCE.search(said) and not _TURNS.search(said):
        return True
    return _has_comment(fence, _IN_COMMENT)


def shows_alternatives(fence: Fence) -> bool:
    """Whether a fence sets variables that install something in several ways, of which the reader is
    to choose one."""
    named = sum(line.text.count(_VARIABLE) for line in fence.lines)
    return named > 1 and _has_comment(fence, _OR)


def _has_comment(fence: Fence, says: re.Pattern[str]) -> bool:
    lines = (line.text for line in fence.lines if len(line.text) <= _LONGEST_LINE)
    return any(("#" in line or "//" in line) and says.search(line) for line in lines)
