"""The names and objects of the code that is followed, and every way in which they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from . import folding
from .modules import INSTALLED
from .objects import (
    ABSENT,
    Cells,
    Class,
    Dictionary,
    Entry,
    FilePath,
    Heap,
    Items,
    Literal,
    Loaded,
    Module,
    Opaque,
    Reference,
    Scope,
    Thing,
)
from .source import Site

if TYPE_CHECKING:
    from .arguments import Arguments
    from .objects import Value
    from .source import Segment


class Memory:
    """Scopes, objects and dictionaries. Everything that changes them goes through here, so that a
    branch can be undone and joined with another."""

    def __init__(self, file_path: str) -> None:
        self.heap = Heap(self.join)
        self.segment: Segment
        self.scope = Scope(None, self.heap.tick())
        self.file_path = file_path
        self.process = Cells(self.heap.tick())
        self.read: set[int] = set()
        """Identities of the literals' nodes in dictionaries that the program reads itself."""

    # ---- values --------------------------------------------------------------------------------

    def site(self, node: cst.CSTNode) -> Site:
        return Site(self.segment, node)

    def opaque(self, reason: str, node: cst.CSTNode) -> Opaque:
        return Opaque(reason, self.site(node))

    def at(self, value: Value, node: cst.CSTNode) -> Value:
        """``value`` as used at ``node``: the place of the use, the literal it came from."""
        if isinstance(value, Literal):
            return Literal(value.value, self.site(node), value.literal)
        if isinstance(value, FilePath):
            return FilePath(value.text, self.site(node), value.literal)
        return value

    def text(self, value: str, node: cst.CSTNode) -> Literal:
        """A text that was worked out, not spelled by one literal."""
        return Literal(value, self.site(node))

    # ---- names ---------------------------------------------------------------------------------

    def lookup(self, name: str) -> Value:
        """The value of a name in the current scope, or ``ABSENT``."""
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.cells:
                found: Value = scope.cells[name]
                return found
            scope = scope.outer
        absent: Value = ABSENT
        return absent

    def bind(self, name: str, value: Value) -> None:
        """Give a name of the current scope a value."""
        scope = self.scope
        while name in scope.shared and scope.outer is not None:
            scope = scope.outer
        self.heap.set(scope.cells, name, value)

    def change_folder(self, folder: Value, site: Site) -> Value:
        """``os.chdir``: relative paths count from another folder from now on."""
        now = self.current_folder
        if isinstance(now, Literal) and isinstance(folder, (Literal, FilePath)):
            moved = folding.function("os.path.join", (now, folder), site)
        else:
            moved = None
        why = "the script moves to another folder with `os.chdir()`"
        self.heap.set(self.process, "folder", moved or Opaque(why, site))
        return Literal(None, site)

    @property
    def current_folder(self) -> Value:
        """The folder that the script is in, relative to where it was started."""
        found: Value = self.process["folder"]
        return found

    # ---- dictionaries --------------------------------------------------------------------------

    def put(self, target: Dictionary, key: Value, value: Value, node: cst.CSTNode) -> Entry | None:
        """Set ``target[key]``. A key that is not known may be any key."""
        if not isinstance(key, Literal):
            reason = key.reason if isinstance(key, Opaque) else "its name is worked out"
            self.blur(target, Opaque(f"a key is not known ({reason})", self.site(node)))
            return None
        entry = Entry(key, value)
        self.heap.set(target.cells, str(key.value), entry)
        return entry

    def note_read(self, source: Dictionary, key: str | None = None) -> None:
        """The program reads an entry of a dictionary, or any of them, for a purpose of its own."""
        entries = source.cells.values() if key is None else [source.cells.get(key)]
        for entry in entries:
            for value in (entry.key, entry.value) if entry is not None else ():
                if isinstance(value, Literal) and value.literal is not None:
                    self.read.add(id(value.literal.node))

    def merge_into(self, target: Dictionary, source: Value, node: cst.CSTNode) -> None:
        """``target.update(source)``."""
        if isinstance(source, Dictionary):
            if source.open is not None:
                self.blur(target, source.open)
            for entry in list(source.cells.values()):
                self.put(target, entry.key, entry.value, node)
            return
        pairs = _pairs(source)
        if pairs is None:
            reason = source.reason if isinstance(source, Opaque) else "it is not a dictionary"
            self.blur(target, Opaque(reason, self.site(node)))
            return
        for key, value in pairs:
            self.put(target, key, value, node)

    def blur(self, target: Dictionary, why: Opaque) -> None:
        """Anything may have been put into ``target``: its keys stay, their values do not."""
        if (
            target.open is not None
            and not isinstance(target.open, Loaded)
            and not any(isinstance(entry.value, Literal) for entry in target.cells.values())
        ):
            return
        self.heap.set(target.opened, "", why)
        for name, entry in list(target.cells.items()):
            self.heap.set(target.cells, name, Entry(entry.key, why))

    def copy_of(self, source: Dictionary, site: Site) -> Dictionary:
        """A dictionary of its own with the same entries."""
        result = Dictionary(site, self.heap.tick())
        result.cells.update(source.cells)
        result.opened.update(source.opened)
        result.repeated = list(source.repeated)
        return result

    def remove(self, target: Dictionary, key: Value) -> None:
        """``del target[key]``."""
        if isinstance(key, Literal):
            self.heap.delete(target.cells, str(key.value))
            if isinstance(target.open, Loaded):
                why = Opaque("something of it is removed", key.site)
                self.heap.set(target.opened, "", why)
        else:
            site = getattr(key, "site", target.site)
            self.blur(target, Opaque("a key that is not known is removed", site))

    def put_keywords(self, target: Dictionary, arguments: Arguments) -> None:
        if arguments.open is not None:
            self.blur(target, arguments.open)
        for name, value in arguments.keywords.items():
            site = arguments.keyword_sites[name]
            node = site.node.keyword if isinstance(site.node, cst.Arg) else None
            self.put(target, self.text(name, node or site.node), value, site.node)

    # ---- objects -------------------------------------------------------------------------------

    def set_attribute(
        self,
        owner: Value,
        name: str,
        value: Value,
        node: cst.BaseExpression,
    ) -> None:
        """``owner.name = value``, written at ``node``."""
        if isinstance(owner, Thing):
            self.heap.set(owner.cells, name, value)
        elif isinstance(owner, (Class, Module)):
            self.heap.set(owner.scope.cells, name, value)
        elif isinstance(owner, Opaque):
            self.doubt(owner, node)

    def copy_value(self, value: Value, arguments: Arguments, *, deep: bool) -> Value:
        """``copy.copy`` and ``copy.deepcopy``; also SDK methods that clone."""
        return self._copied_once(value, arguments.site, {}, deep=deep)

    def _copied_once(
        self, value: Value, site: Site, copies: dict[int, Value], *, deep: bool
    ) -> Value:
        """A copy; what is reached on several ways, or from inside itself, is copied once."""
        if id(value) in copies:
            return copies[id(value)]
        if isinstance(value, Dictionary):
            copies[id(value)] = self.copy_of(value, site)
            return copies[id(value)]
        if isinstance(value, Thing):
            made = Thing(
                value.kind,
                value.site,
                self.heap.tick(),
                missing=value.missing,
                parent=value.parent,
            )
            copies[id(value)] = made
            for name, part in value.cells.items():
                inner = isinstance(part, (Dictionary, Thing)) and deep
                made.cells[name] = (
                    self._copied_once(part, site, copies, deep=True) if inner else part
                )
            return made
        return value

    def escape(self, arguments: Arguments, name: str) -> None:
        """Code that is not in this file gets hold of the arguments, and may change them."""
        why = Opaque(f"it is handed to `{name}()`, which may change it", arguments.site)
        for value in arguments.values():
            self._spoil(value, why, set())

    def doubt(self, value: Value, node: cst.CSTNode) -> None:
        """Something that is not known is changed, and what it may be with it."""
        if isinstance(value, Opaque) and value.objects:
            self._spoil(
                value,
                self.opaque(f"it may be changed through another name: {value.reason}", node),
                set(),
            )

    def doubt_names(self, why: Opaque) -> None:
        """Anything may have been bound to the names that are visible. What is imported from an SDK
        or the standard library stays: whoever binds that name means the same."""
        scope: Scope | None = self.scope
        while scope is not None:
            for name, value in list(scope.cells.items()):
                if not isinstance(value, Opaque) and not _is_installed(value):
                    doubtful = Opaque(why.reason, why.site, objects=_objects([value]))
                    self.heap.set(scope.cells, name, doubtful)
            scope = scope.outer

    def _spoil(self, value: Value, why: Opaque, seen: set[int]) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, Opaque):
            for each in value.objects:
                self._spoil(each, why, seen)
        elif isinstance(value, Dictionary):
            self.note_read(value)
            for entry in value.cells.values():
                self._spoil(entry.value, why, seen)
            self.blur(value, why)
        elif isinstance(value, Items):
            for item in value.values or []:
                self._spoil(item, why, seen)
            self.heap.set(value.changed, "", why)
        elif isinstance(value, (Class, Module)):
            for key, part in list(value.scope.cells.items()):
                if isinstance(value, Module):
                    self._spoil(part, why, seen)
                self.heap.set(value.scope.cells, key, why)
        elif isinstance(value, Thing):
            for key, part in list(value.cells.items()):
                self._spoil(part, why, seen)
                if not isinstance(part, (Dictionary, Thing, Items)):
                    self.heap.set(value.cells, key, why)

    # ---- joining branches ----------------------------------------------------------------------

    def join(self, values: list[Value]) -> Value:
        """The value after branches that left ``values`` (``ABSENT`` where there is none)."""
        first = values[0]
        if all(value is first for value in values):
            return first
        if all(isinstance(value, Entry) for value in values if value is not ABSENT):
            return self._join_entries(values)  # type: ignore[arg-type, return-value]
        objects = _objects(values)
        if all(_same(first, value) for value in values[1:]):
            if isinstance(first, Opaque) and len(objects) > len(first.objects):
                return Opaque(first.reason, first.site, objects=objects)
            return first
        present = next(value for value in values if value is not ABSENT)
        site = getattr(present, "site", None) or Site(self.segment, self.segment.tree)
        return Opaque("it depends on a condition", site, objects=objects)

    def _join_entries(self, entries: list[Entry]) -> Entry:
        present = [entry for entry in entries if entry is not ABSENT]
        if len(present) < len(entries):
            why = Opaque("it is set only under a condition", present[0].key.site)
            return Entry(present[0].key, why)
        return Entry(present[0].key, self.join([entry.value for entry in present]))


