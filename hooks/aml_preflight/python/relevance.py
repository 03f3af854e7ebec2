"""Which top-level statements can matter, so that libcst parses no others.

libcst takes ten times as long as the standard parser, and most of a deployment script prepares
data, logs and waits. A slice is made of the standard parser's tree, backwards from the statements
that use a word of the SDKs' deployments:

* what binds a name that a kept statement uses is kept too; of what an SDK returns, nothing but the
  import matters;
* what mentions an object that a kept statement made is kept, for it may change it. A text or a
  number cannot be changed, nor does it matter what happens to the result of any other call of an
  SDK: of that nothing is known in any case.

Where code can reach everything (``exec``, star imports) the whole file counts. A test compares the
facts of slices with those of whole files.

Walking the tree of a statement takes as long as parsing it, so it is walked only if its text holds
a word that is looked for.
"""

from __future__ import annotations

import ast
import re
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .endings import leads_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SDK_ROOTS = frozenset({"azure", "azureml"})
_REACH_ANYTHING = frozenset({"__import__", "eval", "exec", "globals", "locals", "vars"})
_WORDS = frozenset(
    {
        "CodeConfiguration", "Environment", "InferenceConfig", "KubernetesOnlineDeployment",
        "ManagedOnlineDeployment", "begin_create", "begin_create_or_update", "chdir",
        "create_or_update", "deploy", "environment_variables", "inference_config",
        "load_environment", "load_online_deployment", "package",
    }
)  # fmt: skip
"""Names, attributes and keywords that make, change or deploy what is looked for."""

RUNNING_MAGICS = frozenset({"magic", "run_cell", "run_cell_magic", "run_line_magic"})
"""Methods of IPython that may bind any name."""

