"""A requirements file includes a file that is not there.

## What it does

Follows `-r` and `-c` and reports those that lead to a file that does not exist, that exists here
but is not uploaded with the code, or that is being read already. URLs are not followed, and neither
are paths with a variable.

## Why it matters

pip reads all files first and installs nothing if one is missing. The container ends with exit code
95:

    ERROR: Could not open requirements file: [Errno 2] No such file or directory:
    '/var/azureml-app/src/base.txt'
    Error occurred. Sleeping to send error logs.

A file that includes itself is refused too, by older pips with a RecursionError:

    ERROR: /var/azureml-app/src/requirements.txt recursively references itself in
    /var/azureml-app/src/requirements.txt

## Example

```text
-r ../base.txt
```

in `src/requirements.txt`, where `src` is the folder that is uploaded.

## Use instead

```text
-r base.txt
```

with `base.txt` in `src`. The path starts at the folder of the file that holds the line.

## Fix safety

There is no fix.

## Source

pip 20.3 to 26.3, each tried.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from ..findings import Related, Report, Severity
from ..paths import Kind, native
from ..requirements.credentials import hidden
from ..requirements.includes import CYCLE, MISSING
from ..values import Unknown
from .requirements_wording import EXIT, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Place
    from ..installation import Installation
    from ..line_problems import Survey
    from ..requirements.includes import IncludedFile, IncludeProblem, Step

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True

_LONGEST_NAME = 255
_GONE = "no such file or directory"


def check_survey(survey: Survey) -> Iterator[Report]:
    installation = survey.installation
    files = {file.path: file for file in survey.files}
    seen = set()
    for problem in installation.tree.problems:
        if not problem.chain or any(step.path not in files for step in problem.chain):
            continue
        step = problem.chain[-1]
        key = (step.path, step.include.span)
        if key in seen:
            continue
        message = _message(installation, problem)
        if message is None:
            continue
        seen.add(key)
        place = installation.place(files[step.path], step.include.target.span)
        yield Report(
            place,
            message,
            help=_instead(installation, problem, place),
            related=tuple(_way(installation, files, problem.chain[:-1])),
        )


def _message(installation: Installation, problem: IncludeProblem) -> str | None:
    target = quoted(problem.chain[-1].include.target.text)
    if problem.kind == CYCLE:
        if problem.chain[-1].path == problem.target:
            return f"this file includes itself: {EXIT}"
        return f"{target} is being read already, and leads back to this line: {EXIT}"
    if problem.kind != MISSING:
        return None
    local = native(problem.target)
    if _kind_there(installation, problem.chain[-1]) in (Kind.FILE, Kind.UNKNOWN):
        return None
    kind = installation.workspace.kind(local)
    if kind is Kind.FOLDER:
        return f"{target} is a folder, not a file: {EXIT}"
    if kind is Kind.FILE:
        if local in installation.unreadable or installation.deployment is None:
            return None
        return f"{target} is not uploaded with the code: {EXIT}"
    if installation.unreadable.get(local, _GONE) != _GONE or not _is_certain(installation, problem):
        return None
    return f"there is no {target}: {EXIT}"


def _is_certain(installation: Installation, problem: IncludeProblem) -> bool:
    """Whether what stands here stands there: relative paths inside the project, and all paths of
    a deployment whose code folder is known."""
    deployment = installation.deployment
    if deployment is not None and not isinstance(deployment.location, Unknown):
        return True
    if problem.chain[-1].include.target.text.startswith("/"):
        return False
    project = os.path.join(installation.workspace.project(installation.path), "")
    return native(problem.target).startswith(project)


def _kind_there(installation: Installation, step: Step) -> Kind | None:
    """What the container has at the included path, as far as that differs from what is here."""
    deployment = installation.deployment
    if deployment is None or isinstance(deployment.location, Unknown):
        return None
    upload = deployment.location.upload
    including = upload.container_path(native(step.path))
    if including is None:
        return None
    return upload.kind(posixpath.join(posixpath.dirname(including), step.include.target.text))


def _instead(installation: Installation, problem: IncludeProblem, place: Place) -> str:
    if problem.kind == CYCLE:
        return "delete the line"
    import difflib

    if "\\" in place.text and not set(place.text) & set("\r\n"):
        path = hidden(place.text.replace("\\", "/"))
        return f"write {path}: pip drops a backslash that stands before a letter"
    folder, name = os.path.split(native(problem.target))
    listing = installation.workspace.listing(folder)
    if listing.get(name) is Kind.FOLDER:
        return "write the path of a file in it"
    if name in listing:
        return "put the file into the folder that is uploaded, and include it from there"
    lower = {each.lower(): each for each, kind in listing.items() if kind is Kind.FILE}
    near = difflib.get_close_matches(name.lower()[:_LONGEST_NAME], lower, 1, 0.8)
    if near:
        return f"did you mean {quoted(lower[near[0]])}?"
    return "the path starts at the folder of this file"


def _way(
    installation: Installation, files: dict[str, IncludedFile], chain: tuple[Step, ...]
) -> Iterator[Related]:
    for step in chain:
        place = installation.place(files[step.path], step.include.span)
        yield Related(place, f"{quoted(step.include.target.text)} is included here")
