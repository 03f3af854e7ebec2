"""A requirement is a path, and the container's pip looks for it in another folder.

## What it does

Reports requirements that are a folder, a wheel or an archive given by a relative path: `./pkg`,
`-e .`, `wheels/mine-1.0-py3-none-any.whl`, `file:./pkg`. Absolute paths are reported only where it
is certain that nothing stands there, for a deployment on an image of which the folders are known.

`--find-links wheels` is fine, because pip takes that relative to the file; `-r` and `-c` are, too.

## Why it matters

The start script runs pip in `/var/runit/gunicorn`, and pip takes such a path relative to the folder
that it runs in, not to the requirements file. There is nothing, and the container ends with exit
code 95:

    ERROR: Invalid requirement: './pkg' (from line 1 of /var/azureml-app/src/requirements.txt)
    Hint: It looks like a path. File './pkg' does not exist.
    Error occurred. Sleeping to send error logs.

## Example

```text
wheels/mine-1.0-py3-none-any.whl
-e .
```

## Use instead

```text
--find-links wheels
mine==1.0
```

with the folder `wheels` beside the file; `pip wheel --no-deps -w wheels .` makes the wheel. An
absolute path of the container works too, such as
`mine @ file:///var/azureml-app/src/mine-1.0-py3-none-any.whl`.

## Fix safety

There is no fix.

## Source

pip 20.2 to 26.3, run in another folder than that of the file; the start script of the images.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..boot import SERVICE_FOLDER
from ..findings import Report, Severity
from ..line_problems import Cause, in_container
from .requirements_wording import AS_WHEEL, EXIT, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Survey
    from ..requirements.records import Requirement

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True

_ARCHIVES = (".whl", ".zip", ".gz", ".bz2", ".tgz", ".tbz", ".xz", ".tar")


def check_survey(survey: Survey) -> Iterator[Report]:
    for line, requirement in survey.caused_by(Cause.LOCAL):
        path = survey.path_of(line, requirement)
        if path.startswith("/"):
            message = f"nothing stands at {quoted(path)} in the container: {EXIT}"
        elif in_container(path) == SERVICE_FOLDER:
            message = (
                f"in the container {quoted(path)} is {SERVICE_FOLDER}, the folder that pip runs "
                f"in, and no Python project: {EXIT}"
            )
        else:
            message = (
                f"pip would look for {quoted(path)} in {SERVICE_FOLDER}, the folder that it runs "
                f"in, not beside this file: {EXIT}"
            )
        part = requirement.url
        span = part.span if part is not None else requirement.span
        yield Report(survey.place(line, span), message, help=_instead(requirement, path))


def _instead(requirement: Requirement, path: str) -> str:
    path = path.replace("\\", "/")
    if not path.lower().endswith(_ARCHIVES):
        return AS_WHEEL
    pin = "<name>==<version>"
    if requirement.name is not None and requirement.clauses:
        pin = f"{requirement.name.text}=={requirement.clauses[0].version}"
    if path.startswith("/"):
        return f'put it into a folder beside this file, and write "--find-links <folder>", "{pin}"'
    folder = posixpath.dirname(path) or "."
    return f'write two lines, "--find-links {folder}" and "{pin}": that is relative to this file'
