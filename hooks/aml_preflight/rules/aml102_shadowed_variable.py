"""Two ways to add packages are set, and the container takes only one.

## What it does

Checks whether a deployment sets more than one of `AZUREML_EXTRA_PYTHON_LIB_PATH`,
`AZUREML_EXTRA_CONDA_YAML_ABS_PATH`, `AZUREML_EXTRA_CONDA_YAML` and
`AZUREML_EXTRA_REQUIREMENTS_TXT`.

## Why it matters

The start script takes the first of them that is set, in this order, and never looks at the others.
With a library path and a requirements file, the requirements are never installed, and a
requirements file that does not exist is not even noticed. There is no message; the score script
fails later with `ModuleNotFoundError`, or works with other versions than those that were asked for.

## Example

```python
env.environment_variables = {
    "AZUREML_EXTRA_PYTHON_LIB_PATH": "packages",
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
}
```

## Use instead

Install the requirements into the folder, and set

```python
env.environment_variables = {"AZUREML_EXTRA_PYTHON_LIB_PATH": "packages"}
```

## Fix safety

There is no fix: only the author knows which of the two is meant.

## Source

The start script of the images, run with both variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..boot import StartScript
from ..findings import Related, Report, Severity
from ..values import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts import Variable
    from .subjects import Settings

SEVERITY = Severity.ERROR
FIX = None


def check_variables(settings: Settings) -> Iterator[Report]:
    if settings.variables.open is not None:
        return
    given = [
        variable
        for name in names.INSTALL_VARIABLES
        if (variable := settings.variables.get(name)) is not None and not _is_empty(variable)
    ]
    if len(given) < 2 or not isinstance(given[0].value, Known):
        return
    winner, *others = given
    script = settings.deployment.image.start_script if settings.deployment else None
    if script is StartScript.NONE:
        return
    if script is StartScript.MLFLOW and winner.name.value != names.LIBRARY_PATH:
        return
    for variable in others:
        if isinstance(variable.value, Known):
            yield Report(
                variable.name.shown_at,
                f"the container would never look at this: {winner.name.value} comes first",
                help=f"set one of the two; {_advice(winner, variable)}",
                related=(Related(winner.name.shown_at, "the container takes this one"),),
            )


def _is_empty(variable: Variable) -> bool:
    return isinstance(variable.value, Known) and variable.value.value in ("", None)


def _advice(winner: Variable, ignored: Variable) -> str:
    if winner.name.value == names.LIBRARY_PATH:
        return "a folder of packages has to hold everything that the score script imports"
    if ignored.name.value == names.REQUIREMENTS:
        return "a conda file can list the requirements in its pip section"
    return "they name the same kind of file"
