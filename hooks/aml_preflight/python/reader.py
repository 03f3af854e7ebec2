"""Reading a Python file: from its bytes to the deployments that it makes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..document import Document, Place
from ..facts import FileFacts
from ..values import Unknown
from .decoding import MOST_BYTES, Unreadable, decode
from .flow import TooMuch
from .imports import with_modules
from .sdk import SdkInterpreter
from .source import segments
from .to_facts import facts_of

if TYPE_CHECKING:
    from ..document import Outline
    from .modules import Modules

_RECURSION_LIMIT = 10_000


def read(
    path: str,
    data: bytes,
    modules: Modules | None = None,
    outline: Outline | None = None,
) -> FileFacts:
    """The facts of a Python file; ``path`` is absolute. Never raises for what is in the file.

    ``modules`` are those of its project; without them imports are not followed. ``outline`` is that
    of these bytes, if it was made before.
    """
    try:
        document = decode(path, data)
    except Unreadable as error:
        document = Document(path, data.decode("utf-8", "replace")[:100_000])
        place = Place(document, document.line_span(1))
        return FileFacts(document, trouble=(Unknown(error.reason, place),))
    return read_document(document, modules, outline)


def read_document(
    document: Document, modules: Modules | None = None, outline: Outline | None = None
) -> FileFacts:
    """The facts of Python text, a file's or one that is written in another file."""
    if len(document.text) > MOST_BYTES:
        reason = f"it is larger than {MOST_BYTES // 1_000_000} MB"
        trouble = Unknown(reason, Place(document, document.line_span(1)))
        return FileFacts(document, trouble=(trouble,))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        return _read(document, modules, outline)
    finally:
        sys.setrecursionlimit(limit)


def _read(document: Document, modules: Modules | None, outline: Outline | None) -> FileFacts:
    trouble: list[Unknown] = []
    interpreter = SdkInterpreter(document.path)
    try:
        parsed = modules.parsed(document) if modules is not None else None
        interpreter.follow(parsed or segments(document, trouble, outline))
    except (TooMuch, RecursionError):
        place = Place(document, document.line_span(1))
        trouble.append(Unknown("it has more steps than are followed", place))
    if trouble:  # what was not read may be what makes an edit wrong
        document.exact = False
    facts = facts_of(document, interpreter)._replace(trouble=tuple(trouble))
    if modules is None or trouble or _is_complete(facts):
        return facts
    further = with_modules(document, interpreter, modules)
    return facts_of(document, further) if further is not None else facts


def _is_complete(facts: FileFacts) -> bool:
    """Whether what other files say would add nothing."""
    for each in facts.deployments:
        given = (each.image, each.source_directory, each.entry_script, each.variables.open)
        values = (item.value for item in each.variables.items)
        if any(isinstance(value, Unknown) for value in (*given, *values)):
            return False
    return bool(facts.deployments)