_ENDS = frozenset({"_exit", "abort", "exit", "quit"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_SAID = re.compile(r"\w+")


class Kind(Enum):
    """What a statement binds its names to."""

    FIXED = "text, numbers, or what a function of another module returns: nobody follows it"
    SDK_RESULT = "what an SDK returns, but for the objects that are looked for"
    OTHER = "anything else"


class Survey(NamedTuple):
    """What there is in a statement: the names that it uses or binds (of attributes the first part),
    those that it binds, its attributes and keywords, and how many levels its tree has in libcst."""

    names: frozenset[str]
    bound: frozenset[str]
    words: frozenset[str]
    depth: int


class Statement:
    """A top-level statement, with the text of its lines. ``said`` are the words in that text: all
    that a survey can find, and usually more."""

    def __init__(self, node: ast.stmt, text: str) -> None:
        self.node = node
        self.text = text
        self.said = frozenset(_SAID.findall(text))
        if not text.isascii():  # Python reads some letters for others
            self.said |= self.found.names | self.found.bound | self.found.words

    @cached_property
    def found(self) -> Survey:
        return survey(self.node)

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that it binds, for what follows it."""
        if ":=" not in self.text and isinstance(self.node, ast.Expr):
            return frozenset()
        return self.found.bound

    def mentions(self, words: Iterable[str]) -> bool:
        """Whether any of these is one of its names, attributes or keywords."""
        if self.said.isdisjoint(words):
            return False
        return not (self.found.words.isdisjoint(words) and self.found.names.isdisjoint(words))

    @property
    def is_star_import(self) -> bool:
        """Whether it binds all names of another module."""
        return "*" in self.text and "import" in self.text and "*" in self.found.bound

    @property
    def reaches_anything(self) -> bool:
        """Whether it may use or bind any name."""
        if self.is_star_import or "builtins" in self.said:
            return True
        return not (
            _REACH_ANYTHING.isdisjoint(self.said) or _REACH_ANYTHING.isdisjoint(self.found.names)
        )


def relevant(body: list[Statement]) -> list[Statement]:
    """The statements that can matter, in order."""
    if any(each.reaches_anything for each in body):
        return body
    return _Slice(body).kept()


class _Slice:
    def __init__(self, body: list[Statement]) -> None:
        self.body = body
        self.origins = {name: root for each in body for name, root in _imported(each.node).items()}
        self.seeds = _WORDS | _renamed(body, _WORDS)
        self.ends = _ENDS | _renamed(body, _ENDS)
        self.saying: dict[str, list[int]] = {}
        """The statements whose text holds a word."""
        for index, each in enumerate(body):
            for word in each.said:
                self.saying.setdefault(word, []).append(index)
        self.indices: set[int] = set()
        self.waiting: list[int] = []
        self.used: set[str] = set()
        self.changed: set[str] = set()

    def kept(self) -> list[Statement]:
        seeds = self.seeds | RUNNING_MAGICS
        for index, each in enumerate(self.body):
            if each.mentions(seeds) or self._may_end(each):
                self._keep(index)
        while self.waiting:
            each = self.body[self.waiting.pop()]
            if isinstance(each.node, _IMPORTS):
                continue
            kind = self._kind(each)
            self._keep_binding(each.found.names, only_imports=kind is Kind.SDK_RESULT)
            if kind is Kind.OTHER:
                self._keep_changing(each.found.bound)
        return [each for index, each in enumerate(self.body) if index in self.indices]

    def _keep_binding(self, names: frozenset[str], *, only_imports: bool) -> None:
        for name in names - self.used:
            for index in self.saying.get(name, ()):
                each = self.body[index]
                if only_imports and not isinstance(each.node, _IMPORTS):
                    continue
                if index not in self.indices and name in each.bound:
                    self._keep(index)
        if not only_imports:
            self.used |= names

    def _keep_changing(self, names: frozenset[str]) -> None:
        for name in names - self.changed:
            for index in self.saying.get(name, ()):
                if index not in self.indices and name in self.body[index].found.names:
                    self._keep(index)
        self.changed |= names

    def _keep(self, index: int) -> None:
        if index not in self.indices:
            self.indices.add(index)
            self.waiting.append(index)

    def _may_end(self, each: Statement) -> bool:
        """Whether what follows a statement may never run."""
        if "raise" not in each.said and self.ends.isdisjoint(each.said):
            return False
        return leads_out([each.node], self.ends)

    def _origin(self, name: str) -> str | None:
        """The top module that a name is imported from, if nothing else binds it."""
        for index in self.saying.get(name, ()):
            each = self.body[index]
            if not isinstance(each.node, _IMPORTS) and name in each.bound:
                return None
        return self.origins.get(name)

    def _kind(self, each: Statement) -> Kind:
        node = each.node
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is None or not each.bound or ":=" in each.text:
            return Kind.OTHER
        if isinstance(value, (ast.Constant, ast.JoinedStr)):
            return Kind.FIXED
        if not isinstance(value, ast.Call):
            return Kind.OTHER
        function = value.func
        while isinstance(function, ast.Attribute):
            function = function.value
        root = self._origin(function.id) if isinstance(function, ast.Name) else None
        if root is None or root in ("", "copy"):
            return Kind.OTHER
        if root not in _SDK_ROOTS:
            return Kind.FIXED
        made = self.seeds - {"deploy", "package", "inference_config"}
        return Kind.OTHER if each.mentions(made) else Kind.SDK_RESULT


def survey(node: ast.stmt) -> Survey:
    """What there is in a statement, anywhere inside it. Levels count from 1."""
    seen = _Seen()
    names, bound = seen.names, seen.bound
    level: list[ast.AST] = [node]
    depth = 0
    while level:
        depth += 1
        below: list[ast.AST] = []
        for each in level:
            kind = each.__class__
            if kind is ast.Name:
                names.add(each.id)  # type: ignore[attr-defined]
                if each.ctx.__class__ is not ast.Load:  # type: ignore[attr-defined]
                    bound.add(each.id)  # type: ignore[attr-defined]
                continue
            note = _NOTES.get(kind)
            if note is not None:
                note(seen, each)
            fields = _CHILDREN[kind]
            if fields:
                values = each.__dict__
                for field in fields:
                    value = values.get(field)
                    if value.__class__ is list:
                        below += value
                    elif value is not None:
                        below.append(value)
        if seen.folded:
            depth += seen.folded
            seen.folded = 0
        level = below
    if isinstance(node, _DEFINITIONS):  # what it binds inside is its own, unless it says `global`
        bound = {node.name} | (bound & seen.shared)
    return Survey(frozenset(names), frozenset(bound), frozenset(seen.words), depth)


class _Seen:
    """What was found in a statement so far."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.bound: set[str] = set()
        self.words: set[str] = set()
        self.shared: set[str] = set()
        self.folded = 0
        """How many levels, at most, a node of the level that is being walked has in libcst beyond
        its one: ``a and b and c`` is ``(a and b) and c`` there, and ``import a.b`` an attribute."""

    def chain(self, node: Any) -> None:
        self.folded = max(self.folded, len(node.values) - 2)

    def module(self, node: Any) -> None:
        self.folded = max(self.folded, (node.module or "").count("."))

    def attribute(self, node: Any) -> None:
        self.words.add(node.attr)

    def keyword(self, node: Any) -> None:
        self.words.add(node.arg or "")

    def alias(self, node: Any) -> None:
        self.bound.add((node.asname or node.name).split(".")[0])
        self.folded = max(self.folded, node.name.count("."))

    def outer(self, node: Any) -> None:
        self.names.update(node.names)
        self.bound.update(node.names)
        self.shared.update(node.names)

    def binding(self, node: Any) -> None:
        self.bound.add(node.name or "")

    def rest(self, node: Any) -> None:
        self.bound.add(node.rest or "")


_NOTES: dict[type, Callable[[_Seen, ast.AST], None]] = {
    ast.Attribute: _Seen.attribute,
    ast.keyword: _Seen.keyword,
    ast.alias: _Seen.alias,
    ast.BoolOp: _Seen.chain,
    ast.ImportFrom: _Seen.module,
    ast.MatchMapping: _Seen.rest,
    **dict.fromkeys((ast.Global, ast.Nonlocal), _Seen.outer),
    **dict.fromkeys(_DEFINITIONS, _Seen.binding),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), _Seen.binding),
}


