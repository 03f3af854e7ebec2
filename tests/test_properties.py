"""Properties that hold for every case: the same findings however the files are written or named."""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from cases import ALL, Case
from checking import check, mend, short

FOUND = [case for case in ALL if case.expected]


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


def _rewrite(paths: list[Path], change: Callable[[bytes], bytes]) -> None:
    for path in paths:
        path.write_bytes(change(path.read_bytes()))


def _python(paths: list[Path]) -> list[Path]:
    return [path for path in paths if path.suffix == ".py"]


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_line_ends_change_nothing(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    before = short(tmp_path, check(tmp_path, paths))
    _rewrite(_python(paths), lambda data: data.replace(b"\n", b"\r\n"))
    after = short(tmp_path, check(tmp_path, paths))
    assert [each[:3] for each in after] == [each[:3] for each in before]
    assert [each[3].replace("\r\n", "\n") for each in after] == [each[3] for each in before]


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_a_byte_order_mark_changes_nothing(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    before = short(tmp_path, check(tmp_path, paths))
    _rewrite(_python(paths), lambda data: codecs.BOM_UTF8 + data)
    assert short(tmp_path, check(tmp_path, paths)) == before


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_wide_characters_before_move_nothing_else(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    before = short(tmp_path, check(tmp_path, paths))
    python = _python(paths)
    _rewrite(python, lambda data: "GREETING = '🙂 ä 東'\n".encode() + data)
    moved = {path.relative_to(tmp_path).as_posix() for path in python}
    assert short(tmp_path, check(tmp_path, paths)) == sorted(
        (path, line + (path in moved), code, text) for path, line, code, text in before
    )


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_any_split_of_the_files_gives_the_same(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    every = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    every = [path for path in every if ".git" not in path.parts]
    whole = set(short(tmp_path, check(tmp_path, every, changed=True)))
    single = [short(tmp_path, check(tmp_path, [path], changed=True)) for path in every]
    assert set(itertools.chain.from_iterable(single)) == whole


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_the_suggested_suppression_silences(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    result = check(tmp_path, paths)
    python = [each for each in result.findings if each.path.endswith(".py")]
    lines: dict[str, set[int]] = {}
    for finding in python:
        line, _ = finding.place.document.position(finding.place.start)
        lines.setdefault(finding.path, set()).add(line)
    codes = ", ".join(sorted({finding.code for finding in python}))
    for path, numbers in lines.items():
        text = Path(path).read_text("utf-8").split("\n")
        # A comment in front is always possible: `ignore-file` needs no place beside the finding.
        text.insert(0, f"# aml-preflight: ignore-file[{codes}] -- a test")
        Path(path).write_text("\n".join(text), "utf-8")
        assert numbers
    after = check(tmp_path, paths)
    left = {finding.code for finding in after.findings if finding.path.endswith(".py")}
    assert left <= {"AML903"}  # where several files share the list, some of its codes are idle
    assert after.suppressed == len(python)


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_a_fix_changes_nothing_outside_its_edits(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    for finding in check(tmp_path, paths).findings:
        for edit in finding.fix.edits if finding.fix else ():
            document = edit.place.document
            data = Path(document.path).read_bytes()
            assert document.encode(document.text) == data
            assert 0 <= edit.place.start <= edit.place.end <= len(document.text)
    fixed = mend(tmp_path, paths, unsafe=True)
    for path, data in fixed.contents.items():
        assert fixed.originals[path] == Path(path).read_bytes()
        assert data != fixed.originals[path]
