"""The requirements file is not where the container looks for it.

## What it does

Works out which file `AZUREML_EXTRA_REQUIREMENTS_TXT` leads to in the container, and whether the
project has a file there. It names the place in the container and in the project, and the files of
the same or a similar name that may have been meant.

It says nothing where the file may come later: git is told to ignore it, or the deploying program
writes files and mentions this one, or the page or notebook around it shows the file, or tells its
readers to make it.

## Why it matters

The container ends at once with exit code 99:

    ... expected requirements file not found: /var/azureml-app/src/requirements.txt.

It does not wait for its logs to be sent, so the studio often shows no log at all.

## Example

The file is `src/deps/requirements.txt`.

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "deps/requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Fix safety

The fix is unsafe: it names the one file of the same or a similar name, which need not be the one
that was meant. Where there are several, or none, there is no fix.

## Source

The start script of the images; Microsoft's page "Troubleshoot prebuilt Docker images for
inference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..findings import Severity
from .wording import not_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..findings import Report
    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "unsafe"


def check_path(problem: PathProblem) -> Iterator[Report]:
    return not_found(problem, names.REQUIREMENTS, "requirements file")
