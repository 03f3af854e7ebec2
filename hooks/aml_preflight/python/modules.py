"""Which file of the project an imported module is, and what it says.

Nothing here is executed, and installed packages are never followed. A name that more than one file
answers to is not followed either. Paths are absolute.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator

    from ..document import Document
    from ..values import Unknown
    from .source import Segment

MOST_BYTES = 100_000
"""Of one module, and of all that one file brings in: each is parsed whole."""

MOST_MODULES = 50
"""How many modules one file brings in, directly and through others."""

INSTALLED = frozenset({"azure", "azureml"}) | sys.stdlib_module_names
"""Top modules that are nobody's own."""


class NotFollowed(Exception):
    """An import may bring in or change anything, for it cannot be told what it does."""


class Import(NamedTuple):
    """One import statement: ``from ..module import names``, or ``import module``.

    ``level`` counts the leading dots. ``names`` is ``None`` for a plain ``import``.
    """

    level: int
    module: str
    names: tuple[str, ...] | None


class Found(NamedTuple):
    """The file of a module, and the folder in which its dotted name begins."""

    base: str
    path: str


class Module:
    """A file of the project as a module, parsed when somebody asks."""

    def __init__(self, document: Document, body: list[ast.stmt]) -> None:
        self.document = document
        self.imports = tuple(_imports(body))
        self.parsed: list[Segment] | None = None
        self._failed = False

    @property
    def segments(self) -> list[Segment]:
        """All top-level statements. Raises ``NotFollowed`` where something cannot be parsed."""
        if self.parsed is None and not self._failed:
            from .source import whole

            trouble: list[Unknown] = []
            parsed = list(whole(self.document, trouble))
            self._failed = bool(trouble)
            if not trouble:
                self.parsed = parsed
        if self.parsed is None:
            raise NotFollowed
        return self.parsed


class Modules:
    """The modules of a project, each read and parsed once.

    ``is_file`` tells whether a file exists, ``load`` gives its bytes or ``None``, ``project`` the
    folder that paths of a file may start from.
    """

    def __init__(
        self,
        is_file: Callable[[str], bool],
        load: Callable[[str], bytes | None],
        project: Callable[[str], str],
    ) -> None:
        self.is_file = is_file
        self.project = project
        self._load = load
        self._known: dict[str, Module | None] = {}

    def module(self, path: str) -> Module:
        """The module of a file. Raises ``NotFollowed`` if it is no Python, or too large."""
        if path not in self._known:
            self._known[path] = self._read(path)
        known = self._known[path]
        if known is None:
            raise NotFollowed
        return known

    def parsed(self, document: Document) -> list[Segment] | None:
        """The statements of a file's text, if it was parsed as a module."""
        known = self._known.get(document.path)
        if known is None or known.document.text != document.text:
            return None
        return known.parsed

    def parse(self, document: Document) -> list[Segment]:
        """All statements of a text, a file's or another's. Raises ``NotFollowed`` where something
        cannot be parsed."""
        from ..document import Embedded
        from .outline import parse

        known = self._known.get(document.path)
        if known is None or known.document.text != document.text:
            try:
                known = Module(document, parse(document.text))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                raise NotFollowed from None
            if not isinstance(document, Embedded) and len(document.text) <= MOST_BYTES:
                self._known[document.path] = known
        return known.segments

    def _read(self, path: str) -> Module | None:
        from .decoding import Unreadable, decode
        from .outline import parse

        data = self._load(path)
        if data is None or len(data) > MOST_BYTES:
            return None
        try:
            document = decode(path, data)
            return Module(document, parse(document.text))
        except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def with_written(self, documents: dict[str, Document | None]) -> Modules:
        """These modules with some that a notebook writes, by their paths, over them; ``None`` for
        what is not followed."""
        return _Written(self, documents) if documents else self


