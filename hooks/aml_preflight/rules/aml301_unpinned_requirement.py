"""The version of a package is not pinned.

## What it does

Checks every requirement that the container installs at start: does it say exactly what is to be
installed? A version is pinned by `==` or `===` without `.*`, in the line itself, in a constraint
file (`-c`) or in another line for the same package. A download is pinned by a checksum, a
repository by a full commit id. A tag or a shortened commit id can be moved, so it does not pin.

A line whose environment marker is false on the image, or cannot be judged, is left alone, and so is
one that holds a variable such as `${VERSION}`.

## Why it matters

The packages are installed anew whenever a container starts: after a crash, when a node is replaced,
at every scale-out. What is not pinned is whatever is newest at that moment. So two instances of one
deployment can run different versions, and a deployment that has worked for months stops starting,
with exit code 95 if the new version does not install:

    ERROR: No matching distribution found for scipy>1.2.3
    Error occurred. Sleeping to send error logs.

## Example

```text
scipy
pandas>=1.3
```

## Use instead

```text
scipy==1.10.1
pandas==1.5.3
```

## Fix safety

There is no fix: only you know which version was tested.

## Source

"Dynamic installation" on Microsoft's page "Python package extensibility for prebuilt Docker
images": "Even while prototyping, we recommend that you pin each package version".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Related, Report, Severity
from ..requirements import pins
from ..requirements.records import INDEX, URL, VCS
from .requirements_wording import named, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey
    from ..requirements.records import Clause, Requirement, Span

SEVERITY = Severity.WARNING
FIX = None

_MOST_RELATED = 3
_LOWER_BOUNDS = ("~=", ">=", "<=", "==")


def check_survey(survey: Survey) -> Iterator[Report]:
    if survey.hash_switch is not None:
        return  # pip itself insists on pins then, and AML310 speaks
    decided_elsewhere = survey.pins_elsewhere
    floating: dict[str, bool] = {}
    for line, requirement in survey.requirements:
        name = requirement.canonical
        if line.cause is not None or any(o.name == "--constraint" for o in requirement.ignored):
            continue
        if requirement.kind != INDEX:
            report = _source(survey, line, requirement)
            if report is not None:
                yield report
        elif name is not None and not decided_elsewhere:
            if name not in floating:
                floating[name] = _is_floating(survey.lines_for(name))
            if floating[name]:
                yield _version(survey, line, requirement, name)


def _is_floating(group: list[Line]) -> bool:
    """Whether all the lines for one package leave open which version is installed."""
    clauses: list[Clause] = []
    for line in group:
        requirement = line.requirement
        if requirement is None or line.active is False:
            continue
        if line.active is None or requirement.variables or requirement.kind != INDEX:
            return False  # that line may decide
        clauses += requirement.clauses
    return pins.of_clauses(clauses) == pins.FLOATING


def _version(survey: Survey, line: Line, requirement: Requirement, canonical: str) -> Report:
    name = named(requirement)
    another = "each start of the container can install another version"
    if requirement.clauses:
        message = f"this does not pin {name}: {another}"
    else:
        message = f"no version is pinned for {name}: {another}"
    return Report(
        survey.place(line, _underlined(requirement)),
        message,
        help=_pin(requirement),
        related=tuple(
            Related(survey.place(other, other.entry.span), "this constraint does not pin it either")
            for other in survey.lines_for(canonical)[:_MOST_RELATED]
            if other.active and other.file.constraint
        ),
    )


def _underlined(requirement: Requirement) -> Span:
    part = requirement.specifier or requirement.name
    return part.span if part is not None else requirement.span


def _pin(requirement: Requirement) -> str:
    """The pin to write instead."""
    name = named(requirement)
    if requirement.extras:
        name += f"[{','.join(extra.text for extra in requirement.extras)}]"
    shown = f'"pip freeze | grep -i {named(requirement)}" shows it'
    version = _version_in(requirement.clauses)
    if version is not None:
        return f"write {name}=={version} if that is the version you tested with; {shown}"
    return f"write the version you tested with, {name}==<version>; {shown}"


def _version_in(clauses: tuple[Clause, ...]) -> str | None:
    """The version in the clauses that they admit themselves, if there is one."""
    from packaging.specifiers import SpecifierSet

    try:
        together = SpecifierSet(",".join(clause.operator + clause.version for clause in clauses))
        for operator in _LOWER_BOUNDS:
            for clause in clauses:
                usable = clause.operator == operator and "*" not in clause.version
                if usable and together.contains(clause.version, prereleases=True):
                    return clause.version
    except (ValueError, RecursionError):
        pass
    return None


def _source(survey: Survey, line: Line, requirement: Requirement) -> Report | None:
    """A requirement that is fetched from a repository or from a URL."""
    level = pins.level(requirement)
    if level not in (pins.FLOATING, pins.MOVABLE):
        return None
    name = named(requirement)
    revision = requirement.revision
    if requirement.kind == URL:
        message = f"this URL does not pin {name}: the file behind it can change"
        advice = 'add its checksum to the URL, #sha256=<checksum>; "pip hash <file>" shows it'
        part = requirement.url
    elif requirement.kind == VCS:
        advice = "write the full commit id behind an @ at the end of the repository's URL"
        part = revision or requirement.url
        if revision is None or not revision.text:
            message = (
                f"no commit is pinned for {name}: each start of the container installs what the "
                "repository's default branch holds by then"
            )
            part = requirement.url
        elif level == pins.MOVABLE:
            message = f"{quoted(revision.text)} does not pin {name}: what it names can be moved"
        else:
            message = (
                f"{quoted(revision.text)} does not pin {name}: each start of the container "
                "installs what it names by then"
            )
    else:
        return None
    span = part.span if part is not None else requirement.span
    return Report(survey.place(line, span), message, help=advice)
