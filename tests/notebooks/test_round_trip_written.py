"""Every case whose deployment stands in a file of settings, a Dockerfile or a script, as a notebook
that writes this file: the same findings and fixes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aml_preflight.analysis import Result
from aml_preflight.forms import DOCKERFILE, ENV_FILE, JSON, PYTHON, SHELL, YAML, form_of
from cases import ALL, Case
from checking import check, mend

from .making import WAYS, notebook, sources

WRITTEN = frozenset({YAML, JSON, DOCKERFILE, SHELL, ENV_FILE})
CELL = 2
FIRST = 2
"""The line of the cell at which the file begins."""


def _deploying(case: Case) -> list[str]:
    return [name for name in case.files if form_of(name) in WRITTEN]


def _is_alike(case: Case) -> bool:
    """Whether a file and a notebook that writes it mean the same: no other file may speak of it by
    name, nor git, nor the command line."""
    names = _deploying(case)
    if len(names) != 1 or "/" in names[0] or case.named or case.tracked is not None:
        return False
    programs = [name for name in case.files if form_of(name) is PYTHON and "/" not in name]
    return not programs and not any(names[0] in text for text in case.files.values())


CASES = [case for case in ALL if _is_alike(case)]


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


def _rows(folder: Path, result: Result, name: str) -> list[object]:
    """Findings with the places of the notebook as those of the file."""
    rows: list[object] = []
    for finding in result.findings:
        where = []
        for place in (finding.place, *(each.place for each in finding.related)):
            shown = place.shown
            path = Path(shown.document.path).relative_to(folder).as_posix()
            line, column = shown.document.position(shown.start)
            if getattr(shown.document, "cell", None) is not None:
                assert shown.document.cell == CELL  # type: ignore[attr-defined]
                path, line = name, line - FIRST + 1
            where.append((path, line, column, place.text.replace("\r\n", "\n")))
        message = finding.message.replace("write.ipynb", name)
        rows.append((finding.code, message, finding.help, where, finding.fix is not None))
    return sorted(rows, key=repr)


def _wrap(case: Case, folder: Path, way: str) -> tuple[Path, list[Path]]:
    """Write the case with a notebook in the place of its file; the notebook, and what to check."""
    [name] = _deploying(case)
    paths = case.write(folder)
    (folder / name).unlink()
    target = folder / "write.ipynb"
    cells = [("markdown", "# Deploy"), ("code", f"%%writefile {name}\n{case.files[name]}")]
    target.write_bytes(notebook(cells, way=way).encode("utf-8"))
    return target, [target if path == folder / name else path for path in paths]


def test_many_cases_are_tried() -> None:
    assert len(CASES) > 40
    assert {form_of(_deploying(case)[0]) for case in CASES} >= {YAML, JSON, DOCKERFILE, SHELL}


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_finds_the_same(case: Case, tmp_path: Path) -> None:
    [name] = _deploying(case)
    plain, wrapped = tmp_path / "p" / "project", tmp_path / "q" / "project"
    plain.mkdir(parents=True)
    wrapped.mkdir(parents=True)
    before = _rows(plain, check(plain, case.write(plain)), name)
    for way in WAYS if case.expected else WAYS[:1]:
        _, paths = _wrap(case, wrapped, way)
        assert _rows(wrapped, check(wrapped, paths), name) == before, way


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.fixed or case.fixed_unsafe], ids=_id
)
def test_mends_the_same(case: Case, tmp_path: Path) -> None:
    [name] = _deploying(case)
    wanted = (case.fixed_unsafe or case.fixed).get(name, case.files[name])
    target, paths = _wrap(case, tmp_path, "jupyter")
    original = target.read_text("utf-8")
    fixed = mend(tmp_path, paths, unsafe=bool(case.fixed_unsafe)).contents
    text = fixed.get(str(target), original.encode("utf-8")).decode("utf-8")
    assert sources(text)[CELL - 1].split("\n", 1)[1] == wanted
    assert {**json.loads(text), "cells": 0} == {**json.loads(original), "cells": 0}
