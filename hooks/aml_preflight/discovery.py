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

_COMMENT = b"aml-preflight:"
_SDK_WORDS = (b"environment_variables", b"OnlineDeployment", b"InferenceConfig")
_CONFIG_WORDS = (
    b"environment_variables",
    b"code_configuration",
    b"nlineDeployment",
    b"entryScript",
)
_NAMES = (b"_extra", b"extra_", b"mlextra", b"ml-extra", b"requirements_txt")
"""In lower case, of the variables that add packages and of what people write instead."""

_NAMES_IN_CAPITALS = (*(name.upper() for name in _NAMES), b"ml_extra")
_COMMANDS = (b"code_configuration", b"environment.image")
_IMAGES = b"microsoft.com/azureml/"
_WORDS = {
    NOTEBOOK: (
        *_SDK_WORDS, *_CONFIG_WORDS[1:], *_NAMES_IN_CAPITALS, b"endpoint_name:",
        b"environment.image", b"docker run", b"docker create", b"podman ", b"FROM mcr", _COMMENT,
    ),
    MARKDOWN: (
        *(word.lower() for word in (*_SDK_WORDS, *_CONFIG_WORDS[1:])), b"endpoint_name:",
        b"environment.image", *_NAMES, _IMAGES, _COMMENT,
    ),
    YAML: (*_CONFIG_WORDS, b"endpoint_name", _COMMENT),
    JSON: (*_CONFIG_WORDS, b"endpoint_name", _COMMENT),
    DOCKERFILE: (b"-inference", b"quickstart", b"azureml_", b"aml_", *_NAMES, _COMMENT),
    SHELL: (b"environment_variables", b"azureml/", *_COMMANDS, *_NAMES, _COMMENT),
    ENV_FILE: (*_NAMES, _COMMENT),
}  # fmt: skip
"""A file of such a form can hold something for us only with one of these words in it. Forms in
which names stand alone, and may be misspelt in any way, are searched in lower case."""

