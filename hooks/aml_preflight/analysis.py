"""The whole way from files to findings: readers, deployments, rules, suppressions, filter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from . import rules
from .boot import Kind
from .config import ConfigError
from .deployments import Deployment
from .document import Document, Place
from .findings import Finding, Related, Report, Severity
from .installation import Installation
from .joining import join
from .python.modules import Modules
from .readers import read
from .reporting import Findings
from .values import Known
from .workspace import Unavailable
from .written import laid_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .config import Configuration
    from .discovery import Scan
    from .facts import FileFacts
    from .rules import Rule
    from .values import Unknown
    from .workspace import Workspace


_INSTALL_FAILS = frozenset({"AML302", "AML303", "AML307", "AML309", "AML310", "AML311", "AML312"})
"""Rules whose errors say that pip ends with an error, and the container with exit code 95."""


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
        self.installations: list[Installation] = []
        self.crashed = False

    def run(self) -> Result:
        joined = join(self._read_files(), self.workspace, self._load)
        files = joined.files
        deployments = [
            Deployment(facts, workspace)
            for file in files
            for workspace in [laid_over(file, self.workspace)]
            for facts in file.deployments
        ]
        for file, facts in joined.variants:
            deployments.append(Deployment(facts, laid_over(file, self.workspace)))
            self.found.add_variant(deployments[-1])
        for file in files:
            self.found.add_documents(file.documents())
            self.found.add_modules(file.modules)
        self._install(deployments)
        for path, reason in self.scan.unreadable.items():
            self._unreadable(path, reason)
        for file in files:
            for trouble in file.trouble:
                message = f"not everything here could be read: {trouble.reason}"
                self.found.report("AML901", Report(trouble.place, message))
        self._run_rules(files, deployments)
        silenced = self.found.silence(self.today)
        named = [each for each in deployments if self.found.named.touches(each)]
        return Result(
            findings=tuple(sorted(self.found.reported(), key=_order)),
            deployments=tuple(sorted(named, key=_path_of)),
            undetermined=tuple((each, why) for each in named for why in each.undetermined()),
            suppressed=silenced,
            masked=tuple(self._secrets()),
            crashed=self.crashed,
        )

    # ---- reading -------------------------------------------------------------------------------

    def _read_files(self) -> Iterator[FileFacts]:
        modules = Modules(
            lambda path: self.workspace.kind(path) is Kind.FILE, self._load, self.workspace.project
        )
        for path, data in {**self.scan.hits, **self.scan.context}.items():
            yield read(path, self.workspace.overlay.get(path, data), modules)

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

    def _install(self, deployments: Iterable[Deployment]) -> None:
        """Read the requirements files that deployments install, then those that were named."""
        reached: set[str] = set()
        for deployment in deployments:
            path = deployment.requirements_path
            if path is None:
                continue
            installation = Installation(path, deployment.workspace, deployment)
            self._take(installation)
            deployment.installed = tuple(installation.paths())
            reached.update(deployment.installed)
        if not self.changed:
            self._install_named([path for path in self.scan.requirements if path not in reached])

    def _install_named(self, paths: list[str]) -> None:
        """Read requirements files that no deployment installs: only those that somebody named, one
        by one. A folder, and a commit, hold many that are for something else.

        Those that another of them includes count with that one, and a list of wishes for a tool
        that pins them is not one for pip.
        """
        installations = []
        for path in paths:
            try:
                self.workspace.read(path)
            except Unavailable as error:
                self._unreadable(path, str(error))
            else:
                installations.append(Installation(path, self.workspace))
        reached = {each.path: frozenset(each.paths()) for each in installations}
        for each in installations:
            name = os.path.basename(each.path).lower()
            if name.endswith(".in") or "constraint" in name:
                continue
            if any(each.path in paths and path not in reached[each.path]
                   for path, paths in reached.items()):  # fmt: skip
                continue
            if "req" in name or each.looks_like_requirements:
                self._take(each)

    def _take(self, installation: Installation) -> None:
        self.installations.append(installation)
        self.found.add_documents(map(installation.document, installation.files))

    def _unreadable(self, path: str, reason: str) -> None:
        place = Place(Document(path, "", exact=False), (0, 0))
        self.found.report("AML901", Report(place, f"this file was not checked: {reason}"))

    # ---- rules ---------------------------------------------------------------------------------

    def _run_rules(self, files: list[FileFacts], deployments: list[Deployment]) -> None:
        settings = [rules.Settings(each.facts.variables, each) for each in deployments]
        for file in files:
            settings += [rules.Settings(each.variables, each) for each in file.environments]
        subjects: dict[str, list[Any]] = {
            "check_variables": settings,
            "check_ignored": [each for file in files for each in file.ignored],
            "check_other": [each for file in files for each in file.others],
            "check_mention": [each for file in files for each in file.mentions],
            "check_deployment": deployments,
            "check_installation": self.installations,
        }
        for rule in rules.RULES:
            wanted = self.configuration.may_report(rule.code)
            if not wanted and not (self.starts and rule.code in _INSTALL_FAILS):
                continue
            for function, found in subjects.items():
                if found and hasattr(rule.module, function):
                    for subject in found:
                        self._run_rule(rule, function, subject)

    def _run_rule(self, rule: Rule, function: str, subject: Any) -> None:
        installs = isinstance(subject, Installation)
        deployment = subject if isinstance(subject, Deployment) else None
        if isinstance(subject, (Installation, rules.Settings)):
            deployment = subject.deployment
        owner = subject.path if installs else None
        try:
            for report in getattr(rule.module, function)(subject):
                shown = _with_deployment(report, deployment) if installs else report
                self.found.report(rule.code, shown, deployment or owner)
                if installs and deployment is not None and rule.code in _INSTALL_FAILS:
                    worst = report.severity or rule.severity
                    deployment.install_fails |= worst is Severity.ERROR
        except ConfigError:
            raise
        except Exception as error:  # a rule's mistake costs its own findings, not the run
            self.crashed = True
            message = (
                f"the rule {rule.code} failed here ({type(error).__name__}: {error}); "
                "the findings of the other rules stand"
            )
            self.found.report("AML906", Report(_place_of(subject), message), deployment)

    def _secrets(self) -> Iterator[Place]:
        if self.installations:
            from .rules.requirements_wording import secret_spans

            for installation in self.installations:
                yield from secret_spans(installation)


def _with_deployment(report: Report, deployment: Deployment | None) -> Report:
    """The report with the deployment that installs the file as a related place."""
    if deployment is None or deployment.outcome.variable is None:
        return report
    variable = deployment.facts.variables.get(deployment.outcome.variable)
    if variable is None or not isinstance(variable.value, Known):
        return report
    related = Related(variable.value.shown_at, "installed at start by this deployment")
    return report._replace(related=(*report.related, related))


def _place_of(subject: Any) -> Place:
    """Some place of what a rule was looking at."""
    if isinstance(subject, Installation):
        return Place(Document(subject.path, "", exact=False), (0, 0))
    if isinstance(subject, rules.Settings):
        subject = subject.owner
    place: Place = subject.facts.place if isinstance(subject, Deployment) else subject.place
    return place


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.path, finding.place.origin.start, finding.code


def _path_of(deployment: Deployment) -> str:
    """The file that a deployment is written in."""
    return deployment.facts.place.origin.document.path
