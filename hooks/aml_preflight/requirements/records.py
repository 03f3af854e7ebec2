"""The records that describe a requirements file.

All offsets are code points of the decoded text, 0-based, half open. A ``Part`` holds the text as
pip sees it, after lines were joined and quotes removed; its span is where those characters stand
in the source, so that the slice of the source may hold a backslash and a line break more.
"""

from __future__ import annotations

from typing import NamedTuple, Union

BASE_PIP = "26.3"
"""The pip whose answer decides between ``Invalid`` and the rest; other pips are in ``refusals``."""

# What a refusal costs: pip stops reading the file, or reads it and then installs nothing.
ABORTS_FILE = "file"
ABORTS_INSTALL = "install"

# Where a requirement comes from.
INDEX = "index"
URL = "url"
VCS = "vcs"
PATH = "path"

# What kind of secret a URL carries.
USERINFO = "userinfo"
QUERY = "query"


class Span(NamedTuple):
    """A stretch of the source text: code points, 0-based, half open."""

    start: int
    end: int


class Part(NamedTuple):
    """A piece of an entry: the text as pip sees it and where it stands."""

    text: str
    span: Span


class Secret(NamedTuple):
    """The place of a credential in a URL. The credential itself is not kept here.

    ``kind`` is ``USERINFO`` (``user:password`` or a token before the ``@``) or ``QUERY`` (the
    value of a signature or token in the query).
    """

    kind: str
    span: Span


class Refusal(NamedTuple):
    """Which pips refuse a line, and why.

    ``since`` is the first pip that refuses (None: so did all before it), ``before`` the first that
    takes it again (None: the newest still refuses). ``aborts`` is ``ABORTS_FILE`` or
    ``ABORTS_INSTALL``; both end the start of the container. ``span`` is what to underline.
    """

    reason: str
    since: str | None
    before: str | None
    aborts: str
    span: Span

    def by(self, pip: str) -> bool:
        """Whether the pip of that version, such as ``"23.2.1"``, refuses the line."""
        given = release(pip)
        if self.since is not None and given < release(self.since):
            return False
        return self.before is None or given < release(self.before)

    @property
    def pips(self) -> str:
        """The refusing pips in words, such as ``every pip`` or ``pip 24.1 and later``."""
        if self.since is None:
            return "every pip" if self.before is None else f"pip before {self.before}"
        if self.before is None:
            return f"pip {self.since} and later"
        return f"pip from {self.since} to before {self.before}"


class Option(NamedTuple):
    """One option as written.

    ``name`` is the full spelling (``--index-url``), ``written`` the spelling in the file (``-i``,
    an abbreviation), ``value`` is None for a switch.
    """

    name: str
    written: Part
    value: Part | None
    span: Span
    secrets: tuple[Secret, ...] = ()


class Hash(NamedTuple):
    """One ``--hash`` of a requirement; ``span`` covers ``algorithm:digest``."""

    algorithm: str
    digest: str
    span: Span


class Clause(NamedTuple):
    """One clause of a version specifier, such as ``==1.2.3``."""

    operator: str
    version: str
    span: Span


