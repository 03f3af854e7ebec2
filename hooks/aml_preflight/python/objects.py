"""The values that interpreted code works with, and the memory they live in.

A value is one of:

* ``Literal``: text, number, truth value or ``None``, with the literal that spells it, if one does;
* ``FilePath``: a ``pathlib`` path;
* ``Dictionary`` and ``Items``: a dictionary; a list or tuple;
* ``Thing``: an object with attributes: one of the SDKs', or an instance of a class of the file;
* ``Reference``: something imported, by its full dotted name;
* ``Function`` and ``Class``: defined in the file, or in a module that is followed;
* ``Module``: a module of the project that is followed;
* ``Opaque``: anything else, with the reason why it is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import libcst as cst

    from ..facts import Scalar
    from .source import Segment, Site


class Literal:
    """A scalar. ``literal`` is the one literal that spells it, if one does."""

    __slots__ = ("literal", "site", "value")

    def __init__(self, value: Scalar, site: Site, literal: Site | None = None) -> None:
        self.value = value
        self.site = site
        self.literal = literal


class FilePath:
    """A ``pathlib`` path, by its text with forward slashes."""

    __slots__ = ("literal", "site", "text")

    def __init__(self, text: str, site: Site, literal: Site | None = None) -> None:
        self.text = text
        self.site = site
        self.literal = literal


class Opaque:
    """A value that is not known; ``reason`` completes "unknown: ...".

    ``trusted`` marks an object of an SDK or the standard library: its methods do not change what
    they are given. ``objects`` are those that it may be, or that it may be a part of: what changes
    it may change them.
    """

    __slots__ = ("objects", "reason", "site", "trusted")

    def __init__(
        self, reason: str, site: Site, *, trusted: bool = False, objects: tuple[Value, ...] = ()
    ) -> None:
        self.reason = reason
        self.site = site
        self.trusted = trusted
        self.objects = objects


class Loaded(Opaque):
    """What stands in a file that the code reads: the file tells it, and nothing else changed it.

    ``path`` is that file, or the folder it is in.
    """

    __slots__ = ("path",)

    def __init__(self, reason: str, path: Literal | FilePath) -> None:
        super().__init__(reason, path.site)
        self.path = path


class Reference(NamedTuple):
    """An imported module, class or function, such as ``azureml.core.Environment``."""

    dotted: str


class Cells(dict[str, Any]):
    """Names or attributes with their values. ``born`` orders it against branches."""

    __slots__ = ("born",)

    def __init__(self, born: int) -> None:
        super().__init__()
        self.born = born


class Entry(NamedTuple):
    """One key of a dictionary as it was written."""

    key: Literal
    value: Value


class Dictionary:
    """A dictionary with text keys. ``cells`` maps a key's text to its ``Entry``.

    ``repeated`` are pairs of entries with one key inside one display. ``opened`` holds, under the
    key ``""``, the ``Opaque`` that says why there may be more keys than these.
    """

    __slots__ = ("cells", "opened", "repeated", "site")

    def __init__(self, site: Site, born: int) -> None:
        self.site = site
        self.cells = Cells(born)
        self.opened = Cells(born)
        self.repeated: list[tuple[Entry, Entry]] = []

    @property
    def open(self) -> Opaque | None:
        found: Opaque | None = self.opened.get("")
        return found


class Items:
    """A list or tuple. ``changed`` holds, under the key ``""``, why ``values`` no longer tell
    what is in it."""

    __slots__ = ("_values", "changed", "site")

    def __init__(self, values: list[Value], site: Site, born: int = 0) -> None:
        self._values = values
        self.site = site
        self.changed = Cells(born)

    @property
    def values(self) -> list[Value] | None:
        """What is in it, or ``None`` where that is no longer known."""
        return None if self.changed else self._values


class Thing:
    """An object with attributes. ``kind`` says what it is, for instance ``v1.Environment``.

    ``missing`` says why attributes that are not in ``cells`` are unknown, where they are.
    ``parent`` is the class of the file that it is an instance of.
    """

    __slots__ = ("cells", "kind", "missing", "parent", "site")

    def __init__(
        self,
        kind: str,
        site: Site,
        born: int,
        *,
        missing: str | None = None,
        parent: Class | None = None,
    ) -> None:
        self.kind = kind
        self.site = site
        self.cells = Cells(born)
        self.missing = missing
        self.parent = parent


class Scope:
    """The names of a module, a class body or one call of a function."""

    __slots__ = ("cells", "outer", "shared")

    def __init__(self, outer: Scope | None, born: int) -> None:
        self.cells = Cells(born)
        self.outer = outer
        self.shared: set[str] = set()
        """Names that a ``global`` or ``nonlocal`` statement hands to an outer scope."""


class Function:
    """A function of the file, with its default values; ``owner`` is the object it is bound to."""

    __slots__ = ("defaults", "node", "owner", "scope", "segment")

    def __init__(
        self,
        node: cst.FunctionDef,
        segment: Segment,
        scope: Scope,
        defaults: dict[str, Value],
        owner: Value | None = None,
    ) -> None:
        self.node = node
        self.segment = segment
        self.scope = scope
        self.defaults = defaults
        self.owner = owner

    def bound_to(self, owner: Value | None) -> Function:
        """The same function as a method of ``owner``."""
        return Function(self.node, self.segment, self.scope, self.defaults, owner)


class Class:
    """A class of the file, with what its body binds."""

    __slots__ = ("complete", "scope", "site")

    def __init__(self, site: Site, scope: Scope, complete: bool) -> None:
        self.site = site
        self.scope = scope
        self.complete = complete
        """No base class and no metaclass could add attributes that the file does not show."""


class Module:
    """A module of the project, with its names. A folder without code of its own has no ``path``."""

    __slots__ = ("name", "path", "scope")

    def __init__(self, name: str, path: str | None, scope: Scope) -> None:
        self.name = name
        self.path = path
        self.scope = scope


Value = (
    Literal | FilePath | Opaque | Reference | Dictionary | Items | Thing | Function | Class | Module
)

ABSENT: Any = object()
"""In a join: this branch has no such name, attribute or key."""


Changes = dict[tuple[int, str], tuple[tuple[Cells, str], Any]]
"""What a branch left changed: by the identity and key of a cell, the cell and its last value."""


class Heap:
    """All that can change while code runs, with the changes kept so that a branch can be undone.

    The branches of a condition all start from the same state. What they leave behind is joined:
    a cell that they agree on stays known.
    """

    def __init__(self, join: Callable[[list[Any]], Any]) -> None:
        self._join = join
        self._clock = 0
        self._branch_starts = [0]
        self._trail: list[tuple[Cells, str, Any]] = []

    @property
    def in_branch(self) -> bool:
        """Whether what is being followed may be undone."""
        return len(self._branch_starts) > 1

    def tick(self) -> int:
        """A number greater than all before it: the birth of a new object."""
        self._clock += 1
        return self._clock

    def born_here(self, cells: Cells) -> bool:
        """Whether an object was made in the innermost branch that is being followed."""
        return cells.born > self._branch_starts[-1]

    def set(self, cells: Cells, key: str, value: Any) -> None:
        self._trail.append((cells, key, cells.get(key, ABSENT)))
        cells[key] = value

    def delete(self, cells: Cells, key: str) -> None:
        if key in cells:
            self._trail.append((cells, key, cells[key]))
            del cells[key]

    def changes_of(self, run: Callable[[], bool]) -> tuple[bool, Changes]:
        """Run a branch and undo it. Returns what it returned, and the cells it left changed.

        Objects that were born in the branch keep what the branch gave them.
        """
        born = self.tick()
        mark = len(self._trail)
        self._branch_starts.append(born)
        flows = run()
        self._branch_starts.pop()
        changed: Changes = {}
        for cells, key, _ in self._trail[mark:]:
            if cells.born < born:
                changed[id(cells), key] = (cells, key), cells.get(key, ABSENT)
        while len(self._trail) > mark:
            cells, key, old = self._trail.pop()
            if cells.born >= born:
                continue
            if old is ABSENT:
                cells.pop(key, None)
            else:
                cells[key] = old
        return flows, changed

    def apply_joined(self, outcomes: Iterable[Changes]) -> None:
        """Leave the state in which any one of several branches may have run."""
        outcomes = list(outcomes)
        cells_changed = {key: where for each in outcomes for key, (where, _) in each.items()}
        for key, (cells, name) in cells_changed.items():
            now = cells.get(name, ABSENT)
            ends = [each[key][1] if key in each else now for each in outcomes]
            value = self._join(ends)
            if value is ABSENT:
                self.delete(cells, name)
            else:
                self.set(cells, name, value)
