"""The path leaves the folder that is uploaded.

## What it does

Checks `AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH` and
`AZUREML_EXTRA_CONDA_YAML` for a path that leads out of the source directory (SDK and CLI v1)
or the code folder (SDK and CLI v2) through `..`.

## Why it matters

Only that folder reaches the container. What lies beside it in the project is not there, and the
container ends at once with exit code 99 (97 for a library path, 98 for a conda file):

    ... expected requirements file not found: /var/azureml-app/src/../requirements.txt.

A path with `..` that stays inside the folder is fine.

## Example

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "../requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Use instead

Move the file into the folder:

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

or upload the folder above:

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "../requirements.txt"}
config = InferenceConfig(entry_script="src/score.py", source_directory=".", environment=env)
```

## Fix safety

The fix is unsafe: it names the one file of the same name in the folder, which need not be the one
that was meant. Where there is none, there is no fix.

## Source

azureml-core 1.61 and azure-ai-ml 1.35: what they upload; the start script of the images.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..boot import wanted_kind
from ..findings import Report, Severity
from ..path_problems import Cause
from ..paths import Kind
from ..values import Unknown
from .wording import here, looked_for, source_directory_word, what_was_meant, where_the_script_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "unsafe"


def check_path(problem: PathProblem) -> Iterator[Report]:
    if problem.cause is not Cause.OUTSIDE:
        return
    advice, fix = what_was_meant(problem)
    yield Report(
        problem.value.shown_at,
        f"this path leaves what is uploaded: {looked_for(problem)}",
        help=advice or _move(problem),
        related=where_the_script_is(problem.deployment),
        fix=fix,
    )


def _move(problem: PathProblem) -> str:
    deployment = problem.deployment
    where, word = deployment.location, source_directory_word(deployment)
    if not isinstance(where, Unknown):
        folder = os.path.dirname(where.entry_local)
        local = os.path.normpath(os.path.join(folder, problem.value.value))
        if deployment.workspace.kind(local) is wanted_kind(problem.variable.name.value):
            moved = f"move {here(deployment, local)} into {here(deployment, where.upload.local)}"
            return f"{moved}, or give a {word} above both"
    kind = "folder" if wanted_kind(problem.variable.name.value) is Kind.FOLDER else "file"
    return f"put the {kind} into the {word}, and give its path from the folder of the score script"
