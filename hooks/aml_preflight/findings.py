"""What a rule reports: a finding with its places, and a fix made of text edits."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from .document import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Place


class Severity(IntEnum):
    """How much a finding matters; greater is worse.

    ERROR: the container will not start, or starts without what the author asked for.
    WARNING: it starts today and can break at the next start, scale-out or image change.
    INFO: advice.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Related(NamedTuple):
    """A second place that explains the finding."""

    place: Place
    message: str


class Edit(NamedTuple):
    """Put ``text`` in the place of what stands at ``place``."""

    place: Place
    text: str

    def in_file(self) -> Iterator[Edit]:
        """The edits of the file that the place is written in, one or more."""
        document = self.place.document
        if not isinstance(document, Embedded):
            yield self
            return
        text = document.spell(self.text) if document.spell else self.text
        for place in document.stretches(*self.place.span):
            yield from Edit(place, text).in_file()
            text = ""  # the rest is taken away


class Fix(NamedTuple):
    """Text edits that remove the finding, applied all or not at all.

    ``safe`` means that the fixed file does what the author asked for, without doubt; other fixes
    are applied only when somebody asks for them.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool


class Common(NamedTuple):
    """What holds for all deployments that share a place, whatever else is said of one of them."""

    message: str
    help: str


class Report(NamedTuple):
    """What a rule says about one thing at its place.

    ``message`` says what the container would do, ``help`` what to write instead. ``severity`` is
    given where it differs from the rule's. ``common`` is said in their place where that differs
    among the deployments that share the place: one cause is one finding.
    """

    place: Place
    message: str
    help: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    common: Common | None = None


class Finding(NamedTuple):
    """A report with the code and name of its rule, as the user gets to see it."""

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    help: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None

    @property
    def path(self) -> str:
        """The absolute path of the file that it is found in."""
        return self.place.file
