"""Looking into a tree: fields of mappings with merges resolved, values that are known or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Place
from ..trees.nodes import Mapping, Scalar, Sequence, nodes_below
from ..trees.yaml_lines import HEADER
from ..trees.yaml_text import is_merge
from ..values import Known, Unknown
from .frames import Frames
from .templates import DECIDED, FILLED, is_filled_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Document
    from ..facts import Text, Value
    from ..trees.nodes import Node
    from .blocks import Path
    from .templates import Masked

NOT_TEXT = "it is not text"
MOST_MERGES = 200_000
"""How many fields are taken over by ``<<`` in one file: merges of merges could go on for hours."""


class Field(NamedTuple):
    """A pair of a mapping.

    ``when`` are the blocks of a template that the pair is in and the mapping is not: it is there
    only if they are written. ``either`` tells that the mapping has others of the name, in other
    blocks.
    """

    key: Scalar
    value: Node
    when: Path = ()
    either: bool = False

    @property
    def mapping(self) -> Mapping | None:
        """The value, if it is a mapping."""
        return self.value if isinstance(self.value, Mapping) else None


class Fields:
    """A mapping as PyYAML makes a dictionary of it.

    ``by_name`` holds the fields in force; ``repeated`` are pairs (overwritten, overwriting) of one
    name that are both written in the mapping itself. ``open`` is set if there may be more.
    """

    __slots__ = ("by_name", "open", "repeated")

    def __init__(self) -> None:
        self.by_name: dict[str, Field] = {}
        self.repeated: list[tuple[Field, Field]] = []
        self.open: Unknown | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def get(self, name: str) -> Field | None:
        return self.by_name.get(name)

    def mapping(self, name: str) -> Mapping | None:
        """The value of a field, if that is a mapping."""
        found = self.by_name.get(name)
        return found.mapping if found else None

    def word(self, name: str) -> str:
        """The text of a field in lower case, empty if there is none."""
        found = self.by_name.get(name)
        return found.value.text.lower() if found and isinstance(found.value, Scalar) else ""


class Source:
    """A document with its trees. ``roots`` are those of its mappings at the top. ``rest`` is given
    where the last of them has more fields that could not be read."""

    def __init__(
        self, document: Document, masked: Masked, roots: list[Node], rest: Unknown | None = None
    ) -> None:
        self.document = document
        self._rest = rest
        self.masked = masked
        self._frames = Frames(masked, roots)
        self.roots = self._frames.roots
        self._last = self.roots[-1] if roots and isinstance(roots[-1], Mapping) else None
        self._fields: dict[int, Fields] = {}
        self._merges_left = MOST_MERGES
        self._shared = _shared(roots)

    @property
    def is_excerpt(self) -> bool:
        """Whether it is shown in a page, not a file of its own."""
        return is_excerpt(self.document)

    def values_with(self, word: str) -> list[tuple[int, int]]:
        """Where the keys and values are that have a word in them: no comment stands in those."""
        found = []
        text = self.document.text
        for node in nodes_below(self.roots):
            if isinstance(node, Scalar) and word in text[node.start : node.end]:
                header = HEADER.match(text, node.start, node.end)
                found.append((header.end() if header else node.start, node.end))
        return found

    # ---- places --------------------------------------------------------------------------------

    def place(self, node: Node) -> Place:
        return Place(self.document, (node.start, node.end))

    def unknown(self, reason: str, node: Node) -> Unknown:
        """``node`` where the document is best pointed at: the key of a long value."""
        return Unknown(reason, self.place(node))

    # ---- mappings ------------------------------------------------------------------------------

    def fields(self, mapping: Mapping) -> Fields:
        """The fields of a mapping. Of one that contains itself, the part that is known so far."""
        known = self._fields.get(id(mapping))
        if known is not None:
            return known
        waiting = [(mapping, False)]
        while waiting:
            current, ready = waiting.pop()
            if ready:
                self._fill(current)
            elif id(current) not in self._fields:
                self._fields[id(current)] = Fields()
                waiting.append((current, True))
                waiting += ((each, False) for each in _merged(current))
        return self._fields[id(mapping)]

    def _fill(self, mapping: Mapping) -> None:
        made = self._fields[id(mapping)]
        own: dict[str, Field] = {}
        for key, value in mapping.pairs:
            when = self._frames.when(mapping, key)
            if is_merge(key):
                self._merge(made, value)
                if when:
                    made.open = self.unknown(DECIDED, key)
            elif self.masked.is_filled(key.start, key.end):
                made.open = self.unknown(FILLED, key)
            elif isinstance(key, Scalar):
                field = Field(key, value, when)
                before = own.get(_name(key))
                if before is not None:
                    field = self._repeated(made, before, field)
                own[_name(key)] = field
        made.by_name.update(own)
        if mapping is self._last:
            made.open = made.open or self._rest
        loose = self.masked.looseness(self._frames.start(mapping), mapping.end)
        if loose is not None:
            made.open = Unknown(loose, Place(self.document, (mapping.start, mapping.start)))

    def _repeated(self, made: Fields, before: Field, field: Field) -> Field:
        """A field whose name another one before it has."""
        if before.when != field.when:
            return field._replace(either=True)
        if self.masked.looseness(before.key.start, field.key.end) is None:
            made.repeated.append((before, field))
        return field._replace(either=before.either)

    def _merge(self, made: Fields, value: Node) -> None:
        several = value.items if isinstance(value, Sequence) else [value]
        for each in reversed(several):  # the first in the list wins
            if isinstance(each, Mapping):
                below = self._fields[id(each)]
                self._merges_left -= len(below.by_name)
                if self._merges_left < 0:
                    made.open = self.unknown("it is merged from too many places", value)
                    return
                made.by_name.update(below.by_name)
                made.open = made.open or below.open
            else:
                made.open = self.unknown(FILLED if self.is_filled(each) else NOT_TEXT, each)

    # ---- values --------------------------------------------------------------------------------

    def is_filled(self, node: Node) -> bool:
        return self.masked.is_filled(node.start, node.end)

    def is_shared(self, node: Node) -> bool:
        """Whether it is used at several places."""
        return id(node) in self._shared

    def doubt(self, field: Field) -> Unknown | None:
        """Why the value of a field cannot be told, if a template decides it, or whether the field
        is there at all."""
        if field.when:
            return self.unknown(DECIDED, field.key)
        return self.doubt_if_there(field)

    def doubt_if_there(self, field: Field) -> Unknown | None:
        """Why the value of a field cannot be told even where the field is there."""
        key, node = field.key, field.value
        if self.is_filled(node) and not isinstance(node, Mapping):
            return self.unknown(FILLED, node if node.end > node.start else key)
        decided = DECIDED if field.either else self.masked.looseness(key.start, key.start)
        if decided is None and isinstance(node, Scalar):
            decided = (
                self.masked.looseness(node.start, node.end)
                or self.masked.is_decided(node.start, node.end)
                if node.end > node.start
                else self.masked.next_is_decided(node.end)
            )
        return self.unknown(decided, key) if decided is not None else None

    def text(self, fields: Fields, *names: str) -> Text | None:
        """The text that the first given one of some fields has; ``None`` if none is given."""
        for name in names:
            field = fields.get(name)
            if field is not None:
                return self.text_of(field)
        return fields.open

    def text_of(self, field: Field) -> Text | None:
        value = self.value_of(field)
        if isinstance(value, Unknown):
            return value
        if value.value is None:
            return None
        if not isinstance(value.value, str):
            return Unknown(NOT_TEXT, value.place)
        return Known(value.value, value.place, value.literal, shared=value.shared)

    def value_of(self, field: Field) -> Value:
        """The value of a field as the loader reads it."""
        return self.doubt(field) or self.value_if_there(field)

    def value_if_there(self, field: Field) -> Value:
        """The same where the field is there."""
        doubt = self.doubt_if_there(field)
        if doubt is not None:
            return doubt
        key, node = field.key, field.value
        if not isinstance(node, Scalar):
            return self.unknown(NOT_TEXT, key)
        if node.kind == "other":
            return self.unknown("YAML reads it as a date or as other data", node)
        if isinstance(node.value, str) and is_filled_in(node.value):
            return self.unknown(FILLED, node)
        if node.end == node.start:
            return Known(node.value, self.place(key))
        place = self.place(node)
        return Known(node.value, place, place, shared=self.is_shared(node))

    def name_of(self, field: Field) -> Known[str]:
        """The key of a field."""
        place = self.place(field.key)
        return Known(_name(field.key), place, place, shared=self.is_shared(field.key))


def is_excerpt(document: Document) -> bool:
    """Whether a text is shown in a page, not a file of its own."""
    if not isinstance(document, Embedded):
        return False
    return document.path == Place(document, (0, 0)).origin.document.path


def _name(key: Scalar) -> str:
    return key.text if key.kind in ("text", "other", "null") else str(key.value)


def _merged(mapping: Mapping) -> Iterator[Mapping]:
    """The mappings that are merged into one."""
    for key, value in mapping.pairs:
        if is_merge(key):
            several = value.items if isinstance(value, Sequence) else [value]
            yield from (each for each in several if isinstance(each, Mapping))


def _shared(roots: list[Node]) -> frozenset[int]:
    """The identities of nodes that are used at several places, alone or as a part of another."""
    seen: set[int] = set()
    shared: set[int] = set()
    waiting: list[tuple[Node, bool]] = [(root, False) for root in roots]
    while waiting:
        node, below_shared = waiting.pop()
        if id(node) in shared:
            continue
        if id(node) in seen or below_shared:
            shared.add(id(node))
            below_shared = True
        seen.add(id(node))
        if isinstance(node, Mapping):
            waiting += ((each, below_shared) for pair in node.pairs for each in pair)
        elif isinstance(node, Sequence):
            waiting += ((each, below_shared) for each in node.items)
    return frozenset(shared)
