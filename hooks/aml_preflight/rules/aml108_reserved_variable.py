"""The variable is overwritten before anything reads it.

## What it does

Checks for variables that have another value in the container than the one that is set:

* `AZUREML_ENTRY_SCRIPT`, and `AZUREML_SOURCE_DIRECTORY` where there is a `source_directory`: SDK v1
  and CLI v1 write their own when they deploy;
* `SERVER_PORT` on a prebuilt inference image, which starts its server with `--port 31311`.

It says nothing where the value is the one that is written anyway.

## Why it matters

What is set has no effect. The server loads the score script that `InferenceConfig` names, and paths
start at that script's folder.

## Example

```python
env.environment_variables = {"AZUREML_ENTRY_SCRIPT": "online/score.py"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Use instead

```python
config = InferenceConfig(entry_script="online/score.py", source_directory="src", environment=env)
```

## Fix safety

There is no fix.

## Source

azureml-core 1.61, run with these variables; azureml-inference-server-http 1.5.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..facts import Style
from ..findings import Related, Report, Severity
from ..images import Feature
from ..values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment
    from ..facts import Variable
    from .subjects import Settings

SEVERITY = Severity.WARNING
FIX = None

_PORT = "SERVER_PORT"
_PORT_OF_IMAGE = "31311"
_WORDS = {
    Style.SDK_V1: ("the SDK", "InferenceConfig", "entry_script", "source_directory"),
    Style.CLI_V1: ("the deploy", "the inference configuration", "entryScript", "sourceDirectory"),
}
"""Who overwrites, with what, and how the two arguments are called."""


def check_variables(settings: Settings) -> Iterator[Report]:
    deployment = settings.deployment
    if deployment is None:
        return
    port = settings.variables.get(_PORT)
    if port is not None and _serves_http(deployment) and _text(port) != _PORT_OF_IMAGE:
        yield Report(
            port.name.shown_at,
            f"this has no effect: the image starts its server on port {_PORT_OF_IMAGE}, behind a "
            "proxy on port 5001",
            help="remove it",
        )
    if deployment.facts.style in _WORDS:
        yield from _written_by_sdk(deployment)


def _written_by_sdk(deployment: Deployment) -> Iterator[Report]:
    facts, where = deployment.facts, deployment.location
    who, config, script, folder = _WORDS[facts.style]
    written = {names.ENTRY_SCRIPT: (facts.entry_script, script)}
    if isinstance(facts.source_directory, Known) and facts.source_directory.value:
        written[names.SOURCE_DIRECTORY] = (facts.source_directory, folder)
    for name, (source, argument) in written.items():
        variable = facts.variables.get(name)
        if variable is None or source is None:
            continue
        if not isinstance(where, Unknown):
            entry = where.entry_variable
            own = entry if name == names.ENTRY_SCRIPT else entry.partition("/")[0]
            if _text(variable) == own:
                continue
        related: tuple[Related, ...] = ()
        if isinstance(source, Known):
            related = (Related(source.shown_at, "its value is made from this"),)
        yield Report(
            variable.name.shown_at,
            f"{who} overwrites {name} with what {config} says",
            help=f"remove it, and give {argument} to {config}",
            related=related,
        )


def _text(variable: Variable) -> str | None:
    value = variable.value
    return str(value.value) if isinstance(value, Known) else None


def _serves_http(deployment: Deployment) -> bool:
    """Whether the image is one of those that start the HTTP server by the usual script."""
    usual = (Feature.AVAILABLE, Feature.REMOVED, Feature.UNVERIFIED)
    image = deployment.image
    return image.feature in usual and not image.name.startswith("triton")
