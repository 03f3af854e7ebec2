"""Refusing code that is nested too deeply.

Python's own parser raises for it; libcst's native one overflows its stack and takes the process
down (known to its authors, and measured from some thousand levels on). Code that people write stays
below 40 levels.
"""

from __future__ import annotations

import re

DEEPEST = 150
TOO_DEEP = "it is nested too deeply to be read safely"

_OPENING, _CLOSING = "([{", ")]}"
_CHAIN = re.compile(r"(?:(?:[-+~*]|\bnot\b|\bawait\b|\blambda\s*:|\belse\b)\s*){100}")
_TOKEN = re.compile(r"[()\[\]{},;\n]|\b(?:and|or)\b|\.(?=\s*[^\W\d])")


def too_deep_at(text: str) -> int | None:
    """Where code that could not be parsed may be nested too deeply, as an offset, or ``None``.

    Brackets in strings and comments count as well: refusing odd text is harmless. So do the links
    of ``a and b and c`` and ``a.b.c``, which libcst nests.
    """
    depth = links = 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING:
            depth = max(depth - 1, 0)
        elif token in ",;" or (token == "\n" and not depth):
            links = 0
        elif token != "\n":
            links += 1
        if max(depth, links) > DEEPEST:
            return found.start()
    chain = _CHAIN.search(text)
    return chain.start() if chain else None
