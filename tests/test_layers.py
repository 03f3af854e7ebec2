"""Data flows one way: each room imports only from the rooms above it in the map of CONTRIBUTING.md,
and no module imports another in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import aml_preflight
from aml_preflight import rules
from aml_preflight.rules.subjects import of_deployments, of_installations

PACKAGE = Path(aml_preflight.__file__).parent
CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
NAME = PACKAGE.name

Module = tuple[str, ...]
"""Its dotted name without that of the package: a room, or one and a module in it."""


def _order() -> list[list[str]]:
    """The rooms of the map, those that may not import each other together."""
    page = CONTRIBUTING.read_text("utf-8")
    [drawn] = re.findall(r"<!-- map -->\n```\n(.*?)\n```\n<!-- end of map -->", page, re.DOTALL)
    levels = (block.splitlines() for block in drawn.split("\n\n"))
    return [[line.split()[0].rstrip("/") for line in level] for level in levels]


LEVEL = {room: level for level, rooms in enumerate(_order()) for room in rooms}


def _name(path: Path) -> Module:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _imported(text: str, path: Module) -> Iterator[str]:
    """The dotted names of what a module imports anywhere, for typing too; ``path`` are the parts of
    the path of its file below the package."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [NAME, *path][: -node.level] if node.level else []
            base = [*start, *([node.module] if node.module else [])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def _within(text: str, path: Module) -> set[Module]:
    """The modules of the package that a module imports."""
    found = set()
    for name in _imported(text, path):
        package, *parts = name.split(".")
        if package == NAME:
            whole = tuple(parts)
            found.add(whole if whole in MODULES else whole[:-1])
    return found


IMPORTS = {
    name: _within(path.read_text("utf-8"), path.relative_to(PACKAGE).parts)
    for name, path in MODULES.items()
}


def test_imports_are_seen_in_every_spelling() -> None:
    own = ("trees", "json_text.py")
    for spelling in (
        "import aml_preflight.rules",
        "from aml_preflight import rules",
        "from .. import rules",
        "def f():\n    from ..rules import RULES",
        "if TYPE_CHECKING:\n    from aml_preflight.rules import Rule",
    ):
        assert _within(spelling, own) == {("rules",)}, spelling
    assert _within("from . import nodes\nfrom .nodes import Node", own) == {("trees", "nodes")}
    assert _within("from .. import __version__", own) == {()}
    assert list(_imported("import libcst as cst\nfrom libcst import matchers", own)) == [
        "libcst",
        "libcst.matchers",
    ]


def test_every_room_is_on_the_map_once() -> None:
    drawn = [room for level in _order() for room in level]
    assert sorted(drawn) == sorted({name[0] for name in MODULES if name})


def test_imports_point_one_way() -> None:
    wrong = [
        f"{'.'.join(name)} imports {'.'.join(imported)}"
        for name, found in IMPORTS.items()
        for imported in sorted(found)
        if imported and imported[0] != name[0] and LEVEL[imported[0]] >= LEVEL[name[0]]
    ]
    assert wrong == []


def test_no_module_imports_another_in_a_circle() -> None:
    list(TopologicalSorter(IMPORTS).static_order())  # raises CycleError


def test_the_package_itself_imports_nothing() -> None:
    assert IMPORTS[()] == set()


def test_libcst_is_imported_for_python_only() -> None:
    rooms = {
        name[0]
        for name, path in MODULES.items()
        for imported in _imported(path.read_text("utf-8"), path.relative_to(PACKAGE).parts)
        if imported.split(".")[0] == "libcst"
    }
    assert rooms == {"python"}


def test_the_rules_are_all_listed() -> None:
    modules = {path.stem for path in (PACKAGE / "rules").glob("aml*.py")}
    assert modules == set(rules.MODULES)


def test_every_subject_of_a_rule_is_made_and_described() -> None:
    made = {*of_installations([]), *of_deployments([], [])}
    taken = {
        name for rule in rules.RULES for name in vars(rule.module) if name.startswith("check_")
    }
    assert taken == made
    assert set(re.findall(r"``(check_\w+)\(", rules.__doc__ or "")) == made
