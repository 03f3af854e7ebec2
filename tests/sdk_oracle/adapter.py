"""The one place where the oracle meets our reader.

Everything else in this folder knows only the dictionaries that ``read_program`` returns.
"""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING, TypedDict

from aml_preflight.boot import APP_ROOT
from aml_preflight.deployments import Deployment
from aml_preflight.python.reader import read
from aml_preflight.values import Known, Unknown
from aml_preflight.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from aml_preflight.facts import DeploymentFacts, Scalar


class Told(TypedDict):
    """One value as the reader tells it: known, or unknown with the reason."""

    known: bool
    value: str | bool | int | float | None
    reason: str | None


class Reading(TypedDict):
    """One deployment as the reader tells it."""

    style: str
    line: int
    variables: dict[str, Told]
    open: str | None
    image: Told
    entry_script: Told
    source_directory: Told
    container_entry_script: Told


def read_program(project_dir: Path, deploy: str) -> list[Reading]:
    """What our static reader says of one program, without running it.

    ``project_dir`` is the root of the project and the current folder of the program; ``deploy`` is
    the program's path relative to it, with ``/``. The answer has one dictionary a deployment, in
    the order of the calls that construct them; ``InferenceConfig`` for SDK v1, the online
    deployment for SDK v2. An ``InferenceConfig`` that is deployed twice with a change between the
    two is two deployments of one line. Training, batch and registering are no deployments.

    ``style``
        ``"sdk-v1"`` or ``"sdk-v2"``.
    ``line``
        Line, from 1, at which the constructing call begins (``InferenceConfig`` in
        ``ic = InferenceConfig(``), not where its deploy stands.
    ``variables``
        The variables in force when it is deployed, or at the end of the program when it never is:
        name -> ``Told``. A known value has the type that the program gives it (``"1"`` is not
        ``1``). A variable with an unknown value may also be not there at all. SDK v1's own
        ``EXAMPLE_ENV_VAR`` may be left out or not: the comparison drops it. Names that v1 writes
        itself when it deploys (AZUREML_ENTRY_SCRIPT, AZUREML_SOURCE_DIRECTORY) are listed only
        where the author sets them.
    ``open``
        ``None`` when ``variables`` is complete; else the reason why there may be more, or fewer.
        With a reason, a listed variable must still be right if the real deployment has it.
    ``image``
        The base image. Known with value ``None``: the program gives none (v1 then uses its default
        training image, which the comparison accepts for ``None`` and for its name).
    ``entry_script``
        v1 ``entry_script``, v2 ``scoring_script``, as text. Known ``None``: none is given.
    ``source_directory``
        v1 ``source_directory``, v2 ``code``: a path, absolute or relative to ``project_dir``; the
        comparison resolves both sides, links included. Known ``None``: none is given.
    ``container_entry_script``
        Path of the score script in the container as derived by our model, normalised, such as
        ``/var/azureml-app/src/score.py``; unknown where that cannot be derived.

    ``Told`` is ``{"known": True, "value": ..., "reason": None}`` or
    ``{"known": False, "value": None, "reason": "..."}``. A file that cannot be read: ``[]``.
    """
    path = project_dir / deploy
    workspace = Workspace(str(project_dir))
    found = read(str(path), path.read_bytes())
    readings = [_reading(Deployment(facts, workspace)) for facts in found.deployments]
    return sorted(readings, key=lambda reading: reading["line"])


def _reading(deployment: Deployment) -> Reading:
    facts, where = deployment.facts, deployment.location
    line, _ = facts.document.position(facts.place.start)
    if isinstance(where, Unknown):
        script = Told(known=False, value=None, reason=where.reason)
    else:
        script = Told(known=True, value=normpath(f"{APP_ROOT}/{where.entry_variable}"), reason=None)
    return Reading(
        style=facts.style.value,
        line=line,
        variables={item.name.value: _told(item.value) for item in facts.variables.items},
        open=_open(facts),
        image=_told(facts.image),
        entry_script=_told(facts.entry_script),
        source_directory=_told(facts.source_directory),
        container_entry_script=script,
    )


def _open(facts: DeploymentFacts) -> str | None:
    """Why there may be more or fewer variables: a value is also unknown where it is not certain
    that the variable is set at all."""
    if facts.variables.open is not None:
        return facts.variables.open.reason
    for item in facts.variables.items:
        if isinstance(item.value, Unknown):
            return item.value.reason
    return None


def _told(value: Known[str] | Known[Scalar] | Unknown | None) -> Told:
    if isinstance(value, Unknown):
        return Told(known=False, value=None, reason=value.reason)
    return Told(known=True, value=value.value if value else None, reason=None)
