"""Data flows one way: each room may import only from the rooms before it."""

from __future__ import annotations

import ast
from pathlib import Path

import aml_preflight

PACKAGE = Path(aml_preflight.__file__).parent

ORDER = [
    ["__init__"],
    ["document", "forms", "git", "variables"],
    ["walking", "connections"],
    ["discovery", "findings", "literals", "trees", "values"],
    ["facts", "boot", "requirements", "texts", "words"],
    ["containers"],
    ["images", "workspace", "python", "configs", "shell", "docker", "markdown"],
    ["notebooks"],
    ["upload", "readers"],
    ["contents", "usage", "written"],
    ["deployments", "joining"],
    ["installation", "project_files"],
    ["made_later"],
    ["path_problems"],
    ["rules"],
    ["config", "suppressions"],
    ["reporting"],
    ["analysis"],
    ["fixes", "output"],
    ["commands"],
    ["cli"],
    ["__main__"],
]
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """The rooms of this package that a module imports anywhere, for typing too."""
    depth = len(path.relative_to(PACKAGE).parts)
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            if node.module:
                rooms.add(node.module.split(".")[0])
            else:
                rooms.update(name.name for name in node.names)
    return {room for room in rooms if room in LEVEL or (PACKAGE / f"{room}.py").exists()}


def test_every_room_has_its_level() -> None:
    rooms = {_room(path) for path in PACKAGE.rglob("*.py")}
    assert rooms == set(LEVEL)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {room}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for room in sorted(_imports(path))
        if room != _room(path) and LEVEL[room] >= LEVEL[_room(path)]
    ]
    assert wrong == []


def test_the_rules_are_all_listed() -> None:
    from aml_preflight import rules

    modules = {path.stem for path in (PACKAGE / "rules").glob("aml*.py")}
    assert modules == set(rules.MODULES)
