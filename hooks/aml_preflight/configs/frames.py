"""Which pairs of a mapping are there whenever the mapping is, in spite of a template's blocks.

A block around a whole mapping changes nothing in it: the mapping is there as it stands, or not at
all. Only a pair in a block that its mapping is not in may be missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..trees.nodes import Mapping, Scalar, Sequence, nodes_below

if TYPE_CHECKING:
    from ..trees.nodes import Node
    from .blocks import Path
    from .templates import Masked


class Frames:
    """The mappings of a text, each with the blocks that it is in.

    ``roots`` are those at the top. Where the branches of a template hold a whole one each, these
    are several, although YAML reads them as one.
    """

    def __init__(self, masked: Masked, roots: list[Node]) -> None:
        self._masked = masked
        self._around: dict[int, Path] = {}
        self._starts: dict[int, int] = {}
        self.roots: list[Mapping] = []
        end = 0
        for root in roots:
            parts = self._parts(root) if isinstance(root, Mapping) else []
            self.roots += parts
            if masked.is_template:
                self._look_into(parts, end)
            end = root.end

    def when(self, mapping: Mapping, key: Node) -> Path:
        """The blocks that a key of a mapping is in and the mapping is not."""
        around = self._around.get(id(mapping))
        if around is None:
            return ()
        path = self._masked.blocks.path(key.start)
        if path[: len(around)] == around:
            return path[len(around) :]
        return path or around

    def start(self, mapping: Mapping) -> int:
        """Where lines may stand that belong to a mapping: it begins with its first key."""
        return self._starts.get(id(mapping), mapping.start)

    def _parts(self, root: Mapping) -> list[Mapping]:
        """A mapping; or several, one for each branch, where all of it is in branches that repeat
        the names of others."""
        common = len(self._of_keys(root)) + 1
        groups: dict[Path, list[tuple[Node, Node]]] = {}
        for pair in root.pairs:
            path = self._masked.blocks.path(pair[0].start)
            groups.setdefault(path[:common], []).append(pair)
        if len(groups) < 2 or any(len(path) < common for path in groups):
            return [root]
        names = [_names(pairs) for pairs in groups.values()]
        if sum(map(len, names)) == len(set().union(*names)):
            return [root]
        starts = [pairs[0][0].start for pairs in groups.values()]
        ends = [*starts[1:], root.end]
        return [
            Mapping(pairs, start, end)
            for pairs, start, end in zip(groups.values(), starts, ends, strict=True)
        ]

    def _of_keys(self, mapping: Mapping) -> Path:
        """The blocks that all keys of a mapping are in."""
        paths = [self._masked.blocks.path(key.start) for key, _ in mapping.pairs]
        return _beginning(min(paths), max(paths)) if paths else ()

    def _look_into(self, roots: list[Mapping], start: int) -> None:
        """Note the blocks around mappings, which follow each other, and around all that is in
        them."""
        for root in roots:
            self._note(root, self._of_keys(root), start)
            start = root.pairs[-1][0].end if root.pairs else root.end
        for node in nodes_below(roots):
            if isinstance(node, Sequence):
                for each in node.items:
                    if isinstance(each, Mapping) and node.start <= each.start:  # no alias of it
                        self._note(each, self._of_keys(each), each.start)
            elif isinstance(node, Mapping):
                for key, value in node.pairs:
                    if isinstance(value, Mapping) and key.end <= value.start:
                        self._note(value, self._masked.blocks.path(key.start), key.end)

    def _note(self, mapping: Mapping, around: Path, start: int) -> None:
        if id(mapping) not in self._around:
            self._around[id(mapping)] = around
            self._starts[id(mapping)] = start


def _names(pairs: list[tuple[Node, Node]]) -> set[str]:
    return {key.text for key, _ in pairs if isinstance(key, Scalar)}


def _beginning(one: Path, other: Path) -> Path:
    """What two have in common; all that lie between them, as tuples are ordered, have it, too."""
    length = min(len(one), len(other))
    same = next((index for index in range(length) if one[index] != other[index]), length)
    return one[:same]
