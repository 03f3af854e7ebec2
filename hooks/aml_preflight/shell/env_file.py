"""Env files: ``NAME=value`` in each line.

Docker takes every character behind the ``=``. Other readers of such files take quotes away, end the
value at `` #`` and fill in ``$NAME``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..containers import in_force
from ..document import Place
from ..values import Known, Unknown

if TYPE_CHECKING:
    from ..document import Document
    from ..facts import Text, Variables

_LINE = re.compile(r"[ \t]*(?P<export>export[ \t]+)?(?P<name>[^\s=#][^\s=]*)[ \t]*(?P<is>=|$)")
_READ_ALIKE = re.compile(r"[^\s'\"`$\\](?:[^$\\\r\n]*[^\s$\\])?")


_FILLED_IN = re.compile(r"\{[^{}]*\}|%\w+%|<[A-Za-z][^<>]*>|__\w+__")


def variables_of(document: Document, *, docker: bool = False) -> Variables:
    """The variables of an env file. ``docker`` asks for them as ``docker run --env-file`` reads
    it; without, a value that not all readers understand alike is unknown."""
    given: list[tuple[Known[str], Text]] = []
    for number in range(1, len(document.line_starts) + 1):
        start, end = document.line_span(number)
        found = _LINE.match(document.text, start, end)
        if found is None:
            continue
        blank = found["is"] and found.end("name") + 1 < found.end()
        if docker and (found["export"] or blank):
            continue  # docker refuses the file
        name = Known(found["name"], Place(document, found.span("name")))
        given.append((name, _value(document, found, end, docker=docker)))
    return in_force(given)


def _value(document: Document, found: re.Match[str], end: int, *, docker: bool) -> Text:
    if not found["is"]:
        return Unknown("taken from the environment", Place(document, found.span("name")))
    place = Place(document, (found.end(), end))
    text = place.text
    alike = not text or (_READ_ALIKE.fullmatch(text) and " #" not in text)
    if not docker and (not alike or _FILLED_IN.search(text)):
        return Unknown("not all readers of env files understand it alike", place)
    return Known(text, place, place)