class _Children(dict[type, tuple[str, ...]]):
    """The fields of each kind of node that hold others: a tree is walked in half the time without
    those that never do."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        fields: tuple[str, ...] = getattr(kind, "_fields", ())
        found = tuple(field for field in fields if field not in _WITHOUT_NODES)
        self[kind] = () if kind in (ast.Constant, ast.Global, ast.Nonlocal) else found
        return self[kind]


_WITHOUT_NODES = frozenset(
    {
        "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs",
        "level", "module", "name", "op", "ops", "rest", "simple", "type_comment",
    }
)  # fmt: skip
_CHILDREN = _Children()


def _imported(node: ast.stmt) -> dict[str, str]:
    """The names that an import binds, with the top module; ``""`` for modules of the project."""
    if isinstance(node, ast.Import):
        return {(n.asname or n.name).split(".")[0]: n.name.split(".")[0] for n in node.names}
    if isinstance(node, ast.ImportFrom):
        root = "" if node.level else (node.module or "").split(".")[0]
        return {name.asname or name.name: root for name in node.names}
    return {}


def _renamed(body: list[Statement], words: frozenset[str]) -> set[str]:
    """What imports anywhere call these words instead."""
    return {
        name.asname
        for each in body
        if "as" in each.said and "import" in each.said and not words.isdisjoint(each.said)
        for node in ast.walk(each.node)
        if isinstance(node, _IMPORTS)
        for name in node.names
        if name.asname and name.name in words
    }
