"""What the rules on requirements files share: which rule speaks of which line, and in what words.

One cause gives one finding, so the order of precedence is decided here, once: a file of another
format belongs to AML311 alone; a line that pip refuses to AML303; a path of another machine to
AML307 before AML302; and only what is left can be unpinned.
"""

from __future__ import annotations

import posixpath
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary, ref

from ..boot import APP_ROOT
from ..images import Feature
from ..paths import Kind
from ..requirements.credentials import find_secrets
from ..requirements.decoding import Decoded
from ..requirements.includes import MISSING, constraint_problem
from ..requirements.lines import logical_lines, swallowed_lines
from ..requirements.markers import evaluate
from ..requirements.records import (
    ABORTS_INSTALL,
    PATH,
    USERINFO,
    Include,
    Invalid,
    OptionLine,
    Refusal,
    Requirement,
    Unknown,
)
from ..values import Unknown as UnknownValue
from .aml311_wrong_file_format import misread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Place
    from ..installation import Installation
    from ..requirements.includes import IncludedFile
    from ..requirements.records import Entry, Span

EXIT = "the container would exit with code 95"
AS_WHEEL = (
    "build a wheel of it into a folder beside this file, and write a line "
    '"--find-links <folder>" and a line "<name>==<version>"'
)
PIP_FOLDER = "/var/runit/gunicorn"
"""The folder that the start script runs pip in."""

_OLDEST_PIP = "20.2"
_NEWEST_PIP = "99"
_PIPS = {
    "3.6": (_OLDEST_PIP, "21.3.1"),
    "3.7": (_OLDEST_PIP, "24.0"),
    "3.8": (_OLDEST_PIP, "25.0.1"),
    "3.9": (_OLDEST_PIP, "26.0.1"),
    "3.12": ("23.2", _NEWEST_PIP),
    "3.13": ("23.2", _NEWEST_PIP),
    "3.14": ("23.2", _NEWEST_PIP),
}
"""The oldest and the newest pip that runs on a Python (``Requires-Python`` of pip's releases)."""

_HOME_IN_IMAGE = "/home/dockeruser"
_LONGEST_QUOTE = 60
_WINDOWS_PATH = re.compile(r"/?[A-Za-z][:|][\\/]|\\\\")
_MAC_PATH = re.compile(r"/(?:Users|Volumes|private)/")
_CONDA_PATH = re.compile(
    r"/(?:croots?|feedstock_root|tmp/build|opt/concourse|opt/conda|home/(?:conda|ktietz)|rapids"
    r"|home/builder/ci_\w+|home/linux1/recipes|home/task_\w+|work/ci_\w+)/"
    r"|.*/(?:conda-bld|feedstock_root|build_artifacts)/"
)
_PLACEHOLDER = re.compile(
    r"<.*>|\{.*\}|\[.*\]|\$\w+|\$\(\w+\)|%\w+%|#\{.*\}#|__(?!token__)\w+__|[*.]+|[xX]{3,}"
)
_TOKEN = re.compile(
    r"(?:gh[pousr]_|github_pat_|glpat-|gldt-|pypi-|dckr_|hf_|xox).+|.*(?:token|secret|passw).*"
    r"|(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_]{16,}",
    re.IGNORECASE,
)


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
    files of another format are left out."""

    def __init__(self, installation: Installation) -> None:
        self._installation = ref(installation)
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
    def installation(self) -> Installation:
        """What this is the survey of. Whoever asks for a survey holds it."""
        installation = self._installation()
        assert installation is not None
        return installation

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
        path = path_of(self, line, requirement)
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


_surveys: WeakKeyDictionary[Installation, Survey] = WeakKeyDictionary()


def survey(installation: Installation) -> Survey:
    """The judged lines of an installation; worked out once."""
    found = _surveys.get(installation)
    if found is None:
        found = _surveys[installation] = Survey(installation)
    return found


def each_file(installation: Installation) -> Iterator[IncludedFile]:
    """Each file once; as requirements where it is included both ways."""
    visits: dict[str, IncludedFile] = {}
    for file in installation.files:
        if file.path not in visits or (visits[file.path].constraint and not file.constraint):
            visits[file.path] = file
    yield from visits.values()


# ---- pips ------------------------------------------------------------------------------------


def judged(refusals: tuple[Refusal, ...], python: str | None) -> tuple[Refusal | None, bool]:
    """What the newest objecting pip objects, and whether all do that run on the image's Python."""
    if not refusals:
        return None, False
    oldest, newest = _PIPS.get(python or "", (_OLDEST_PIP, _NEWEST_PIP))
    ends = {end for refusal in refusals for end in (refusal.since, refusal.before) if end}
    turns = [end for end in ends if _release(oldest) < _release(end) <= _release(newest)]
    pips = [oldest, *sorted(turns, key=_release)]
    refusing = [pip for pip in pips if any(refusal.by(pip) for refusal in refusals)]
    if not refusing:
        return None, False
    first = next(refusal for refusal in refusals if refusal.by(refusing[-1]))
    return first, len(refusing) == len(pips)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


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


