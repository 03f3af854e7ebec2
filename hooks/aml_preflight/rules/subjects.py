"""What rules look at, and the looking: a rule that fails costs its own findings and not the run.

Each kind of subject has the function by which a rule takes it, see the docstring of ``rules``. What
pip makes of requirements files comes first: how a deployment ends depends on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import Document, Place
from ..findings import Related, Report, Severity
from ..values import Known, Unknown
from . import BY_CODE, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..deployments import Deployment
    from ..facts import FileFacts, Variables
    from ..installation import Installation
    from ..line_problems import Survey
    from ..path_problems import Problems


class Settings(NamedTuple):
    """The variables of one deployment, or, without one, of an environment that no deployment in its
    file uses."""

    variables: Variables
    deployment: Deployment | None = None


class Subject:
    """Something that rules look at, made of something else when the first of them does; ``None``
    where there is nothing to look at.

    ``place`` is some place of it. ``deployment`` is the one that all findings are about, and
    ``related`` are places that belong to them all; with ``file`` they are about the file of the
    place and what it includes.
    """

    def __init__(
        self,
        source: Any,
        place: Place,
        deployment: Deployment | None = None,
        *,
        make: Callable[[Any], Any] | None = None,
        related: tuple[Related, ...] = (),
        file: bool = False,
    ) -> None:
        self.place = place
        self.file = place.file if file else None
        self.deployment = deployment
        self.related = related
        self._source = source
        self._make = make

    @cached_property
    def value(self) -> Any:
        """What a rule gets. Raises whatever comes of making it."""
        return self._source if self._make is None else self._make(self._source)


Subjects = dict[str, list[Subject]]
"""By the name of the function that takes them."""


class Judged(NamedTuple):
    """A deployment that knows whether its install passes, with the problems of its paths."""

    deployment: Deployment
    problems: Problems


class Said(NamedTuple):
    """What a rule reports, and the deployment that this is about, or the path of the requirements
    file that nobody installs."""

    rule: Rule
    report: Report
    deployment: Deployment | None
    file: str | None = None

    @property
    def install_fails(self) -> bool:
        """Whether it says that pip ends with an error."""
        severity = self.report.severity or self.rule.severity
        return self.rule.install_fails and severity is Severity.ERROR

    def about(self, judged: Mapping[Deployment, Judged]) -> Said:
        """The same of the deployment as it is once it is judged."""
        known = judged.get(self.deployment) if self.deployment is not None else None
        return self if known is None else self._replace(deployment=known.deployment)


def of_installations(installations: Iterable[Installation]) -> Subjects:
    """What there is to look at in what containers install."""
    files, surveys = [], []
    for each in installations:
        place = Place(Document(each.path, "", exact=False), (0, 0))
        related = _installed_by(each.deployment)
        about, own = each.deployment, each.deployment is None
        files.append(Subject(each, place, about, related=related, file=own))
        surveys.append(Subject(each, place, about, make=_survey, related=related, file=own))
    return {"check_installation": files, "check_survey": surveys}


def of_deployments(files: Iterable[FileFacts], deployments: Iterable[Judged]) -> Subjects:
    """What there is to look at in files, and in deployments that are judged."""
    settings, scripts, paths, whole = [], [], [], []
    for each, problems in deployments:
        place = each.facts.place
        settings.append(Subject(Settings(each.facts.variables, each), place, each))
        if not isinstance(problems.script, Unknown):
            scripts.append(Subject(problems.script, place, each))
        if not isinstance(problems.path, Unknown):
            paths.append(Subject(problems.path, place, each))
        whole.append(Subject(each, place, each))
    found: Subjects = {
        "check_variables": settings,
        "check_ignored": [],
        "check_other": [],
        "check_mention": [],
        "check_script": scripts,
        "check_path": paths,
        "check_deployment": whole,
    }
    for file in files:
        settings += [Subject(Settings(each.variables), each.place) for each in file.environments]
        found["check_ignored"] += [Subject(each, each.place) for each in file.ignored]
        found["check_other"] += [Subject(each, each.place) for each in file.others]
        found["check_mention"] += [Subject(each, each.place) for each in file.mentions]
    return found


def look(rules: Iterable[Rule], subjects: Subjects) -> Iterator[Said]:
    """What rules report of their subjects; AML906 where one failed."""
    for rule in rules:
        for function, found in subjects.items():
            if found and hasattr(rule.module, function):
                for subject in found:
                    yield from _look(rule, function, subject)


def _look(rule: Rule, function: str, subject: Subject) -> Iterator[Said]:
    try:
        if subject.value is None:
            return
        for report in getattr(rule.module, function)(subject.value):
            shown = report._replace(related=(*report.related, *subject.related))
            yield Said(rule, shown, subject.deployment, subject.file)
    except Exception as error:  # a rule's mistake costs its own findings, not the run
        message = (
            f"the rule {rule.code} failed here ({type(error).__name__}: {error}); "
            "the findings of the other rules stand"
        )
        said = Report(subject.place, message)
        yield Said(BY_CODE["AML906"], said, subject.deployment, subject.file)


def _survey(installation: Installation) -> Survey:
    from ..line_problems import Survey

    return Survey(installation)


def _installed_by(deployment: Deployment | None) -> tuple[Related, ...]:
    """The place at which a deployment names what it installs."""
    if deployment is None or deployment.outcome.variable is None:
        return ()
    variable = deployment.facts.variables.get(deployment.outcome.variable)
    if variable is None or not isinstance(variable.value, Known):
        return ()
    return (Related(variable.value.shown_at, "installed at start by this deployment"),)
