"""Folders of files to look through. The standard library's own files are the material."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Project

_FILES_PER_FOLDER = 40
_GIT = ("git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com")
_VERSION = "2"
"""Change it when the same arguments make other trees: old ones are made anew then."""


_SUFFIXES = (
    *[".py"] * 12, *[".yml"] * 3, *[".ipynb"] * 2, *[".md"] * 1, *[".json"] * 1, *[".sh"] * 1,
)  # fmt: skip
"""Of which forms 20 files in a row are, where a tree has files of all forms: about as many of each
as in repositories with examples of Azure ML."""

_MOST_LINES = {".yml": 60, ".md": 150, ".json": 100, ".sh": 40, ".ipynb": 400}


class Tree(NamedTuple):
    """A folder: how many files it holds, their bytes, those of the largest, and the deployments."""

    root: Path
    files: int
    size: int
    largest: int
    projects: tuple[Project, ...] = ()

    @property
    def scripts(self) -> tuple[str, ...]:
        """The paths of the deployment scripts, relative to the root."""
        return tuple(project.script for project in self.projects)

    @property
    def forgotten(self) -> int:
        """How many deployments have no source directory."""
        return sum(project.forgotten for project in self.projects)


def material() -> list[Path]:
    """The standard library's files, in a fixed order."""
    library = Path(sysconfig.get_path("stdlib"))
    found = [path for path in library.rglob("*.py") if "site-packages" not in path.parts]
    # The data of one build: every computer has another.
    return sorted(path for path in found if path.is_file() and "_sysconfigdata" not in path.name)


def make_tree(
    root: Path, files: int, projects: tuple[Project, ...] = (), *, git: bool, mixed: bool = False
) -> Tree:
    """Write a tree with this many files, of Python or ``mixed``, unless it is there already.

    The files of the projects count as well; requirements files do not.
    """
    texts = {path: text for project in projects for path, text in project.files().items()}
    mark = root.with_name(f"{root.name}.made")
    wanted = f"{_VERSION} {files} {git} {mixed} {len(material())} {sorted(texts.items())!r}"
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        mark.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        for path, text in texts.items():
            _write(root / path, text)
        _fill(root, files - sum(path.endswith(".py") for path in texts), mixed=mixed)
        if git:
            commit(root)
        mark.write_text(wanted, encoding="utf-8")
    sizes = [path.stat().st_size for path in _files(root)]
    return Tree(root, len(sizes), sum(sizes), max(sizes), projects)


def commit(root: Path) -> None:
    """Make a repository of a folder with everything in it committed."""
    _git(root, "init", "--quiet")
    _git(root, "config", "gc.auto", "0")
    stage(root)
    _git(root, "commit", "--quiet", "--no-verify", "--message", "everything")


def stage(root: Path) -> None:
    """Add everything to the repository's index."""
    _git(root, "add", "--all", "--force")


def _fill(root: Path, count: int, *, mixed: bool) -> None:
    sources = material()
    for number in range(count):
        source = sources[number % len(sources)]
        part, index = divmod(number, len(sources))
        folder = root / f"part_{part:02}" / f"folder_{index // _FILES_PER_FOLDER:02}"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{number:05}_{source.name}"
        suffix = _SUFFIXES[number % len(_SUFFIXES)] if mixed else ".py"
        if suffix == ".py":
            shutil.copyfile(source, target)
        else:
            text = source.read_text(encoding="utf-8", errors="replace")
            # Names with this word are looked at more closely, and are no part of the question here.
            text = text.replace("extra", "other").replace("EXTRA", "OTHER")
            _write(target.with_suffix(suffix), _in_form(suffix, text))


def _in_form(suffix: str, text: str) -> str:
    """A file of another form that holds the first lines of a Python file."""
    lines = text.splitlines()[: _MOST_LINES[suffix]]
    if suffix == ".ipynb":
        sources = [lines[start : start + 20] for start in range(0, len(lines), 20)]
        cells: list[dict[str, object]] = [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
             "source": [f"{line}\n" for line in source]}
            for source in sources
        ]  # fmt: skip
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(notebook, indent=1)
    if suffix == ".md":
        return "\n".join(["# Source", "", "```python", *lines, "```", ""])
    if suffix == ".json":
        return json.dumps({"name": "source", "lines": lines}, indent=2)
    start = "#!/bin/sh\n: <<'END'\n" if suffix == ".sh" else "name: source\nlines:\n"
    end = "END\n" if suffix == ".sh" else ""
    shown = lines if suffix == ".sh" else [f"- {json.dumps(line)}" for line in lines]
    return start + "".join(f"{line}\n" for line in shown) + end


def _files(root: Path) -> Iterator[Path]:
    suffixes = set(_SUFFIXES)
    return (
        path
        for path in root.rglob("*.*")
        if path.suffix in suffixes and ".git" not in path.relative_to(root).parts
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run([*_GIT, "-C", str(root), *arguments], check=True, stdout=subprocess.DEVNULL)
