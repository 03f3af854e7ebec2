"""The whole way from files to findings: readers, deployments, rules, suppressions, filter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from . import rules, suppressions
from .config import ConfigError
from .deployments import Deployment
from .document import Document, Language, Place
from .findings import Finding, Related, Report, Severity
from .installation import Installation
from .readers import read
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
        self.findings: dict[tuple[object, ...], Finding] = {}
        self.documents: dict[tuple[str, int, Language], Document] = {}
        """All texts in which comments may stand, by the file and place that they are written at."""
        self.installations: list[Installation] = []
        self.crashed = False

    def run(self) -> Result:
        files = list(self._read_files())
        deployments = [
            Deployment(facts, workspace)
            for file in files
            for workspace in [laid_over(file, self.workspace)]
            for facts in file.deployments
        ]
        self._install(deployments)
        for path, reason in self.scan.unreadable.items():
            self._unreadable(path, reason)
        for file in files:
            for trouble in file.trouble:
                message = f"not everything here could be read: {trouble.reason}"
                self._report("AML901", Report(trouble.place, message))
        self._run_rules(files, deployments)
        silenced = self._silence()
        named = [each for each in deployments if self._is_named(_path_of(each))]
        return Result(
            findings=tuple(sorted(self._reported(), key=_order)),
            deployments=tuple(sorted(named, key=_path_of)),
            undetermined=tuple((each, why) for each in named for why in each.undetermined()),
            suppressed=silenced,
            masked=tuple(self._secrets()),
            crashed=self.crashed,
        )

    # ---- reading -------------------------------------------------------------------------------

    def _read_files(self) -> Iterator[FileFacts]:
        for path, data in {**self.scan.hits, **self.scan.context}.items():
            file = read(path, self.workspace.overlay.get(path, data))
            for document in file.documents():
                self._note(document)
            yield file

    def _note(self, document: Document) -> None:
        origin = Place(document, (0, 0)).origin
        key = (origin.document.path, origin.start, document.language)
        self.documents.setdefault(key, document)

    def _install(self, deployments: Iterable[Deployment]) -> None:
        """Read the requirements files that deployments install, then those that were named."""
        reached: set[str] = set()
        for deployment in deployments:
            path = deployment.requirements_path
            if path is None:
                continue
            installation = Installation(path, self.workspace, deployment)
            self._take(installation)
            reached.update(installation.paths())
        if not self.changed:
            self._install_named([path for path in self.scan.requirements if path not in reached])

    def _install_named(self, paths: list[str]) -> None:
        """Read requirements files that were named and that no deployment installs.

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
        included = {path for each in installations for path in each.paths() if path != each.path}
        for each in installations:
            name = os.path.basename(each.path).lower()
            if each.path in included or name.endswith(".in") or "constraint" in name:
                continue
            if "req" in name or each.looks_like_requirements:
                self._take(each)

    def _take(self, installation: Installation) -> None:
        self.installations.append(installation)
        for file in installation.files:
            self._note(installation.document(file))

    def _unreadable(self, path: str, reason: str) -> None:
        place = Place(Document(path, "", exact=False), (0, 0))
        self._report("AML901", Report(place, f"this file was not checked: {reason}"))

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
        deployment = subject.deployment if function == "check_installation" else None
        try:
            for report in getattr(rule.module, function)(subject):
                self._report(rule.code, _with_deployment(report, deployment))
                if deployment is not None and rule.code in _INSTALL_FAILS:
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
            self._report("AML906", Report(_place_of(subject), message))

    def _report(self, code: str, report: Report) -> None:
        finding = rules.BY_CODE[code].finding(report)
        if code != "AML906" and code not in self.configuration.of(finding.path).codes:
            return
        key = (code, finding.path, finding.place.origin.span, finding.message)
        known = self.findings.get(key)
        if known is not None:
            related = dict.fromkeys((*known.related, *finding.related))
            finding = known._replace(related=tuple(related))
        self.findings[key] = finding

    # ---- what is left out ----------------------------------------------------------------------

    def _silence(self) -> int:
        """Drop what comments silence; report what is wrong with the comments. Returns a count."""
        count = 0
        for document in self.documents.values():
            comments = suppressions.comments(document)
            if not comments:
                continue
            path = Place(document, (0, 0)).origin.document.path
            found = suppressions.Suppressions(document, comments, self.today)
            for key, finding in list(self.findings.items()):
                if finding.path == path and found.silence(finding):
                    count += self._is_reported(finding)
                    del self.findings[key]
            for code, report in found.reports:
                self._report(code, report)
            judged = self.configuration.of(path).codes
            for report in found.unused(judged):
                self._report("AML903", report)
        return count

    def _is_named(self, path: str) -> bool:
        return any(
            path == each or path.startswith(os.path.join(each, "")) for each in self.scan.named
        )

    def _is_reported(self, finding: Finding) -> bool:
        """Whether a finding touches a file that was named."""
        paths = [finding.path, *(each.place.origin.document.path for each in finding.related)]
        return any(self._is_named(path) for path in paths)

    def _reported(self) -> Iterator[Finding]:
        return (each for each in self.findings.values() if self._is_reported(each))

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