# ---- paths and packages of other systems -----------------------------------------------------

_FOREIGN_NAMES = {
    "pywin32": "Windows",
    "pypiwin32": "Windows",
    "pywinpty": "Windows",
    "windows-curses": "Windows",
    "wmi": "Windows",
    "appscript": "macOS",
    "pyobjc": "macOS",
}


def is_foreign(requirement: Requirement) -> bool:
    """Whether a package cannot be installed on the images: no wheel, and no source that builds."""
    return system_of(requirement.canonical or "") is not None or is_debian_mark(requirement)


def is_debian_mark(requirement: Requirement) -> bool:
    """Whether it is the entry that Debian's and Ubuntu's ``venv`` left in ``pip freeze``."""
    versions = [clause.version for clause in requirement.clauses]
    return requirement.canonical == "pkg-resources" and versions == ["0.0.0"]


def system_of(canonical: str) -> str | None:
    """The one system that a package exists for, if that is not Linux."""
    if canonical.startswith(("pyobjc-core", "pyobjc-framework-")):
        return "macOS"
    return _FOREIGN_NAMES.get(canonical)


def foreign_path(path: str) -> str | None:
    """Whose path it is, if it is one of another machine by its looks."""
    if _WINDOWS_PATH.match(path):
        return "a Windows computer"
    if _CONDA_PATH.match(path):
        return "a conda build machine"
    return "a Mac" if _MAC_PATH.match(path) else None


def path_of(lines: Survey, line: Line, requirement: Requirement) -> str:
    """The path of a local requirement as it is written, without ``file:`` and extras."""
    from urllib.parse import unquote, urlsplit

    span = requirement.url.span if requirement.url is not None else requirement.span
    written = lines.place(line, span).text
    if len(written.splitlines()) > 1:
        written = requirement.url.text if requirement.url is not None else requirement.text
    if written.lower().startswith("file:"):
        written = unquote(urlsplit(written).path)
    if written.endswith("]"):
        written = written[: written.rfind("[")].rstrip()
    return written


def in_container(path: str) -> str:
    """Where pip looks for a path in the container."""
    return posixpath.normpath(posixpath.join(PIP_FOLDER, path))


# ---- secrets ---------------------------------------------------------------------------------


def secrets(installation: Installation, file: IncludedFile) -> Iterator[tuple[str, Place]]:
    """The kind and the place of each credential that a line of the file holds; not those in
    comments, and no placeholders."""
    document = installation.document(file)
    for line in logical_lines(document.text):
        for part in (line, *(each for _, each in swallowed_lines(line))):
            for kind, start, end in find_secrets(part.text):
                if is_secret(kind, part.text[start:end]):
                    yield kind, installation.place(file, part.span(start, end))


def secret_spans(installation: Installation) -> Iterator[Place]:
    """Every place that can hold a credential, comments included: nothing there is to be shown."""
    for file in each_file(installation):
        text = installation.document(file).text
        spans = {(start, end) for _, start, end in find_secrets(text)}
        spans.update(place.span for _, place in secrets(installation, file))
        for span in sorted(spans):
            yield installation.place(file, span)


def is_secret(kind: str, text: str) -> bool:
    """Whether this is a credential and not a placeholder, or the name of an account."""
    if kind != USERINFO:
        return not _PLACEHOLDER.fullmatch(text)
    user, _, password = text.partition(":")
    if password:
        return not _PLACEHOLDER.fullmatch(password)
    # "https://organisation@dev.azure.com/..." names an account; a token looks like one.
    return not _PLACEHOLDER.fullmatch(user) and bool(_TOKEN.fullmatch(user))


def hidden(text: str) -> str:
    """The text without the credentials in it."""
    for _, start, end in reversed(find_secrets(text)):
        text = f"{text[:start]}***{text[end:]}"
    return text


def quoted(text: str) -> str:
    """A piece of the file as a message may show it, on one line."""
    text = hidden(" ".join(text.replace("\\\n", " ").replace("\\\r\n", " ").split()))
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 3] + "..."
    return f"'{text}'" if '"' in text else f'"{text}"'


def named(requirement: Requirement) -> str:
    """The package as the author calls it."""
    if requirement.name is not None:
        return requirement.name.text
    url = requirement.url.text if requirement.url is not None else requirement.text
    return quoted(url)


def _readable(installation: Installation) -> Iterator[IncludedFile]:
    for file in each_file(installation):
        if isinstance(file.decoded, Decoded) and misread(file.decoded.text, file.content) is None:
            yield file
