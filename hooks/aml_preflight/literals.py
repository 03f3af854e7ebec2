"""Writing a value back in the place of a literal, in the literal's own style."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .document import Language

if TYPE_CHECKING:
    from .document import Place

_PYTHON = re.compile(r"[A-Za-z]{0,2}('''|\"\"\"|'|\")")
_PLAIN_YAML = re.compile(r"[A-Za-z./][A-Za-z0-9._/-]*(?: [A-Za-z0-9._/-]+)*")
_YAML_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null", "."})
_PLAIN_WORD = re.compile(r"[A-Za-z0-9._/:@%+,=-]+")
_QUOTED_IN_SHELL = re.compile(r'(["\\$`])')


def spelled_like(literal: Place, value: str) -> str:
    """``value`` as a literal that can stand in the place of ``literal``: in the language of its
    document, and with its quotes where it has any."""
    language, text = literal.document.language, literal.text
    if language is Language.YAML:
        return _yaml(text, value)
    if language is Language.JSON:
        return json.dumps(value, ensure_ascii=literal.document.text.isascii())
    if language in (Language.SHELL, Language.DOCKERFILE):
        return _word(text, value)
    if language in (Language.ENV_FILE, Language.MARKDOWN, Language.TEXT):
        return value
    return _python(text, value)


def _python(literal: str, value: str) -> str:
    """With double quotes if the literal is not a string."""
    found = _PYTHON.match(literal)
    quote = found.group(1) if found else '"'
    body = value.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    body = body.replace("\n", "\\n").replace("\r", "\\r")
    return f"{quote}{body}{quote}"


def _yaml(literal: str, value: str) -> str:
    """With the quotes of the literal; a plain one gets double quotes where it needs some."""
    printable = value.isprintable()
    if literal[:1] == "'" and printable:
        return "'" + value.replace("'", "''") + "'"
    plain = _PLAIN_YAML.fullmatch(value) and value.lower() not in _YAML_WORDS
    was_text = literal[:1] != '"' and _PLAIN_YAML.fullmatch(literal)
    if was_text and plain and literal.lower() not in _YAML_WORDS:
        return value
    return json.dumps(value, ensure_ascii=not printable)


def _word(literal: str, value: str) -> str:
    """A word of a shell or a Dockerfile, with the quotes of the literal if it has any."""
    if literal[:1] == '"':
        return '"' + _QUOTED_IN_SHELL.sub(r"\\\1", value) + '"'
    if literal[:1] == "'" or not _PLAIN_WORD.fullmatch(value):
        return "'" + value.replace("'", "'\\''") + "'"
    return value