class Requirement(NamedTuple):
    """A line that names something to install.

    ``span`` is the whole statement without its comment, ``line`` the number pip gives it (from 1,
    counted with ``str.splitlines``), ``text`` the requirement without its options.
    ``kind`` is ``INDEX``, ``URL``, ``VCS`` or ``PATH``. ``name`` is None where only a download
    would tell; for wheels it is taken from the file name, and so is the one clause.
    ``url`` is the URL or path as written; ``revision`` what follows the ``@`` of a VCS URL.
    ``settings`` are the ``--config-settings`` that count, ``ignored`` the options and ``dropped``
    the loose words after them that pip skips without a message.
    ``variables`` are ``${UPPER}`` names that pip replaces when it runs: what the line says is then
    not known. ``refusals`` are other pips' objections to a line that ``BASE_PIP`` takes.
    """

    span: Span
    line: int
    text: str
    kind: str
    name: Part | None = None
    canonical: str | None = None
    extras: tuple[Part, ...] = ()
    specifier: Part | None = None
    clauses: tuple[Clause, ...] = ()
    marker: Part | None = None
    url: Part | None = None
    revision: Part | None = None
    editable: bool = False
    hashes: tuple[Hash, ...] = ()
    settings: tuple[Option, ...] = ()
    ignored: tuple[Option, ...] = ()
    dropped: tuple[Part, ...] = ()
    secrets: tuple[Secret, ...] = ()
    variables: tuple[Part, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Include(NamedTuple):
    """A line that brings in another file: ``-r``, or ``-c`` (``constraint`` is then True).

    ``ignored`` and ``dropped`` are the other options and words of the line; only the first ``-r``
    counts, or the first ``-c`` where there is no ``-r``. ``remote`` is True for http, https and
    file URLs.
    """

    span: Span
    line: int
    constraint: bool
    target: Part
    remote: bool = False
    ignored: tuple[Option, ...] = ()
    dropped: tuple[Part, ...] = ()
    secrets: tuple[Secret, ...] = ()
    variables: tuple[Part, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class OptionLine(NamedTuple):
    """A line of options that hold for the whole run; ``ignored`` and ``dropped`` have no effect."""

    span: Span
    line: int
    options: tuple[Option, ...]
    ignored: tuple[Option, ...] = ()
    dropped: tuple[Part, ...] = ()
    variables: tuple[Part, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Nothing(NamedTuple):
    """A line that pip accepts, exit status 0, and from which it installs nothing.

    ``bullet`` is the ``"- "`` of a list item, to be deleted by a fix, or None. ``rest`` is what
    stands behind it and ``inner`` what that would be if it stood alone.
    """

    span: Span
    line: int
    dropped: tuple[Part, ...]
    bullet: Span | None = None
    rest: Part | None = None
    inner: Entry | None = None


class Swallowed(NamedTuple):
    """A line that belongs to the comment before it, because that comment ends in a backslash.

    ``line`` is the number of the swallowed line, ``comment`` the whole comment, ``backslash`` the
    backslashes to delete, ``inner`` what the line would be if it stood alone: a requirement,
    an include or an option line. Other comment text is not reported.
    """

    span: Span
    line: int
    text: str
    comment: Span
    backslash: Span
    inner: Entry


class Invalid(NamedTuple):
    """A line that ``BASE_PIP`` refuses.

    ``reason`` says why ``BASE_PIP`` does, in the user's words. ``refusals`` stand in the order in
    which pip comes to them: what a pip says is the first one that holds for it. ``partial`` is
    what could be read all the same, such as the name, or the URL whose file name is at fault.
    """

    span: Span
    line: int
    text: str
    reason: str
    refusals: tuple[Refusal, ...]
    partial: Requirement | None = None


class Unknown(NamedTuple):
    """A line whose kind depends on ``${UPPER}`` variables of the container."""

    span: Span
    line: int
    text: str
    variables: tuple[Part, ...]


Entry = Union[  # noqa: UP007 (a string annotation inside would not survive "|")
    Requirement, Include, OptionLine, Nothing, Swallowed, Invalid, Unknown
]


class RequirementsFile(NamedTuple):
    """The entries of one file in the order of their lines.

    Blank lines and comments give no entry; ``entries`` is empty for a file that installs nothing.
    """

    entries: tuple[Entry, ...]

    @property
    def includes(self) -> tuple[Include, ...]:
        """The ``-r`` and ``-c`` lines alone."""
        return tuple(entry for entry in self.entries if isinstance(entry, Include))


def release(version: str) -> tuple[int, ...]:
    """The leading numbers of a pip version, without trailing zeros, so that 23.1.0 equals 23.1."""
    numbers = []
    for piece in version.split("."):
        if not piece.isdecimal():
            break
        numbers.append(int(piece))
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
