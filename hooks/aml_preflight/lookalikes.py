"""What of the project a path may have meant, where it leads nowhere."""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING

from .boot import wanted_kind
from .paths import Kind
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment

_MOST_ENTRIES = 5_000
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def is_absolute(path: str) -> bool:
    """Whether a path is absolute, on this or another system."""
    return path.startswith("/") or has_drive(path)


def has_drive(path: str) -> bool:
    """Whether a path begins with a drive of Windows."""
    return _DRIVE.match(path) is not None


def scripts_elsewhere(deployment: Deployment) -> list[str]:
    """Absolute paths of files that a score script which is not at its place may be instead: of
    the same name in the upload, or at the same path seen from another folder of the project."""
    where, facts = deployment.location, deployment.facts
    if isinstance(where, Unknown) or not isinstance(facts.entry_script, Known):
        return []
    name = posixpath.basename(facts.entry_script.value)
    found = [
        path
        for path in ending_in(deployment, name)
        if where.upload.container_path(path) is not None
    ]
    own = os.path.dirname(facts.document.path)
    if found or where.base == own or not isinstance(facts.source_directory, Known):
        return found  # the folder beside the program is the one that is meant
    tail = os.path.normpath(os.path.join(facts.source_directory.value, facts.entry_script.value))
    return list(ending_in(deployment, tail))


def ending_in(deployment: Deployment, tail: str) -> Iterator[str]:
    """Absolute paths of the files of the project whose path ends in a name or some names."""
    workspace, end = deployment.workspace, os.sep + tail
    project = workspace.project(deployment.facts.document.path)
    for path in (*workspace.files(project), *workspace.written):
        if path.endswith(end) and workspace.kind(path) is Kind.FILE:
            yield path


def candidates(deployment: Deployment, variable: str, value: str) -> list[str]:
    """Paths, relative to the score script, of what an install variable may have meant: files or
    folders in the upload with the name that its value ends in, the nearest first."""
    where = deployment.location
    if isinstance(where, Unknown) or deployment.only_script_uploaded:
        return []
    wanted = wanted_kind(variable)
    name = posixpath.basename(value.rstrip("/"))
    folder = where.script_folder
    found = []
    for path, kind in entries(deployment, where.upload.local):
        inside = where.upload.container_path(path)
        same = os.path.basename(path).lower() == name.lower()
        if same and kind is wanted and inside is not None and name:
            found.append(posixpath.relpath(inside, folder))
    return sorted(found, key=lambda each: (each.count("/"), each))


def similar(
    deployment: Deployment, variable: str, value: str, container_path: str | None
) -> list[str]:
    """Paths, relative to the score script, of what an install variable whose path leads nowhere may
    have meant: see ``candidates``, else the one of a similar name."""
    found = candidates(deployment, variable, value)
    if not found:
        near = similar_name(deployment, variable, container_path)
        found = [near] if near else []
    return found


def similar_name(deployment: Deployment, variable: str, container_path: str | None) -> str | None:
    """The one path whose name is nearly that of ``container_path``, if there is exactly one."""
    where = deployment.location
    if isinstance(where, Unknown) or container_path is None:
        return None
    import difflib

    folder, name = posixpath.split(container_path)
    local = where.upload.local_path(folder)
    if local is None:
        return None
    wanted = wanted_kind(variable)
    listing = deployment.workspace.listing(local)
    names = [each for each, kind in listing.items() if kind is wanted]
    close = difflib.get_close_matches(name, names, 2, 0.75)
    if len(close) != 1:
        return None
    start = where.script_folder
    return posixpath.relpath(f"{folder}/{close[0]}", start)


def entries(deployment: Deployment, root: str) -> Iterator[tuple[str, Kind]]:
    """What is below a folder, level by level, without the insides of installed packages."""
    waiting = [root]
    seen = 0
    while waiting:
        folder = waiting.pop(0)
        for name, kind in sorted(deployment.workspace.listing(folder).items()):
            seen += 1
            if seen > _MOST_ENTRIES:
                return
            path = os.path.join(folder, name)
            yield path, kind
            skipped = name in ("site-packages", "node_modules", "__pycache__", ".git")
            if kind is Kind.FOLDER and not skipped and not os.path.islink(path):
                waiting.append(path)
