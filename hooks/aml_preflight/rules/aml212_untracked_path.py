"""What the container needs exists on this disk, and git does not have it.

## What it does

Checks the score script, the requirements or conda file and the folder of packages that a deployment
uses: does the repository have them, and the links on the way to them? Inside a commit that means
what is being committed.

A folder of packages that git is told to ignore says nothing: such folders are often made by the
build. Nothing is said either where git does not have the deploying program itself, and outside a
repository.

## Why it matters

The deployment works here. Started from a clone, by a colleague or a pipeline, the file is missing:
the SDK refuses to deploy without the score script, and the container ends with exit code 99 without
the requirements file (98 for a conda file, 97 for a folder of packages).

## Example

    $ git status --short
    ?? src/requirements.txt

## Use instead

    $ git add src/requirements.txt

## Fix safety

There is no fix: what belongs into the repository is not for a linter to decide.

## Source

Own reasoning, from what the SDKs upload.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from ..boot import Branch, exit_code_if_missing
from ..facts import Style
from ..findings import Report, Severity
from ..made_later import may_be_made
from ..values import Known, Unknown
from .wording import here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

SEVERITY = Severity.WARNING
FIX = None


class _Needed(NamedTuple):
    """Something that the deployment needs, at the absolute path ``path``, and what git lacks of it:
    the path itself, or a link on the way to it or what that leads to."""

    path: str
    lacking: str
    value: Known[Any]
    without: str

    def may_be_made(self, deployment: Deployment) -> bool:
        names = dict.fromkeys(map(os.path.basename, (self.path, self.lacking)))
        return may_be_made(deployment, self.value, *names, str(self.value.value)) is not None


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    workspace, own = deployment.workspace, deployment.facts.document.path
    missing = list(_missing(deployment))
    if not missing or not workspace.tracked(own):
        return
    missing = [each for each in missing if not each.may_be_made(deployment)]
    if not missing:
        return
    whole = _whole_folder(deployment)
    if whole is not None:
        missing = [] if workspace.ignored(whole.lacking) else [whole]
    # Through one link that is not there nothing behind it is found: that is said once.
    for each in {each.lacking: each for each in reversed(missing)}.values():
        path, ignored = here(deployment, each.lacking), workspace.ignored(each.lacking)
        quoted = shlex.quote(path)
        force = f"git ignores it: run `git add --force {quoted}`, or correct .gitignore"
        yield Report(
            each.value.shown_at,
            f"{path} is not in git: {each.without}",
            help=force if ignored else f"run `git add {quoted}`",
        )


def _missing(deployment: Deployment) -> Iterator[_Needed]:
    where, script = deployment.location, deployment.facts.entry_script
    if isinstance(where, Unknown):
        return
    if where.entry_found and isinstance(script, Known):
        without = "from a clone, the SDK would refuse to deploy without its score script"
        if deployment.facts.style in (Style.CLI_V1, Style.CLI_V2):
            without = "from a clone, the deploy would be refused without its score script"
        elif deployment.facts.style is Style.DOCKER:
            without = "from a clone, the container's server would find no score script"
        yield from _unless_in_git(deployment, where.entry_local, script, without)
    outcome, local = deployment.outcome, deployment.local_path
    if outcome.variable is None or outcome.exit_code not in (0, 95) or local is None:
        return
    variable = deployment.facts.variables.get(outcome.variable)
    if variable is None or not isinstance(variable.value, Known):
        return
    if outcome.branch is Branch.LIBRARY_PATH and _is_ignored(deployment, local):
        return
    code = exit_code_if_missing(outcome.variable)
    made = "built" if deployment.facts.style is Style.DOCKER else "deployed"
    without = f"{made} from a clone, the container would exit with code {code}"
    yield from _unless_in_git(deployment, local, variable.value, without)


def _is_ignored(deployment: Deployment, local: str) -> bool:
    """Whether git is told to ignore a path, or what a link there leads to."""
    workspace = deployment.workspace
    return workspace.ignored(local) or workspace.ignored(workspace.real_path(local))


def _whole_folder(deployment: Deployment) -> _Needed | None:
    """The uploaded folder, if git has nothing of it: then that is the one thing to say."""
    where, folder = deployment.location, deployment.facts.source_directory
    if isinstance(where, Unknown) or not isinstance(folder, Known):
        return None
    without = "from a clone, there would be nothing to deploy"
    return next(_unless_in_git(deployment, where.upload.local, folder, without), None)


def _unless_in_git(
    deployment: Deployment, local: str, value: Known[Any], without: str
) -> Iterator[_Needed]:
    """What is needed at an absolute path, if git lacks something of it."""
    where = deployment.location
    path = local if isinstance(where, Unknown) else where.with_links(local)
    lacking = deployment.workspace.lacking(path)
    if lacking is not None:
        yield _Needed(path, lacking, value, without)
