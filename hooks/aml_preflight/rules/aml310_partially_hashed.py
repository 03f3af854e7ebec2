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

Nor do the pips before 26.1 accept a requirement whose `--hash` is in a constraints file; later
ones do. Which pip is in an image is not known: it is an error where all that run on its Python
refuse the line, and a warning otherwise. A constraint that is a URL with a checksum is enough for
every pip.

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
from ..requirements.records import ABORTS_INSTALL, INDEX, PATH, VCS, Refusal, Requirement
from ..requirements.refusals import judged
from .requirements_wording import EXIT, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey

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

    def refusal(self) -> Refusal:
        before = _LENIENT_PIP if self.lenient else None
        return Refusal(self.why, None, before, ABORTS_INSTALL, self.requirement.span)


def check_survey(survey: Survey) -> Iterator[Report]:
    switch = survey.hash_switch
    if switch is None:
        return
    lacks = list(_lacks(survey))
    strict = [lack for lack in lacks if not lack.lenient]
    for found in (strict or lacks)[:1]:
        always = judged((found.refusal(),), survey.installation.python)[1]
        part = found.requirement.name or found.requirement.url
        others = [named(lack.requirement) for lack in strict or lacks if lack is not found]
        yield Report(
            survey.place(found.line, part.span if part is not None else found.requirement.span),
            _message(found, _also(others), survey.installation.python if always else None),
            help="give all requirements a version and a --hash, such as pip-compile "
            "--generate-hashes does, or none of them",
            related=(Related(survey.place(*switch), "this makes pip demand hashes"),),
            severity=None if always else Severity.WARNING,
        )


def _message(found: _Lack, also: str, python: str | None) -> str:
    """``python`` is that of the image if all pips that run on it refuse what the newest take."""
    what = named(found.requirement)
    if not found.lenient:
        return f"pip demands a hash for everything, and {what} {found.why}{also}: {EXIT}"
    refused = f"refuses {what}: {found.why}{also}; "
    if python is not None:
        return f"every pip for Python {python} is before {_LENIENT_PIP} and {refused}{EXIT}"
    return f"{found.refusal().pips} {refused}with such a pip in the image {EXIT}"


def _also(others: list[str]) -> str:
    if not others:
        return ""
    more = len(others) - _MOST_NAMES
    shown = ", ".join(others[:_MOST_NAMES])
    return f" (also {shown}{f' and {more} more' if more > 0 else ''})"


def _lacks(survey: Survey) -> Iterator[_Lack]:
    """The requirements that pip would refuse in this mode; of several for one package the first."""
    seen: set[str] = set()
    hashed = {requirement.canonical for _, requirement in survey.requirements if requirement.hashes}
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
            if not requirement.hashes and not _has_checksum(requirement):
                yield _Lack(line, requirement, "has none")
        elif not requirement.hashes:
            # Whether another line is enough depends on their order; that may be one not seen.
            if name not in hashed and not survey.pins_elsewhere:
                yield from _without_hash(survey, line, requirement)
        elif of_clauses(requirement.clauses) != VERSION:
            why = "it has a hash and is not pinned with =="
            yield _Lack(line, requirement, why, lenient=True)


def _without_hash(survey: Survey, line: Line, requirement: Requirement) -> Iterator[_Lack]:
    """What a requirement without a hash lacks: a constraint may have one for it. That counts for
    all pips as a part of a URL, and for the newest as an option, but not behind a URL."""
    lines = survey.lines_for(requirement.canonical or "")
    constraints = [each.requirement for each in lines if each.requirement and each.file.constraint]
    if any(map(_has_checksum, constraints)):
        return
    if any(other.hashes and other.kind == INDEX for other in constraints):
        why = "its hash is in a constraints file, where it does not count"
        yield _Lack(line, requirement, why, lenient=True)
    else:
        yield _Lack(line, requirement, "has none")


def _has_checksum(requirement: Requirement) -> bool:
    """Whether the URL of a requirement says what the file has to be."""
    return requirement.url is not None and bool(_FRAGMENT_HASH.search(requirement.url.text))
