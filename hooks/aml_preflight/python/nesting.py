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


def too_deep_at(text: str) -> int | None:
    """Where code that could not be parsed may be nested too deeply, as an offset, or ``None``.

    Brackets in strings and comments count as well: refusing odd text is harmless.
    """
    depth = 0
    for index, character in enumerate(text):
        if character in _OPENING:
            depth += 1
            if depth > DEEPEST:
                return index
        elif character in _CLOSING and depth:
            depth -= 1
    chain = _CHAIN.search(text)
    return chain.start() if chain else None
