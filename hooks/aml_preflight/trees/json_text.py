"""JSON text as a tree whose every node knows where it is written.

What ``json.loads`` takes is taken, and nothing else. Keys that are written twice are both kept.
Strings are read by the standard library's own scanner, and nothing here calls itself, so that deep
nesting is refused and never a crash.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, NamedTuple

from ..document import Piece
from .nodes import Mapping, NotRead, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ..document import Document
    from .nodes import Node

DEEPEST = 200
"""Nesting that people or Jupyter write stays below 20 levels."""

MOST_VALUES = 300_000
"""A megabyte of code has some 30,000 lines, each a value; so many take a second and 70 MB."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null|NaN|-?Infinity")
_WORDS: dict[str, tuple[bool | float | None, str]] = {
    "true": (True, "bool"),
    "false": (False, "bool"),
    "null": (None, "null"),
}
_OF_SKIPPED = re.compile(r'["{}\[\]]')
_SURROGATES = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"{_SURROGATES}|\\u[0-9a-fA-F]{{4}}|\\.")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SAID = {
    "Unterminated string starting at": "a string has no end",
    "Invalid control character at": "a line end or another control character is inside a string",
}


class TooManyValues(NotRead):
    """The text is not read to its end, whatever comes there."""


class Part(NamedTuple):
    """As much of a tree as could be read.

    ``broken`` says what stopped it, if anything did; ``open`` are the lists and dictionaries, from
    the outside, that had begun and not ended there. Their own ``end`` is where it stopped.
    """

    tree: Node | None
    broken: NotRead | None
    open: tuple[Node, ...]


def parse(text: str, skipped: Collection[str] = ()) -> Node:
    """The tree of a JSON text without byte order mark. Raises ``NotRead``.

    The values of the keys in ``skipped`` are passed over: in their place is a scalar of the kind
    "other" with their extent, and what is wrong inside them goes unseen.
    """
    part = parse_part(text, skipped)
    if part.broken is not None:
        raise part.broken
    assert part.tree is not None
    return part.tree


def parse_part(text: str, skipped: Collection[str] = ()) -> Part:
    """The tree of a JSON text, or of what stands before a mistake in it; see ``parse``."""
    reading = _Reading(text, skipped)
    broken = None
    try:
        reading.document()
    except NotRead as error:
        broken = error
        for node in reading.open:
            node.end = error.offset
    return Part(reading.root, broken, tuple(reading.open))


