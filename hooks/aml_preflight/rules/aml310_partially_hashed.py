"""Some requirements have a hash, and others have none.

## What it does

As soon as one line has a `--hash`, or the file says `--require-hashes`, pip demands a hash and a
`==` for everything that it installs. Reports the first requirement that lacks one of them, and
names the others. The requirements of the packages themselves need a line with a hash as well; which
these are is not checked.

## Why it matters

pip then installs nothing, and the container ends with exit code 95:

    ERROR: Hashes are required in --require-hashes mode, but they are missing from some
    requirements. Here is a list of those requirements ...
        numpy==1.24.3 --hash=sha256:ab344f1bf21f140adab8e47fdbc7c35a477dc01408791f8ba00d018dd0bc5155
    Error occurred. Sleeping to send error logs.

A hash without a pin is refused by the pips before 26.1; later ones install the newest version, and
fail as soon as there is a newer one than that of the hash:

    ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==.

## Example

```text
scipy==1.10.1 --hash=sha256:2cf9dfb80a7b4589ba4c40ce7588986d6d5cebc5457cad2c2880f6bc2d42f3a5
numpy==1.24.3
```

## Use instead

Hashes for all packages, also for those that these need; `pip-compile --generate-hashes` writes such
a file. Or none.

## Fix safety

There is no fix.

## Source

pip's documentation, "Secure installs"; pip 20.3 to 26.3, each tried.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Related, Report, Severity
from ..requirements.pins import VERSION, of_clauses
from ..requirements.records import ABORTS_INSTALL, INDEX, PATH, VCS, Refusal
from ..requirements.refusals import judged
from .requirements_wording import EXIT, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey
    from ..requirements.records import Requirement

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True

_FRAGMENT_HASH = re.compile(r"[#&](?:md5|sha1|sha224|sha256|sha384|sha512)=")
_LENIENT_PIP = "26.1"
_MOST_NAMES = 3


class _Lack(NamedTuple):
    """What a requirement lacks; ``lenient`` if the newest pips do not mind."""

    line: Line
    requirement: Requirement
    why: str
    lenient: bool = False


def check_survey(survey: Survey) -> Iterator[Report]:
    switch = survey.hash_switch
    if switch is None:
        return
    lacks = list(_lacks(survey))
    strict = [lack for lack in lacks if not lack.lenient]
    for found in (strict or lacks)[:1]:
        always = True
        if found.lenient:
            refusal = Refusal(found.why, None, _LENIENT_PIP, ABORTS_INSTALL, found.requirement.span)
            always = judged((refusal,), survey.installation.python)[1]
        part = found.requirement.name or found.requirement.url
        names = [named(lack.requirement) for lack in lacks if lack is not found]
        yield Report(
            survey.place(found.line, part.span if part is not None else found.requirement.span),
            _message(found, names, always),
            help="give all requirements a version and a --hash, such as pip-compile "
            "--generate-hashes does, or none of them",
            related=(Related(survey.place(*switch), "this makes pip demand hashes"),),
            severity=None if always else Severity.WARNING,
        )


def _message(found: _Lack, names: list[str], always: bool) -> str:
    message = f"pip demands a hash for everything, and {named(found.requirement)} {found.why}"
    if names:
        shown = ", ".join(names[:_MOST_NAMES])
        more = len(names) - _MOST_NAMES
        message += f" (also {shown}{f' and {more} more' if more > 0 else ''})"
    if always:
        return f"{message}: {EXIT}"
    return f"{message}: with a pip before {_LENIENT_PIP} {EXIT}"


def _lacks(survey: Survey) -> Iterator[_Lack]:
    """The requirements that pip would refuse in this mode; of several for one package the first."""
    hashed_constraints = {
        requirement.canonical for _, requirement in survey.constraints if requirement.hashes
    }
    hashed = {requirement.canonical for _, requirement in survey.requirements if requirement.hashes}
    seen: set[str] = set()
    for line, requirement in survey.requirements:
        name = requirement.canonical
        if requirement.kind == PATH or line.cause is not None or (name and name in seen):
            continue
        if name is not None:
            seen.add(name)
            if any(other.active is None for other in survey.lines_for(name)):
                continue
        if requirement.kind == VCS:
            yield _Lack(line, requirement, "comes from a repository, which has none")
        elif requirement.kind != INDEX:
            url = requirement.url.text if requirement.url is not None else ""
            if not requirement.hashes and not _FRAGMENT_HASH.search(url):
                yield _Lack(line, requirement, "has none")
        elif not requirement.hashes:
            if name in hashed:
                continue  # whether the other line is enough depends on their order
            yield _Lack(line, requirement, "has none", name in hashed_constraints)
        elif of_clauses(requirement.clauses) != VERSION:
            yield _Lack(line, requirement, "is not pinned with ==", lenient=True)
