"""Which files are worth reading: bytes first.

This module runs before anything else and imports nothing that costs time. Nearly every file of a
project ends here, after one search for a few words in its bytes.
"""

from __future__ import annotations

import os
import stat

PYTHON = "Python"
NOTEBOOK = "notebook"
MARKDOWN = "Markdown"
YAML = "YAML"
JSON = "JSON"
DOCKERFILE = "Dockerfile"
SHELL = "shell"
ENV_FILE = "env file"

_FORMS = {
    ".py": PYTHON,
    ".ipynb": NOTEBOOK,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".yml": YAML,
    ".yaml": YAML,
    ".json": JSON,
    ".dockerfile": DOCKERFILE,
    ".sh": SHELL,
    ".bash": SHELL,
    ".zsh": SHELL,
    ".ps1": SHELL,
    ".env": ENV_FILE,
}
REQUIREMENTS_SUFFIXES = (".txt", ".in", ".pip", ".reqs", ".list")
"""Files that a deployment may install; any other name is found through its deployment only."""

MOST_BYTES = 1_000_000
MOST_BYTES_OF_NOTEBOOK = 40_000_000
"""Notebooks hold pictures; what people write in them is as short as elsewhere."""

_CHUNK = 1 << 20
_LONGEST_NEEDLE = 64
_MOST_PROBES = 50
_NEVER_WALKED = frozenset({"__pycache__", "node_modules", "site-packages"})


class Scan:
    """What was found behind the paths of a command line.

    ``named`` are absolute paths of files and folders whose findings are reported. ``hits`` maps
    each file that may hold a deployment to its bytes, ``context`` likewise those of the
    same project that nobody named. ``requirements`` are named files that could be requirements
    files. ``unreadable`` maps a named file to the reason. ``files`` counts the files looked at.
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
        return not (self.hits or self.requirements or self.unreadable)


def form_of(path: str) -> str | None:
    """What a file of this name is written in, in upper or lower case; ``None`` if it is nothing
    that deployments are written in."""
    name = path[path.rfind(os.sep) + 1 :].lower()
    form = _FORMS.get(name[name.rfind(".") :])
    if form is None and name.startswith(("dockerfile", "containerfile")):
        return DOCKERFILE
    return form


def may_deploy(form: str, data: bytes) -> bool:
    """Whether the bytes of a file can hold anything for us. One search for most files."""
    if form is PYTHON:
        return _names_azure(data) and _uses_sdk(data)
    if b"aml-preflight" in data or b"ML_EXTRA" in data:
        return True
    if form is NOTEBOOK or form is MARKDOWN:
        return _names_azure(data) and (
            _uses_sdk(data) or b"scoring_script" in data or b"entryScript" in data
        )
    if form is YAML or form is JSON:
        return (
            b"environment_variables" in data
            or b"environmentVariables" in data
            or b"scoring_script" in data
            or b"entryScript" in data
        )
    if form is SHELL:
        return b"environment_variables" in data
    return b"azureml/" in data  # an image


def _uses_sdk(data: bytes) -> bool:
    return (
        b"environment_variables" in data
        or b"InferenceConfig" in data
        or b"OnlineDeployment" in data
        or b"aml-preflight" in data
    )


def _names_azure(data: bytes) -> bool:
    """``b"azure" in data``, by way of its rarest letter: a search for one byte is far quicker."""
    at = data.find(b"z")
    for _ in range(_MOST_PROBES):
        if at < 0:
            return False
        if data[at - 1 : at + 4] == b"azure":
            return True
        at = data.find(b"z", at + 1)
    return b"azure" in data


def scan(paths: list[str], *, changed: bool) -> Scan:
    """Look at files and folders. ``changed`` tells that the paths are those of a commit: then a
    requirements file counts only if a deployment of its project may use it."""
    found = Scan()
    for path in paths:
        full = os.path.normpath(os.path.join(os.getcwd(), path))
        found.named.append(full)
        if os.path.isdir(full):
            for inside in walk(full):
                form = form_of(inside)
                if form is not None:
                    _look(found, inside, form, named=False)
        elif form := form_of(full):
            _look(found, full, form, named=True)
        else:
            found.files += 1
            if full.lower().endswith(REQUIREMENTS_SUFFIXES):
                found.requirements.append(full)
    if found.requirements:
        _look_around(found)
        if changed and not found.hits and not found.context:
            found.requirements.clear()
    return found


def _look(found: Scan, path: str, form: str, *, named: bool) -> None:
    found.files += 1
    if path in found.hits:
        return
    try:
        data = read_if_it_may_deploy(path, form)
    except OSError as error:
        if named:
            found.unreadable[path] = (error.strerror or "it cannot be read").lower()
        return
    if data is not None:
        found.hits[path] = data


def _look_around(found: Scan) -> None:
    """Read the deployments of the projects that the named requirements files belong to."""
    from .git import repository_root

    roots = dict.fromkeys(
        repository_root(os.path.dirname(path)) or os.getcwd() for path in found.requirements
    )
    for root in roots:
        for path in walk(root):
            form = form_of(path)
            if form is not None and path not in found.hits:
                try:
                    data = read_if_it_may_deploy(path, form)
                except OSError:
                    continue
                if data is not None:
                    found.context[path] = data


def read_if_it_may_deploy(path: str, form: str) -> bytes | None:
    """The bytes of a regular file if it can hold anything for us, else ``None``.

    Of a file that is larger than what is analysed, only the first part comes back. Never waits for
    a pipe. Raises ``OSError``.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is not a regular file")
        most = MOST_BYTES_OF_NOTEBOOK if form is NOTEBOOK else MOST_BYTES
        data = os.read(handle, min(status.st_size, most) + 1)
        if len(data) <= most:
            while part := os.read(handle, _CHUNK):
                data += part
            return data if may_deploy(form, data) else None
        return data if _long_file_may_deploy(handle, form, data) else None
    finally:
        os.close(handle)


def _long_file_may_deploy(handle: int, form: str, data: bytes) -> bool:
    """``may_deploy`` for a file that is read piece by piece: each word may be anywhere."""
    azure = words = False
    while data:
        azure = azure or b"azure" in data
        words = words or may_deploy(form, b"azure" + data)
        if azure and words:
            return True
        part = os.read(handle, _CHUNK)
        data = data[-_LONGEST_NEEDLE:] + part if part else b""
    return False


def walk(folder: str) -> list[str]:
    """Absolute paths of the files below a folder: inside a git repository those that git does not
    ignore, elsewhere all but those of virtual environments, caches and hidden folders."""
    from .git import files, repository_root

    root = repository_root(folder)
    listed = files(root, folder) if root is not None else None
    return _walk(folder) if listed is None else listed


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
            elif entry.name[:1] != "." and entry.name not in _NEVER_WALKED:
                waiting.append(entry.path)
    return found
