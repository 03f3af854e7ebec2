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
from .requirements_wording import EXIT, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey
    from ..requirements.records import Clause, Requirement

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True

_Found = tuple["Line", "Requirement"]
_ByWish = dict[tuple[tuple[str, str], ...], _Found]
_MOST_WISHES = 50


def check_survey(survey: Survey) -> Iterator[Report]:
    # By package, then by what is asked for: the same line a second time changes nothing.
    limits: dict[str | None, _ByWish] = {}
    for found in survey.constraints:
        limits.setdefault(found[1].canonical, {}).setdefault(_wish(found[1]), found)
    earlier: dict[str | None, _ByWish] = {}
    for found in survey.requirements:
        requirement = found[1]
        if requirement.kind != INDEX or not requirement.clauses:
            continue
        if _contradict(requirement.clauses):
            yield _report(survey, found, None)
            continue
        before = earlier.setdefault(requirement.canonical, {})
        if _wish(requirement) not in before and len(before) == _MOST_WISHES:
            continue
        others = (*before.values(), *limits.get(requirement.canonical, {}).values())
        for other in others[: 2 * _MOST_WISHES]:
            if _contradict((*requirement.clauses, *other[1].clauses)):
                yield _report(survey, found, other)
                break
        else:
            before.setdefault(_wish(requirement), found)


def _wish(requirement: Requirement) -> tuple[tuple[str, str], ...]:
    return tuple((clause.operator, clause.version) for clause in requirement.clauses)


def _contradict(clauses: tuple[Clause, ...]) -> bool:
    """Whether no version satisfies the clauses, all of which today's pip understands."""
    if len(set(clauses)) < 2 or not any(clause.operator[:2] == "==" for clause in clauses):
        return False
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(",".join(clause.operator + clause.version for clause in clauses))
    except InvalidSpecifier:
        return False
    return of_clauses(clauses) == CONTRADICTION


def _report(survey: Survey, found: _Found, other: _Found | None) -> Report:
    line, requirement = found
    part = requirement.specifier or requirement.name
    place = survey.place(line, part.span if part is not None else requirement.span)
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
                survey.place(other[0], its.span if its is not None else other[1].span),
                f"{kind} for {name}",
            ),
        ),
    )
