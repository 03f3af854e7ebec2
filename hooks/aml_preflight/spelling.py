"""Writing a value back in the place of a literal, in the literal's own style."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .document import SHELLS, Language

if TYPE_CHECKING:
    from .document import Place

_PYTHON = re.compile(r"[A-Za-z]{0,2}('''|\"\"\"|'|\")")

_PLAIN_YAML = re.compile(r"(?:[A-Za-z_/]|\.(?![0-9]))[A-Za-z0-9._/-]*(?: [A-Za-z0-9._/-]+)*")
_YAML_WORDS = frozenset(
    {"y", "n", "yes", "no", "true", "false", "on", "off", "null", ".", ".inf", ".nan"}
)
_NO_LITERAL = re.compile(r"[|>*&!%@`\[{]|[-?:](?:\s|$)")
"""Begins a block scalar, an alias, an anchor, a tag, or what is no scalar at all."""
_TAGGED = re.compile(r"(?:^|[\s,\[{])[&!]\S*\s+$")

_PLAIN_WORD = re.compile(r"[A-Za-z0-9._/:+=-]+")
"""Means itself to every shell and in a Dockerfile, bare and inside any quotes."""
_BARE_WORD = re.compile(r"[A-Za-z0-9._/:+=,@%-]+")
_QUOTED_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'", re.DOTALL)
_ACTS_IN_QUOTES = re.compile(r"[\"'\\$`!]")


def spelled_like(literal: Place, value: str) -> str | None:
    """``value`` as a literal that can stand in the place of ``literal``: in the language of its
    document, and with its quotes where it has any. ``None`` where it is not certain that what is
    written would mean the value, as with blocks of several lines, and where the encoding of the
    document does not have all characters."""
    language, text = literal.document.language, literal.text
    if any("\ud800" <= character <= "\udfff" for character in value):
        return None
    spelled = _spelled(literal, language, text, value)
    return spelled if spelled is not None and literal.document.holds(spelled) else None


def _spelled(literal: Place, language: Language, text: str, value: str) -> str | None:
    if language is Language.YAML:
        return _yaml(literal, value)
    if language is Language.JSON:
        single = text[:1] == "'"
        return None if single else json.dumps(value, ensure_ascii=literal.document.text.isascii())
    if language in (*SHELLS, Language.DOCKERFILE):
        return _word(text, value)
    if language in (Language.ENV_FILE, Language.MARKDOWN, Language.TEXT):
        return value if value.isprintable() and value == value.strip() else None
    return _python(text, value)


def _python(literal: str, value: str) -> str:
    """With double quotes if the literal is not a string."""
    found = _PYTHON.match(literal)
    quote = found.group(1) if found else '"'
    return f"{quote}{_escaped(value, quote[0])}{quote}"


def _yaml(literal: Place, value: str) -> str | None:
    """With the quotes of the literal; a plain one gets double quotes where it needs some."""
    text = literal.text
    before = literal.document.text[max(0, literal.start - 200) : literal.start]
    if not text or _NO_LITERAL.match(text) or _TAGGED.search(before):
        return None
    if text[0] == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    plain = _PLAIN_YAML.fullmatch(value) and value.lower() not in _YAML_WORDS
    was_text = text[0] != '"' and _PLAIN_YAML.fullmatch(text)
    if was_text and plain and text.lower() not in _YAML_WORDS:
        return value
    return f'"{_escaped(value, chr(34))}"'


def _word(literal: str, value: str) -> str | None:
    """A word of a shell or a Dockerfile, with the quotes of the literal if it has any.

    A bare literal may itself stand inside quotes, so that it cannot get any.
    """
    if _BARE_WORD.fullmatch(literal):
        return value if _PLAIN_WORD.fullmatch(value) else None
    if not _QUOTED_WORD.fullmatch(literal) or not value.isprintable():
        return None
    quote = literal[0]
    return None if _ACTS_IN_QUOTES.search(value) else f"{quote}{value}{quote}"


def _escaped(value: str, quote: str) -> str:
    """The value between quotes, with the escapes that Python and YAML share."""
    return "".join(_character(each, quote) for each in value)


def _character(each: str, quote: str) -> str:
    if each in ("\\", quote):
        return "\\" + each
    if each.isprintable():
        return each
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(each)
    code = ord(each)
    if short is not None:
        return short
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
