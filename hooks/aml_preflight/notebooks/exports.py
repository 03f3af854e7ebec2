"""What ``%env`` sets for the commands of the cells below it.

A command that takes a variable from there is read as if it stood in a script behind an ``export``
of it, whose name and value are written in the cell of the ``%env``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Piece

if TYPE_CHECKING:
    from ..document import Document

SETTING = re.compile(
    r"(?:set_)?env[ \t]+(?P<name>[^\s=]+)(?P<is>\s*=\s*|\s+)(?P<value>.*?)\s*", re.DOTALL
)
"""What stands behind the sign of the magic."""

_NAME = re.compile(r"[A-Za-z_]\w*")
_PLAIN_VALUE = re.compile(r"[\w./:@%+,=-]+")


class _Export(NamedTuple):
    """A variable: where its name and its value are written, by offsets in ``source``."""

    value: str
    source: Document
    name_start: int
    value_start: int


class Exports:
    """The variables that are set so far. ``text`` is the code of the program, which may set them in
    other ways: what it names beside ``os.environ`` is not certain."""

    def __init__(self, text: str) -> None:
        self._others = text if "environ" in text else ""
        self._held: dict[str, _Export] = {}

    def note(self, said: str, source: Document, offset: int, *, certain: bool) -> None:
        """Take what a magic says at an offset of a text. ``certain`` tells that it runs, and what
        it says stands there."""
        found = SETTING.fullmatch(said)
        if found is None:
            return
        name, value = found["name"], found["value"]
        plain = _NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(value)
        if certain and plain and not re.search(rf"[\"']{name}[\"']", self._others):
            places = offset + found.start("name"), offset + found.start("value")
            self._held[name] = _Export(value, source, *places)
        else:
            self._held.pop(name, None)

    def before(self, command: Embedded) -> Embedded:
        """Some commands with an export before them for each variable that they name."""
        texts: list[str] = []
        pieces: list[Piece] = []
        length = 0
        for name, each in self._held.items():
            if not re.search(rf"(?<![\w=.-]){name}(?![\w=])", command.text):
                continue
            start = length + len("export ")
            end = start + len(name)
            last = each.name_start + len(name)
            pieces.append(Piece(start, end, each.source, each.name_start, last))
            start, end = end + 1, end + 1 + len(each.value)
            last = each.value_start + len(each.value)
            pieces.append(Piece(start, end, each.source, each.value_start, last))
            texts.append(f"export {name}={each.value}\n")
            length = end + 1
        if not texts:
            return command
        pieces += [
            piece._replace(start=piece.start + length, end=piece.end + length)
            for piece in command.pieces
        ]
        text = "".join([*texts, command.text])
        source = command.pieces[0].source
        return Embedded(text, pieces, source=source, language=command.language)
