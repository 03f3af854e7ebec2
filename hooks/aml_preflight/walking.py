"""Which files a folder holds, as far as anybody would look at them."""

from __future__ import annotations

import os

from .git import files, repository_root

_NEVER_WALKED = frozenset({"__pycache__", "node_modules", "site-packages"})
_OF_SERVICES = frozenset(
    {".azure-pipelines", ".azuredevops", ".circleci", ".github", ".gitlab", ".pipelines"}
)
"""Hidden folders with what a CI service runs."""


def walk(folder: str) -> list[str]:
    """Absolute paths of the files below a folder: inside a git repository those that git does not
    ignore, elsewhere all but those of virtual environments, caches and hidden folders; those of CI
    services are looked into."""
    real = os.path.realpath(folder)
    root = repository_root(real)
    listed = files(root, real) if root is not None else None
    if listed is None:
        listed = _walk(real)
    if real == folder:
        return listed
    skipped = len(os.path.join(real, ""))
    base = os.path.join(folder, "")
    return [base + path[skipped:] for path in listed]


def _walk(folder: str) -> list[str]:
    found: list[str] = []
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as entries:
                below = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in below):
            continue
        for entry in below:
            if not entry.is_dir(follow_symlinks=False):
                found.append(entry.path)
            elif _is_walked(entry.name):
                waiting.append(entry.path)
    return found


def _is_walked(name: str) -> bool:
    return name in _OF_SERVICES if name[:1] == "." else name not in _NEVER_WALKED
