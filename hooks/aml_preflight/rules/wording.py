"""What several rules say in the same words, and the fixes that they share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..boot import exit_code_if_missing
from ..facts import Style
from ..findings import Edit, Fix, Related, Report
from ..lookalikes import similar
from ..path_problems import Cause
from ..paths import with_slashes
from ..spelling import spelled_like
from ..values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment
    from ..facts import Scalar
    from ..path_problems import PathProblem

_MOST_CHOICES = 3
_LONGEST_QUOTE = 60
_FOLDERS = {Style.SDK_V1: "source_directory", Style.CLI_V1: "sourceDirectory"}


def brief(text: str) -> str:
    """The beginning of a text that a message quotes."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."


def looked_for(problem: PathProblem) -> str:
    """What the container would look for in vain, and how it would end."""
    code = exit_code_if_missing(problem.variable.name.value)
    value, path = problem.value.value, problem.outcome.container_path or ""
    if value.strip() != value:
        path = f'"{path}"'
    elif value.endswith("/"):
        path += "/"
    return f"the container would look for {path} and exit with code {code}"


def where_the_script_is(deployment: Deployment) -> tuple[Related, ...]:
    """The places that decide which folder paths are relative to."""
    facts, where = deployment.facts, deployment.location
    if isinstance(where, Unknown):
        return ()
    folder = where.script_folder
    if isinstance(facts.source_directory, Known):
        message = f"uploaded to {where.upload.container}"
        if folder == where.upload.container:
            message += ", where the score script is"
        return (Related(facts.source_directory.shown_at, message),)
    if isinstance(facts.entry_script, Known):
        return (Related(facts.entry_script.shown_at, f"the score script is in {folder}"),)
    return ()


def source_directory_word(deployment: Deployment) -> str:
    """What the author knows the uploaded folder as."""
    if deployment.facts.style is Style.DOCKER:
        return "folder in the container"
    return _FOLDERS.get(deployment.facts.style, "code folder")


def replace_value(
    value: Known[str] | Known[Scalar], text: str | None, *, safe: bool, title: str | None = None
) -> Fix | None:
    """The fix that writes another text, where one is known and one literal spells the value.

    A literal that is used through a name may be used elsewhere too, or is known to be: then the
    fix is unsafe.
    """
    literal = value.literal
    if text is None or literal is None or not literal.document.exact:
        return None
    spelled = spelled_like(literal, text)
    if spelled is None:
        return None
    direct = literal == value.place and not value.shared
    return Fix(title or f'write "{text}"', (Edit(literal, spelled),), safe and direct)


def here(deployment: Deployment, path: str) -> str:
    """An absolute path of this disk as the author knows it: seen from the project's folder."""
    project = deployment.workspace.project(deployment.facts.document.path)
    if path == project:
        return "."
    if not path.startswith(os.path.join(project, "")):
        return path
    return with_slashes(os.path.relpath(path, project))


def without_project(deployment: Deployment, text: str) -> str:
    """A message that is the same wherever the project is checked out."""
    project = deployment.workspace.project(deployment.facts.document.path)
    return text.replace(project, "/...") if len(project) > 1 else text


def either(choices: list[str]) -> str:
    """A few texts in quotes, to choose one from."""
    shown = [f'"{each}"' for each in choices[:_MOST_CHOICES]]
    if len(choices) > _MOST_CHOICES:
        return f"{', '.join(shown)} or one of {len(choices) - _MOST_CHOICES} more"
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def what_was_meant(problem: PathProblem) -> tuple[str | None, Fix | None]:
    """Advice that names the files that may have been meant, and the fix where there is one."""
    deployment, name = problem.deployment, problem.variable.name.value
    found = similar(deployment, name, problem.value.value, problem.outcome.container_path)
    if not found:
        return None, None
    fix = replace_value(problem.value, found[0], safe=False) if len(found) == 1 else None
    return f"did you mean {either(found)}?", fix


def not_found(problem: PathProblem, variable: str, what: str) -> Iterator[Report]:
    """The report on a path at which there is nothing, for a rule that speaks of one variable."""
    if problem.cause is not Cause.NOT_FOUND or problem.variable.name.value != variable:
        return
    deployment = problem.deployment
    advice, fix = what_was_meant(problem)
    local = deployment.local_path
    if advice is None and local is not None:
        advice = (
            f"that is {here(deployment, local)} in the project: put the {what} there, or correct "
            "the path, which starts at the folder of the score script"
        )
    yield Report(
        problem.value.shown_at,
        f"there is no such {what}: {looked_for(problem)}",
        help=advice or "the path starts at the folder of the score script",
        related=where_the_script_is(deployment),
        fix=fix,
    )
