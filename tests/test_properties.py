"""Properties that hold for every case: the same findings however the files are written or named."""

from __future__ import annotations

import codecs
import random
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


Split = Callable[[list[Path]], list[list[Path]]]


def _at_random(seed: int) -> Split:
    def split(every: list[Path]) -> list[list[Path]]:
        source = random.Random(seed)
        parts: list[list[Path]] = [[] for _ in range(source.randint(2, 4))]
        for path in every:
            source.choice(parts).append(path)
        return [part for part in parts if part]

    return split


SPLITS: dict[str, Split] = {
    "one by one": lambda every: [[path] for path in every],
    "at random": _at_random(1),
    "at random again": _at_random(2),
}


@pytest.mark.parametrize("changed", [True, False], ids=["changed", "named"])
@pytest.mark.parametrize("case", ALL, ids=_id)
def test_any_split_of_the_files_gives_the_same(case: Case, changed: bool, tmp_path: Path) -> None:
    case.write(tmp_path)
    every = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    every = [path for path in every if ".git" not in path.parts]
    whole = _told(tmp_path, every, changed)
    for name, split in SPLITS.items():
        parts = [_told(tmp_path, part, changed) for part in split(every)]
        for index, what in enumerate(("findings", "deployments")):
            assert set().union(*(part[index] for part in parts)) == whole[index], (name, what)


def _told(folder: Path, paths: list[Path], changed: bool) -> tuple[set[object], set[object]]:
    """The findings with their messages, and the deployments with what becomes of them."""
    result = check(folder, paths, changed=changed)
    messages = {(each.code, each.path, each.place.origin.span): each.message
                for each in result.findings}  # fmt: skip
    deployments: set[object] = {
        (each.facts.place.origin.document.path, each.facts.place.origin.span, str(each.outcome))
        for each in result.deployments
    }
    return {*short(folder, result), *messages.items()}, deployments


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
    assert after.suppressed == result.suppressed + len(python)


@pytest.mark.parametrize("case", FOUND, ids=_id)
def test_a_fix_changes_nothing_outside_its_edits(case: Case, tmp_path: Path) -> None:
    paths = case.write(tmp_path)
    for finding in check(tmp_path, paths).findings:
        edits = finding.fix.edits if finding.fix else ()
        for edit in (part for each in edits for part in each.in_file()):
            document = edit.place.document
            data = Path(document.path).read_bytes()
            assert document.encode(document.text) == data
            assert 0 <= edit.place.start <= edit.place.end <= len(document.text)
    fixed = mend(tmp_path, paths, unsafe=True)
    for path, data in fixed.contents.items():
        assert fixed.originals[path] == Path(path).read_bytes()
        assert data != fixed.originals[path]
