"""The Python fences of a page as programs.

A page may spread one program over several fences, or show the same thing in several ways, each of
which begins again. Fences are read together as long as nothing speaks against it: a fence that
imports or sets a name anew, that assigns again what an earlier one assigned, or that sets variables
where others are set already, begins another program. That one knows the imports of the page, as far
as they have one meaning only, and nothing else of what came before. So no fence can undo what
another one shows. Names of the SDKs that nothing on the page sets mean what they mean there.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from .masking import joined
from .sdk_names import assumed, is_of_sdk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .masking import Mapped

_DEPLOYS = frozenset({"begin_create_or_update", "create_or_update", "deploy", "package"})
_VARIABLES = "environment_variables"
_FOLDER = "source_directory"


class Code(NamedTuple):
    """A fence that is Python: its text, its number among the fences, and its tree. Of one that is
    not ``meant`` as it stands, only the imports count, as those of the page."""

    content: Mapped
    number: int
    tree: ast.Module
    meant: bool = True


class Outline(NamedTuple):
    """What a ``fence`` does, as far as its fellows are concerned.

    ``imports`` maps names to what they import; ``bound`` are the other names that it sets, ``used``
    those that it reads, ``assigned`` the attributes and items, ``words`` all names, attributes and
    keywords. ``names`` tells that it names one of the variables that install something, ``stars``
    that it imports names which do not show.
    """

    fence: Code
    imports: dict[str, str]
    bound: frozenset[str]
    used: frozenset[str]
    assigned: frozenset[str]
    words: frozenset[str]
    names: bool
    stars: bool


class Program(NamedTuple):
    """Fences that are read as one text. ``prelude`` are imports from elsewhere on the page, and
    those that it leaves out."""

    fences: list[Code]
    prelude: str

    @property
    def content(self) -> Mapped:
        return joined((each.content for each in self.fences), self.prelude)


def programs(fences: Iterable[Code | None]) -> Iterator[Program]:
    """The programs that the fences of a page make, in order. ``None`` is a fence that cannot be
    read: what it does is not known, so that nothing goes on behind it."""
    page = _Meanings()
    outlines = [_outline(each) if each is not None else None for each in fences]
    for outline in filter(None, outlines):
        page.add(outline)
    so_far = _Meanings()
    begun: _Begun | None = None
    for each in outlines:
        if begun is not None and (each is None or begun.is_against(each)):
            yield begun.finished(page)
            begun = None
        if each is not None and each.fence.meant:
            begun = begun or _Begun(so_far.imports())
            begun.add(each)
        if each is not None:
            so_far.add(each)
    if begun is not None:
        yield begun.finished(page)


class _Meanings:
    """What names of some fences mean: the statements that import them, or ``""`` for another."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}
        self.stars = False

    def add(self, outline: Outline) -> None:
        self.stars |= outline.stars
        for name, meaning in outline.imports.items():
            self.of.setdefault(name, set()).add(meaning)
        for name in outline.bound:
            self.of.setdefault(name, set()).add("")

    def imports(self) -> dict[str, str]:
        """The statements that import names which have one meaning only."""
        certain = {name: next(iter(each)) for name, each in self.of.items() if len(each) == 1}
        return {name: statement for name, statement in certain.items() if statement}


class _Begun:
    """A program that more fences may join, and what it did so far."""

    def __init__(self, imports: dict[str, str]) -> None:
        self.fences: list[Code] = []
        self.prelude = imports
        self.imports: set[str] = set()
        self.known: set[str] = set()
        self.used: set[str] = set()
        self.assigned: set[str] = set()
        self.words: set[str] = set()
        self.names = False

    def add(self, outline: Outline) -> None:
        self.fences.append(outline.fence)
        self.known |= outline.imports.keys() | outline.bound
        self.imports.update(outline.imports.values())
        self.used |= outline.used
        self.assigned |= outline.assigned
        self.words |= outline.words
        self.names |= outline.names

    def finished(self, page: _Meanings) -> Program:
        """The program with the imports that it goes without; ``page`` is what all fences say."""
        lines = list(self.prelude.values())
        if not page.stars:
            free = self.used - self.known - self.prelude.keys()
            elsewhere = page.imports()
            lines += (elsewhere[name] for name in sorted(free) if is_of_sdk(elsewhere.get(name)))
            shown = {*lines, *self.imports}
            if not any(map(is_of_sdk, shown)):
                shown = set(elsewhere.values())
            lines += assumed(free - page.of.keys(), shown)
        return Program(self.fences, "".join(f"{line}\n" for line in lines))

    def is_against(self, new: Outline) -> bool:
        """Whether a fence cannot go on here."""
        sets = _VARIABLES in self.words
        if not new.fence.meant:
            return True
        if self.known & (new.imports.keys() | new.bound) or self.assigned & new.assigned:
            return True
        if (self.used - self.prelude.keys()) & new.imports.keys():  # too late for what is here
            return True
        if new.names and (sets or self.names):
            return True
        if _VARIABLES in new.words and (sets or self.words & _DEPLOYS):
            return True
        return any(each.endswith(f".{_FOLDER}") for each in new.assigned)


def _outline(fence: Code) -> Outline:
    imports: dict[str, str] = {}
    bound: set[str] = set()
    used: set[str] = set()
    given: set[str] = set()
    assigned: set[str] = set()
    words: set[str] = set()
    stars = False
    for node in ast.walk(fence.tree):
        if isinstance(node, ast.Name):
            words.add(node.id)
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.keyword):
            words.add(node.arg or "")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.update(_imported(node))
            stars |= any(each.name == "*" for each in node.names)
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            assigned.add(_dotted(node))
    names = "ML_EXTRA_" in fence.content.text
    return Outline(
        fence, imports, frozenset(bound), frozenset(used - given), frozenset(assigned),
        frozenset(words), names, stars,
    )  # fmt: skip


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with a statement that binds it alone."""
    for each in node.names:
        alias = f" as {each.asname}" if each.asname else ""
        name = each.asname or each.name.split(".")[0]
        if isinstance(node, ast.Import):
            yield name, f"import {each.name}{alias}"
        elif each.name != "*":
            source = "." * node.level + (node.module or "")
            yield name, f"from {source} import {each.name}{alias}"


def _dotted(node: ast.expr) -> str:
    """The target of an assignment as text, of any depth; what else it contains does not matter."""
    parts: list[str] = []
    at: ast.expr = node
    while True:
        if isinstance(at, ast.Attribute):
            parts.append(f".{at.attr}")
            at = at.value
        elif isinstance(at, ast.Subscript):
            key = at.slice
            parts.append(f"[{key.value!r}]" if isinstance(key, ast.Constant) else "[]")
            at = at.value
        else:
            break
    parts.append(at.id if isinstance(at, ast.Name) else "")
    return "".join(reversed(parts))


def is_fragment(program: Program, fence: Code) -> bool:
    """Whether a fence sets the variables of something that nothing on the page makes: then reading
    it finds nothing."""
    known: set[str] = set()
    for each in program.fences:
        outline = _outline(each)
        known |= outline.imports.keys() | outline.bound
    if not known:
        return True
    known |= {each.arg for each in ast.walk(fence.tree) if isinstance(each, ast.arg)}
    for node in ast.walk(fence.tree):
        if isinstance(node, ast.Attribute) and node.attr == _VARIABLES:
            root = _dotted(node).partition(".")[0].partition("[")[0]
            if root and root not in known:
                return True
    return False
