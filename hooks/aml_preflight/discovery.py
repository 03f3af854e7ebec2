"""Which of the named files, and of those around them, are worth reading: bytes first.

This module runs before anything else and imports nothing that costs time.
"""

from __future__ import annotations

import errno
import os

from .contents import Reader
from .forms import (
    DOCKERFILE,
    ENV_FILE,
    FORMS,
    INSTALLED,
    JSON,
    PYTHON,
    REQUIREMENTS_SUFFIXES,
    SHELL,
    YAML,
    form_of,
    is_part_by_name,
    may_deploy,
)

TYPE_CHECKING = False  # importing typing takes most of what Python takes to start
if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Outline

    Outlines = dict[str, Outline | None]
    Looked = tuple[dict[str, bytes], int, dict[str, str], Outlines]
    """Of some files: the bytes of those that may hold a deployment, by path; how many were read;
    why others may not be read; and the outlines of those in Python."""

_NEEDS_ANOTHER = frozenset({PYTHON, YAML, JSON, DOCKERFILE, SHELL, ENV_FILE})
"""Forms in which a file can be a part of a deployment that stands in another file."""

_REFUSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}
)
"""How it shows that a file is there and cannot be read."""

_MANY = 1_000
"""From so many files on it pays to look at them in more than one process."""


class Scan:
    """What was found behind the paths of a command line.

    ``named`` are absolute paths of files and folders whose findings are reported. ``hits`` maps
    each named file that may hold a deployment to its bytes, ``context`` likewise those of the
    same project that nobody named. ``requirements`` are named files that could be requirements
    files. ``unreadable`` maps a named file to the reason. ``files`` counts the named files.
    ``outlines`` are those of some hits in Python, as far as there was time to make them.
    """

    __slots__ = ("context", "files", "hits", "named", "outlines", "requirements", "unreadable")

    def __init__(self) -> None:
        self.named: list[str] = []
        self.hits: dict[str, bytes] = {}
        self.context: dict[str, bytes] = {}
        self.requirements: list[str] = []
        self.unreadable: dict[str, str] = {}
        self.outlines: Outlines = {}
        self.files = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to analyse."""
        return not (self.hits or self.context or self.requirements or self.unreadable)


class Ahead:
    """What may be done about files that will be analysed, while others are still looked for.

    ``prepare`` is called once, with the path of such a file, in the process that will analyse it;
    ``outline`` for each such file in Python, with its path and bytes, in any process.
    """

    __slots__ = ("outline", "prepare")

    def __init__(
        self,
        prepare: Callable[[str], None],
        outline: Callable[[str, bytes], Outline | None],
    ) -> None:
        self.prepare = prepare
        self.outline = outline


# ---- looking at what is named ------------------------------------------------------------------


def scan(
    paths: list[str],
    *,
    changed: bool,
    overlay: dict[str, bytes] | None = None,
    ahead: Ahead | None = None,
) -> Scan:
    """Look at files and folders. ``changed`` tells that the paths are those of a commit: then a
    requirements file counts only if a deployment of its project may use it. ``overlay`` maps
    absolute paths of named files to bytes that stand for their content. ``ahead`` is what may be
    done about the files of a large folder while others are still looked for.

    If a named file may belong to a deployment that is written elsewhere, then the rest of its
    project is looked at, too.
    """
    return _Scanner(changed, overlay or {}, ahead).scan(paths)


class _Scanner:
    def __init__(self, changed: bool, overlay: dict[str, bytes], ahead: Ahead | None) -> None:
        self.changed = changed
        self.overlay = overlay
        self.ahead = ahead
        self.is_prepared = ahead is None
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
        hits, files, refused, outlines = self._look_through(paths, ahead=True)
        self.found.hits.update(hits)
        self.found.files += files
        self.found.unreadable.update(refused)
        self.found.outlines.update(outlines)
        if inner or not alone:
            self.looked.update(paths)

    def _look_through(self, paths: list[str], *, ahead: bool = False) -> Looked:
        """What there is in those files that nobody looked at yet. ``ahead`` tells that it will be
        analysed."""
        if len(paths) < _MANY:
            return self._look_at(paths)
        from .sharing import in_shares

        hits: dict[str, bytes] = {}
        refused: dict[str, str] = {}
        outlines: Outlines = {}
        files = 0
        if ahead and self.ahead is not None:
            shares = in_shares(paths, self._look_ahead, self._prepare_for)
        else:
            shares = in_shares(paths, self._look_at)
        for some, count, others, drawn in shares:
            hits.update(some)
            files += count
            refused.update(others)
            outlines.update(drawn)
        return {path: hits[path] for path in paths if path in hits}, files, refused, outlines

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
        return hits, files, refused, {}

    def _look_ahead(self, paths: list[str]) -> Looked:
        """``_look_at``, with outlines."""
        assert self.ahead is not None
        hits, files, refused, outlines = self._look_at(paths)
        for path, data in hits.items():
            if form_of(path) is PYTHON:
                outlines[path] = self.ahead.outline(path, data)
        return hits, files, refused, outlines

    def _prepare_for(self, found: Looked) -> None:
        """Tell of the first file that is to be analysed."""
        if found[0] and self.ahead is not None and not self.is_prepared:
            self.is_prepared = True
            self.ahead.prepare(next(iter(found[0])))

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
            hits, *_ = self._look_through(files)
            if hits and not any(path in self.nameless for path in own):
                hits = self._connected(root, own, files, hits)
            self.found.context.update(hits)

    def _connected(
        self, root: str, parts: list[str], files: list[str], hits: dict[str, bytes]
    ) -> dict[str, bytes]:
        """Those of some deploying files that one of the parts may belong to."""
        from .connections import Connections, may_mean_any

        def load(path: str) -> bytes | None:
            for known in (hits, self.found.hits, self.overlay):
                if path in known:
                    return known[path]
            try:
                return self.reader.read(path, form_of(path) or "", keep=True)[0]
            except OSError:
                return None

        connections = Connections(root, {*files, *parts}, load)
        found = {path: hits[path] for path in hits if connections.hold_any(parts, path)}
        if any(form_of(path) is YAML for path in (*found, *self.found.hits)):
            found.update((path, data) for path, data in hits.items() if may_mean_any(data))
        return {path: hits[path] for path in hits if path in found}

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
