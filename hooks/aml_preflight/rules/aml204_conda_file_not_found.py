"""The conda file is not where the container looks for it.

## What it does

Works out which file `AZUREML_EXTRA_CONDA_YAML` or `AZUREML_EXTRA_CONDA_YAML_ABS_PATH` leads to in
the container, and whether the project has a file there. The first is relative to the folder of the
score script; the second is an absolute path of the container.

It says nothing where the file may come later: git is told to ignore it, or the deploying program
writes files and mentions this one.

## Why it matters

The container ends at once with exit code 98:

    ... expected conda yaml file not found: /var/azureml-app/src/conda.yml.

It does not wait for its logs to be sent, so the studio often shows no log at all.

## Example

The file is `src/conda.yaml`.

```python
env.environment_variables = {"AZUREML_EXTRA_CONDA_YAML": "conda.yml"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_CONDA_YAML": "conda.yaml"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Fix safety

The fix is unsafe: it names the one file of the same or a similar name, which need not be the one
that was meant. Where there are several, or none, there is no fix.

## Source

The start script of the images; Microsoft names these variables in its examples only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..findings import Report, Severity
from ..path_problems import Cause
from ..values import Unknown
from .wording import looked_for, not_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "unsafe"


def check_path(problem: PathProblem) -> Iterator[Report]:
    yield from not_found(problem, names.CONDA_YAML, "conda file")
    yield from _absolute(problem)


def _absolute(problem: PathProblem) -> Iterator[Report]:
    where = problem.deployment.location
    if problem.cause is not Cause.NOT_FOUND or isinstance(where, Unknown):
        return
    if problem.variable.name.value != names.CONDA_YAML_ABSOLUTE:
        return
    folder = where.script_folder
    yield Report(
        problem.value.shown_at,
        f"there is no such conda file: {looked_for(problem)}",
        help=(
            "this variable takes an absolute path of the container; the score script is in "
            f"{folder} there, and {names.CONDA_YAML} takes a path from that folder"
        ),
    )
