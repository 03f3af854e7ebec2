"""Following the imports of a file into the modules of its project.

A module that is needed is followed where it is imported, once, with names of its own, as Python
does it. All others stay what they are without this: something set elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from .expressions import imported_from, spelling
from .flow import Flow, TooMuch
from .modules import Finder, NotFollowed
from .objects import ABSENT, Dictionary, FilePath, Items, Literal, Module, Scope, Thing
from .sdk import SdkInterpreter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Document
    from .modules import Found, Modules
    from .objects import Function, Value

DEEPEST_IMPORT = 20


def with_modules(
    document: Document, first: SdkInterpreter, modules: Modules
) -> ModularInterpreter | None:
    """The file followed once more, with the modules that it needs.

    ``first`` has followed it without them. ``None`` where it uses none of the project's, or where
    it cannot be told what one of them does.
    """
    asked = list(_asked(first))
    if not asked:
        return None
    finder = Finder(modules, document.path)
    try:
        needed = finder.needed(asked, document.text)
        if not needed:
            return None
        made = ModularInterpreter(document.path, finder, needed)
        made.follow(modules.parse(document))
    except (NotFollowed, TooMuch, RecursionError):
        return None
    return made


def _asked(first: SdkInterpreter) -> Iterator[tuple[int, str]]:
    """The imported names that a file uses, as the dots in front of them and what follows.

    ``from . import a`` and ``from ..a import b`` both begin with two dots in a name that is used.
    """
    for dotted in {*first.references, *first.star_imports}:
        name = dotted.lstrip(".")
        dots = len(dotted) - len(name)
        yield dots, name
        if dots > 1:
            yield dots - 1, name


class ModularInterpreter(SdkInterpreter):
    """Follows a file and the modules of its project that it needs.

    ``needed`` are the paths of those modules. Raises ``NotFollowed`` where it cannot be told what
    an import of one of them brings.
    """

    def __init__(self, file_path: str, finder: Finder, needed: frozenset[str]) -> None:
        super().__init__(file_path)
        self.finder = finder
        self.needed = needed
        self.modules: dict[str, Module] = {}
        """The modules that were followed, by path."""
        self._as_imported: dict[int, object] = {}
        """How the configurations that a module makes stood when it was imported."""
        self._packages: dict[tuple[str, str], Module] = {}
        self._depth = 0

    def _follow_uncalled(self, function: Function) -> None:
        if function.segment.document.path == self.file_path:
            super()._follow_uncalled(function)

    # ---- statements ----------------------------------------------------------------------------

    def _exec_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            chain = self._import(0, spelling(alias.name))
            if chain is None:
                self.import_module(alias)
                continue
            name = alias.asname.name if alias.asname else None
            if isinstance(name, cst.Name):
                self.bind(name.value, chain[-1])
            else:
                self.bind(spelling(alias.name).split(".")[0], chain[0])

    def _exec_ImportFrom(self, node: cst.ImportFrom) -> None:
        level, dotted = len(node.relative), spelling(node.module) if node.module else ""
        chain = self._import(level, dotted)
        if isinstance(node.names, cst.ImportStar):
            if chain is None:
                super()._exec_ImportFrom(node)
            else:
                self._import_star(chain[-1])
            return
        for alias in node.names:
            own = spelling(alias.name)
            value = self._imported(level, dotted, own, chain[-1] if chain else None, alias)
            if value is None:
                self.import_from(imported_from(node), alias)
                continue
            name = alias.asname.name if alias.asname else alias.name
            if isinstance(name, cst.Name):
                self.bind(name.value, value)

    def _imported(
        self, level: int, dotted: str, name: str, module: Module | None, node: cst.CSTNode
    ) -> Value | None:
        """What ``from dotted import name`` brings, or ``None`` if that is not followed."""
        if module is not None and name in module.scope.cells:
            return self.module_attribute(module, name, node)
        below = self._import(level, f"{dotted}.{name}" if dotted else name)
        if below is not None:
            return below[-1]
        return None if module is None else self.module_attribute(module, name, node)

    def _import_star(self, module: Module) -> None:
        """All names of a module, or those that it lists in ``__all__``."""
        listed = module.scope.cells.get("__all__", ABSENT)
        names = [name for name in module.scope.cells if not name.startswith("_")]
        if listed is not ABSENT:
            values = listed.values if isinstance(listed, Items) else None
            if values is None or not all(isinstance(each, Literal) for each in values):
                raise NotFollowed
            names = [str(each.value) for each in values if isinstance(each, Literal)]
        for name in names:
            if name in module.scope.cells:
                self.bind(name, module.scope.cells[name])

    # ---- modules -------------------------------------------------------------------------------

    def _import(self, level: int, dotted: str) -> list[Module] | None:
        """Import a module: it and the packages it is in, from the outside; ``None`` if it is not
        one of those that are needed."""
        importer = self.segment.document.path
        found = self.finder.find(level, dotted, importer)
        if not any(each.path in self.needed for each in found):
            return None
        if len(found) > 1 or (self.heap.in_branch and found[0].path not in self.modules):
            raise NotFollowed
        return self._chain(found[0], dotted)

    def _chain(self, found: Found, dotted: str) -> list[Module]:
        chain: list[Module] = []
        parts = dotted.split(".") if dotted else []
        for length in range(1, len(parts)):
            name = ".".join(parts[:length])
            inside = self.finder.package(found.base, name)
            made = self._module(inside, name) if inside else self._folder(found.base, name)
            chain.append(made)
        chain.append(self._module(found.path, dotted or "the package"))
        for name, outer, inner in zip(parts[1:], chain, chain[1:], strict=False):
            self.heap.set(outer.scope.cells, name, inner)
        return chain

    def _folder(self, base: str, name: str) -> Module:
        """A folder without ``__init__.py``, as a package."""
        key = (base, name)
        if key not in self._packages:
            self._packages[key] = Module(name, None, Scope(None, self.heap.tick()))
        return self._packages[key]

    def _module(self, path: str, name: str) -> Module:
        """The module of a file, followed when it is asked for the first time."""
        known = self.modules.get(path)
        if known is not None:  # perhaps still being followed, where modules import each other
            return known
        if path not in self.needed or self._depth >= DEEPEST_IMPORT:
            raise NotFollowed
        made = Module(name, path, Scope(None, self.heap.tick()))
        self.modules[path] = made
        self._depth += 1
        self._follow_module(made, path)
        self._depth -= 1
        return made

    def _follow_module(self, made: Module, path: str) -> None:
        state = (
            self.scope, self.segment, self.functions, self.star_imports,
            self.returns, self.function_exits, self.loop_exits,
        )  # fmt: skip
        self.scope = made.scope
        self.functions, self.star_imports = [], []
        self.returns, self.function_exits, self.loop_exits = [[]], [[]], []
        configs = len(self.configs)
        noted: list[list[Any]] = [self.deployed, self.ignored, self.others]
        before = [len(each) for each in noted]
        for segment in self.finder.modules.module(path).segments:
            self.segment = segment
            made.scope.cells.setdefault("__name__", self.text(made.name, segment.tree))
            made.scope.cells.setdefault("__file__", self.text(path, segment.tree))
            for statement in segment.tree.body:
                if self.execute(statement) is not Flow.NEXT:
                    raise NotFollowed
        (
            self.scope, self.segment, self.functions, self.star_imports,
            self.returns, self.function_exits, self.loop_exits,
        ) = state  # fmt: skip
        for config in self.configs[configs:]:
            self._as_imported[id(config)] = _stand(config)
        for each, length in zip(noted, before, strict=True):
            del each[length:]  # that is found when the module is read by itself

    def is_own(self, config: Thing) -> bool:
        """Whether the file that is run makes, changes or deploys a configuration: others are those
        of a module alone."""
        was = self._as_imported.get(id(config))
        deployed = any(each.config is config for each in self.deployed)
        return was is None or deployed or was != _stand(config)

    def module_attribute(self, owner: Module, name: str, node: cst.CSTNode) -> Value:
        found = owner.scope.cells.get(name, ABSENT)
        if found is ABSENT and "__getattr__" in owner.scope.cells:
            return self.opaque(f"`{owner.name}` decides it when it is asked for `{name}`", node)
        return super().module_attribute(owner, name, node)


def _stand(value: Value, depth: int = 4) -> object:
    """What can be told of a value, for comparing it with what it is later."""
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, FilePath):
        return value.text
    if depth and isinstance(value, Dictionary):
        entries = [(key, _stand(each.value, depth - 1)) for key, each in value.cells.items()]
        return entries, value.open is None
    if depth and isinstance(value, Thing):
        return [(key, _stand(each, depth - 1)) for key, each in value.cells.items()]
    return type(value)
