"""pip refuses a line of the file.

## What it does

Reads the file as pip does and reports the lines that pip refuses: names, versions and markers that
are not valid, options that a requirements file may not hold, and constraints that are no
constraints. Which pip is in an image is not known, only which pips run on its Python: it is an
error where all of them refuse the line, and a warning, which names them, where some do.

## Why it matters

One line is enough: pip then installs nothing at all from the file, and the container ends with exit
code 95:

    ERROR: Invalid requirement: 'scipy=1.2.3' (from line 1 of /var/azureml-app/src/requirements.txt)
    Hint: = is not a valid operator. Did you mean == ?
    Error occurred. Sleeping to send error logs.

## Example

```text
scipy=1.2.3
--no-deps
```

## Use instead

```text
scipy==1.2.3
```

## Fix safety

There is no fix.

## Source

The parsers of pip 20.3 to 26.3, compared line by line with what this tool reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..line_problems import Cause
from ..requirements.credentials import hidden
from ..requirements.records import Invalid
from .requirements_wording import named, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..line_problems import Line, Survey
    from ..requirements.records import Refusal

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True

_SINGLE_EQUALS = re.compile(r"([A-Za-z0-9._-]+(?:\[[^\]]*\])?)\s*=\s*([0-9][^=<>!~\s]*)(?:=\S*)?\Z")
_AT_VERSION = re.compile(r"([A-Za-z0-9._-]+)\s*@\s*v?(\d[\w.]*)\Z")
_QUOTES = re.compile(r"(['\"])(.*)\1\Z")
_MERGE = ("|||||||", "=======", ">>>>>>>")


def check_survey(survey: Survey) -> Iterator[Report]:
    merging: set[str] = set()
    for line in survey.lines:
        refusal = line.refusal
        if line.cause is not Cause.INVALID or refusal is None:
            continue
        text = survey.place(line, line.entry.span).text
        if isinstance(line.entry, Invalid):
            text = line.entry.text
        if text.startswith("<<<<<<<"):
            merging.add(line.file.path)
        elif line.file.path in merging and text.startswith(_MERGE):
            continue  # the other lines of a conflict that is reported already
        yield Report(
            survey.place(line, refusal.span),
            _message(line, refusal, text),
            help=_instead(line, text, refusal),
            severity=None if line.always else Severity.WARNING,
        )


def _message(line: Line, refusal: Refusal, text: str) -> str:
    what = quoted(text)
    if line.requirement is not None and line.requirement.name is not None:
        what = f"the line for {named(line.requirement)}"
    reason = hidden(refusal.reason)
    if line.always:
        return f"pip refuses {what}: {reason}; the container would exit with code 95"
    return (
        f"{refusal.pips} refuses {what}: {reason}; with such a pip in the image the container "
        "would exit with code 95"
    )


def _instead(line: Line, text: str, refusal: Refusal) -> str:
    reason = refusal.reason
    match = _SINGLE_EQUALS.match(text)
    if match is None and reason.endswith("write == for a version"):
        match = _AT_VERSION.match(text)
    if match is not None:
        return f"write {match[1]}=={match[2]}"
    quotes = _QUOTES.match(text)
    if quotes is not None:
        return f"write {hidden(quotes[2])}"
    if reason.startswith("no such option") and not line.always:
        return "leave the option out: not every pip knows it"
    for sign, advice in _ADVICE:
        if re.search(sign, f"{reason}\n{text}"):
            return advice
    name = line.requirement.name if line.requirement is not None else None
    if name is not None:
        return f"write a name and a version, such as {name.text}==<version>"
    return "write a name and a version, such as scipy==1.10.1"


_ADVICE = (
    (r"\n-\w[\w.-]+(?:[=<>!~].*)?\Z", "delete the dash if that is the name of a package"),
    (r"^no such option", "leave the option out: a requirements file may hold few of pip's"),
    (r"\n[*+\u2013\u2022]\s?\w", "delete the bullet"),
    (r"[^=]=[><~]", "write the operator the other way round, such as >="),
    (r"^(?:ambiguous option|.* needs a value|.* takes no value)", "spell the option in full"),
    (r"conflict marker", "finish the merge"),
    (r"is a command", 'leave out "pip install"'),
    (r"conda channel", "leave out the channel and its ::"),
    (r"NUL characters|not utf", "save the file as UTF-8"),
    (r"invisible character", "delete that character"),
    (r"\ba tab\b", "write a space"),
    (r"backslash is followed", "delete the blank behind the backslash"),
    (r"comment needs a blank", "write a blank before the #"),
    (r"a line of its own", "write each requirement on a line of its own"),
    (r"\$\{?[a-z]", "write the value: pip replaces ${NAME} only if it is in upper case"),
    (r"the marker", 'write the marker such as ; python_version < "3.9"'),
    (r"^a constraint", "write a constraint as a name and a version, such as scipy==1.10.1"),
    (r"needs a name", "add #egg=<name> to the URL"),
    (r"--hash accepts", 'write --hash=sha256:<digest>; "pip hash <file>" prints it'),
    (r"\d\.\*", "write .* behind == and != only"),
    (r"trailing|,\s*\Z", "delete the comma at the end"),
)