def _is_installed(value: Value) -> bool:
    return isinstance(value, Reference) and value.dotted.partition(".")[0] in INSTALLED


def _objects(values: list[Value]) -> tuple[Value, ...]:
    """The objects that any of some values may be, each once."""
    found: dict[int, Value] = {}
    for value in values:
        if isinstance(value, Opaque):
            found.update((id(each), each) for each in value.objects)
        elif isinstance(value, (Class, Dictionary, Items, Module, Thing)):
            found[id(value)] = value
    return tuple(found.values())


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Literal) and isinstance(other, Literal):
        return type(one.value) is type(other.value) and one.value == other.value
    if isinstance(one, FilePath) and isinstance(other, FilePath):
        return one.text == other.text
    if isinstance(one, Opaque) and isinstance(other, Opaque):
        return not isinstance(one, Loaded) and not isinstance(other, Loaded)
    return isinstance(one, Reference) and one == other


def _pairs(value: Value) -> list[tuple[Value, Value]] | None:
    """The pairs of a list of pairs, as ``dict(...)`` and ``update`` take them."""
    if not isinstance(value, Items) or value.values is None:
        return None
    pairs = []
    for item in value.values:
        pair = item.values if isinstance(item, Items) else None
        if pair is None or len(pair) != 2:
            return None
        pairs.append((pair[0], pair[1]))
    return pairs
