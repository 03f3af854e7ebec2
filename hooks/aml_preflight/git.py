"""Asking git which files a repository has."""

from __future__ import annotations

import os


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

    command = ["git", "-C", root, *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def is_tracked(root: str, path: str) -> bool | None:
    """Whether the index holds a file, or anything below a folder; ``None`` if git cannot tell.

    git reads ``GIT_INDEX_FILE`` by itself, so that inside a partial commit the answer is about the
    index that is being committed.
    """
    listed = run(root, "ls-files", "-z", "--", _literal(root, path))
    return None if listed is None else bool(listed)


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
    names = os.fsdecode(listed).split("\0")
    return [os.path.join(root, name) for name in dict.fromkeys(names) if name]


def _literal(root: str, path: str) -> str:
    relative = os.path.relpath(path, root)
    return f":(literal){relative}" if relative != "." else "."
