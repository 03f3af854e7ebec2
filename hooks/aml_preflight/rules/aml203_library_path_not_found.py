"""The folder of installed packages is not where the container looks for it.

## What it does

Works out which folder `AZUREML_EXTRA_PYTHON_LIB_PATH` leads to in the container, and whether the
project has a folder there. It names the folders of the same or a similar name that may have been
meant: often the same site-packages of another Python version.

It says nothing where the folder may come later: git is told to ignore it and nothing of it is on
this disk, or the deploying program writes files and mentions it, or the page or notebook around it
tells its readers to make it.

## Why it matters

The container ends at once with exit code 97:

    Expected folder with pre-installed packages not found: /var/azureml-app/src/packages.

It does not wait for its logs to be sent, so the studio often shows no log at all.

## Example

The virtual environment was made with Python 3.9.

```python
env.environment_variables = {
    "AZUREML_EXTRA_PYTHON_LIB_PATH": "venv/lib/python3.8/site-packages",
}
```

## Use instead

```python
env.environment_variables = {
    "AZUREML_EXTRA_PYTHON_LIB_PATH": "venv/lib/python3.9/site-packages",
}
```

The Python of the folder has to be that of the image.

## Fix safety

The fix is unsafe: it names the one folder of the same or a similar name, which need not be the one
that was meant. Where there are several, or none, there is no fix.

## Source

The start script of the images; "Pre-installed Python packages" on Microsoft's page "Python package
extensibility for prebuilt Docker images".
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
    return not_found(problem, names.LIBRARY_PATH, "folder of packages")
