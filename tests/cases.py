"""Literate cases: one Markdown file a rule, several small projects in it.

``# CODE name`` opens the file, ``## a sentence`` opens a case. Its fenced blocks are files: the
info string is a language word, a blank, the path, and for the text after the fix ``(fixed)`` or
``(fixed unsafe)``. ``  # <- CODE `text` `` at the end of a line marks an expected finding and, in
backticks, exactly what it underlines; a line ``#^ <- CODE`` marks the line above it. Where ``#``
opens no comment, the same is written ``  // <- CODE`` or ``  <!-- <- CODE -->``. Markers are no
part of the files. Before the first block a case may say ``named: path`` (the paths on the command
line; all files that may hold a deployment otherwise) or ``git: tracked path path`` (make it a
repository in which only these are added).
"""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

from aml_preflight.forms import form_of

CASES = Path(__file__).parent / "cases"

_FENCE = re.compile(r"^(`{3,})(\w*) ?(.*)$")
_MARK = re.compile(r" {2}(?:# <- |#<- |// <- |<!-- <- )(?P<marks>AML\d.*?)(?: -->)?$")
_MARK_BELOW = re.compile(r"^(?:#|//)\^ <- (?P<marks>AML\d.*)$")
_ONE = re.compile(r"(AML\d{3})(?:\s+(`+)(.+?)\2(?=\s*(?:,|$)))?")


class Expected(NamedTuple):
    """A marked finding: path, line (from 1), code and, if given, the underlined text."""

    path: str
    line: int
    code: str
    text: str | None


class Case(NamedTuple):
    """One small project with what is expected of it."""

    source: str
    title: str
    files: dict[str, str]
    expected: tuple[Expected, ...]
    fixed: dict[str, str]
    fixed_unsafe: dict[str, str]
    named: tuple[str, ...]
    tracked: tuple[str, ...] | None

    def write(self, folder: Path) -> list[Path]:
        """Write the project to a folder; returns the paths to check."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        if self.tracked is not None:
            git(folder, "init", "--quiet")
            if self.tracked:
                git(folder, "add", "--force", "--", *self.tracked)
        names = self.named or tuple(name for name in self.files if form_of(name) is not None)
        return [folder / name for name in names]


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder; raises if it fails."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def load(path: Path) -> list[Case]:
    """The cases of one Markdown file."""
    cases: list[Case] = []
    builder: _Builder | None = None
    lines = iter(path.read_text(encoding="utf-8").split("\n"))
    for line in lines:
        if line.startswith("## "):
            if builder is not None:
                cases.append(builder.case())
            builder = _Builder(path.stem, line[3:].strip())
            continue
        fence = _FENCE.match(line)
        if fence and builder is not None:
            body = []
            for inner in lines:
                if inner.strip() == fence[1]:
                    break
                body.append(inner)
            if fence[3]:
                builder.add(fence[3].strip(), body)
        elif builder is not None:
            builder.say(line)
    if builder is not None:
        cases.append(builder.case())
    return cases


class _Builder:
    def __init__(self, source: str, title: str) -> None:
        self.source = source
        self.title = title
        self.files: dict[str, str] = {}
        self.fixed: dict[str, str] = {}
        self.fixed_unsafe: dict[str, str] = {}
        self.expected: list[Expected] = []
        self.named: tuple[str, ...] = ()
        self.tracked: tuple[str, ...] | None = None

    def say(self, line: str) -> None:
        if line.startswith("named:"):
            self.named = tuple(shlex.split(line[6:]))
        elif line.startswith("git: tracked"):
            self.tracked = tuple(shlex.split(line[12:]))

    def add(self, path: str, body: list[str]) -> None:
        for suffix, target in ((" (fixed)", self.fixed), (" (fixed unsafe)", self.fixed_unsafe)):
            if path.endswith(suffix):
                target[path.removesuffix(suffix)] = _text(body)
                return
        lines: list[str] = []
        for line in body:
            below = _MARK_BELOW.match(line)
            mark = _MARK.search(line)
            if below:
                self._expect(path, len(lines), below["marks"])
                continue
            lines.append(line[: mark.start()] if mark else line)
            if mark:
                self._expect(path, len(lines), mark["marks"])
        self.files[path] = _text(lines)

    def _expect(self, path: str, line: int, marks: str) -> None:
        for one in _ONE.finditer(marks):
            self.expected.append(Expected(path, line, one[1], one[3]))

    def case(self) -> Case:
        return Case(
            self.source,
            self.title,
            self.files,
            tuple(self.expected),
            self.fixed,
            self.fixed_unsafe,
            self.named,
            self.tracked,
        )


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


ALL = [case for path in sorted(CASES.glob("*.md")) for case in load(path)]
