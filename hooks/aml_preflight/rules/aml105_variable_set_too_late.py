"""The variable is set after the deploy, or lost before it.

## What it does

Follows the program from top to bottom and reports a variable by which the image installs packages

* that is set only after `Model.deploy(...)` or `begin_create_or_update(...)`;
* that is set before, and lost because all variables are assigned anew before the deploy.

In YAML and JSON it reports one that stands under `environment_variables` (CLI v2) or
`environmentVariables` (CLI v1) where that key is given once more: the last one counts.

## Why it matters

The deploy sends the variables as they are at that moment. The container starts without the one that
is missing and installs nothing; the score script fails later with `ModuleNotFoundError`.

## Example

```python
env.environment_variables["AZUREML_EXTRA_REQUIREMENTS_TXT"] = "requirements.txt"
env.environment_variables = {"WORKER_COUNT": "2"}
service = Model.deploy(ws, "scoring", [model], config, aci)
```

## Use instead

```python
env.environment_variables = {"WORKER_COUNT": "2"}
env.environment_variables["AZUREML_EXTRA_REQUIREMENTS_TXT"] = "requirements.txt"
service = Model.deploy(ws, "scoring", [model], config, aci)
```

## Fix safety

There is no fix.

## Source

azureml-core 1.61 and azure-ai-ml 1.35, run in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..document import Language
from ..findings import Related, Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Place
    from ..facts import Variable
    from .subjects import Settings

SEVERITY = Severity.ERROR
FIX = None


def check_variables(settings: Settings) -> Iterator[Report]:
    for variable, deploy in settings.variables.late:
        yield Report(
            variable.name.shown_at,
            "this is set after the deploy: the container would start without it",
            help="set it before the deploy",
            related=(Related(deploy, "deployed here, with the variables set until then"),),
        )
    for variable, assignment in settings.variables.replaced:
        name = variable.name.value
        if name not in names.INSTALL_VARIABLES or settings.variables.get(name) is not None:
            continue
        if assignment.document.language in (Language.YAML, Language.JSON):
            yield _given_again(variable, assignment)
            continue
        yield Report(
            variable.name.shown_at,
            "this is lost when all variables are assigned anew: the container starts without it",
            help="set it after that assignment, or in the new dictionary",
            related=(Related(assignment, "replaces all variables"),),
        )


def _given_again(variable: Variable, again: Place) -> Report:
    """On YAML and JSON, where the last of two equal keys counts."""
    key = again.text.strip("\"'")
    return Report(
        variable.name.shown_at,
        f"this is lost, because {key} is given once more: the container would start without it",
        help="put all variables under one key",
        related=(Related(again, "only what is under the last one counts"),),
    )
