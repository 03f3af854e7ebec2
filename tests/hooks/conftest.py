"""A copy of this repository with everything committed, pre-commit with a home of its own, prek."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .project import HookSettings, Project, Runner

REPOSITORY = Path(__file__).resolve().parents[2]
PREK = ("prek==0.5.11", "uv==0.13.9")

NewProject = Callable[..., Project]

_GIT_CONFIG = """\
[user]
    name = Test
    email = test@example.com
[init]
    defaultBranch = main
[commit]
    gpgSign = false
[core]
    autocrlf = false
[protocol "file"]
    allow = always
"""
_NOT_PASSED_ON = ("GIT_", "PRE_COMMIT", "PREK_", "PYTEST_", "PYTHON")
_NOT_PASSED_ON_EITHER = {"SKIP", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "VIRTUAL_ENV"}


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of all commands: nothing of the user's git or pre-commit gets in."""
    home = tmp_path_factory.mktemp("home")
    (home / "gitconfig").write_text(_GIT_CONFIG, "utf-8")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_NOT_PASSED_ON) and name not in _NOT_PASSED_ON_EITHER
    }
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PREK_HOME": str(home / "prek"),
    }


@pytest.fixture(scope="session")
def snapshot(
    tmp_path_factory: pytest.TempPathFactory, environ: Mapping[str, str]
) -> tuple[Path, str]:
    """A repository that holds the working tree of this one in a single commit, and that commit."""
    copy = tmp_path_factory.mktemp("repository")
    for name in _files():
        source, target = REPOSITORY / name, copy / name
        if source.is_file():  # a file that was deleted is still in the index
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(copy), *arguments]
        done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "everything")
    return copy, git("rev-parse", "HEAD")


def _files() -> list[str]:
    """The files of this repository, committed or not, but none that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    scrubbed = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(command, cwd=REPOSITORY, env=scrubbed, check=True, stdout=subprocess.PIPE)
    return [name for name in os.fsdecode(done.stdout).split("\0") if name]


@pytest.fixture(scope="session")
def pre_commit(
    snapshot: tuple[Path, str],
    environ: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Runner:
    """pre-commit, with the environment of the hooks already built."""
    runner = Runner((sys.executable, "-m", "pre_commit"), *snapshot, environ)
    return _built(runner, tmp_path_factory.mktemp("first") / "project")


@pytest.fixture(scope="session")
def prek(
    snapshot: tuple[Path, str],
    environ: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Runner:
    """prek, with the environment of the hooks already built; skips where it cannot be had."""
    programs = _install_prek()
    path = os.pathsep.join([str(programs), environ.get("PATH", os.defpath)])
    runner = Runner((str(programs / "prek"),), *snapshot, {**environ, "PATH": path})
    return _built(runner, tmp_path_factory.mktemp("first") / "project")


def _built(runner: Runner, folder: Path) -> Runner:
    """Build the environment that all hooks share, once for all tests."""
    project = Project(folder, runner).create("aml-preflight")
    return runner._replace(installed=project.hooks_folder)


def _install_prek() -> Path:
    """The folder with the programs prek and uv, kept between runs."""
    root = Path(os.environ.get("AML_PREFLIGHT_ORACLES") or REPOSITORY / ".oracles").resolve()
    place = root / "-".join(PREK).replace("==", "-")
    if place.is_dir():
        return place / "bin"
    root.mkdir(parents=True, exist_ok=True)
    # Made aside and then renamed: two test runs at once do not see half of it.
    with tempfile.TemporaryDirectory(dir=root) as made:
        target = Path(made, "target")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--target", str(target), *PREK]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"prek cannot be installed: {done.stderr[-500:]}")
        try:
            os.replace(target, place)
        except OSError:
            if not place.is_dir():
                raise
    return place / "bin"


@pytest.fixture
def new_project(pre_commit: Runner, tmp_path: Path) -> NewProject:
    """Makes a project in which pre-commit runs the given hooks."""

    def new(*hooks: HookSettings, name: str = "project") -> Project:
        return Project(tmp_path / name, pre_commit).create(*hooks)

    return new
