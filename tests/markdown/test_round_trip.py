"""The same code in a fence gives the same findings, and fixes change nothing around it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from aml_preflight.document import Document, Language
from aml_preflight.markdown.blocks import blocks
from cases import ALL, Case
from checking import check, mend, short

BEFORE = ["# How to deploy", "", "This is done so:", ""]


def _plain(code: list[str]) -> list[str]:
    return [*BEFORE, "````python", *code, "````", "", "Done."]


def _in_a_list(code: list[str]) -> list[str]:
    inside = ["~~~~~py", *code, "~~~~~"]
    return [*BEFORE, "1. First", "", *(f"   {line}".rstrip() for line in inside), "", "Done."]


def _in_a_quote(code: list[str]) -> list[str]:
    inside = ["````` {.python}", *code, "`````"]
    return [*BEFORE, *(f"> - {line}" if not number else f">   {line}"
                       for number, line in enumerate(inside)), "", "Done."]  # fmt: skip


WRAPS = {
    "plain": (_plain, 5, "\n"),
    "list": (_in_a_list, 7, "\n"),
    "quote": (_in_a_quote, 5, "\n"),
    "crlf": (_plain, 5, "\r\n"),
}

OF_A_FILE = {
    "AML208": "the folders of an example need not be there",
    "AML213": "the same: from a path that leads nowhere no better one follows",
    "AML901": "an example may be anything",
    "AML902": "comments in examples are not judged",
    "AML903": "the same",
    "AML904": "the same",
    "AML905": "the same",
}


def _script(case: Case) -> str | None:
    scripts = [name for name in case.files if name.endswith(".py") and "/" not in name]
    others = [name for name in case.files if name.endswith((".yml", ".yaml", ".ipynb", ".md"))]
    return scripts[0] if len(scripts) == 1 and not others and case.tracked is None else None


def _is_for_files(case: Case) -> bool:
    """Whether the code asks for its own path, or is about what only files have: neighbours that
    import each other, commands that name them."""
    if not case.source.startswith(("AML", "sound")):
        return True
    text = case.files[_script(case) or ""]
    return "__file__" in text or any(each.code in OF_A_FILE for each in case.expected)


SUITED = [case for case in ALL if _script(case) and not case.named and not _is_for_files(case)]


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


def _page(case: Case, folder: Path, wrap: str) -> tuple[Path, int]:
    """Write the case with a page instead of its script; the page, and how many lines its code
    begins below the first one."""
    name = _script(case)
    assert name is not None
    case.write(folder)
    (folder / name).unlink()
    make, first, ending = WRAPS[wrap]
    lines = make(case.files[name].rstrip("\n").split("\n"))
    page = folder / "README.md"
    page.write_bytes("".join(f"{line}{ending}" for line in lines).encode("utf-8"))
    return page, first


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("case", SUITED, ids=_id)
def test_a_fence_is_read_like_a_script(case: Case, wrap: str, tmp_path: Path) -> None:
    script, folder = tmp_path / "script", tmp_path / "page"
    name = _script(case)
    wanted = short(script, check(script, _written(case, script)))
    page, first = _page(case, folder, wrap)
    paths = [page, *(folder / each for each in case.files if each.endswith(".py") and each != name)]
    found = short(folder, check(folder, paths))
    moved = [
        ("README.md", line + first, code, _flat(text)) if path == name
        else (path, line, code, _flat(text))
        for path, line, code, text in wanted
    ]  # fmt: skip
    assert sorted((path, line, code, _flat(text)) for path, line, code, text in found) == (
        sorted(moved)
    )


def _written(case: Case, folder: Path) -> list[Path]:
    folder.mkdir()
    return case.write(folder)


def _flat(text: str) -> str:
    """A text of several lines without what is around them in a page."""
    return "\n".join(line.lstrip("> ") for line in text.splitlines())


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("case", [each for each in SUITED if each.fixed], ids=_id)
def test_a_fix_stays_in_the_fence(case: Case, wrap: str, tmp_path: Path) -> None:
    name = _script(case)
    assert name is not None
    folder = tmp_path / "page"
    page, _ = _page(case, folder, wrap)
    before = page.read_bytes()
    fixed = mend(folder, [page])
    if name not in case.fixed:
        return
    after = fixed.contents[str(page)]
    make, _, ending = WRAPS[wrap]
    lines = make(case.fixed[name].rstrip("\n").split("\n"))
    assert after == "".join(f"{line}{ending}" for line in lines).encode("utf-8")
    assert after != before
    assert os.fspath(page) in fixed.originals


def test_many_cases_are_tried() -> None:
    assert len(SUITED) > 200


@pytest.mark.parametrize("wrap", WRAPS)
def test_the_wraps_are_what_they_say(wrap: str) -> None:
    make, first, ending = WRAPS[wrap]
    text = ending.join(make(["x = 1", "", "y = 2"]))
    page = Document("/README.md", text, language=Language.MARKDOWN)
    (fence,) = blocks(page).fences
    assert fence.first + 1 == first
    assert fence.content(page)[0].split() == ["x", "=", "1", "y", "=", "2"]