_IN_LOWER_CASE = frozenset({MARKDOWN, DOCKERFILE, SHELL, ENV_FILE})
_ALSO_FOR_US = {
    NOTEBOOK: (b"az ml", b"ML_", b"AZUREML"),
    MARKDOWN: (b"az ml", b"ML_", b"AZUREML", b"Azure", b"aml_", b"aml-", b"code_configuration"),
    SHELL: (b"az ml", b"ML_", b"AZUREML", b"Azure", b"aml_", b"aml-"),
}
"""Forms whose files are many or long and nearly always for something else: without ``azure`` in
it, a file can hold something for us only with one of these words."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_IGNORE_FILES = (".amlignore", ".gitignore")
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
_NEEDS_ANOTHER = frozenset({PYTHON, YAML, JSON, DOCKERFILE, SHELL, ENV_FILE})
"""Forms in which a file can be a part of a deployment that stands in another file."""

_NAMED_BY_ITS_FOLDER = ("__init__", "azureml_environment")

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FIRST = 1 << 18
"""Most files are shorter: they are read at once, and what comes back shows that they have ended."""

_CHUNK = 1 << 20
_LONGEST_WORD = 64
_PROBES = (None,) * 100
_NEVER_WALKED = frozenset({"__pycache__", "node_modules", "site-packages"})


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


# ---- forms and words ---------------------------------------------------------------------------


def form_of(path: str) -> str | None:
    """What a file of this name is written in, in upper or lower case; ``None`` if it is nothing
    that deployments are written in."""
    name = path[path.rfind(os.sep) + 1 :].lower()
    form = _FORMS.get(name[name.rfind(".") :])
    if form is None and name.startswith(("dockerfile", "containerfile")):
        return DOCKERFILE
    if form is None and name.startswith(".env."):
        return ENV_FILE
    return form


def may_deploy(form: str, data: bytes) -> bool:
    """Whether the bytes of a file can hold anything for us. One search for most files."""
    if form is PYTHON:
        return _names_azure(data) and _uses_sdk(data)
    if form in _ALSO_FOR_US and _is_of_something_else(form, data):
        return False
    if form is not NOTEBOOK:
        if data[:2] in _UTF_16:
            data = data.replace(b"\0", b"")
        if form in _IN_LOWER_CASE:
            data = data.lower()
    for word in _WORDS[form]:
        if word in data:
            return True
    return _is_v1_environment(form, data)


def _is_of_something_else(form: str, data: bytes) -> bool:
    if _names_azure(data) or data[:2] in _UTF_16:
        return False
    return not any(word in data for word in _ALSO_FOR_US[form])


def _is_v1_environment(form: str, data: bytes) -> bool:
    """Whether there are variables of an environment of SDK v1. Those of other programs do not
    stand beside these words."""
    key = b"environmentvariables" if form in _IN_LOWER_CASE else b"environmentVariables"
    return key in data and (b"docker" in data or b"python" in data)


def _uses_sdk(data: bytes) -> bool:
    return any(word in data for word in _SDK_WORDS) or _COMMENT in data


def _names_azure(data: bytes) -> bool:
    """``b"azure" in data``, by way of its rarest letter: a search for one byte is far quicker."""
    at = -1
    for _ in _PROBES:
        at = data.find(b"z", at + 1)
        if at < 0:
            return False
        if data.startswith(b"azure", at - 1):
            return True
    return b"azure" in data


def _may_be_part(form: str, data: bytes) -> bool:
    """Whether a file that deploys nothing may be a part of what another file deploys: a score
    script, a module with variables, a conda file or an environment."""
    if form is PYTHON:
        return (b"def init" in data and b"def run" in data) or b"ML_EXTRA" in data
    if form is YAML or form is JSON:
        return b"dependencies" in data or b"conda_file" in data or b"azureml/" in data
    return form is ENV_FILE


# ---- looking at what is named ------------------------------------------------------------------


def scan(paths: list[str], *, changed: bool, overlay: dict[str, bytes] | None = None) -> Scan:
    """Look at files and folders. ``changed`` tells that the paths are those of a commit: then a
    requirements file counts only if a deployment of its project may use it. ``overlay`` maps
    absolute paths of named files to bytes that stand for their content.

    If a named file may belong to a deployment that is written elsewhere, then the rest of its
    project is looked at, too.
    """
    return _Scanner(changed, overlay or {}).scan(paths)


class _Scanner:
    def __init__(self, changed: bool, overlay: dict[str, bytes]) -> None:
        self.changed = changed
        self.overlay = overlay
        self.found = Scan()
        self.current = os.getcwd()
        self.parts: list[str] = []
        """Named files that may belong to a deployment elsewhere."""
        self.looked: set[str] = set()
        self.walked: list[str] = []

    def scan(self, paths: list[str]) -> Scan:
        found = self.found
        for path in paths:
            full = os.path.normpath(os.path.join(self.current, path))
            found.named.append(full)
            if os.path.isdir(full) and full not in self.overlay:
                self._folder(full, alone=len(paths) == 1)
            elif full not in self.looked:
                self.looked.add(full)
                self._file(full, form_of(full))
        if self.parts:
            self._look_around()
        if self.changed and not found.hits and not found.context:
            found.requirements.clear()
        return found

    def _file(self, path: str, form: str | None) -> None:
        found = self.found
        found.files += 1
        replaced = path in self.overlay
        if is_part_by_name(path) or (form is None and replaced):
            self.parts.append(path)
        if form is None:
            if path.lower().endswith(REQUIREMENTS_SUFFIXES) or replaced:
                found.requirements.append(path)
            return
        try:
            data, hit = self._content(path, form)
        except OSError as error:
            found.unreadable[path] = _why(path, error)
            return
        if hit:
            found.hits[path] = data
        if form in _NEEDS_ANOTHER and (hit or _may_be_part(form, data)):
            self.parts.append(path)

    def _content(self, path: str, form: str) -> tuple[bytes, bool]:
        data = self.overlay.get(path)
        return _read(path, form) if data is None else (data, may_deploy(form, data))

    def _folder(self, folder: str, *, alone: bool) -> None:
        """All files below a folder; ``alone`` tells that nothing else is named. What lies in a
        whole project is no part of anything elsewhere."""
        from .git import repository_root

        root = repository_root(folder)
        inner = root is not None and root != folder
        found, looked = self.found, self.looked
        self.walked.append(folder)
        paths = walk(folder)
        for path in paths:
            form = _FORMS.get(path[path.rfind(".") :]) or form_of(path)
            if form is not None:
                if path in looked:
                    continue
                found.files += 1
                try:
                    data, hit = _read(path, form)
                except OSError:
                    continue
                if hit:
                    found.hits[path] = data
                if inner and form in _NEEDS_ANOTHER and (hit or _may_be_part(form, data)):
                    self.parts.append(path)
            elif inner and is_part_by_name(path):
                self.parts.append(path)
        if inner or not alone:
            looked.update(paths)

    # ---- looking around ------------------------------------------------------------------------

    def _look_around(self) -> None:
        """Read the deployments of the projects that the parts belong to."""
        folders = dict.fromkeys(os.path.dirname(path) for path in self.parts)
        names = list(dict.fromkeys(map(self._names_elsewhere, self.parts)))
        for root in dict.fromkeys(self._project(folder) for folder in folders):
            if root in self.walked:
                continue
            for path in walk(root):
                form = _FORMS.get(path[path.rfind(".") :]) or form_of(path)
                if form is None or path in self.looked:
                    continue
                try:
                    data, hit = _read(path, form)
                except OSError:
                    continue
                if hit and _mentions(os.path.dirname(path), data, names):
                    self.found.context[path] = data

    def _names_elsewhere(self, path: str) -> tuple[bytes, bytes, str]:
        """The words by which another file speaks of one, and the folder in which the second is not
        needed. Empty words where it may not name it at all: a requirements file is included by
        others, a folder of packages holds many files. Nearly all score scripts have the same name,
        and differ in their folder's."""
        form = form_of(path)
        if is_part_by_name(path) or form is None or form is ENV_FILE:
            return b"", b"", ""
        folder, name = os.path.split(path)
        stem = name[: name.rfind(".")] if "." in name else name
        if stem in _NAMED_BY_ITS_FOLDER:
            return os.fsencode(os.path.basename(folder)), b"", ""
        is_script = form is PYTHON and path not in self.found.hits
        if not is_script or folder == self._project(folder):
            return os.fsencode(stem), b"", ""
        return os.fsencode(stem), os.fsencode(os.path.basename(folder)), folder

    def _project(self, folder: str) -> str:
        """The folder of the project: the git root, else the current folder if it is above."""
        from .git import repository_root

        root = repository_root(folder)
        if root is None:
            below = os.path.join(folder, "").startswith(os.path.join(self.current, ""))
            root = self.current if below else folder
        return root


