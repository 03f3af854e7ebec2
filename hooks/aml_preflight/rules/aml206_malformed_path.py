"""The path is misspelt in a way that only the container notices.

## What it does

Checks the paths in `AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH` and
`AZUREML_EXTRA_CONDA_YAML` for

* blanks or line breaks at the start or the end, backslashes, a slash at the end of a file's name;
* upper and lower case that differ from the file's, which a laptop may not notice and Linux does;
* a folder where a file is needed, or a file where a folder is needed;
* several folders, separated by colons, in a library path.

## Why it matters

The start script takes the text as it is. `requirements.txt ` with a blank behind it is another file
than `requirements.txt`, and the container ends at once with exit code 99 (97 for a library path, 98
for a conda file):

    ... expected requirements file not found: /var/azureml-app/src/requirements.txt .

In YAML, text after `|` or `>` ends in a line break; after `|-` and `>-` it does not.

A list of folders ends it with 97. If a folder really has a colon in its name, the script accepts
it, and Python then splits the name into two folders that do not exist.

## Example

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": ".\\\\Requirements.txt "}
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "./requirements.txt"}
```

## Fix safety

The fix is safe where the corrected path leads to a file or folder of the right kind. It is unsafe
where the text that it changes is used elsewhere as well, and where it names the requirements file
in a folder that was given. There is no fix for a list of folders.

## Source

The start script of the images, run with such paths.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from .. import variables as names
from ..boot import wanted_kind
from ..document import Language
from ..findings import Report, Severity
from ..path_problems import OTHER_CASE, Cause
from ..paths import Kind
from .wording import looked_for, replace_value, where_the_script_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..path_problems import PathProblem
    from ..values import Known

SEVERITY = Severity.ERROR
FIX = "safe"


def check_path(problem: PathProblem) -> Iterator[Report]:
    if problem.cause is Cause.MALFORMED:
        yield _misspelt(problem)
    elif problem.cause is Cause.WRONG_KIND:
        yield _wrong_kind(problem)
    elif problem.cause is Cause.FOLDER_LIST:
        yield _list(problem)


def _misspelt(problem: PathProblem) -> Report:
    if problem.detail == OTHER_CASE:
        slip = "upper and lower case differ from the name on disk"
    else:
        slip = f"this path has {problem.detail}"
    better = problem.better
    return Report(
        problem.value.shown_at,
        f"{slip}: {looked_for(problem)}",
        help=_advice(problem.value, better)
        if better
        else "correct it; there is nothing at the corrected path",
        related=where_the_script_is(problem.deployment),
        fix=replace_value(problem.value, better, safe=True),
    )


def _advice(value: Known[str], better: str) -> str:
    """What to write; a block of YAML ends in a line break unless it is told not to."""
    literal = value.literal
    sign = literal.text[:1] if literal and literal.document.language is Language.YAML else ""
    if sign not in ("|", ">"):
        return f'write "{better}"'
    advice = f'write "{better}" on one line'
    alone = value.value.rstrip("\r\n") == better
    return f"{advice}, or {sign}- in place of {sign}" if alone else advice


def _wrong_kind(problem: PathProblem) -> Report:
    name = problem.variable.name.value
    if wanted_kind(name) is Kind.FOLDER:
        slip, better = "this is a file, and a folder of packages is needed", None
        advice = f"to install a requirements file, set {names.REQUIREMENTS}"
    else:
        slip = "this is a folder, and a file is needed"
        advice = f"name the file; to mount a folder of packages, set {names.LIBRARY_PATH}"
        better = _file_inside(problem)
    if better:
        advice = f'write "{better}"'
    return Report(
        problem.value.shown_at,
        f"{slip}: {looked_for(problem)}",
        help=advice,
        related=where_the_script_is(problem.deployment),
        fix=replace_value(problem.value, better, safe=False),
    )


def _file_inside(problem: PathProblem) -> str | None:
    """The path of the file that the folder was given for, if it has the usual name."""
    if problem.variable.name.value != names.REQUIREMENTS:
        return None
    better = posixpath.join(problem.value.value, "requirements.txt")
    outcome = problem.deployment.boot_with(problem.variable.name.value, better)
    return better if outcome is not None and outcome.exit_code == 0 else None


def _list(problem: PathProblem) -> Report:
    message = f"a list of folders is not supported: {looked_for(problem)}"
    if problem.outcome.exit_code == 0:
        message = (
            "a colon separates folders in PYTHONPATH: the container would start, and Python would "
            "find none of these packages"
        )
    return Report(
        problem.value.shown_at,
        message,
        help="give one folder that holds all packages, without a colon in its path",
    )
