"""Which of the named files, and of those around them, are worth reading: bytes first.

This module runs before anything else and imports nothing that costs time.
"""

from __future__ import annotations

import errno
import os
import stat

from .forms import (
    DOCKERFILE,
    ENV_FILE,
    FORMS,
    INSTALLED,
    JSON,
    MOST_BYTES,
    MOST_BYTES_OF_NOTEBOOK,
    NOTEBOOK,
    PYTHON,
    REQUIREMENTS_SUFFIXES,
    SHELL,
    YAML,
    form_of,
    is_part_by_name,
    is_ruled_out,
    may_deploy,
    uses_sdk,
)

TYPE_CHECKING = False  # importing typing takes most of what Python takes to start
if TYPE_CHECKING:
    from collections.abc import Callable

    Looked = tuple[dict[str, bytes], int, dict[str, str]]
    """Of some files: the bytes of those that may hold a deployment, by path; how many were read;
    why others may not be read."""

_NEEDS_ANOTHER = frozenset({PYTHON, YAML, JSON, DOCKERFILE, SHELL, ENV_FILE})
"""Forms in which a file can be a part of a deployment that stands in another file."""

_REFUSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}
)
"""How it shows that a file is there and cannot be read."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FIRST = 1 << 18
"""Most files are shorter: they are read at once, and what comes back shows that they have ended."""

_MANY = 1_000
"""From so many files on it pays to look at them in more than one process."""

_CHUNK = 1 << 20
_LONGEST_WORD = 64


class Scan:
    """What was found behind the paths of a command line.

    ``named`` are absolute paths of files and folders whose findings are reported. ``hits`` maps
    each named file that may hold a deployment to its bytes, ``context`` likewise those of the
    same project that nobody named. ``requirements`` are named files that could be requirements
    files. ``unreadable`` maps a named file to the reason. ``files`` counts the named files.
    """

    __slots__ = ("context", "files", "hits", "named", "requirements", "unreadable")

    def __init__(self) -> None:
        self.named: list[str] = []
        self.hits: dict[str, bytes] = {}
        self.context: dict[str, bytes] = {}
        self.requirements: list[str] = []
        self.unreadable: dict[str, str] = {}
        self.files = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to analyse."""
        return not (self.hits or self.context or self.requirements or self.unreadable)


# ---- looking at what is named ------------------------------------------------------------------


def scan(
    paths: list[str],
    *,
    changed: bool,
    overlay: dict[str, bytes] | None = None,
    prepare: Callable[[str], None] | None = None,
) -> Scan:
    """Look at files and folders. ``changed`` tells that the paths are those of a commit: then a
    requirements file counts only if a deployment of its project may use it. ``overlay`` maps
    absolute paths of named files to bytes that stand for their content. ``prepare`` is called with
    the path of the first file that may hold a deployment while other processes look at the rest.

    If a named file may belong to a deployment that is written elsewhere, then the rest of its
    project is looked at, too.
    """
    return _Scanner(changed, overlay or {}, prepare).scan(paths)


