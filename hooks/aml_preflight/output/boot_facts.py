"""What both boot views tell of a deployment beyond its outcome."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from .. import variables as names
from ..values import Known, Unknown

if TYPE_CHECKING:
    from ..deployments import Deployment
    from ..facts import Variable


def entry_script(deployment: Deployment) -> str | None:
    """The path of the score script in the container, ``None`` where it is not known."""
    where = deployment.location
    if isinstance(where, Unknown) or deployment.image.preset_entry:
        return None
    return posixpath.normpath(f"{where.app_root}/{where.entry_variable}")


def reason(deployment: Deployment) -> str | None:
    """Why something of the start is not known, if so: first what decides how it ends."""
    outcome, where, doubt = deployment.outcome, deployment.location, deployment.script_doubt
    through_script = isinstance(where, Unknown) and outcome.reason in (None, where.reason)
    if doubt is not None and (through_script or outcome.reason is None):
        return doubt.reason
    if outcome.reason is None and isinstance(where, Unknown):
        return where.reason
    return outcome.reason


def misspelt(deployment: Deployment) -> list[str]:
    """The names of variables that are set and that nothing reads."""
    given = (item.name.value for item in deployment.facts.variables.items)
    return [name for name in given if names.misspelling(name) is not None]


def decider(deployment: Deployment) -> Variable | None:
    """The variable that decides what the start script does: the first that is set, or would be if
    its value were known."""
    variables = deployment.facts.variables
    if deployment.outcome.variable is not None:
        return variables.get(deployment.outcome.variable)
    if deployment.outcome.reason is None:
        return None
    for name in names.INSTALL_VARIABLES:
        variable = variables.get(name)
        if variable is None or name in deployment.outcome.ignored:
            continue
        if isinstance(variable.value, Unknown) or variable.value.value != "":
            return variable
    return None


def empty(deployment: Deployment) -> list[str]:
    """Install variables that are given an empty text, which the script takes for not set."""
    found = []
    for name in names.INSTALL_VARIABLES:
        variable = deployment.facts.variables.get(name)
        if (
            variable is not None
            and isinstance(variable.value, Known)
            and variable.value.value == ""
        ):
            found.append(name)
    return found
