"""Folders of Python files to look through. The standard library's own files are the material."""

from __future__ import annotations

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
_VERSION = "1"
"""Change it when the same arguments make other trees: old ones are made anew then."""


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
    return sorted(path for path in found if path.is_file())


def make_tree(root: Path, files: int, projects: tuple[Project, ...] = (), *, git: bool) -> Tree:
    """Write a tree with this many Python files, unless it is there already.

    The files of the projects count as well; requirements files do not.
    """
    texts = {path: text for project in projects for path, text in project.files().items()}
    mark = root.with_name(f"{root.name}.made")
    wanted = f"{_VERSION} {files} {git} {len(material())} {sorted(texts.items())!r}"
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        mark.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        for path, text in texts.items():
            _write(root / path, text)
        _fill(root, files - sum(path.endswith(".py") for path in texts))
        if git:
            commit(root)
        mark.write_text(wanted, encoding="utf-8")
    sizes = [path.stat().st_size for path in _python_files(root)]
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


def _fill(root: Path, count: int) -> None:
    sources = material()
    for number in range(count):
        source = sources[number % len(sources)]
        part, index = divmod(number, len(sources))
        folder = root / f"part_{part:02}" / f"folder_{index // _FILES_PER_FOLDER:02}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / f"{number:05}_{source.name}")


def _python_files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*.py") if ".git" not in path.relative_to(root).parts)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run([*_GIT, "-C", str(root), *arguments], check=True, stdout=subprocess.DEVNULL)
