"""The nodes of a tree: mappings, sequences and scalars with their places.

``start`` and ``end`` are offsets into the document's text, in code points from 0, ends exclusive;
those of a scalar include its quotes. Nothing is merged or dropped: a mapping keeps keys that are
written twice, and YAML's ``<<`` is a pair like any other. An alias is the very node of its anchor,
so that one node can be met at several places, and a tree of YAML can even contain itself: whoever
walks one keeps the identities of the nodes that it is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Plain = str | bool | int | float | None
Node = Union["Scalar", "Sequence", "Mapping"]


class Scalar:
    """A single value.

    ``value`` is what azure-ai-ml's YAML loader (PyYAML, YAML 1.1) or a JSON parser makes of it;
    ``text`` is the text of the scalar without quotes and with escapes resolved, also where the
    value is no text. ``kind`` is "text", "bool", "int", "float", "null" or "other" (a date, binary
    data, a tag that nobody here knows): for "other" the value is the text. ``quoted`` tells a
    string in quotes or a block scalar from a plain one.
    """

    __slots__ = ("end", "kind", "quoted", "start", "text", "value")

    def __init__(
        self, value: Plain, text: str, kind: str, start: int, end: int, *, quoted: bool = False
    ) -> None:
        self.value = value
        self.text = text
        self.kind = kind
        self.start = start
        self.end = end
        self.quoted = quoted


class Sequence:
    """A list."""

    __slots__ = ("end", "items", "start")

    def __init__(self, items: list[Node], start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class Mapping:
    """A dictionary as it is written: ``pairs`` in order."""

    __slots__ = ("end", "pairs", "start")

    def __init__(
        self,
        pairs: list[tuple[Node, Node]],
        start: int,
        end: int,
    ) -> None:
        self.pairs = pairs
        self.start = start
        self.end = end


class NotRead(Exception):
    """A text, or a part of it, is not what it should be.

    ``reason`` is in the user's words, ``offset`` where in the text.
    """

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def nodes_below(roots: Iterable[Node]) -> Iterator[Node]:
    """Some nodes and all below them, each once."""
    waiting: list[Node] = [*roots]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Mapping):
            waiting += (each for pair in node.pairs for each in pair)
        elif isinstance(node, Sequence):
            waiting += node.items
