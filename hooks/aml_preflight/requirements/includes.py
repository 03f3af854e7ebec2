"""A requirements file and all that it includes.

Files are read through a function of the caller, so that the disk, the git index and an editor's
buffers all do. Source of the rules: pip 26.3's ``RequirementsFileParser._parse_and_recurse``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from .decoding import Decoded, DecodeProblem, decode
from .reader import read
from .records import Include

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Requirement, RequirementsFile

Load = Callable[[str], "bytes | None"]
"""The bytes of the file at a path, or None if there is none or it is not to be read."""

MISSING = "missing"
CYCLE = "cycle"
REMOTE = "remote"
UNKNOWN = "unknown"
TOO_MANY = "too-many"

MAX_DEPTH = 32
MAX_FILES = 256
MAX_INCLUDES = 10_000
"""Of all visits together, those that cannot be followed among them."""


class Step(NamedTuple):
    """One include on the way to a file: the path of the including file and its line."""

    path: str
    include: Include


class IncludedFile(NamedTuple):
    """One visit of a file. A file that is included twice is visited twice, as pip does.

    ``chain`` are the includes that lead to it, outermost first; empty for the file asked for.
    ``constraint`` tells whether its requirements are constraints. ``decoded`` is the text with
    its encoding, or the problem, and then ``content`` has no entries.
    """

    path: str
    constraint: bool
    chain: tuple[Step, ...]
    decoded: Decoded | DecodeProblem
    content: RequirementsFile


class IncludeProblem(NamedTuple):
    """An include that was not followed.

    ``kind``: ``MISSING`` (``load`` gave None), ``CYCLE`` (the file is being read already; pip
    stops), ``REMOTE`` (a URL; never fetched), ``UNKNOWN`` (the target holds a variable),
    ``TOO_MANY`` (deeper than ``MAX_DEPTH``, more than ``MAX_FILES`` visits or ``MAX_INCLUDES``
    includes). ``target`` is the resolved path, or the URL. ``chain`` ends with the include in
    question; it is empty where the file asked for is itself missing.
    """

    kind: str
    target: str
    chain: tuple[Step, ...]


class RequirementsTree(NamedTuple):
    """All files in the order in which pip reads them (each before what it includes). ``problems``
    has one of a kind for each file and target, however often the file is visited."""

    files: tuple[IncludedFile, ...]
    problems: tuple[IncludeProblem, ...]


def follow(path: str, load: Load) -> RequirementsTree:
    """The file at ``path`` and all that it includes.

    ``path`` is written with ``/`` and may be relative to anything that ``load`` understands;
    included paths are resolved against the folder of the including file, ``..`` and ``.`` taken
    out without looking at links. ``load`` may be called with a path that leads upwards
    (``../x.txt``): it decides what may be read, and caps the size. Exceptions of ``load`` pass.
    """
    return _Walk(load).run(posixpath.normpath(path))


def resolve(path: str, target: str) -> str:
    """The path of an include ``target`` written in the file at ``path``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def constraint_problem(requirement: Requirement) -> str | None:
    """Why pip refuses ``requirement`` in a constraint file, or None (pips since 20.3)."""
    if requirement.editable:
        return "a constraint cannot be editable"
    if requirement.canonical is None and not requirement.variables:
        return "a constraint needs a name"
    if requirement.extras:
        return "a constraint cannot have extras"
    return None


class _Waiting(NamedTuple):
    """A file that is to be visited, and the includes that lead to it."""

    path: str
    constraint: bool
    chain: tuple[Step, ...]


class _Walk:
    """Depth first, without recursion; each file is decoded and read once."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.known: dict[str, tuple[Decoded | DecodeProblem, RequirementsFile] | None] = {}
        self.files: list[IncludedFile] = []
        self.problems: dict[tuple[object, ...], IncludeProblem] = {}

    def run(self, path: str) -> RequirementsTree:
        """The tree from ``path`` on."""
        waiting = [iter([_Waiting(path, False, ())])]
        followed = 0
        while waiting:
            each = next(waiting[-1], None)
            if each is None:
                waiting.pop()
                continue
            if followed > MAX_INCLUDES:
                self.say(TOO_MANY, each.path, each.chain)
                break
            followed += 1
            kind = self.refusal(each.path, each.chain)
            content = self.content(each.path) if kind is None else None
            if content is None:
                self.say(kind or MISSING, each.path, each.chain)
                continue
            file = IncludedFile(each.path, each.constraint, each.chain, *content)
            self.files.append(file)
            waiting.append(_included(file))
        return RequirementsTree(tuple(self.files), tuple(self.problems.values()))

    def say(self, kind: str, target: str, chain: tuple[Step, ...]) -> None:
        """Note what was not followed, and the first way to it."""
        step = chain[-1] if chain else None
        key = (kind, target, step and step.path, step and step.include.constraint)
        self.problems.setdefault(key, IncludeProblem(kind, target, chain))

    def refusal(self, path: str, chain: tuple[Step, ...]) -> str | None:
        """Why the file at the end of ``chain`` is not read, or None."""
        if chain and chain[-1].include.variables:
            return UNKNOWN
        if chain and chain[-1].include.remote:
            return REMOTE
        if any(step.path == path for step in chain):
            return CYCLE
        if len(chain) > MAX_DEPTH or len(self.files) >= MAX_FILES:
            return TOO_MANY
        return None

    def content(self, path: str) -> tuple[Decoded | DecodeProblem, RequirementsFile] | None:
        """The file decoded and read; None where there is none."""
        if path not in self.known:
            data = self.load(path)
            if data is None:
                self.known[path] = None
            else:
                decoded = decode(data)
                text = decoded.text if isinstance(decoded, Decoded) else ""
                self.known[path] = (decoded, read(text))
        return self.known[path]


def _included(file: IncludedFile) -> Iterator[_Waiting]:
    for entry in file.content.entries:
        if isinstance(entry, Include):
            chain = (*file.chain, Step(file.path, entry))
            yield _Waiting(_target(file.path, entry), entry.constraint, chain)


def _target(path: str, include: Include) -> str:
    if include.remote or include.variables:
        return include.target.text
    return resolve(path, include.target.text)
