"""The whole way from files to findings: readers, deployments, rules, suppressions, filter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from . import path_problems, rules
from .deployments import Deployment
from .document import unread
from .findings import Report
from .installation import Installation
from .joining import join
from .path_problems import Problems
from .paths import Kind
from .python.modules import Modules
from .readers import read
from .reporting import Findings
from .rewritten import may_be_rewritten
from .rules.subjects import Judged, look, of_deployments, of_installations
from .values import Unknown
from .workspace import Unavailable
from .written_files import laid_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .config import Configuration
    from .discovery import Scan
    from .document import Place
    from .facts import FileFacts
    from .findings import Finding
    from .joining import Joined
    from .rules import Rule
    from .rules.subjects import Said
    from .workspace import Workspace


class Result(NamedTuple):
    """What an analysis found. ``deployments`` and ``undetermined`` are those of named files."""

    findings: tuple[Finding, ...]
    deployments: tuple[Deployment, ...]
    undetermined: tuple[tuple[Deployment, Unknown], ...]
    suppressed: int
    masked: tuple[Place, ...]
    """Places that hold a secret, which is never shown."""
    crashed: bool = False
    """A rule failed: its AML906 is among the findings."""


def analyse(
    scan: Scan,
    workspace: Workspace,
    configuration: Configuration,
    *,
    today: str,
    changed: bool,
    starts: bool = False,
) -> Result:
    """Everything that is wrong in the named files.

    ``today`` is the day, as YYYY-MM-DD, for suppressions that end. ``starts`` asks for the exit
    codes of the deployments too, even where the rules that decide them do not report. Raises
    ``ConfigError``.
    """
    return _Analysis(scan, workspace, configuration, today, changed, starts).run()


class _Analysis:
    def __init__(
        self,
        scan: Scan,
        workspace: Workspace,
        configuration: Configuration,
        today: str,
        changed: bool,
        starts: bool,
    ) -> None:
        self.scan = scan
        self.workspace = workspace
        self.configuration = configuration
        self.today = today
        self.changed = changed
        self.starts = starts
        self.found = Findings(scan.named, configuration)
        self.loaded: dict[str, bytes | None] = {}
        self.crashed = False
        self.doubts: list[tuple[Deployment, Unknown]] = []
        """Why it is not known what deployments install."""

    def run(self) -> Result:
        joined = join(self._read_files(), self.workspace, self._load)
        for file in joined.files:
            self.found.add_documents(file.documents())
            self.found.add_modules(file.modules)
        own, variants = self._deployments(joined)
        installations = self._installations([*own, *variants])
        for installation in installations:
            self.found.add_documents(map(installation.document, installation.files))
        self._tell_unread(joined.files)
        installing = self._rules(installing=bool(installations))
        said = list(look(installing, of_installations(installations)))
        judged = self._judged([*own, *variants], installations, said)
        for each in variants:
            self.found.add_variant(judged[each].deployment)
        self._report(each.about(judged) for each in said)
        self._report(look(self._rules(), of_deployments(joined.files, judged.values())))
        silenced = self.found.silence(self.today)
        deployments = [each.deployment for each in judged.values()]
        named = [each for each in deployments if self.found.named.touches(each)]
        return Result(
            findings=tuple(sorted(self.found.reported(), key=_order)),
            deployments=tuple(sorted(named, key=_path_of)),
            undetermined=(
                *((each, why) for each in named for why in each.undetermined()),
                *self._undetermined_of(installations, judged),
            ),
            suppressed=silenced,
            masked=tuple(place for each in installations for place in each.secrets()),
            crashed=self.crashed,
        )

    # ---- reading -------------------------------------------------------------------------------

    def _read_files(self) -> Iterator[FileFacts]:
        modules = Modules(
            lambda path: self.workspace.kind(path) is Kind.FILE, self._load, self.workspace.project
        )
        for path, data in {**self.scan.hits, **self.scan.context}.items():
            changed = self.workspace.overlay.get(path)
            outline = self.scan.outlines.get(path) if changed is None else None
            try:
                facts = read(path, data if changed is None else changed, modules, outline)
            except Exception as error:  # a reader's mistake costs its own file, not the run
                self._tell_failed(path, error)
            else:
                yield facts

    def _tell_failed(self, path: str, error: Exception) -> None:
        self.crashed = True
        message = (
            f"this file was not checked: reading it failed ({type(error).__name__}: {error}), "
            "which is a mistake of aml-preflight; the findings in other files stand"
        )
        self.found.report("AML906", Report(unread(path), message))

    def _load(self, path: str) -> bytes | None:
        """The bytes of any file of the project; each is opened once."""
        if path in self.workspace.overlay:
            return self.workspace.overlay[path]
        found = self.scan.hits.get(path, self.scan.context.get(path))
        if found is not None:
            return found
        if path not in self.loaded:
            try:
                self.loaded[path] = self.workspace.read(path)
            except Unavailable:
                self.loaded[path] = None
        return self.loaded[path]

    def _tell_unread(self, files: Iterable[FileFacts]) -> None:
        for path, reason in self.scan.unreadable.items():
            self._unreadable(path, reason)
        for file in files:
            for trouble in file.trouble:
                message = f"not everything here could be read: {trouble.reason}"
                self.found.report("AML901", Report(trouble.place, message))

    def _unreadable(self, path: str, reason: str) -> None:
        message = f"this file was not checked: {reason}"
        self.found.report("AML901", Report(unread(path), message))

    # ---- deployments and what they install -----------------------------------------------------

    def _deployments(self, joined: Joined) -> tuple[list[Deployment], list[Deployment]]:
        """Those of the files, and those that are another one with some changes."""
        own = [
            Deployment(facts, workspace)
            for file in joined.files
            for workspace in [laid_over(file, self.workspace)]
            for facts in file.deployments
        ]
        variants = [
            Deployment(facts, laid_over(file, self.workspace)) for file, facts in joined.variants
        ]
        return own, variants

    def _installations(self, deployments: Iterable[Deployment]) -> list[Installation]:
        """The requirements files that deployments install, as far as it is known what will be in
        them, then those that were named."""
        installed = []
        for deployment in deployments:
            path = deployment.requirements_path
            doubt = may_be_rewritten(deployment, path) if path is not None else None
            if doubt is not None:
                self.doubts.append((deployment, doubt))
            elif path is not None:
                installed.append(Installation(path, deployment.workspace, deployment))
        if self.changed:
            return installed
        reached = {path for each in installed for path in each.paths()}
        return [*installed, *self._named_installations(reached)]

    def _named_installations(self, reached: set[str]) -> Iterator[Installation]:
        """Requirements files that were named and that no deployment installs.

        Those that another of them includes count with that one, and a list of wishes for a tool
        that pins them is not one for pip.
        """
        named = []
        for path in self.scan.requirements:
            if path in reached:
                continue
            try:
                self.workspace.read(path)
            except Unavailable as error:
                self._unreadable(path, str(error))
            else:
                named.append(Installation(path, self.workspace))
        includers: dict[str, set[str]] = {each.path: set() for each in named}
        for each in named:
            for path in each.paths():
                if path in includers:
                    includers[path].add(each.path)
        for each in named:
            name = os.path.basename(each.path).lower()
            if name.endswith(".in") or "constraint" in name:
                continue
            if includers[each.path] - set(each.paths()):
                continue
            if "req" in name or each.looks_like_requirements:
                yield each

    def _undetermined_of(
        self, installations: Iterable[Installation], judged: dict[Deployment, Judged]
    ) -> Iterator[tuple[Deployment, Unknown]]:
        """What could not be told of the files that named deployments install."""
        for deployment, why in self.doubts:
            if self.found.named.touches(judged[deployment].deployment):
                yield judged[deployment].deployment, why
        for each in installations:
            if each.deployment is None:
                continue
            deployment = judged[each.deployment].deployment
            if self.found.named.touches(deployment):
                yield from ((deployment, why) for why in each.undetermined())

    # ---- rules ---------------------------------------------------------------------------------

    def _rules(self, *, installing: bool = False) -> list[Rule]:
        """The rules that may report; where exit codes are asked for, and something is installed,
        also those that tell whether that fails."""
        return [
            rule
            for rule in rules.RULES
            if self.configuration.may_report(rule.code)
            or (installing and self.starts and rule.install_fails)
        ]

    def _judged(
        self,
        deployments: Iterable[Deployment],
        installations: Iterable[Installation],
        said: Iterable[Said],
    ) -> dict[Deployment, Judged]:
        """The deployments as they are once it is known whether their install passes, and what of
        them may be made later; by what they were before."""
        failing = {each.owner for each in said if each.install_fails}
        files = {each.deployment: tuple(each.paths()) for each in installations}
        found = {}
        for each in deployments:
            known = each
            if each in files:
                known = each.with_install(files[each], fails=each in failing)
            problems = self._problems(known)
            found[each] = Judged(_with_problems(known, problems), problems)
        return found

    def _problems(self, deployment: Deployment) -> Problems:
        try:
            return path_problems.problems(deployment)
        except Exception as error:  # a mistake here costs the rules on paths, not the run
            self.crashed = True
            message = (
                f"the search for its paths failed here ({type(error).__name__}: {error}); "
                "the findings of other rules stand"
            )
            self.found.report("AML906", Report(deployment.facts.place, message), deployment)
            return Problems(None, None)

    def _report(self, said: Iterable[Said]) -> None:
        for rule, report, owner in said:
            self.crashed = self.crashed or rule.code == "AML906"
            self.found.report(rule.code, report, owner)


def _with_problems(deployment: Deployment, problems: Problems) -> Deployment:
    """The deployment as far as its problems say what becomes of it."""
    doubts = [each if isinstance(each, Unknown) else None for each in problems]
    if any(doubts):
        deployment = deployment.with_doubts(*doubts)
    if problems.path is not None and not isinstance(problems.path, Unknown):
        deployment = deployment.with_meant(path_problems.meant(problems.path))
    return deployment


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.path, finding.place.origin.start, finding.code


def _path_of(deployment: Deployment) -> str:
    """The file that a deployment is written in: where it stands there is asked for by who shows it,
    since places cost more than parsing."""
    return deployment.facts.place.file
