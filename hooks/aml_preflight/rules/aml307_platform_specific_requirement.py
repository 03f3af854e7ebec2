"""A requirement exists for another system, or on another machine only.

## What it does

Reports packages that cannot be installed on Linux, such as pywin32, unless a marker keeps them
away from it; and `name @ file:///...` with a path of a Windows computer, a Mac or the machine on
which conda's packages are built. The images run Linux.

## Why it matters

`pip freeze` writes both: what only the laptop's system needs, and, inside a conda environment, the
path at which conda built the package. In the container pip finds neither, and the container ends
with exit code 95:

    ERROR: No matching distribution found for pywin32==306

    ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory:
    '/croot/numpy_1682953417311/work'

## Example

```text
numpy @ file:///croot/numpy_1682953417311/work
pywin32==306
```

## Use instead

```text
numpy==1.24.3
pywin32==306 ; sys_platform == "win32"
```

`pip list --format=freeze` writes names and versions without these paths.

## Fix safety

There is no fix.

## Source

pip 20.3 to 26.3 on Linux; which files the packages offer on the Python Package Index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..line_problems import Cause
from ..requirements.foreign import foreign_path, is_debian_mark, system_of
from ..requirements.records import PATH
from .requirements_wording import AS_WHEEL, EXIT, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey
    from ..requirements.records import Requirement

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True


def check_survey(survey: Survey) -> Iterator[Report]:
    for line, requirement in survey.caused_by(Cause.FOREIGN):
        if requirement.kind == PATH:
            yield _path(survey, line, requirement)
        else:
            yield _package(survey, line, requirement)


def _package(survey: Survey, line: Line, requirement: Requirement) -> Report:
    part = requirement.name
    place = survey.place(line, part.span if part is not None else requirement.span)
    if is_debian_mark(requirement):
        return Report(
            place,
            f"version 0.0.0 of {named(requirement)} is a mark that Debian and Ubuntu leave in "
            f"virtual environments, and no index has it: {EXIT}",
            help="delete the line",
        )
    system = system_of(requirement.canonical or "")
    marker = "win32" if system == "Windows" else "darwin"
    return Report(
        place,
        f"the package {named(requirement)} exists for {system} only, and the image runs Linux: "
        f"{EXIT}",
        help=f'delete the line, or end it with ; sys_platform == "{marker}"',
    )


def _path(survey: Survey, line: Line, requirement: Requirement) -> Report:
    machine = foreign_path(survey.path_of(line, requirement))
    part = requirement.url
    message = f"this path is one of {machine}"
    advice = AS_WHEEL
    if requirement.name is not None:
        name = requirement.name.text
        message += f", and {name} is not there in the container"
        version = requirement.clauses[0].version if requirement.clauses else "<version>"
        advice = f'write {name}=={version}; "pip list --format=freeze" prints such lines'
    return Report(
        survey.place(line, part.span if part is not None else requirement.span),
        f"{message}: {EXIT}",
        help=advice,
    )