class _Reading:
    """The state of reading: ``at`` is the next character, ``open`` what it is inside of."""

    def __init__(self, text: str, skipped: Collection[str]) -> None:
        self.text = text
        self.skipped = frozenset(skipped)
        self.at = 0
        self.root: Node | None = None
        self.open: list[Sequence | Mapping] = []
        self._key: Scalar | None = None
        self._values = 0

    def document(self) -> None:
        self._blanks()
        self._value()
        while self.open:
            self._next()
        self._blanks()
        if self.at < len(self.text):
            raise NotRead("there is more text behind the end", self.at)

    def _blanks(self) -> str:
        """Pass over blanks; returns the character behind them, empty at the end."""
        found = _BLANKS.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def _next(self) -> None:
        """Read the next item of the innermost list or dictionary, or its end."""
        inside = self.open[-1]
        is_list = isinstance(inside, Sequence)
        closing = "]" if is_list else "}"
        first = not (inside.items if isinstance(inside, Sequence) else inside.pairs)
        character = self._blanks()
        if character == closing:
            self.at += 1
            inside.end = self.at
            self.open.pop()
            return
        if not first:
            if character != ",":
                raise NotRead(f"a comma or `{closing}` is missing", self.at)
            self.at += 1
            character = self._blanks()
            if character == closing:
                raise NotRead("there is a comma behind the last item", self.at)
        if is_list:
            self._value()
        else:
            self._pair(character)

    def _pair(self, character: str) -> None:
        if character != '"':
            raise NotRead("a key in double quotes is missing", self.at)
        key = self._string()
        if self._blanks() != ":":
            raise NotRead("a colon is missing behind the key", self.at)
        self.at += 1
        self._blanks()
        self._key = key
        if key.text in self.skipped:
            self._skip()
        else:
            self._value()

    def _value(self) -> None:
        """Read a scalar, or the opening of a list or dictionary; blanks are passed."""
        start = self.at
        character = self.text[start : start + 1]
        if character == '"':
            self._put(self._string())
            return
        if character in ("[", "{"):
            if len(self.open) >= DEEPEST:
                raise NotRead("it is nested too deeply", start)
            made: Sequence | Mapping
            made = Sequence([], start, start) if character == "[" else Mapping([], start, start)
            self._put(made)
            self.open.append(made)
            self.at += 1
            return
        word = _WORD.match(self.text, start)
        if word is not None:
            self.at = word.end()
            self._put(_word(word.group(), start, self.at))
            return
        number = _NUMBER.match(self.text, start)
        if number is None:
            raise NotRead("a value is missing" if character else "it ends too early", start)
        self.at = number.end()
        self._put(_number(number))

    def _string(self) -> Scalar:
        start = self.at
        try:
            value, self.at = scanstring(self.text, start + 1, True)
        except json.JSONDecodeError as error:
            reason = _SAID.get(error.msg, "a string has an escape that JSON does not know")
            raise NotRead(reason, error.pos) from None
        return Scalar(value, value, "text", start, self.at, quoted=True)

    def _put(self, node: Node) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise TooManyValues(f"it has more than {MOST_VALUES:,} values", node.start)
        if not self.open:
            self.root = node
            return
        inside = self.open[-1]
        if isinstance(inside, Sequence):
            inside.items.append(node)
        else:
            assert self._key is not None
            inside.pairs.append((self._key, node))

    def _skip(self) -> None:
        """Pass over a value of which only the extent counts."""
        start, text = self.at, self.text
        if text[start : start + 1] not in ("[", "{"):
            self._value()
            return
        depth = 0
        at = start
        while True:
            found = _OF_SKIPPED.search(text, at)
            if found is None:
                raise NotRead("it ends too early", len(text))
            at = found.end()
            character = text[at - 1]
            if character == '"':
                at = _end_of_string(text, at)
            elif character in "[{":
                depth += 1
            else:
                depth -= 1
                if depth == 0:
                    break
        self.at = at
        self._put(Scalar(None, "", "other", start, at))


def _end_of_string(text: str, at: int) -> int:
    """Where the string ends whose first character is at ``at``, behind its quote."""
    while True:
        quote = text.find('"', at)
        if quote < 0:
            raise NotRead("a string has no end", at - 1)
        before = quote
        while before > at and text[before - 1] == "\\":
            before -= 1
        at = quote + 1
        if (quote - before) % 2 == 0:
            return at


def _word(text: str, start: int, end: int) -> Scalar:
    if text in _WORDS:
        value, kind = _WORDS[text]
        return Scalar(value, text, kind, start, end)
    return Scalar(float(text), text, "float", start, end)  # a word that JSON itself does not have


def _number(found: re.Match[str]) -> Scalar:
    text, start, end = found.group(), found.start(), found.end()
    if found[2] or found[3]:
        return Scalar(float(text), text, "float", start, end)
    try:
        return Scalar(int(text), text, "int", start, end)
    except ValueError:  # more digits than Python reads
        return Scalar(text, text, "other", start, end)


# ---- the text of strings -----------------------------------------------------------------------


def string_pieces(document: Document, scalar: Scalar) -> tuple[str, list[Piece]]:
    """The text of a string in ``document`` and where its characters are written.

    An escape is a piece of its own, and so are the two of a surrogate pair together.
    """
    start, end = scalar.start + 1, scalar.end - 1
    raw = document.text[start:end]
    if "\\" not in raw:
        return raw, [Piece(0, len(raw), document, start, end)]
    pieces: list[Piece] = []
    at = length = 0
    for escape in _ESCAPE.finditer(raw):
        if escape.start() > at:
            behind = length + escape.start() - at
            pieces.append(Piece(length, behind, document, start + at, start + escape.start()))
            length = behind
        at = escape.end()
        pieces.append(Piece(length, length + 1, document, start + escape.start(), start + at))
        length += 1
    if at < len(raw):
        pieces.append(Piece(length, length + len(raw) - at, document, start + at, end))
    return scalar.text, pieces


def speller(document: Document) -> Callable[[str], str]:
    """What writes a text as a part of a JSON string of this document: ASCII only if all of it is.

    The quotes are not written.
    """
    ascii_only = document.text.isascii()

    def spell(text: str) -> str:
        body = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", body)

    return spell
