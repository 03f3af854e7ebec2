"""Why the lines of requirements files fail or do nothing: one cause for each line.

The rules on requirements files all get what this module finds, and each speaks of its own cause, so
that one mistake is never reported twice. The order of precedence is decided here: a file of another
format belongs to AML311 alone; a line that pip refuses to AML303; a path of another machine to
AML307 before AML302; and only what is left can be unpinned.
"""

from __future__ import annotations

import posixpath
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from .boot import APP_ROOT, SERVICE_FOLDER
from .images import Feature
from .paths import Kind
from .requirements.decoding import Decoded
from .requirements.foreign import foreign_path, is_foreign
from .requirements.formats import misread, placeholder
from .requirements.includes import MISSING, constraint_problem
from .requirements.markers import evaluate
from .requirements.records import (
    ABORTS_INSTALL,
    PATH,
    Include,
    Invalid,
    OptionLine,
    Refusal,
    Requirement,
    Unknown,
)
from .requirements.refusals import judged
from .values import Unknown as UnknownValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Place
    from .installation import Installation
    from .requirements.includes import IncludedFile
    from .requirements.records import Entry, Span

_HOME_IN_IMAGE = "/home/dockeruser"


class Cause(Enum):
    """Why a requirement fails for certain, and so which rule speaks of its line."""

    INVALID = auto()
    """AML303: pip cannot read the line."""
    FOREIGN = auto()
    """AML307: a path of a Windows computer, a Mac or a conda build machine, or a package of
    another system."""
    LOCAL = auto()
    """AML302: a path that the container does not have."""


class Line(NamedTuple):
    """One line of one file.

    ``requirement`` is what it asks for, also where a pip refuses it. ``refusal`` is what pip
    objects, and ``always`` tells whether every pip does that the image can hold. ``active`` tells
    whether the image takes the line, ``None`` where its marker cannot be judged.
    """

    file: IncludedFile
    entry: Entry
    requirement: Requirement | None = None
    refusal: Refusal | None = None
    always: bool = False
    active: bool | None = True
    cause: Cause | None = None