class _Scanner:
    def __init__(
        self, changed: bool, overlay: dict[str, bytes], prepare: Callable[[str], None] | None
    ) -> None:
        self.changed = changed
        self.overlay = overlay
        self.prepare = prepare
        self.reader = Reader()
        self.found = Scan()
        self.current = os.getcwd()
        self.parts: list[str] = []
        """Named files that may belong to a deployment elsewhere, which names them."""
        self.nameless: dict[str, None] = {}
        """Those that a deployment need not name that they belong to, and folders."""
        self.installed: dict[str, bool] = {}
        self.looked: set[str] = set()
        self.walked: list[str] = []

    def scan(self, paths: list[str]) -> Scan:
        found = self.found
        for path in paths:
            full = os.path.normpath(os.path.join(self.current, path))
            found.named.append(full)
            if os.path.isdir(full) and full not in self.overlay:
                self._folder(full, alone=len(paths) == 1)
                continue
            if full not in self.looked:
                self.looked.add(full)
                self._file(full, form_of(full))
            if self._may_be_requirements(full):
                found.requirements.append(full)
        found.requirements = list(dict.fromkeys(found.requirements))
        if self.parts or self.nameless:
            self._look_around()
        if self.changed and not found.hits and not found.context:
            found.requirements.clear()
        return found

    def _file(self, path: str, form: str | None) -> None:
        found = self.found
        found.files += 1
        if self._is_nameless(path, form):
            self.nameless[path] = None
        if form is None:
            return
        try:
            data, hit = self._content(path, form)
        except OSError as error:
            found.unreadable[path] = _why(path, error)
            return
        target = self._target(path)
        if target != path:
            found.named.append(target)
            self.looked.add(target)
        if hit:
            found.hits[target] = data
        if form in _NEEDS_ANOTHER and (hit or self._may_be_part(form, data)):
            self.parts += dict.fromkeys((path, target))

    def _target(self, path: str) -> str:
        """The file of the project that a link leads to; any other path as it is."""
        if not os.path.islink(path):
            return path
        root, real = self._project(os.path.dirname(path)), os.path.realpath(path)
        start = os.path.join(os.path.realpath(root), "")
        inside = real.startswith(start) and os.path.isfile(real)
        return os.path.join(root, real[len(start) :]) if inside else path

    def _may_be_part(self, form: str, data: bytes) -> bool:
        from .parts import may_be_part

        return may_be_part(form, data)

    def _may_be_requirements(self, path: str) -> bool:
        """Whether a file may be a list of requirements: a text in an editor always may."""
        if form_of(path) is not None:
            return False
        return path.lower().endswith(REQUIREMENTS_SUFFIXES) or path in self.overlay

    def _is_nameless(self, path: str, form: str | None) -> bool:
        """Whether a file can belong to a deployment that does not name it."""
        if is_part_by_name(path) or form is ENV_FILE or (form is None and path in self.overlay):
            return True
        return form in (None, PYTHON) and self._is_installed(os.path.dirname(path))

    def _is_installed(self, folder: str) -> bool:
        """Whether pip installed what is in a folder, or in one above it in the project."""
        known = self.installed.get(folder)
        if known is None:
            try:
                names = os.listdir(folder)
            except OSError:
                names = []
            known = any(name.endswith(INSTALLED) for name in names)
            above = os.path.dirname(folder)
            if not known and ".git" not in names and folder not in (self.current, above):
                known = self._is_installed(above)
            self.installed[folder] = known
        return known

    def _content(self, path: str, form: str) -> tuple[bytes, bool]:
        data = self.overlay.get(path)
        if data is not None:
            return data, may_deploy(form, data)
        return self.reader.read(path, form, keep=form in _NEEDS_ANOTHER)

    def _folder(self, folder: str, *, alone: bool) -> None:
        """All files below a folder; ``alone`` tells that nothing else is named. A whole project is
        no part of anything elsewhere."""
        from .walking import walk

        inner = self._project(folder) != folder
        if inner:
            self.nameless[folder] = None
        self.walked.append(folder)
        paths = walk(folder)
        hits, files, refused = self._look_through(paths, self._prepare_for)
        self.found.hits.update(hits)
        self.found.files += files
        self.found.unreadable.update(refused)
        if inner or not alone:
            self.looked.update(paths)

    def _look_through(
        self, paths: list[str], seen: Callable[[Looked], None] | None = None
    ) -> Looked:
        """What there is in those files that nobody looked at yet. ``seen`` is told of some of it
        while the rest of many is still being looked for."""
        if len(paths) < _MANY:
            return self._look_at(paths)
        from .sharing import in_shares

        hits: dict[str, bytes] = {}
        refused: dict[str, str] = {}
        files = 0
        for some, count, others in in_shares(paths, self._look_at, seen):
            hits.update(some)
            files += count
            refused.update(others)
        return {path: hits[path] for path in paths if path in hits}, files, refused

    def _look_at(self, paths: list[str]) -> Looked:
        read, looked = self.reader.read, self.looked
        hits: dict[str, bytes] = {}
        refused: dict[str, str] = {}
        files = 0
        for path in paths:
            form = FORMS.get(path[path.rfind(".") :]) or form_of(path)
            if form is None or path in looked:
                continue
            try:
                data, hit = read(path, form, keep=False)
            except OSError as error:
                if error.errno in _REFUSED:  # else it is gone, or no regular file
                    refused[path] = _why(path, error)
                continue
            files += 1
            if hit and self._target(path) == path:
                hits[path] = data
        return hits, files, refused

    def _prepare_for(self, found: Looked) -> None:
        """Tell of the first file that is to be analysed."""
        if found[0] and self.prepare is not None:
            self.prepare(next(iter(found[0])))
            self.prepare = None

    # ---- looking around ------------------------------------------------------------------------

    def _look_around(self) -> None:
        """Read the deployments of their projects that the parts may belong to."""
        from .walking import walk

        parts: dict[str, list[str]] = {}
        for path in (*self.parts, *self.nameless):
            parts.setdefault(self._project(os.path.dirname(path)), []).append(path)
        for root, own in parts.items():
            if root in self.walked:
                continue
            files = walk(root)
            hits, _, _ = self._look_through(files)
            if hits and not any(path in self.nameless for path in own):
                hits = self._connected(root, own, files, hits)
            self.found.context.update(hits)

    def _connected(
        self, root: str, parts: list[str], files: list[str], hits: dict[str, bytes]
    ) -> dict[str, bytes]:
        """Those of some deploying files that one of the parts may belong to."""
        from .connections import Connections

        def load(path: str) -> bytes | None:
            for known in (hits, self.found.hits, self.overlay):
                if path in known:
                    return known[path]
            try:
                return self.reader.read(path, form_of(path) or "", keep=True)[0]
            except OSError:
                return None

        connections = Connections(root, {*files, *parts}, load)
        return {path: hits[path] for path in hits if connections.hold_any(parts, path)}

    def _project(self, folder: str) -> str:
        """The folder of the project: the git root, else the current folder if it is above."""
        from .git import repository_root

        root = repository_root(folder)
        if root is None:
            below = os.path.join(folder, "").startswith(os.path.join(self.current, ""))
            root = self.current if below else folder
        return root