class _Written(Modules):
    def __init__(self, under: Modules, documents: dict[str, Document | None]) -> None:
        super().__init__(
            lambda path: path in documents or under.is_file(path), under._load, under.project
        )
        self._under = under
        self._documents = documents

    def _read(self, path: str) -> Module | None:
        if path not in self._documents:
            try:
                return self._under.module(path)
            except NotFollowed:
                return None
        from .outline import parse

        document = self._documents[path]
        if document is None or len(document.text) > MOST_BYTES:
            return None
        try:
            return Module(document, parse(document.text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class Finder:
    """Finds what a file imports. ``path`` is the file that is run; what its modules import is
    looked for from the same folders."""

    def __init__(self, modules: Modules, path: str) -> None:
        self.modules = modules
        self.path = path
        root = modules.project(path)
        above = folders_above(os.path.dirname(path), root)
        self._bases = [*above, os.path.join(root, "src")]

    def find(self, level: int, name: str, importer: str) -> list[Found]:
        """The files that a module can be, none if it is not of the project. ``level`` counts the
        dots in front of its name, ``importer`` is the file that imports it."""
        folder = os.path.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            bases = [folder]
        elif name.partition(".")[0] in INSTALLED:
            return []
        else:
            bases = [*self._bases, folder]
        files: dict[str, Found] = {}
        for base in bases:
            stem = os.path.join(base, *name.split(".")) if name else base
            paths = [os.path.join(stem, "__init__.py")]
            if name:
                paths.insert(0, f"{stem}.py")
            for path in paths:
                if path not in files and self.modules.is_file(path):
                    files[path] = Found(base, path)
        return list(files.values())

    def package(self, base: str, name: str) -> str | None:
        """The ``__init__.py`` of a package below a folder, if it has one."""
        path = os.path.join(base, *name.split("."), "__init__.py")
        return path if self.modules.is_file(path) else None

    def files(self, each: Import, importer: str) -> Iterator[str]:
        """The files that an import statement runs, packages first; of an ambiguous name all."""
        groups = [self.find(each.level, each.module, importer)] if each.module else []
        names = each.names or ()
        if each.level and not each.module:
            groups.append(self.find(each.level, "", importer))
        for name in names:
            dotted = f"{each.module}.{name}" if each.module else name
            groups.append(self.find(each.level, dotted, importer))
        for group in groups:
            for found in group:
                yield from self._parents(found)
                yield found.path

    def _parents(self, found: Found) -> Iterator[str]:
        folder = os.path.dirname(found.path)
        if os.path.basename(found.path) == "__init__.py":
            folder = os.path.dirname(folder)
        while len(folder) > len(found.base):
            path = os.path.join(folder, "__init__.py")
            if self.modules.is_file(path):
                yield path
            folder = os.path.dirname(folder)

    def needed(self, asked: Iterable[tuple[int, str]], text: str) -> frozenset[str]:
        """The files to follow for the values that are ``asked`` for, pairs of level and dotted
        name, by a file that says ``text``.

        They are those in which the values are, with all that these import, and those that the
        file imports and that may change them. Raises ``NotFollowed`` if there are too many, or if
        one of them cannot be read.
        """
        wanted: set[str] = set()
        for level, dotted in asked:
            wanted.update(self._holding(level, dotted))
        needed = self._closure(wanted)
        if not needed:
            return needed
        for each in _imports_of(text):
            for path in self.files(each, self.path):
                reached = self._closure({path}) if path not in needed else frozenset()
                if not reached.isdisjoint(needed):
                    needed |= reached
        if self.path in needed:
            raise NotFollowed
        if sum(len(self.modules.module(path).document.text) for path in needed) > MOST_BYTES:
            raise NotFollowed
        return needed

    def _holding(self, level: int, dotted: str) -> Iterator[str]:
        """The files that importing the longest part of a dotted name that is a module runs."""
        parts = dotted.split(".") if dotted else []
        for length in range(len(parts), -1, -1):
            name = ".".join(parts[:length])
            if not name and not level:
                return
            found = self.find(level, name, self.path)
            if len(found) > 1:
                raise NotFollowed
            for each in found:
                yield from self._parents(each)
                yield each.path
                return

    def _closure(self, paths: set[str]) -> frozenset[str]:
        """Some files with all that they import, directly and through others."""
        reached = set(paths)
        waiting = list(paths)
        while waiting:
            importer = waiting.pop()
            for each in self.modules.module(importer).imports:
                for path in self.files(each, importer):
                    if path not in reached:
                        reached.add(path)
                        waiting.append(path)
            if len(reached) > MOST_MODULES:
                raise NotFollowed
        return frozenset(reached)


def folders_above(folder: str, root: str) -> list[str]:
    """A folder and those above it up to ``root``, from the inside; ``root`` is always one."""
    found = [folder]
    while folder.startswith(os.path.join(root, "")):
        folder = os.path.dirname(folder)
        found.append(folder)
    return list(dict.fromkeys([*found, root]))


def _imports_of(text: str) -> tuple[Import, ...]:
    """The import statements anywhere in a text. Raises ``NotFollowed`` if it is no Python."""
    from .outline import parse

    try:
        return tuple(_imports(parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotFollowed from None


def _imports(body: list[ast.stmt]) -> Iterator[Import]:
    import ast

    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(0, name.name, None)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(name.name for name in node.names if name.name != "*")
            yield Import(node.level, node.module or "", names)
        elif not isinstance(node, ast.expr):
            waiting.extend(ast.iter_child_nodes(node))
