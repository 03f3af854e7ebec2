"""Every case of ``tests/cases``: what it finds, what it underlines, and how it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import ALL, Case
from checking import check, mend, short

WITH_FIX = [case for case in ALL if case.fixed or case.fixed_unsafe]


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_finds_what_is_marked(case: Case, tmp_path: Path) -> None:
    found = short(tmp_path, check(tmp_path, case.write(tmp_path)))
    places = [(path, line, code) for path, line, code, _ in found]
    assert places == sorted((each.path, each.line, each.code) for each in case.expected)
    for each in case.expected:
        if each.text is not None:
            assert (each.path, each.line, each.code, each.text) in found


@pytest.mark.parametrize("case", WITH_FIX, ids=_id)
def test_mends_as_shown(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    unsafe = bool(case.fixed_unsafe)
    fixed = mend(tmp_path, paths, unsafe=unsafe)
    contents = {
        Path(path).relative_to(tmp_path).as_posix(): data.decode("utf-8")
        for path, data in fixed.contents.items()
    }
    assert contents == (case.fixed_unsafe or case.fixed)


@pytest.mark.parametrize("case", WITH_FIX, ids=_id)
def test_mending_twice_changes_nothing_more(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    fixed = mend(tmp_path, paths, unsafe=True)
    for path, data in fixed.contents.items():
        Path(path).write_bytes(data)
    assert mend(tmp_path, paths, unsafe=True).contents == {}
