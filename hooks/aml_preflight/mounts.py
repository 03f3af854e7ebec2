"""What of a project is where in a container that is given several files and folders: those that
``docker run`` mounts, or that a Dockerfile copies."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, NamedTuple

from .paths import Kind
from .upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .facts import Mount
    from .workspace import Workspace


class _Placed(NamedTuple):
    local: str
    container: str
    copied: bool


class Contents(Upload):
    """The project's part of a container, seen from the folder ``base``.

    ``local`` and ``container`` are those of the mount that holds ``entry``, the score script's
    absolute path in the container. ``open_inside`` tells that more files may be where something is
    mounted or copied to, ``open_beside`` that they may be elsewhere.
    """

    def __init__(
        self,
        workspace: Workspace,
        base: str,
        mounts: Iterable[Mount],
        entry: str,
        *,
        open_inside: bool,
        open_beside: bool,
    ) -> None:
        self._placed = [_placed(workspace, base, each) for each in mounts]
        self._open_inside = open_inside
        self._open_beside = open_beside
        self.entry = entry
        super().__init__(workspace, base, posixpath.dirname(entry))
        for each in self._covering(entry):
            self.local, self.container = each.local, each.container
            if workspace.kind(_below(each, entry)) is Kind.FILE:
                break

    @property
    def entry_local(self) -> str | None:
        """Where the score script is here, if it is."""
        local = self.local_path(self.entry)
        return local if local and self.workspace.kind(local) is Kind.FILE else None

    @property
    def is_complete(self) -> bool:
        """Whether all that is mounted or copied is here."""
        return all(self.workspace.kind(each.local) is not Kind.MISSING for each in self._placed)

    def local_path(self, container_path: str) -> str | None:
        candidates = [_below(each, container_path) for each in self._covering(container_path)]
        for local in candidates:
            if self.workspace.kind(local) is not Kind.MISSING:
                return local
        return candidates[0] if candidates else None

    def container_path(self, local: str) -> str | None:
        for each in sorted(self._placed, key=lambda each: len(each.local), reverse=True):
            if local == each.local or local.startswith(each.local + os.sep):
                relative = local[len(each.local) :].replace(os.sep, "/")
                path = posixpath.normpath(each.container + relative)
                if self.local_path(path) == local:
                    return path
        return None

    def _covering(self, path: str) -> Iterator[_Placed]:
        """What may bring a path of the container, the last word first."""
        found = [
            each
            for each in self._placed
            if path == each.container or path.startswith(each.container.rstrip("/") + "/")
        ]
        mounted = [each for each in found if not each.copied]
        if mounted:
            yield max(mounted, key=lambda each: len(each.container))
        else:
            yield from reversed(found)

    def _kind(self, path: str) -> Kind:
        covered = False
        for each in self._covering(path):
            covered = True
            kind = self.workspace.kind(_below(each, path))
            if kind is not Kind.MISSING:
                return kind
        if any(each.container.startswith(path.rstrip("/") + "/") for each in self._placed):
            return Kind.FOLDER
        if covered:
            return Kind.UNKNOWN if self._open_inside else Kind.MISSING
        if self._open_inside or self._open_beside:
            return Kind.UNKNOWN
        return super()._kind(path)


def _placed(workspace: Workspace, base: str, mount: Mount) -> _Placed:
    local = os.path.normpath(os.path.join(base, mount.local.value))
    container = mount.container
    if mount.into and workspace.kind(local) is Kind.FILE:
        container = posixpath.join(container, os.path.basename(local))
    return _Placed(local, container, mount.copied)


def _below(placed: _Placed, container_path: str) -> str:
    relative = container_path[len(placed.container) :].strip("/")
    return os.path.join(placed.local, *relative.split("/")) if relative else placed.local
