"""What exists and what it says: the disk, with the texts of an editor or standard input over it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from . import git
from .paths import Kind
from .walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Document

MOST_BYTES = 20_000_000
"""A larger file is not read: nothing that deploys a model is."""

_MOST_KEPT = 8_000_000
"""Characters of texts that are kept."""

_MOST_LINKS = 40
"""Linux follows no more on the way to a file."""

_SPARSE = os.path.join("info", "sparse-checkout")


class Unavailable(Exception):
    """A file cannot be read; the text says why, in the user's words."""


class _Texts(dict[tuple[str, int], str]):
    """Texts, as many as are kept."""

    def __init__(self) -> None:
        super().__init__()
        self._characters = 0

    def keep(self, key: tuple[str, int], text: str) -> None:
        if self._characters + len(text) <= _MOST_KEPT:
            self[key] = text
            self._characters += len(text)


class Workspace:
    """One look at the file system. Answers are kept, so that all rules see the same state.

    ``overlay`` maps absolute paths to bytes that stand for the file's content; ``written`` are
    files that a notebook will write, see ``with_written``. All paths that the methods take are
    absolute and normalised.
    """

    def __init__(self, current: str | None = None, overlay: dict[str, bytes] | None = None) -> None:
        self.current = current or os.getcwd()
        self.overlay = overlay or {}
        self.written: dict[str, Document] = {}
        self._listings: dict[str, dict[str, Kind]] = {}
        self._roots: dict[str, str | None] = {}
        self._tracked: dict[str, frozenset[str] | None] = {}
        self._files: dict[str, list[str]] = {}
        self._nearest: dict[tuple[str, Callable[[str], bool]], list[str]] = {}
        self._texts = _Texts()

    def with_written(self, files: dict[str, Document]) -> Workspace:
        """This workspace with files, by their absolute paths, that will be written into it."""
        made = Workspace(self.current, self.overlay)
        made.written = {**self.written, **files}
        made._roots, made._tracked = self._roots, self._tracked
        made._files, made._nearest, made._texts = self._files, self._nearest, self._texts
        return made

    # ---- content -------------------------------------------------------------------------------

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises ``Unavailable``."""
        if path in self.written:
            return self.written[path].text.encode("utf-8", "surrogatepass")
        if path in self.overlay:
            return self.overlay[path]
        return read_regular_file(path)

    def beginning(self, path: str, most: int) -> str:
        """The first characters of a file, at most that many bytes of it; ``""`` if it cannot be
        read. Kept for the next one who asks, as long as all of it together is not large."""
        key = path, most
        if path not in self.written and key in self._texts:
            return self._texts[key]
        try:
            text = self.read(path)[:most].decode("utf-8", "replace")
        except Unavailable:
            text = ""
        if path not in self.written:
            self._texts.keep(key, text)
        return text

    # ---- existence -----------------------------------------------------------------------------

    def kind(self, path: str) -> Kind:
        """What stands at a path. Names are compared exactly, as the container does, also where
        this computer's file system takes upper and lower case for the same."""
        if path in self.overlay or path in self.written:
            return Kind.FILE
        folder, name = os.path.split(path)
        if not name:
            return Kind.FOLDER if os.path.isdir(path) else Kind.MISSING
        return self.listing(folder).get(name, Kind.MISSING)

    def listing(self, folder: str) -> dict[str, Kind]:
        """The names in a folder, links followed; empty if it is not a folder."""
        known = self._listings.get(folder)
        if known is None:
            known = self._listings[folder] = {**_list(folder), **self._laid_in(folder)}
        return known

    def _laid_in(self, folder: str) -> dict[str, Kind]:
        """What the files that are laid over the disk put into a folder: themselves, or the folder
        that they are in."""
        found: dict[str, Kind] = {}
        start = os.path.join(folder, "")
        for path in (*self.overlay, *self.written):
            if path.startswith(start):
                name, rest, _ = path[len(start) :].partition(os.sep)
                found[name] = Kind.FOLDER if rest else Kind.FILE
        return found

    def files(self, folder: str) -> list[str]:
        """Absolute paths of all files below a folder: inside a git repository those that git does
        not ignore."""
        if folder not in self._files:
            self._files[folder] = walk(folder)
        return self._files[folder]

    def nearest(self, path: str, wanted: Callable[[str], bool], most: int) -> list[str]:
        """Absolute paths of files of the project of a file, those that lie nearest to it first."""
        key = os.path.dirname(path), wanted
        if key not in self._nearest:
            found = list(filter(wanted, self.files(self.project(path))))
            folders = set(map(os.path.dirname, found))
            shared = {each: len(os.path.commonpath((each, path))) for each in folders}
            found.sort(key=lambda each: -shared[os.path.dirname(each)])
            self._nearest[key] = found
        return self._nearest[key][:most]

    def real_path(self, path: str) -> str:
        """The path with links followed."""
        try:
            return os.path.realpath(path)
        except (OSError, ValueError):
            return path

    # ---- git -----------------------------------------------------------------------------------

    def repository(self, path: str) -> str | None:
        """The root of the git repository that a file lies in."""
        folder = os.path.dirname(path)
        if folder not in self._roots:
            self._roots[folder] = git.repository_root(folder)
        return self._roots[folder]

    def project(self, path: str) -> str:
        """The folder that a project's relative paths may start from: the git root, else the
        current folder if the file lies below it, else the file's own."""
        root = self.repository(path)
        if root is not None:
            return root
        if path.startswith(os.path.join(self.current, "")):
            return self.current
        return os.path.dirname(path)

    def tracked(self, path: str) -> bool | None:
        """Whether git has the file, or something in the folder, with the links on the way to it;
        ``None`` outside a repository and for what will be written."""
        if self._index(path) is None:
            return None
        return self.lacking(path) is None

    def lacking(self, path: str, links: int = 0) -> str | None:
        """What git lacks of a path: a link on the way to it, what such a link leads to, or the path
        itself. ``None`` if it lacks nothing, and where it cannot tell, as beyond a link that leads
        out of the repository. ``links`` have been followed already."""
        root, files = self.repository(path), self._index(path)
        if root is None or files is None or links > _MOST_LINKS:
            return None
        if path in files and not os.path.islink(path):
            return None
        link = _first_link(root, path)
        if link is not None:
            if link not in files:
                return link
            target = self._target(root, link, path[len(link) :])
            return None if target is None else self.lacking(target, links + 1)
        below = os.path.join(path, "")
        found = path in files or any(file.startswith(below) for file in files)
        return None if found else path

    def _target(self, root: str, link: str, rest: str) -> str | None:
        """The path, of which the link is the beginning, where the link leads to, if that is inside
        the repository."""
        try:
            leads = os.path.join(os.path.dirname(link), os.readlink(link))
        except OSError:
            return None
        target = os.path.normpath(leads + rest)
        for base in (root, self.real_path(root)):
            if target == base or target.startswith(os.path.join(base, "")):
                return root + target[len(base) :]
        return None

    def _index(self, path: str) -> frozenset[str] | None:
        """The files that git has in the repository of a path; ``None`` where there is none, and for
        what will be written."""
        if any(each == path or each.startswith(os.path.join(path, "")) for each in self.written):
            return None
        root = self.repository(path)
        if root is None:
            return None
        if root not in self._tracked:  # all at once: starting git costs more than its answer
            self._tracked[root] = git.tracked(root)
        return self._tracked[root]

    def left_out(self, path: str) -> bool:
        """Whether git has the file, or something in the folder, in a sparse checkout that may
        leave it out."""
        root = self.repository(path)
        if root is None or not os.path.exists(os.path.join(root, ".git", _SPARSE)):
            return False
        return bool(self.tracked(path))

    def ignored(self, path: str) -> bool:
        """Whether git is told to ignore a path."""
        folder, name = os.path.split(path)
        path = os.path.join(self.real_path(folder), name)  # git knows nothing beyond a link
        root = self.repository(path)
        return root is not None and git.is_ignored(root, path)


