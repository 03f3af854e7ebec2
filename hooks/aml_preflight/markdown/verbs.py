"""Words that say of a file or folder that somebody is to make it."""

from __future__ import annotations

import re

from .. import variables as names

_MAKES = re.compile(
    r"""\b(?:creat(?:e[sd]?|ing)|add(?:s|ed|ing)?|plac(?:e[sd]?|ing)|put(?:s|ting)?
    |writ(?:es?|ing|ten)|wrote|sav(?:e[sd]?|ing)|stor(?:e[sd]?|ing)|mak(?:es?|ing)|made
    |generat\w+|produc(?:e[sd]?|ing)|provid\w+|suppl(?:y|ies|ied)|prepar(?:e[sd]?|ing)
    |includ(?:e|ing)|cop(?:y|ies|ied)|mov(?:e[sd]?|ing)|renam\w+|exports?|download\w*|needs?|needed
    |requires?|required|(?:must|should|you)\ have|named|called|edit(?:s|ed|ing)?
    |fill(?:s|ed|ing)?|populat\w+|set\ up)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_IS_MADE = re.compile(
    r"""\b(?:created|added|placed|put|written|saved|stored|made|generated|produced|provided
    |supplied|prepared|copied|moved|downloaded|needed|required)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_MAKES_ELSEWHERE = re.compile(
    r"""\b(?:erstell\w+|anleg\w+|leg(?:e|en|t)|hinzu\w*|f[üu]gen?|schreib\w+|speicher\w+|cré\w+
    |ajout\w+|placez|placer|écri\w+|enregistr\w+|génér\w+|crea|crear|cree|crie|criar|cria|a[ñn]ad\w+
    |agreg(?:a|ar|ue)|adicion(?:a|ar|e)|coloca|colocar|coloque|escrib\w+|escrev\w+|aggiung\w+
    |inseri(?:re|sci)|utw[óo]rz|dodaj|maak|voeg|созда\w+|добав\w+|помест\w+)\b
    |[创創]建|建立|新建|新增|[添增]加|加入|生成|放[置在]|[编編][写寫]|[写寫]入|[撰書]寫|作成|追加|用意
    |配置|準備|准备|만[들든]|생성|추가|작성""",
    re.VERBOSE | re.IGNORECASE,
)
"""In other languages, which put the word in front of the name or behind it."""

_FROM_ELSEWHERE_BEFORE = re.compile(
    r"\b(?:aus|von|depuis|desde|dal?|из)\W*$|(?:从|從|由|使用|基于)\W*$"
)
_FROM_ELSEWHERE_BEHIND = re.compile(r"\W*(?:ファイル|文件|檔案)?\s*(?:から|を使|에서)")

_USES = re.compile(
    rf"""\b(?:from|using|uses?|used|via|based\ on|install\w*|reads?|reading|point\w*|refers?|instead
    |listed|without|not|never|{names.PREFIX}\w*)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Between such a word and the name: then something else is made, out of what is there."""

_NOT = re.compile(r"(?:\b(?:not|never|no|without)|n['’]t)\s+(?:\w+\s+)?$", re.IGNORECASE)


def is_made(before: str, behind: str) -> bool:
    """Whether a sentence says that something is made of which the name stands between these."""
    for verb in _MAKES.finditer(before):
        denied = _NOT.search(before, max(0, verb.start() - 30), verb.start())
        if not denied and not _USES.search(before, verb.end()):
            return True
    made = _IS_MADE.search(behind)
    if made is not None and not _USES.search(behind, 0, made.start()):
        return True
    if _FROM_ELSEWHERE_BEFORE.search(before) or _FROM_ELSEWHERE_BEHIND.match(behind):
        return False
    return _MAKES_ELSEWHERE.search(f"{before}\n{behind}") is not None
