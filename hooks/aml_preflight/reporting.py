"""What was found, what comments silence of it, and which of it is reported: what touches a file
that was named.

Not only the file that a finding is in counts: whoever changes a requirements file or a score script
wants to know what is wrong with the deployments that these belong to.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from . import rules
from .boot import Branch
from .comments import comments
from .document import Place
from .forms import IGNORE_FILES
from .paths import Kind
from .suppressions import Suppressions
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .config import Configuration
    from .deployments import Deployment
    from .document import Document, Language
    from .findings import Common, Finding, Fix, Report

    Identity = tuple[str, int, Language]


class Named:
    """The files and folders of a command line, as absolute paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._known: dict[int, bool] = {}

    def holds(self, path: str) -> bool:
        """Whether a file, or a folder that it is in, was named."""
        while path not in self._paths:
            above = os.path.dirname(path)
            if above == path:
                return False
            path = above
        return True

    def reports(self, finding: Finding, owners: Iterable[Deployment | str]) -> bool:
        """Whether a finding touches what was named; ``owners`` are the deployments that it is
        about, or the file that includes the one that it is in."""
        places = (finding.place, *(each.place for each in finding.related))
        if any(self.holds(place.file) for place in places):
            return True
        return any(
            self.holds(each) if isinstance(each, str) else self.touches(each) for each in owners
        )

    def touches(self, deployment: Deployment) -> bool:
        """Whether a file that belongs to a deployment was named."""
        known = self._known.get(id(deployment))
        if known is None:
            known = self._known[id(deployment)] = self._touches(deployment)
        return known

    def _touches(self, deployment: Deployment) -> bool:
        if any(self.holds(path) for path in files_of(deployment)):
            return True
        folders = [os.path.join(each, "") for each in package_folders(deployment)]
        return any(path.startswith(folder) for folder in folders for path in self._paths)


class Findings:
    """All findings of a run, each once."""

    def __init__(self, named: Iterable[str], configuration: Configuration) -> None:
        self.named = Named(named)
        self.configuration = configuration
        self._findings: dict[tuple[object, ...], Finding] = {}
        self._by_path: dict[str, dict[tuple[object, ...], None]] = {}
        """The keys of the findings in each file, in order."""
        self._owners: dict[tuple[object, ...], list[Deployment | str]] = {}
        """What each finding is about."""
        self._variants: set[int] = set()
        self._documents: dict[Identity, Document] = {}
        self._modules: dict[Identity, Document] = {}

    def add_documents(self, documents: Iterable[Document]) -> None:
        """Texts in which comments may stand."""
        for document in documents:
            self._documents.setdefault(_identity(document), document)

    def add_modules(self, documents: Iterable[Document]) -> None:
        """Texts in which comments may stand that are meant for what was not looked at: those that
        silence nothing are not blamed."""
        for document in documents:
            self._modules.setdefault(_identity(document), document)

    def add_variant(self, deployment: Deployment) -> None:
        """A deployment that is another one with some changes. What is reported of that one, at the
        same place, is not said of this one in other words."""
        self._variants.add(id(deployment))

    def report(self, code: str, report: Report, owner: Deployment | str | None = None) -> None:
        """Note what a rule says; ``owner`` is the deployment that it is about, or the path of a
        file that nobody installs and that includes the one that it is about."""
        finding = rules.BY_CODE[code].finding(report)
        if code != "AML906" and code not in self.configuration.of(finding.path).codes:
            return
        where = (code, finding.path, finding.place.origin.span)
        said = report.common.message if report.common is not None else finding.message
        key: tuple[object, ...] = (*where, said)
        if id(owner) in self._variants:
            key = next((each for each in self._findings if each[:3] == where), key)
        known = self._findings.get(key)
        self._findings[key] = finding if known is None else _of_both(known, finding, report.common)
        self._by_path.setdefault(finding.path, {})[key] = None
        if owner is not None:
            self._owners.setdefault(key, []).append(owner)

    def reported(self) -> Iterator[Finding]:
        """The findings that touch what was named."""
        for key, finding in self._findings.items():
            if self.named.reports(finding, self._owners.get(key, ())):
                yield finding

    def silence(self, today: str) -> int:
        """Drop what comments silence; report what is wrong with the comments. Returns a count."""
        count = 0
        for identity, document in {**self._modules, **self._documents}.items():
            stated = comments(document)
            if not stated:
                continue
            path = identity[0]
            found = Suppressions(document, stated, today)
            here = self._by_path.get(path, {})
            for key in list(here):
                finding = self._findings[key]
                if found.silence(finding):
                    count += self.named.reports(finding, self._owners.get(key, ()))
                    del self._findings[key], here[key]
            if identity not in self._documents:
                continue
            for code, report in found.reports:
                self.report(code, report)
            judged = self.configuration.of(path).codes
            for report in found.unused(judged):
                self.report("AML903", report)
        return count


def _of_both(known: Finding, other: Finding, common: Common | None) -> Finding:
    """One finding for two of the same cause, which are about different deployments: what is said of
    the first, or, where that differs and is known, what holds for both; and a fix that mends both.
    """
    related = dict.fromkeys((*known.related, *other.related))
    made = known._replace(related=tuple(related), fix=_fix_of_both(known.fix, other.fix))
    if common is not None and (known.message, known.help) != (other.message, other.help):
        made = made._replace(message=common.message, help=common.help)
    return made


def _fix_of_both(one: Fix | None, other: Fix | None) -> Fix | None:
    if one is None or other is None or one.edits != other.edits:
        return None
    return one if other.safe else other


def _identity(document: Document) -> Identity:
    """The file and the place that a text is written at, and what it is written in."""
    origin = Place(document, (0, 0)).origin
    return origin.document.path, origin.start, document.language


def files_of(deployment: Deployment) -> Iterator[str]:
    """Absolute paths of the files that a deployment is made of, some perhaps missing: where it is
    written, its score script, what it installs, or was meant to install."""
    facts = deployment.facts
    yield facts.place.file
    yield from facts.parts
    where = deployment.location
    if not isinstance(where, Unknown):
        yield where.entry_local
        yield from (os.path.join(where.upload.local, name) for name in IGNORE_FILES)
        yield from filter(None, (_given(deployment, name) for name in deployment.outcome.ignored))
    if deployment.local_path is not None:
        yield deployment.local_path
    yield from deployment.installed
    if deployment.meant is not None:
        yield deployment.meant


def _given(deployment: Deployment, variable: str) -> str | None:
    """Where the path that a variable gives would be in the project."""
    found, where = deployment.facts.variables.get(variable), deployment.location
    value = found.value.value if found is not None and isinstance(found.value, Known) else None
    if not isinstance(value, str) or isinstance(where, Unknown):
        return None
    return where.upload.local_path(posixpath.normpath(f"{where.script_folder}/{value}"))


def package_folders(deployment: Deployment) -> Iterator[str]:
    """The folder whose packages the container uses as they are, or was meant to use."""
    outcome = deployment.outcome
    if outcome.branch is Branch.LIBRARY_PATH:
        for path in (deployment.local_path, deployment.meant):
            if path is not None and deployment.workspace.kind(path) is Kind.FOLDER:
                yield path
