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
_CHUNK = 1 << 16


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
    command = ["git", "-C", root, *arguments]
    environment = _environment(root)
    try:
        if hasattr(os, "posix_spawnp"):
            return _spawn(command, environment)
        return _run(command, environment)
    except (OSError, ValueError):
        return None


def _spawn(command: list[str], environment: dict[str, str] | None) -> bytes | None:
    """Where the system can start a program by itself: importing ``subprocess`` takes longer than
    git takes to answer."""
    reader, writer = os.pipe()
    try:
        try:
            actions = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, writer, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ]
            variables = os.environ if environment is None else environment
            child = os.posix_spawnp(command[0], command, variables, file_actions=actions)
        finally:
            os.close(writer)
        parts = []
        try:
            while part := os.read(reader, _CHUNK):
                parts.append(part)
        finally:
            _, status = os.waitpid(child, 0)
    finally:
        os.close(reader)
    return b"".join(parts) if status == 0 else None


def _run(command: list[str], environment: dict[str, str] | None) -> bytes | None:
    import subprocess

    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def _environment(root: str) -> dict[str, str] | None:
    """The environment for git in ``root``; ``None`` if it is the one of this process.

    In a hook, ``GIT_INDEX_FILE`` and its like name the index that is being committed: right for
    the repository of the commit, wrong for any other, such as a submodule.
    """
    if not any(name in os.environ for name in _OF_ONE_REPOSITORY):
        return None
    current = repository_root(os.getcwd())
    if current is not None and os.path.realpath(root) == os.path.realpath(current):
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
    out. ``None`` if git cannot tell.

    ``folder`` lies below ``root`` with no link between them: git knows nothing beyond a link.
    """
    listed = run(
        root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
        _literal(root, folder),
    )  # fmt: skip
    return None if listed is None else _paths(root, listed)


def _paths(root: str, listed: bytes) -> list[str]:
    base = os.path.join(root, "")
    # A file that is being merged is listed once for each side.
    return [base + name for name in dict.fromkeys(os.fsdecode(listed).split("\0")) if name]


def _literal(root: str, path: str) -> str:
    relative = os.path.relpath(path, root)
    return f":(literal){relative}" if relative != "." else "."
