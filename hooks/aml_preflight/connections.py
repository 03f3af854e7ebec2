"""Which deployments of a project a file may belong to, by the names that stand in files.

A file that deploys says what it is made of in words: it imports modules, and it names files and
folders. Some of these say more: a module imports others, a command makes the deployment of a YAML
file. So a file can belong to a deployment only if its name stands in the file that deploys, or in
one that this brings in, directly or through others. The names are looked for as bytes: what is
found here is read, and what it really belongs to is worked out then.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from .forms import ENV_FILE, JSON, MARKDOWN, MOST_BYTES, NOTEBOOK, PYTHON, YAML, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WORD = re.compile(rb"[\w\x80-\xff]+")
_QUOTED = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*")
_IMPORT = re.compile(rb"(?:\bfrom\s+[.\w]+\s+)?\bimport\b[ \t]*(?:\([^)]*\)|(?:[^\n\\]|\\\r?\n)*)")
_PACKAGE = "__init__.py"
_NAMED_BY_ITS_FOLDER = (_PACKAGE, "azureml_environment.json")
_WITH_IMPORTS = (PYTHON, NOTEBOOK, MARKDOWN)
_WITH_ESCAPES = (NOTEBOOK, JSON)
_BROUGHT_IN = (YAML, JSON, ENV_FILE)
_MOUNTS = b"LIB_PATH"

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Connections:
    """What the files of a project say of each other.

    ``root`` is the folder of the project, ``files`` are the absolute paths of its files, ``load``
    gives the bytes of one of them or ``None``.
    """

    def __init__(
        self, root: str, files: Iterable[str], load: Callable[[str], bytes | None]
    ) -> None:
        self.root = root
        self._load = load
        self._packages: set[str] = set()
        self._modules: dict[bytes, list[tuple[frozenset[bytes], str]]] = {}
        self._others: dict[bytes, list[tuple[frozenset[bytes], str]]] = {}
        self._texts: dict[str, bytes] = {}
        self._quoted: dict[str, bytes] = {}
        self._brought: dict[str, tuple[str, ...]] = {}
        for path in files:
            self._enter(path)

    def _enter(self, path: str) -> None:
        form = form_of(path)
        if form is PYTHON:
            index = self._modules
            if path.endswith(os.sep + _PACKAGE):
                self._packages.add(path)
        elif form in _BROUGHT_IN:
            index = self._others
        else:
            return
        words = _WORD.findall(_name(path))
        if words:
            index.setdefault(words[0], []).append((frozenset(words), path))

    def hold_any(self, parts: Iterable[str], deploying: str) -> bool:
        """Whether one of some files, by absolute paths, may belong to what another one deploys."""
        brought = {path: self._text(path) for path in self._all_brought_in(deploying)}
        if any(len(text) > MOST_BYTES for text in brought.values()):
            return True  # not all of it is looked through
        mounts = any(_MOUNTS in text for text in brought.values())
        return any(self._belongs(part, brought, mounts=mounts) for part in parts)

    def _belongs(self, part: str, brought: dict[str, bytes], *, mounts: bool) -> bool:
        """Whether a file belongs to what a file with all that it brings in deploys; ``mounts``
        tells that there may be a folder of packages, in which any file may be."""
        if part in brought:
            return True
        name, folder = _name(part), os.path.dirname(part)
        is_program = form_of(part) is PYTHON
        if not any(name in self._saying(path, of_program=is_program) for path in brought):
            above = _names_above(folder, self.root)
            return mounts and any(each in text for text in brought.values() for each in above)
        # Score scripts have nearly all one name: they differ in their folders'.
        if not is_program or folder in (self.root, os.path.join(self.root, "src")):
            return True
        own, below = os.fsencode(os.path.basename(folder)), os.path.join(folder, "")
        return any(path.startswith(below) or own in text for path, text in brought.items())

    def _saying(self, path: str, *, of_program: bool) -> bytes:
        """Where a file may name another one. A program that does not import another one calls it by
        its name in quotes, or in a remark."""
        if not of_program or form_of(path) is not PYTHON:
            return self._text(path)
        known = self._quoted.get(path)
        if known is None:
            known = self._quoted[path] = b" ".join(_QUOTED.findall(self._text(path)))
        return known

    def _all_brought_in(self, path: str) -> list[str]:
        """A file with all that it brings in, directly and through others."""
        found = {path: None}
        waiting = [path]
        while waiting:
            for each in self._brought_in(waiting.pop()):
                if each not in found:
                    found[each] = None
                    waiting.append(each)
        return list(found)

    def _brought_in(self, path: str) -> tuple[str, ...]:
        known = self._brought.get(path)
        if known is None:
            known = self._brought[path] = tuple(self._find_brought_in(path))
        return known

    def _find_brought_in(self, path: str) -> Iterator[str]:
        text = self._text(path)
        if len(text) > MOST_BYTES:
            return
        yield from _named(self._others, set(_WORD.findall(text)))
        if form_of(path) not in _WITH_IMPORTS:
            return
        imports = b" ".join(_IMPORT.findall(text))
        yield from _named(self._modules, set(_WORD.findall(imports)))
        folder = os.path.dirname(path)
        while len(folder) >= len(self.root):  # importing a module runs the packages it is in
            package = os.path.join(folder, _PACKAGE)
            if package in self._packages:
                yield package
            folder = os.path.dirname(folder)

    def _text(self, path: str) -> bytes:
        """The bytes of a file, with what an escape stands for in those that have any."""
        known = self._texts.get(path)
        if known is None:
            known = self._load(path) or b""
            if known[:2] in _UTF_16:
                known = known.replace(b"\0", b"")
            if form_of(path) in _WITH_ESCAPES:
                known = known.replace(b"\\\\", b"/").replace(b"\\n", b"\n").replace(b'\\"', b'"')
            self._texts[path] = known
        return known


def _name(path: str) -> bytes:
    """The name that others call a file by."""
    folder, name = os.path.split(path)
    if name in _NAMED_BY_ITS_FOLDER:
        return os.fsencode(os.path.basename(folder))
    return os.fsencode(name.rpartition(".")[0] or name)


def _names_above(folder: str, root: str) -> list[bytes]:
    """The names of a folder and of those above it, without that of the project."""
    inside = folder[len(root) :].strip(os.sep)
    return [os.fsencode(name) for name in inside.split(os.sep) if name]


def _named(
    index: dict[bytes, list[tuple[frozenset[bytes], str]]], words: set[bytes]
) -> Iterator[str]:
    """The files of an index whose names are among some words."""
    for word in words:
        for needed, path in index.get(word, ()):
            if needed <= words:
                yield path


def may_mean_any(data: bytes) -> bool:
    """Whether a command or a program may make the deployment of a file of any name, with other
    values or another requirements file."""
    sets = b"--set" in data or b"--add" in data
    return (b"online-deployment" in data and sets) or b"load_online_deployment" in data