def _mentions(folder: str, data: bytes, names: list[tuple[bytes, bytes, str]]) -> bool:
    return any(
        stem in data and (own in data or own_folder == folder) for stem, own, own_folder in names
    )


def is_part_by_name(path: str) -> bool:
    """Whether a file can be a part of a deployment, whatever is in it."""
    return (
        path.lower().endswith(REQUIREMENTS_SUFFIXES)
        or path[path.rfind(os.sep) + 1 :] in _IGNORE_FILES
        or any(folder in path for folder in _INSTALLED)
    )


def _why(path: str, error: OSError) -> str:
    if os.path.exists(path) and not os.path.isfile(path):
        return "it is not a regular file"
    return (error.strerror or "it cannot be read").lower()


# ---- reading -----------------------------------------------------------------------------------


def read_if_it_may_deploy(path: str, form: str) -> bytes | None:
    """The bytes of a regular file if it can hold anything for us, else ``None``.

    Of a file that is larger than what is analysed, only the first part comes back. Never waits for
    a pipe. Raises ``OSError``.
    """
    data, hit = _read(path, form)
    return data if hit else None


def _read(path: str, form: str) -> tuple[bytes, bool]:
    """The bytes of a file, and whether it can hold anything for us."""
    handle = os.open(path, _FLAGS)
    try:
        data = _read_at(handle, _FIRST, 0)  # a pipe and a terminal refuse to be read so
        if len(data) == _FIRST:
            return _read_long(handle, form, data)
    finally:
        os.close(handle)
    return data, may_deploy(form, data)


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
            words = words or _uses_sdk(data)
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


# ---- walking -----------------------------------------------------------------------------------


def walk(folder: str) -> list[str]:
    """Absolute paths of the files below a folder: inside a git repository those that git does not
    ignore, elsewhere all but those of virtual environments, caches and hidden folders."""
    from .git import files, repository_root

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
            elif entry.name[:1] != "." and entry.name not in _NEVER_WALKED:
                waiting.append(entry.path)
    return found
