"""The variables are given to an `Environment`, which does not take them.

## What it does

Checks for `environment_variables` among the arguments of `Environment(...)`, in both SDKs, and for
the field of that name in the environments of CLI v2: in a file of their own, or written into a
deployment. In a deployment of CLI v2 also for fields that stand for the right one, such as
`env_variables`.

## Why it matters

`Environment` of SDK v1 (azureml-core) accepts the argument and drops it, without a word. The
container starts without the variables and installs nothing.

`Environment` of SDK v2 (azure-ai-ml) has no such argument either: the call raises `TypeError`.
The same holds for YAML files: azure-ai-ml refuses one whose environment has the field. There,
variables belong to the deployment.

## Example

```python
env = Environment("scoring", environment_variables={
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
})
```

## Use instead

With SDK v1:

```python
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
```

With SDK v2:

```python
deployment = ManagedOnlineDeployment(
    name="blue",
    endpoint_name="scoring",
    environment=env,
    environment_variables={"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"},
)
```

In a file of CLI v2, `environment_variables` stands beside `environment`, not in it.

## Fix safety

There is no fix.

## Source

azureml-core 1.61 and azure-ai-ml 1.35, run with the argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import Style
from ..findings import Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Place
    from ..facts import IgnoredVariables

SEVERITY = Severity.ERROR
FIX = None

_ARGUMENT = "environment_variables"


def check_ignored(ignored: IgnoredVariables) -> Iterator[Report]:
    place = _keyword(ignored.place)
    if ignored.style is Style.SDK_V2:
        yield Report(
            place,
            "Environment takes no environment_variables in SDK v2: this call raises TypeError",
            help="give them to the deployment: ManagedOnlineDeployment(environment_variables=...)",
        )
    elif ignored.style is Style.CLI_V2 and place.text.strip("\"'") != _ARGUMENT:
        yield Report(
            place,
            "a deployment has no such field in CLI v2: azure-ai-ml refuses this file",
            help=f"write {_ARGUMENT}",
        )
    elif ignored.style is Style.CLI_V2:
        yield Report(
            place,
            "an environment has no environment_variables in CLI v2: azure-ai-ml refuses this file",
            help="put them into the deployment, beside its environment",
        )
    elif ignored.variables.items:
        names = [item.name.value for item in ignored.variables.items]
        lost = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        yield Report(
            place,
            f"Environment drops this argument in SDK v1: the container would start without {lost}",
            help="assign them afterwards: env.environment_variables = {...}",
        )


def _keyword(place: Place) -> Place:
    """The argument's name alone; its value may go on for many lines."""
    return place.part(0, len(_ARGUMENT)) if place.text.startswith(_ARGUMENT) else place
