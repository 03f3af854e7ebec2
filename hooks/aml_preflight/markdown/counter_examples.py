"""Fences that nobody is to copy as they are: what is not to be done, or several ways to do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .blocks import Fence

_WRONG = r"""(?:wrong|incorrect|invalid|bad|broken|misspel\w+|mis-spel\w+|typos?|mistakes?
    |anti-?patterns?|counter-?examples?|falsch|faux|不正|错误|錯誤|誤り|悪い例)"""
_EXITS = r"""(?:exits?|ends?|stops?|dies)\s+with\s+(?:an?\s+)?
    (?:(?:exit\s+|error\s+)?(?:code|status)\s+\d+|9\d)"""
_SIGN = re.compile(r"❌|✗|✘|🚫|👎|:x:|:no_entry\w*:")
_LABEL = re.compile(
    rf"""(?!.*\b(?:fix|avoid|prevent|correct|repair|without|no|solve|nicht|kein|pas|sans|sin)\w*)
    (?:\w+[\s-]+){{0,3}}{_WRONG}(?:\s+\w+){{0,3}}
    |(?:(?:an?|the|this|here|is|examples?|samples?|of|for|minimal|full|complete|simple)\s+){{0,6}}
    (?:failing|crashing|faulty|{_WRONG})(?:\s+\w+){{0,2}}
    |(?:don['’]t|do\s+not|never|instead\s+of|rather\s+than|not)(?:\s+(?:do|write|use|set))?
    (?:\s+(?:it|this|that|so|like\s+this))*
    |old(?:\s+(?:way|style|code|path))? | before(?:\s+(?:\w+\s+)?\d{{4}}\S*)?""",
    re.VERBOSE | re.IGNORECASE,
)
"""All that a caption says."""

_LABEL_ELSEWHERE = re.compile(
    r"""(?:bitte\ )?(?:nicht\ so|so\ (?:bitte\ )?nicht)|(?:das\ ist\ )?(?:falsch|schlecht)
    |(?:ein\ )?(?:falsches|fehlerhaftes|schlechtes)\ beispiel|(?:gegen|negativ)beispiel
    |(?:un\ )?(?:mauvais|contre)[\ -]exemple|mauvaise\ (?:pratique|façon|méthode)|incorrecte?
    |exemple\ (?:incorrect|erroné|faux)|à\ (?:éviter|ne\ pas\ (?:faire|suivre|copier))
    |pas\ comme\ (?:ça|cela|ceci)
    |(?:(?:un\ )?ejemplo\ )?(?:incorrecto|erróneo|equivocado|malo)|forma\ incorrecta
    |mal(?:\ ejemplo)?|así\ no|no\ (?:hacer|haga|hagas)(?:\ esto)?
    |(?:exemplo\ )?(?:incorreto|errado)|mau\ exemplo|assim\ não|não\ faça(?:\ (?:isso|isto))?
    |(?:esempio\ )?(?:sbagliato|errato|scorretto|non\ corretto)|così\ no|da\ evitare
    |(?:так\ )?(?:неправильно|неверно|плохо|нельзя)|не\ так|(?:как|так)\ не\ (?:надо|нужно)
    |(?:неправильный|неверный|плохой|ошибочный)\ (?:пример|вариант|код)|невірно
    |źle|błędnie|niepoprawnie|zły\ przykład|niet\ zo|verkeerd|(?:fout|slecht)\ voorbeeld|yanlış
    |(?:错误|錯誤|反面|不正确|不正確|不推荐|不推薦)的?(?:[写寫做用]法|示例|例子|示范|示範|范例|範例|方式|配置)?
    |反例|不要[这這][样樣](?:做|写|寫)?
    |(?:悪い|良くない|よくない|間違った|誤った|ダメな|だめな)(?:例|書き方|設定)|間違い|NG例?
    |(?:잘못된|나쁜|틀린)\ ?(?:예|예시|예제|방법)""",
    re.VERBOSE | re.IGNORECASE,
)
"""The same in other languages: whole captions only, of which there is no doubt."""

_SENTENCE = re.compile(
    rf"""\b(?:don['’]t|do\s+not|never)\s+(?:do|use|write|set|copy|try|repeat)\b
    |^[\W_]*(?:the|this|that|these|those|such)\b(?:\s+[\w'’`-]+){{0,5}}?\s+
    (?:fails?|breaks?|crash(?:es)?|{_EXITS}|(?:is|are)\s+{_WRONG}
    |(?:do|does|will|did)(?:\s+not|n['’]t)\s+work|won['’]t\s+work|used\s+to\s+work)\b
    |\b(?:common|frequent|typical|popular)\s+(?:typos?|mistakes?|errors?|misspellings?)\b
    |^[\W_]*(?:what(?:['’]s|\s+is)\s+wrong|(?:(?:can|do)\s+you\s+)?(?:spot|find|see)\s+the\s+
    (?:bug|error|mistake|problem|typo))\b
    |^[\W_]*why\s+(?:do|does|did|is|will)\b.*\b(?:fail|crash|break|not\s+(?:work|start)|{_WRONG})\b""",
    re.VERBOSE | re.IGNORECASE,
)
_AVOID = re.compile(
    r"""[\W_]*avoid\s+(?:this|that|these|it|such
    |(?!(?:fail|crash|break|restart|rebuild|wait|los|hav|gett)+ing)\w+ing)\b
    (?!.*(?:,|\b(?:by|and|with)\b))""",
    re.VERBOSE | re.IGNORECASE,
)
"""An act that is to be avoided; a failure, or by what, is another matter."""

_FAILS = re.compile(
    rf"\b(?:fails|crashes|breaks|{_EXITS}|with\s+(?:exit|error)\s+code\s+\d+)\b",
    re.VERBOSE | re.IGNORECASE,
)
"""What leads to a fence in other words; no full sentence, which may speak of anything."""

_NOT_FAILING = re.compile(
    r"""(?:\b(?:not|never|nothing|none|no|cannot|no\s+longer|from|stops?|stopped)|n['’]t)\s+
    (?:\w+\s+)?(?:fail|crash|break|exit|end|stop)""",
    re.VERBOSE | re.IGNORECASE,
)
_CONDITION = re.compile(
    r"""\b(?:if|when|whenever)\b
    (?:\s+(?!\S*n['’]t\b|(?:not|never|no|without|only|any\w*|other|another|else|missing|forg[eo]t\w*
    |omit\w*|leav\w+|fix\w*)\b)[\w'’`./-]+){1,8}[\s:：*_]*$""",
    re.VERBOSE | re.IGNORECASE,
)
"""Behind what fails, under which condition it does: that of the fence."""

_TURNS = re.compile(
    r"""\b(?:if|when|whenever|unless|because|otherwise|but|instead|rather|so|avoid\w*|fix\w*|solv\w+
    |solution|resolv\w+|repair\w*|prevent\w*|corrected|workaround|troubleshoot\w*|works
    |no\s+more|any\s?more)\b
    |(?:^[\W_]*|[,–—]\s+|\bthen\s+)(?:please\s+)?(?:write|set|use|add|put|make|change|copy|move|try
    |check|ensure|keep|pass|run|replace|remove|specify|create|do(?!\s+not|n['’]t))\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""In such a sentence, what says that the fence is the remedy."""

_REPRODUCES = re.compile(
    r"""\breproduc(?:e|es|ing|tion)\b.*(?:\b(?:bugs?|errors?|failures?|crash|problems?|issues?
    |exit\s+code)\b|\b(?:it|this)[\W_]*$)|\bto\s+reproduce[\W_]*$|^[\W_]*(?:minimal\s+)?repro\b""",
    re.VERBOSE | re.IGNORECASE,
)
_REMEDY = re.compile(r"\b(?:fix|solv|resolv|avoid|prevent)\w*", re.IGNORECASE)

_IN_COMMENT = re.compile(
    rf"""(?:\#|//)\s*(?:❌|✗|✘|(?:{_WRONG}|don['’]t|do\s+not\s+do\s+this|not\s+like\s+this
    |{_LABEL_ELSEWHERE.pattern})\s*(?:$|[:：!！,]))""",
    re.VERBOSE | re.IGNORECASE,
)
_OR = re.compile(
    r"""(?:\#|//)\s*(?:(?:or|either|oder|ou|bien|或者?|または)\W*$
    |(?:or|either)\s+(?:a|an|instead|mount|set|the|this|use|with|you)\b
    |(?:alternative(?:ly)?|option|variant|choice|way)\b\s*(?:\#?\d|[A-Za-z])?\s*(?:$|[:,.(-]))""",
    re.VERBOSE | re.IGNORECASE,
)
_VARIABLE = "ML_EXTRA_"
_CLAUSE_END = re.compile(r"(?<=[.!?;。！？；])\s+")
_REMARK = re.compile(r"\s*[(（][^()（）]*[)）]")
_MARKS = " \t#*_`>|:：-–—.。!！…"
_LONGEST_LINE = 1_000


def is_counter_example(fence: Fence) -> bool:
    """Whether what leads to a fence, or a comment in it, says that it is wrong."""
    said = _CLAUSE_END.split(fence.before.strip())[-1]
    if _SIGN.search(said) or _is_label(said.strip(_MARKS)):
        return True
    return _says_wrong(said) or _has_comment(fence, _IN_COMMENT)


def shows_alternatives(fence: Fence) -> bool:
    """Whether a fence sets variables that install something in several ways, of which the reader is
    to choose one."""
    named = sum(line.text.count(_VARIABLE) for line in fence.lines)
    return named > 1 and _has_comment(fence, _OR)


def _is_label(said: str) -> bool:
    """Whether a caption, its remarks in parentheses left out, says that something is wrong and
    nothing else."""
    said = _REMARK.sub("", said).strip(_MARKS)
    return any(label.fullmatch(said) for label in (_LABEL, _LABEL_ELSEWHERE))


def _says_wrong(said: str) -> bool:
    """Whether a sentence says that what follows fails, and not how to prevent that."""
    if _REPRODUCES.search(said) and not _REMEDY.search(said):
        return True
    if _AVOID.match(said):
        return True
    found = _SENTENCE.search(said) or (None if said.endswith(".") else _FAILS.search(said))
    if found is None or _NOT_FAILING.search(said):
        return False
    condition = _CONDITION.search(said, found.end())
    return not _TURNS.search(said[: condition.start()] if condition else said)


def _has_comment(fence: Fence, says: re.Pattern[str]) -> bool:
    lines = (line.text for line in fence.lines if len(line.text) <= _LONGEST_LINE)
    return any(("#" in line or "//" in line) and says.search(line) for line in lines)
