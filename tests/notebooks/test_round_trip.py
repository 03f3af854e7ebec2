"""Every case whose deployment is a Python file, as a notebook: the same findings and fixes."""

from __future__ import annotations

import ast
import itertools
import json
from pathlib import Path

import pytest
from aml_preflight.analysis import Result
from cases import ALL, Case
from checking import check, mend

from .making import WAYS, notebook, sources


def _scripts(case: Case) -> list[str]:
    return [name for name in case.files if name.endswith(".py") and "/" not in name]


def _is_alike(case: Case) -> bool:
    """Whether a script and a notebook mean the same: paths of a script may start elsewhere, it
    knows ``__file__``, and a page or the command line may not speak of it by name."""
    names = _scripts(case)
    if len(names) != 1 or case.named or case.tracked is not None:
        return False
    if case.source.startswith("join") or case.title.endswith("may be started elsewhere"):
        return False
    text = case.files[names[0]]
    return "__file__" not in text and not any(
        names[0] in other for name, other in case.files.items() if name != names[0]
    )


CASES = [case for case in ALL if _is_alike(case)]


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


def _parsed(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []


def _single(text: str) -> list[tuple[int, str]]:
    """The whole text as one cell; cells are given with the line that they begin at, from 1."""
    return [(1, text)]


def _statements(text: str) -> list[tuple[int, str]]:
    """A cell for each top-level statement, with the comments before it."""
    lines = text.splitlines(keepends=True)
    ends = [each.end_lineno or 1 for each in _parsed(text)]
    starts = [0, *dict.fromkeys(ends)]
    cells = [(start + 1, lines[start:end]) for start, end in itertools.pairwise(starts)]
    if starts[-1] < len(lines):
        cells.append((starts[-1] + 1, lines[starts[-1] :]))
    return [(start, "".join(some)) for start, some in cells]


def _rows(folder: Path, result: Result, name: str, starts: dict[int, int]) -> list[object]:
    """Findings with their lines counted as in the script."""
    rows: list[object] = []
    for finding in result.findings:
        places = [finding.place, *(each.place for each in finding.related)]
        where = []
        for place in (each.shown for each in places):
            path = Path(place.document.path).relative_to(folder).as_posix()
            line, column = place.document.position(place.start)
            cell = getattr(place.document, "cell", None)
            if cell is not None:
                line += starts[cell] - 1
            path = path.replace(".ipynb", ".py")
            where.append((path, line, column, place.text.replace("\r\n", "\n")))
        message = finding.message.replace(name.replace(".py", ".ipynb"), name)
        rows.append((finding.code, message, finding.help, where, finding.fix is not None))
    return sorted(rows, key=repr)


def _wrap(case: Case, folder: Path, split: bool, way: str) -> tuple[list[Path], dict[int, int]]:
    """Put the script into a notebook; returns the paths to check and where the cells begin."""
    name = _scripts(case)[0]
    cells = (_statements if split else _single)(case.files[name])
    paths = case.write(folder)
    (folder / name).unlink()
    target = (folder / name).with_suffix(".ipynb")
    text = notebook([("markdown", "# Deploy"), *(text for _, text in cells)], way=way)
    target.write_bytes(text.encode("utf-8"))
    paths = [target if path == folder / name else path for path in paths]
    return paths, {number: start for number, (start, _) in enumerate(cells, 2)}


@pytest.mark.parametrize("split", [False, True], ids=["one cell", "many cells"])
@pytest.mark.parametrize("case", CASES, ids=_id)
def test_finds_the_same(case: Case, split: bool, tmp_path: Path) -> None:
    name = _scripts(case)[0]
    script, wrapped = tmp_path / "p" / "script", tmp_path / "q" / "script"
    script.mkdir(parents=True)
    wrapped.mkdir(parents=True)
    before = _rows(script, check(script, case.write(script)), name, {})
    for way in WAYS[split::2] if case.expected else WAYS[:1]:
        paths, starts = _wrap(case, wrapped, split, way)
        assert _rows(wrapped, check(wrapped, paths), name, starts) == before, way


@pytest.mark.parametrize("split", [False, True], ids=["one cell", "many cells"])
@pytest.mark.parametrize(
    "case", [case for case in CASES if case.fixed or case.fixed_unsafe], ids=_id
)
def test_mends_the_same(case: Case, split: bool, tmp_path: Path) -> None:
    name = _scripts(case)[0]
    script, wrapped = tmp_path / "p" / "script", tmp_path / "q" / "script"
    script.mkdir(parents=True)
    wrapped.mkdir(parents=True)
    unsafe = bool(case.fixed_unsafe)
    expected = _contents(script, mend(script, case.write(script), unsafe=unsafe).contents)
    paths, _ = _wrap(case, wrapped, split, "jupyter")
    target = wrapped / name.replace(".py", ".ipynb")
    original = target.read_text("utf-8")
    found = _contents(wrapped, mend(wrapped, paths, unsafe=unsafe).contents)
    fixed = found.pop(target.name, original)
    code = "".join(sources(fixed)[1:])
    assert code == expected.pop(name, case.files[name])
    assert found == expected
    assert {**json.loads(fixed), "cells": 0} == {**json.loads(original), "cells": 0}
    same = sum(
        one == other for one, other in zip(fixed.split("\n"), original.split("\n"), strict=True)
    )
    assert len(original.split("\n")) - same <= len(case.files[name].split("\n"))


def _contents(folder: Path, contents: dict[str, bytes]) -> dict[str, str]:
    return {
        Path(path).relative_to(folder).as_posix(): data.decode("utf-8")
        for path, data in contents.items()
    }
