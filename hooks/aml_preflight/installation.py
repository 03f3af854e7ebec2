"""What a container would install: a requirements file with all that it includes."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from .document import Document, Language, Place
from .paths import native, with_slashes
from .requirements.credentials import spans_to_hide
from .requirements.decoding import Decoded
from .requirements.formats import placeholder
from .requirements.includes import TOO_MANY, follow
from .requirements.records import Requirement
from .values import Unknown
from .workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .requirements.includes import IncludedFile, RequirementsTree
    from .requirements.records import Span
    from .workspace import Workspace

MOST_BYTES = 2_000_000
"""A requirements file that people write has less than a thousandth of this."""


class Installation:
    """One requirements file as pip would install it when a container starts.

    ``path`` is absolute. ``deployment`` is the one whose container installs it, or ``None`` if the
    file was named by itself. ``unreadable`` maps the path of an included file that could not be
    read to the reason.
    """

    def __init__(
        self, path: str, workspace: Workspace, deployment: Deployment | None = None
    ) -> None:
        self.path = path
        self.workspace = workspace
        self.deployment = deployment
        self._documents: dict[str, Document] = {}
        self.unreadable: dict[str, str] = {}

    @cached_property
    def tree(self) -> RequirementsTree:
        """The file and what it includes, in pip's order. Paths are absolute, with ``/``."""
        return follow(with_slashes(self.path), self._load)

    @property
    def files(self) -> tuple[IncludedFile, ...]:
        return self.tree.files

    @property
    def looks_like_requirements(self) -> bool:
        """Whether most lines of a file of any name are requirements that say more than a name."""
        entries = self.files[0].content.entries if self.files else ()
        said = [each for each in entries if isinstance(each, Requirement) and each.clauses]
        return len(said) * 2 > len(entries)

    def paths(self) -> Iterator[str]:
        """Absolute paths of the files that are read, each once."""
        yield from dict.fromkeys(native(file.path) for file in self.files)

    def each_file(self) -> Iterator[IncludedFile]:
        """Each file once; as requirements where it is included both ways."""
        visits: dict[str, IncludedFile] = {}
        for file in self.files:
            if file.path not in visits or (visits[file.path].constraint and not file.constraint):
                visits[file.path] = file
        yield from visits.values()

    def document(self, file: IncludedFile) -> Document:
        """The text of a visited file; empty where it cannot be decoded."""
        path = native(file.path)
        known = self._documents.get(path)
        if known is None:
            known = self.workspace.written.get(path)
        if known is None:
            decoded = file.decoded
            if isinstance(decoded, Decoded):
                known = Document(
                    path,
                    decoded.text,
                    decoded.encoding,
                    decoded.mark,
                    exact=decoded.exact,
                    language=Language.REQUIREMENTS,
                )
            else:
                known = Document(path, "", exact=False)
            self._documents[path] = known
        return known

    def place(self, file: IncludedFile, span: Span | tuple[int, int]) -> Place:
        """The place of a span of a visited file."""
        return Place(self.document(file), (span[0], span[1]))

    def undetermined(self) -> Iterator[Unknown]:
        """What of the files is not what pip will get."""
        for file in self.each_file():
            found = placeholder(self.document(file).text)
            if found is not None:
                why = "a template fills in this file before pip gets it"
                yield Unknown(why, self.place(file, found))
        visits = {file.path: file for file in self.files}
        for problem in self.tree.problems:
            if problem.kind == TOO_MANY:
                step = problem.chain[-1]
                place = self.place(visits[step.path], step.include.span)
                yield Unknown("more files are included than are followed", place)
                return

    def secrets(self) -> Iterator[Place]:
        """Every place that can hold a credential: nothing there is to be shown."""
        for file in self.each_file():
            for span in spans_to_hide(self.document(file).text):
                yield self.place(file, span)

    @property
    def python(self) -> str | None:
        """The image's Python, such as ``3.8``, or ``None`` if it is not known."""
        return (self.deployment.image.python or None) if self.deployment else None

    def _load(self, path: str) -> bytes | None:
        local = native(path)
        if not self._uploaded(local):
            return None
        try:
            data = self.workspace.read(local)
        except Unavailable as error:
            self.unreadable[local] = str(error)
            return None
        if len(data) > MOST_BYTES:
            self.unreadable[local] = f"it is larger than {MOST_BYTES // 1_000_000} MB"
            return None
        return data

    def _uploaded(self, path: str) -> bool:
        """Whether the container would have the file; without a deployment, whether it lies in the
        project: nothing else is read."""
        if path == self.path:
            return True
        if self.deployment is None:
            project = os.path.join(self.workspace.project(self.path), "")
            return self.workspace.real_path(path).startswith(self.workspace.real_path(project))
        where = self.deployment.location
        return isinstance(where, Unknown) or where.upload.container_path(path) is not None
