"""The path of the file repeats the folder that the score script is in.

## What it does

Checks the path in `AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH` and
`AZUREML_EXTRA_CONDA_YAML` for a leading folder that the container adds by itself.

## Why it matters

Since 2021-07-26 these paths are relative to the folder of the score script; before, they were
relative to `/var/azureml-app`. With the script in `my_folder`, the old value
`my_folder/requirements.txt` is looked for at
`/var/azureml-app/my_folder/my_folder/requirements.txt`, and the container ends at once with exit
code 99 (97 for a library path, 98 for a conda file):

    ... expected requirements file not found: /var/azureml-app/my_folder/my_folder/requirements.txt.

The studio often shows no log at all, because the container does not wait for its logs to be sent.

## Example

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "my_folder/requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="my_folder", environment=env)
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="my_folder", environment=env)
```

## Fix safety

The fix is safe: it is offered only if the shorter path leads to the file that the longer one meant.
It is unsafe where the text that it changes is used elsewhere as well.

## Source

"Bug Fixes, 2021-07-26" on Microsoft's page "Python package extensibility for prebuilt Docker
images"; the start script of the images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..path_problems import Cause
from .wording import looked_for, replace_value, where_the_script_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "safe"


def check_path(problem: PathProblem) -> Iterator[Report]:
    if problem.cause is not Cause.REPEATS_FOLDER or problem.better is None:
        return
    yield Report(
        problem.value.shown_at,
        f"this path repeats the source directory: {looked_for(problem)}",
        help=f'write "{problem.better}": the path starts at the folder of the score script',
        related=where_the_script_is(problem.deployment),
        fix=replace_value(problem.value, problem.better, safe=True),
    )
