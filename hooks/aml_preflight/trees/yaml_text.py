"""YAML text as trees whose every node knows where it is written.

PyYAML splits the text into events; the trees are made of them here. Nothing is constructed, nothing
is merged and nothing calls itself, so that neither deep nesting nor what grows when it is merged
can do harm. Plain scalars are what YAML 1.1 makes of them, as azure-ai-ml reads them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from .nodes import Mapping, NotRead, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .nodes import Node, Plain

MOST_CHARACTERS = 2_000_000
"""libyaml takes some 5 seconds for a flat file of this size (measured)."""

DEEPEST = 100
"""Nesting that people write stays below 20 levels; composing thousands would crash libyaml."""

MOST_TRIES = 30
"""How many places are tried at which the part of a broken text before the mistake may end."""

_PREFIX = "tag:yaml.org,2002:"
_LONGEST_NUMBER = 400
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_STARTS_ON_OWN_LINE = re.compile(r"^[^\s#%.\-\]}].*$", re.MULTILINE)
_NON_PRINTABLE = yaml.reader.Reader.NON_PRINTABLE
_CONSTRUCTOR = yaml.constructor.SafeConstructor()


class Parsed(NamedTuple):
    """The roots of a text's documents, in order; an empty document has none.

    ``stopped`` says what could not be read. Then everything before ``cut``, an offset, was read;
    without trouble it is the end of the text.
    """

    roots: list[Node]
    stopped: NotRead | None
    cut: int


def parse_all(text: str, *, pure: bool = False) -> Parsed:
    """The trees of a YAML text. Never raises for what is in it.

    Where it cannot be parsed, the part is read that ends before the top-level key with the
    mistake. ``pure`` uses PyYAML's own parser where libyaml's would be at hand.
    """
    if len(text) > MOST_CHARACTERS:
        reason = f"it is larger than {MOST_CHARACTERS // 1_000_000} MB"
        return Parsed([], NotRead(reason), 0)
    loader = _loader(pure)
    roots, stopped = _parse(text, loader)
    if stopped is None:
        return Parsed(roots, None, len(text))
    for cut in _cuts(text, stopped.offset):
        found, again = _parse(text[:cut], loader)
        if again is None:
            return Parsed(found, stopped, cut)
    return Parsed([], stopped, 0)


def is_merge(key: Node) -> bool:
    """Whether a key of a mapping is ``<<``, which adds the pairs of other mappings."""
    return isinstance(key, Scalar) and key.kind == "other" and key.text == "<<" and not key.quoted


def _loader(pure: bool) -> Any:
    return yaml.SafeLoader if pure or not yaml.__with_libyaml__ else yaml.CSafeLoader


def _cuts(text: str, offset: int) -> Iterator[int]:
    """Offsets at which a top-level key may begin, going back from an offset."""
    line_end = text.find("\n", offset)
    found = [
        match.start()
        for match in _STARTS_ON_OWN_LINE.finditer(text, 0, len(text) if line_end < 0 else line_end)
        if match.start() <= offset
    ]
    yield from reversed(found[-MOST_TRIES:])


def _parse(text: str, loader: Any) -> tuple[list[Node], NotRead | None]:
    shift = 1 if text.startswith("\ufeff") else 0  # libyaml does not count it, Python does
    builder = _Builder(text, shift)
    try:
        for event in yaml.parse(text[shift:], loader):
            builder.take(event)
    except NotRead as error:
        return builder.roots, error
    except yaml.MarkedYAMLError as error:
        return builder.roots, NotRead("this is not valid YAML", _offset(error) + shift)
    except (yaml.YAMLError, UnicodeError):  # no position that both parsers would give alike
        odd = _NON_PRINTABLE.search(text)
        reason = "this is a character that YAML does not allow"
        return builder.roots, NotRead(reason, odd.start() if odd else 0)
    except (RecursionError, ValueError, IndexError):  # PyYAML's own, for odd directives and numbers
        return builder.roots, NotRead("this is not valid YAML", builder.at)
    return builder.roots, None


def _offset(error: Any) -> int:
    """Where a ``MarkedYAMLError`` sees the mistake: where it noticed it, or where that begins which
    does not end."""
    context = error.context or ""
    begins = "scanning" in context or "flow" in context
    mark = (error.context_mark if begins else None) or error.problem_mark
    return int(mark.index) if mark is not None else 0


class _Builder:
    """Makes trees of events. ``at`` is the offset of the last event's end."""

    def __init__(self, text: str, shift: int) -> None:
        self.text = text
        self.shift = shift
        self.roots: list[Node] = []
        self.at = 0
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Node | None] = []
        """For each node that is open: the key that waits for its value."""
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None
        self._resolver: Any = yaml.resolver.Resolver()

    def take(self, event: Any) -> None:
        self.at = int(event.end_mark.index) + self.shift
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            start = self._start(event)
            if len(self._open) >= DEEPEST:
                raise NotRead("this is nested too deeply", start)
            is_list = isinstance(event, yaml.SequenceStartEvent)
            made = Sequence([], start, start) if is_list else Mapping([], start, start)
            self._add(made, event.anchor)
            self._open.append(made)
            self._keys.append(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._keys.pop()
            self._open.pop().end = self.at
        elif isinstance(event, yaml.DocumentStartEvent):
            self._anchors, self._root = {}, None
        elif isinstance(event, yaml.DocumentEndEvent) and self._root is not None:
            self.roots.append(self._root)

    def _start(self, event: Any) -> int:
        return int(event.start_mark.index) + self.shift

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise NotRead(f"there is no anchor `&{event.anchor}` before this", self._start(event))
        self._add(node, None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        inside = self._open[-1]
        if isinstance(inside, Sequence):
            inside.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            inside.pairs.append((self._keys[-1], node))
            self._keys[-1] = None

    def _scalar(self, event: Any) -> Scalar:
        start, end = self._start(event), self.at
        if self.text[start : start + 1] in ("&", "!"):
            properties = _PROPERTIES.match(self.text, start, end)
            start = properties.end() if properties else start
        if event.style in ("|", ">"):  # its last line end belongs to the text around it
            end = start + len(self.text[start:end].rstrip())
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        value, kind = _value(tag, event.value)
        return Scalar(value, event.value, kind, start, max(start, end), quoted=bool(event.style))


def _value(tag: str, text: str) -> tuple[Plain, str]:
    """What PyYAML's safe loader makes of a scalar, and the kind of it."""
    kind = tag.removeprefix(_PREFIX)
    if kind == "str":
        return text, "text"
    if kind == "null":
        return None, "null"
    if kind in ("bool", "int", "float") and len(text) <= _LONGEST_NUMBER:
        node = yaml.ScalarNode(tag, text)
        try:
            value: Plain = getattr(_CONSTRUCTOR, f"construct_yaml_{kind}")(node)
        except (ValueError, KeyError, OverflowError, IndexError):
            return text, "other"
        return value, kind
    return text, "other"