def _first_link(root: str, path: str) -> str | None:
    """The first link on the way from a folder to a path below it, which may be the path itself."""
    current = root
    for name in path[len(root) :].split(os.sep):
        current = os.path.join(current, name)
        if name and os.path.islink(current):
            return current
    return None


def read_regular_file(path: str) -> bytes:
    """The bytes of a file of bounded size; never waits for a pipe or a device."""
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except OSError as error:
        raise Unavailable(_why(error)) from None
    except ValueError:
        raise Unavailable("no file can have this name") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            folder = stat.S_ISDIR(status.st_mode)
            raise Unavailable("it is a folder" if folder else "it is not a regular file")
        if status.st_size > MOST_BYTES:
            raise Unavailable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
        parts = []
        while part := os.read(handle, 1 << 20):
            parts.append(part)
            if sum(map(len, parts)) > MOST_BYTES:
                raise Unavailable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
        return b"".join(parts)
    except OSError as error:
        raise Unavailable(_why(error)) from None
    finally:
        os.close(handle)


def _why(error: OSError) -> str:
    return (error.strerror or "it cannot be read").lower()


def _list(folder: str) -> dict[str, Kind]:
    found = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found[entry.name] = _kind_of(entry)
    except (OSError, ValueError):  # a ValueError for a name that no file can have
        return {}
    return found


def _kind_of(entry: os.DirEntry[str]) -> Kind:
    try:
        if entry.is_dir():
            return Kind.FOLDER
        return Kind.FILE if entry.is_file() else Kind.MISSING
    except OSError:
        return Kind.MISSING
