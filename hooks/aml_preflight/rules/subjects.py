"""What rules look at, and the looking: a rule that fails costs its own findings and not the run.

Each kind of subject has the function by which a rule takes it, see the docstring of ``rules``. What
pip makes of requirements files comes first: how a deployment ends depends on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..document import Place, unread
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

    ``place`` is some place of it. ``owner`` is the deployment that all findings are about, or the
    path of a requirements file that nobody installs; ``related`` are places that belong to them
    all.
    """

    def __init__(
        self,
        source: Any,
        place: Place,
        owner: Deployment | str | None = None,
        *,
        make: Callable[[Any], Any] | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        self.place = place
        self.owner = owner
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
    """What a rule reports, and what this is about, see ``Subject``."""

    rule: Rule
    report: Report
    owner: Deployment | str | None

    @property
    def install_fails(self) -> bool:
        """Whether it says that pip ends with an error."""
        severity = self.report.severity or self.rule.severity
        return self.rule.install_fails and severity is Severity.ERROR

    def about(self, judged: Mapping[Deployment, Judged]) -> Said:
        """The same of the deployment as it is once it is judged."""
        if self.owner is None or isinstance(self.owner, str):
            return self
        return self._replace(owner=judged[self.owner].deployment)


def of_installations(installations: Iterable[Installation]) -> Subjects:
    """What there is to look at in what containers install."""
    files, surveys = [], []
    for each in installations:
        place, owner = unread(each.path), each.deployment or each.path
        related = _installed_by(each.deployment)
        files.append(Subject(each, place, owner, related=related))
        surveys.append(Subject(each, place, owner, make=_survey, related=related))
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
            yield Said(rule, shown, subject.owner)
    except Exception as error:  # a rule's mistake costs its own findings, not the run
        message = (
            f"the rule {rule.code} failed here ({type(error).__name__}: {error}); "
            "the findings of the other rules stand"
        )
        yield Said(BY_CODE["AML906"], Report(subject.place, message), subject.owner)


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