class Survey:
    """All lines of an installation, judged. Each file counts once, however often it is included;
    files of another format, and those that a template fills in, are left out."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.environment = _environment(installation.python)
        self.files = tuple(_readable(installation))
        lines = [self._line(file, entry) for file in self.files for entry in file.content.entries]
        wanted = {
            line.requirement.canonical
            for line in lines
            if line.requirement is not None and line.active and not line.file.constraint
        }
        self.lines = tuple(self._with_cause(line, wanted) for line in lines)
        self._by_name: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.requirement is not None and line.requirement.canonical is not None:
                self._by_name.setdefault(line.requirement.canonical, []).append(line)

    @property
    def requirements(self) -> Iterator[tuple[Line, Requirement]]:
        """What the image is certain to be asked to install."""
        return self._known(constraint=False)

    @property
    def constraints(self) -> Iterator[tuple[Line, Requirement]]:
        """The constraints that are certain to hold on the image."""
        return self._known(constraint=True)

    def caused_by(self, cause: Cause) -> Iterator[tuple[Line, Requirement]]:
        """The requirements that fail for one reason."""
        for line in self.lines:
            if line.cause is cause and line.requirement is not None:
                yield line, line.requirement

    def lines_for(self, canonical: str) -> list[Line]:
        """All lines for a package, constraints and those that may not count included."""
        return self._by_name.get(canonical, [])

    @property
    def pins_elsewhere(self) -> bool:
        """Whether a file that was not read may pin what the others leave open."""
        deployment = self.installation.deployment
        if deployment is not None and deployment.facts.variables.get("PIP_CONSTRAINT"):
            return True
        if any(isinstance(line.entry, Unknown) for line in self.lines):
            return True
        return any(
            problem.kind != MISSING or (problem.chain and problem.chain[-1].include.constraint)
            for problem in self.installation.tree.problems
        )

    @property
    def hash_switch(self) -> tuple[Line, Span] | None:
        """The first thing that makes pip demand a hash for everything, and its place."""
        found = None
        for line in self.lines:
            if line.cause is Cause.INVALID:
                continue
            if line.requirement is not None and line.requirement.hashes:
                found = found or (line, line.requirement.hashes[0].span)
            elif isinstance(line.entry, OptionLine):
                for option in line.entry.options:
                    if option.name == "--no-require-hashes":
                        return None
                    if option.name == "--require-hashes":
                        found = found or (line, option.span)
        return found

    def place(self, line: Line, span: Span | tuple[int, int]) -> Place:
        """The place of a span; of the whole line if the span is empty."""
        if span[0] == span[1]:
            span = line.entry.span
        return self.installation.place(line.file, span)

    def path_of(self, line: Line, requirement: Requirement) -> str:
        """The path of a local requirement as it is written, without ``file:`` and extras."""
        from urllib.parse import unquote, urlsplit

        span = requirement.url.span if requirement.url is not None else requirement.span
        written = self.place(line, span).text
        if len(written.splitlines()) > 1:
            written = requirement.url.text if requirement.url is not None else requirement.text
        if written.lower().startswith("file:"):
            written = unquote(urlsplit(written).path)
        if written.endswith("]"):
            written = written[: written.rfind("[")].rstrip()
        return written

    def _known(self, *, constraint: bool) -> Iterator[tuple[Line, Requirement]]:
        for line in self.lines:
            known = line.active and line.refusal is None and line.file.constraint == constraint
            if known and line.requirement is not None and not line.requirement.variables:
                yield line, line.requirement

    def _line(self, file: IncludedFile, entry: Entry) -> Line:
        requirement = entry.partial if isinstance(entry, Invalid) else None
        refusals: tuple[Refusal, ...] = ()
        if isinstance(entry, (Requirement, Include, OptionLine, Invalid)):
            refusals = entry.refusals
        if isinstance(entry, Requirement):
            requirement = entry
        active: bool | None = True
        if requirement is not None and requirement.marker is not None:
            active = evaluate(requirement.marker.text, self.environment)
        if isinstance(entry, Requirement) and file.constraint and active:
            reason = constraint_problem(entry)
            if reason is not None:
                objection = Refusal(reason, "20.3", None, ABORTS_INSTALL, entry.span)
                refusals = (*refusals, objection)
        refusal, always = judged(refusals, self.installation.python)
        return Line(file, entry, requirement, refusal, always, active)

    def _with_cause(self, line: Line, wanted: set[str | None]) -> Line:
        requirement = line.requirement
        variables = requirement.variables if requirement is not None else ()
        if requirement is not None and not variables:
            counts = line.active and (not line.file.constraint or requirement.canonical in wanted)
            if requirement.kind == PATH and (counts or line.refusal is not None):
                cause = self._cause_of_path(line, requirement)
                if cause is not None:
                    return line._replace(cause=cause)
            elif counts and not (line.refusal or line.file.constraint) and is_foreign(requirement):
                return line._replace(cause=Cause.FOREIGN)
        if line.refusal is not None and not variables:
            return line._replace(cause=Cause.INVALID)
        return line

    def _cause_of_path(self, line: Line, requirement: Requirement) -> Cause | None:
        path = self.path_of(line, requirement)
        if foreign_path(path) is not None:
            return Cause.FOREIGN
        if line.refusal is not None and "\\" not in path:
            return None
        container = in_container(path)
        relative = not path.startswith("/")
        if relative and not container.startswith(APP_ROOT + "/"):
            return Cause.LOCAL
        return Cause.LOCAL if self._is_missing(container) else None

    def _is_missing(self, container: str) -> bool:
        """Whether nothing stands at an absolute path, which is certain on a listed image only."""
        deployment = self.installation.deployment
        if deployment is None or deployment.image.feature in (Feature.UNKNOWN, Feature.NEVER):
            return False
        where = deployment.location
        if isinstance(where, UnknownValue):
            return False
        if container.startswith("/home/") and not container.startswith(_HOME_IN_IMAGE):
            return True
        return where.upload.kind(container) is Kind.MISSING


def in_container(path: str) -> str:
    """Where pip looks for a path in the container."""
    return posixpath.normpath(posixpath.join(SERVICE_FOLDER, path))


def _environment(python: str | None) -> dict[str, str]:
    """What markers see on the images; without the Python version where that is not known."""
    environment = {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    if python is not None:
        environment["python_version"] = python
    return environment


def _readable(installation: Installation) -> Iterator[IncludedFile]:
    for file in installation.each_file():
        if not isinstance(file.decoded, Decoded) or placeholder(file.decoded.text):
            continue
        if misread(file.decoded.text, file.content) is None:
            yield file
