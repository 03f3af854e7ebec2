"""Two lines pin one package to versions that exclude each other.

## What it does

Compares all lines for one package that count on the image, those of included files and of
constraint files too, whichever way its name is spelled: is there a version that satisfies a pin
(`==`, `===`) and each of the others? Lines whose environment marker is false on the image, or
cannot be judged, do not count.

## Why it matters

pip looks for a version that satisfies all lines, and there is none. The container ends with exit
code 95:

    ERROR: Cannot install scipy==1.2.3 and scipy==1.2.4 because these package versions have
    conflicting dependencies.
    ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/...
    Error occurred. Sleeping to send error logs.

## Example

```text
scikit-learn==1.2.2
scikit_learn==1.3.0
```

## Use instead

```text
scikit-learn==1.3.0
```

## Fix safety

There is no fix.

## Source

pip 20.3 to 26.3, each tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Related, Report, Severity
from ..requirements.pins import CONTRADICTION, of_clauses
from ..requirements.records import INDEX
from .requirements_wording import EXIT, named, survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..installation import Installation
    from ..requirements.records import Clause, Requirement
    from .requirements_wording import Line, Survey

SEVERITY = Severity.ERROR
FIX = None

_Found = tuple["Line", "Requirement"]


def check_installation(installation: Installation) -> Iterator[Report]:
    lines = survey(installation)
    limits: dict[str | None, list[_Found]] = {}
    for line, requirement in lines.constraints:
        limits.setdefault(requirement.canonical, []).append((line, requirement))
    earlier: dict[str | None, list[_Found]] = {}
    for line, requirement in lines.requirements:
        if requirement.kind != INDEX or not requirement.clauses:
            continue
        if _contradict(requirement.clauses):
            yield _report(lines, (line, requirement), None)
            continue
        before = earlier.setdefault(requirement.canonical, [])
        for other in (*before, *limits.get(requirement.canonical, ())):
            if _contradict((*requirement.clauses, *other[1].clauses)):
                yield _report(lines, (line, requirement), other)
                break
        before.append((line, requirement))


def _contradict(clauses: Iterable[Clause]) -> bool:
    """Whether no version satisfies the clauses, all of which today's pip understands."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    clauses = tuple(clauses)
    try:
        SpecifierSet(",".join(clause.operator + clause.version for clause in clauses))
    except InvalidSpecifier:
        return False
    return of_clauses(clauses) == CONTRADICTION


def _report(lines: Survey, found: _Found, other: _Found | None) -> Report:
    line, requirement = found
    part = requirement.specifier or requirement.name
    place = lines.place(line, part.span if part is not None else requirement.span)
    name = named(requirement)
    if other is None:
        message = f"no version of {name} satisfies all of {part.text if part else ''}: {EXIT}"
        return Report(place, message, help="write one version")
    its = other[1].specifier or other[1].name
    theirs = its.text if its is not None else other[1].text
    kind = "a constraint" if other[0].file.constraint else "another line"
    mine = part.text if part is not None else requirement.text
    return Report(
        place,
        f"no version of {name} satisfies both {mine} and {theirs}, which {kind} wants: {EXIT}",
        help="write one version in both places, or delete one of the lines",
        related=(
            Related(
                lines.place(other[0], its.span if its is not None else other[1].span),
                f"{kind} for {name}",
            ),
        ),
    )
