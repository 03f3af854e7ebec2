"""Words with which a page says that something is wrong, or was so once: what it shows then, nobody
is to copy."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..document import Document
    from .blocks import Blocks

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
_BEFORE = re.compile(
    r"""(?:\b(?:not|never|instead\ of|rather\ than|no\ longer|formerly|previously|old(?:er)?|wrong
    |incorrect|invalid|bad|unlike|renamed?|replaced?|fix(?:e[sd])?|correct(?:s|ed)?|avoid(?:s|ing)?
    |beware\s+of|detect(?:s|ed)?|flags|flagged|reports?|rejects?|ignores?|ignored
    |warns?\s+(?:about|of)|complains?\s+about|nicht|statt|anstatt|pas|au\ lieu\ de|no)
    |search(?:ed|ing)?\s+for|look(?:ed|ing)?\s+for|(?:grep|rg|findstr)(?:\s+[/-]\w+)*
    |不是|而不是|而非|(?:不要|请勿|勿)(?:使用|用|写|设置)?|❌|✗|✘|<(?:del|s|strike)>)
    (?:\s+(?:an?|the|it|use|using|write|writing|set|setting|called|named|names?|variables?|from|to
    |as|such|like))*
    [\s`"'“”‘’*_:,(]*$""",
    re.VERBOSE | re.IGNORECASE,
)
_BEHIND = re.compile(
    r"""^[\s`"'“”‘’*_),|]*(?:→|->|=>|-->|≠|!=|❌|✗|✘
    |instead\b|(?:is|was|are|were)\s+(?:\w+\s+)?(?:wrong|incorrect|invalid|a\s+mistake|an\s+error
    |not\s+(?:a|the|read|right|correct|valid|known|supported|recogni[sz]ed|what|one)\b|ignored
    |renamed|replaced|deprecated|unknown|corrected|fixed|reported|flagged|rejected)
    |(?:will|would)\s+be\s+(?:ignored|dropped|reported)|as\s+(?:unknown|wrong|invalid|incorrect)\b
    |(?:will\s+not|won['’]t)\s+(?:work|be\s+(?:read|found|used|recogni[sz]ed))
    |(?:does|do|did|has|have)(?:\s+not|n['’]t)\s|(?:isn|wasn|aren)['’]t\s
    |(?:does|do|did)\s+nothing\b|ha(?:s|ve|d)\s+no\s+effect|not\s+(?:recogni[sz]ed|supported|found)
    |none,|(?:supported|valid|correct|right|allowed)\s*\?
    |(?:should|must|ought\s+to)\s+(?:be\s+(?:called|named|spelled|written|`|[A-Z])|read\b)
    |ではなく|不是|错误|錯誤|誤り|は[^。\n]{0,20}(?:誤|間違|正しくな|存在し|無効|無視|ではな|ません))""",
    re.VERBOSE | re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"""\b(?:not|instead|rather|should|must|was|were|is|for|to|into|vs\.?|versus|but|than|with|now
    |statt|zu|nicht|pour|por)\b|→|->|=>|≠|!=|\||不是|改|ではなく|</(?:del|s|strike)>""",
    re.VERBOSE | re.IGNORECASE,
)
_STRONG_CONTRAST = re.compile(
    r"""\b(?:not|instead|rather|but|whereas|called|named|correct|right|spelled|spelt|actually
    |really)\b|→|≠|不是|正しく|ではなく""",
    re.VERBOSE | re.IGNORECASE,
)
"""Over several lines or more words, where others mean nothing."""

_NEAR = 80
_MARKS = "`*_"
_HISTORY_FILE = re.compile(
    r"""(?:changes|change[-_ ]?log|releases?(?:[-_ ]?(?:notes?|history))?|history|news
    |whats[-_ ]?new)(?:[-_ ]?v?\d[\d.-]*)?\.\w+""",
    re.VERBOSE | re.IGNORECASE,
)
_HISTORY_HEADING = re.compile(
    r"""[#\s*_\[]*(?:(?:change[-_ ]?log|release\ notes?|(?:release|version)\ history|what['’]?s\ new
    |bug\ ?fix(?:es)?)\b.* | (?:changes?|changed|fixe[sd]|history|news|unreleased)[\W_]*
    |(?:v(?:ersion\ )?)?\d+\.\d+\.\d+\S*[\W_]*(?:\d[\d-]*[\W_]*)?|\d{4}-\d\d-\d\d[\W_]*)""",
    re.VERBOSE | re.IGNORECASE,
)


def tells_of_typos(text: str) -> bool:
    """Whether a text speaks of misspellings."""
    return _TYPO.search(text) is not None


def is_denied(before: str, behind: str) -> bool:
    """Whether the words directly before or behind a name say that it is no good."""
    if before.rstrip(_MARKS).endswith("~~") and behind.lstrip(_MARKS).startswith("~~"):
        return True
    return _BEFORE.search(before) is not None or _BEHIND.search(behind) is not None


def is_contrast(between: str) -> bool:
    """Whether what stands between two names says that one of them counts, and not the other."""
    if len(between) <= _NEAR and "\n" not in between and "\r" not in between:
        return _CONTRAST.search(between) is not None
    return _STRONG_CONTRAST.search(between) is not None


def is_history(page: Document, blocks: Blocks, line: int) -> bool:
    """Whether a line of a page, from 0, belongs to what tells of its versions and their changes: it
    was so once."""
    if _HISTORY_FILE.fullmatch(os.path.basename(page.path)):
        return True
    return any(map(_HISTORY_HEADING.fullmatch, blocks.headings_above(line)))
