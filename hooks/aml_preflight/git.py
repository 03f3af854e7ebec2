"""Asking git which files a repository has."""

from __future__ import annotations

import os

_OF_ONE_REPOSITORY = (
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


def repository_root(path: str) -> str | None:
    """The folder above an absolute path that holds ``.git``, found without starting git."""
    folder = path
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def run(root: str, *arguments: str) -> bytes | None:
    """What ``git <arguments>`` prints in ``root``, or ``None`` if git fails or is not there."""
    import subprocess

    try:
        done = subprocess.run(
            ["git", "-C", root, *arguments],
            env=_environment(root),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=False,  # lets Python start git by posix_spawn
            check=False,
            timeout=60,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def _environment(root: str) -> dict[str, str] | None:
    """The environment for git in ``root``.

    In a hook, ``GIT_INDEX_FILE`` and its like name the index that is being committed: right for
    the repository of the commit, wrong for any other, such as a submodule.
    """
    if not any(name in os.environ for name in _OF_ONE_REPOSITORY):
        return None
    if root == repository_root(os.getcwd()):
        return None
    return {name: value for name, value in os.environ.items() if name not in _OF_ONE_REPOSITORY}


def tracked(root: str) -> frozenset[str] | None:
    """Absolute paths of the files that the index holds; ``None`` if git cannot tell."""
    listed = run(root, "ls-files", "-z")
    return None if listed is None else frozenset(_paths(root, listed))


def is_ignored(root: str, path: str) -> bool:
    """Whether git is told to ignore a path."""
    return run(root, "check-ignore", "-q", "--", os.path.relpath(path, root)) is not None


def files(root: str, folder: str) -> list[str] | None:
    """Absolute paths of the files of a folder that are tracked or could be: ignored ones are left
    out. ``None`` if git cannot tell."""
    listed = run(
        root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
        _literal(root, folder),
    )  # fmt: skip
    if listed is None:
        return None
    return _paths(root, listed)


def _paths(root: str, listed: bytes) -> list[str]:
    base = os.path.join(root, "")
    return [base + name for name in dict.fromkeys(os.fsdecode(listed).split("\0")) if name]


def _literal(root: str, path: str) -> str:
    relative = os.path.relpath(path, root)
    return f":(literal){relative}" if relative != "." else "."