def _why(path: str, error: OSError) -> str:
    if os.path.exists(path) and not os.path.isfile(path):
        return "it is not a regular file"
    return (error.strerror or "it cannot be read").lower()


# ---- reading -----------------------------------------------------------------------------------


class Reader:
    """Reads files, most of them no further than into a buffer of its own."""

    __slots__ = ("_buffer", "_into")

    def __init__(self) -> None:
        self._buffer = bytearray(_FIRST)
        self._into = (self._buffer,)

    def read(self, path: str, form: str, *, keep: bool) -> tuple[bytes, bool]:
        """The bytes of a regular file, and whether it can hold anything for us.

        Without ``keep`` no bytes come back of a file that is ruled out. Of a file that is larger
        than what is analysed, only the first part comes back. Never waits for a pipe, nor takes
        anything out of it. Raises ``OSError``.
        """
        handle = os.open(path, _FLAGS)
        try:
            end = self._fill(handle)  # a pipe and a terminal refuse to be read so
            if end == _FIRST:
                return _read_long(handle, form, bytes(self._buffer))
        finally:
            os.close(handle)
        if not keep and is_ruled_out(form, self._buffer, end):
            return b"", False
        data = bytes(memoryview(self._buffer)[:end])
        return data, may_deploy(form, data)

    if hasattr(os, "preadv"):

        def _fill(self, handle: int) -> int:
            """Read the beginning of a file into the buffer; returns how many bytes that are."""
            return os.preadv(handle, self._into, 0)

    else:

        def _fill(self, handle: int) -> int:
            data = _read_at(handle, _FIRST, 0)
            self._buffer[: len(data)] = data
            return len(data)


def _read_long(handle: int, form: str, data: bytes) -> tuple[bytes, bool]:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "it is not a regular file")
    most = MOST_BYTES_OF_NOTEBOOK if form is NOTEBOOK else MOST_BYTES
    while len(data) <= most:
        size = min(max(status.st_size, most) - len(data) + 1, _CHUNK)
        part = _read_at(handle, max(size, 1), len(data))
        if not part:
            return data, may_deploy(form, data)
        data += part
    return data, _long_file_may_deploy(handle, form, data)


def _long_file_may_deploy(handle: int, form: str, data: bytes) -> bool:
    """``may_deploy`` for a file that is read piece by piece: each word may be anywhere."""
    offset = len(data)
    azure = words = False
    while data:
        if form is PYTHON:
            azure = azure or b"azure" in data
            words = words or uses_sdk(data)
        else:
            azure = words = may_deploy(form, data)
        if azure and words:
            return True
        part = _read_at(handle, _CHUNK, offset)
        offset += len(part)
        data = data[-_LONGEST_WORD:] + part if part else b""
    return False


def _seek_and_read(handle: int, size: int, offset: int) -> bytes:
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, size)


_read_at = getattr(os, "pread", _seek_and_read)
