"""Writing a value back in the place of a literal, in the literal's own style."""

from __future__ import annotations

import re

_PYTHON = re.compile(r"[A-Za-z]{0,2}('''|\"\"\"|'|\")")


def quoted_like(literal: str, value: str) -> str:
    """``value`` as a Python string literal with the quotes of ``literal``; double ones if that is
    not a string."""
    found = _PYTHON.match(literal)
    quote = found.group(1) if found else '"'
    body = value.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    body = body.replace("\n", "\\n").replace("\r", "\\r")
    return f"{quote}{body}{quote}"
