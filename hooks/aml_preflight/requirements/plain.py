"""The plainest requirements, such as ``name==1.2.3``, read without ``packaging``.

Most lines of most files are of this shape, and importing ``packaging`` costs more than three times
what starting Python does. The answer is the one that ``requirement.read_line`` gives (a test
compares them); any other line is left to it.
"""

from __future__ import annotations

import re

from .reading import Reading

_PLAIN = re.compile(
    r" *([A-Za-z0-9](?:[A-Za-z0-9._-]{0,100}[A-Za-z0-9])?)"
    r" *(== *([0-9]{1,9}(?:\.[0-9]{1,9}){0,5}(?:\.post[0-9]{1,9}|\+[a-z]{1,4}[0-9]{1,4})?)) *"
)
_SEPARATORS = re.compile(r"[-_.]+")


def read_plain(text: str) -> Reading | None:
    """What a requirement of the plainest shape says, or ``None`` for any other text."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    specifier = found.span(2)
    return Reading(
        name=found.span(1),
        canonical=_SEPARATORS.sub("-", found[1]).lower(),
        specifier=specifier,
        clauses=(("==", found[3], specifier),),
    )
