"""The path is absolute, and the container takes it as relative.

## What it does

Checks `AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH` and
`AZUREML_EXTRA_CONDA_YAML` for a path that begins with a slash or a drive letter.

Where the slash does no harm by accident, because the rest of the path is right, it is a warning.

## Why it matters

The start script puts the folder of the score script in front of every path, without looking whether
it is absolute. `/var/azureml-app/src/requirements.txt` is looked for at
`/var/azureml-app/src/var/azureml-app/src/requirements.txt`, and the container ends at once with
exit code 99 (97 for a library path, 98 for a conda file):

    ... expected requirements file not found:
    /var/azureml-app/src//var/azureml-app/src/requirements.txt.

## Example

```python
env.environment_variables = {
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "/var/azureml-app/src/requirements.txt",
}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Fix safety

The fix is safe where it drops a slash that does no harm, and where the absolute path is that of the
file in the container. Elsewhere, and where the text that it changes is used elsewhere as well, it
is unsafe. Where no file of the upload can have been meant, there is no fix.

## Source

The start script of the images, run with such paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..boot import APP_ROOT
from ..findings import Report, Severity
from ..path_problems import Cause
from .wording import looked_for, replace_value, where_the_script_is, without_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "safe"
_ADVICE = 'write "{}": the path starts at the folder of the score script'


def check_path(problem: PathProblem) -> Iterator[Report]:
    if problem.cause is Cause.LEADING_SLASH:
        yield _harmless(problem)
    elif problem.cause is Cause.ABSOLUTE:
        yield _harmful(problem)


def _harmless(problem: PathProblem) -> Report:
    return Report(
        problem.value.shown_at,
        "this path is absolute and works by accident: the container puts the folder of the score "
        f"script in front of it and finds {problem.outcome.container_path}",
        help=_ADVICE.format(problem.better or "."),
        related=where_the_script_is(problem.deployment),
        fix=replace_value(problem.value, problem.better or None, safe=True),
        severity=Severity.WARNING,
    )


def _harmful(problem: PathProblem) -> Report:
    better, value = problem.better, problem.value
    advice = "give the path from the folder of the score script"
    return Report(
        value.shown_at,
        without_project(
            problem.deployment, f"absolute paths are taken as relative: {looked_for(problem)}"
        ),
        help=_ADVICE.format(better) if better else advice,
        related=where_the_script_is(problem.deployment),
        fix=replace_value(value, better, safe=value.value.startswith(f"{APP_ROOT}/")),
    )
