"""The file is no requirements file: it has another format, or bytes that pip cannot decode.

## What it does

Looks at the whole of a file that is installed at start, or included by one: is it a conda
environment, a Pipfile or another TOML file, a Python script, the output of `pip list` or of
`conda list`, a web page, a Git LFS pointer? And can pip decode it?

## Why it matters

`AZUREML_EXTRA_REQUIREMENTS_TXT` takes what `pip install -r` takes and nothing else. pip refuses
the file and the container ends with exit code 95:

    ERROR: Invalid requirement: 'name: scoring' (from line 1 of /var/azureml-app/src/conda.yml)
    Error occurred. Sleeping to send error logs.

A file in Latin-1 fails even if the only letter outside ASCII stands in a comment, because the
locale of the images is UTF-8:

    UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 5: invalid continuation
    byte

## Example

```yaml
name: scoring
channels:
  - conda-forge
dependencies:
  - python=3.8
  - pip:
      - scipy==1.10.1
```

## Use instead

```text
scipy==1.10.1
```

A conda environment can be installed at start by `AZUREML_EXTRA_CONDA_YAML` instead.

## Fix safety

There is no fix.

## Source

pip 20.2 to 26.3 (`req_file.parse_requirements`, `_decode_req_file`); the start script of the
images. UTF-16 and UTF-32 are fine if the file begins with a byte order mark, UTF-8 always is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Report, Severity
from ..requirements.decoding import DecodeProblem
from ..requirements.records import Invalid
from ..workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..installation import Installation
    from ..requirements.includes import IncludedFile
    from ..requirements.records import RequirementsFile

SEVERITY = Severity.ERROR
FIX = None

_EXPORT = 'write the packages one a line, for example with "pip freeze > requirements.txt"'
_TOML = f"export it: {_EXPORT}"
_CONDA = (
    "write the pip packages into a file of their own, one a line, such as scipy==1.10.1; a conda "
    "environment is installed by AZUREML_EXTRA_CONDA_YAML instead"
)
_CONDA_EXPORT = 'write "name==version" lines; "pip list --format=freeze" prints them'
_RESAVE = "save it as UTF-8"

_CONDA_KEY = re.compile(r"^(name|channels|dependencies|prefix):", re.MULTILINE)
_TOML_TABLE = re.compile(
    r"^[ \t]*(\[\[?(?:tool\.[^\]\n]+|project(?:\.[^\]\n]+)?|build-system|packages|dev-packages"
    r"|source|requires|package|metadata|options(?:\.[^\]\n]+)?|testenv)\]\]?)[ \t]*(?:#.*|\r)?$",
    re.MULTILINE,
)
_SCRIPT = re.compile(
    r"^((?:from[ \t]+(?:setuptools|distutils)[\w.]*[ \t]+import|import[ \t]+setuptools)\b[^\r\n]*"
    r"|setup\()",
    re.MULTILINE,
)
_PIP_LIST = re.compile(r"^(Package[ \t]+Version\b[^\r\n]*)\r?\n-+[ \t]+-+", re.MULTILINE)
_CONDA_LIST = re.compile(
    r"^# (?:Name[ \t]+Version[ \t]+Build\b|packages in environment at )[^\r\n]*", re.M
)
_CONDA_LINE = re.compile(r"^([A-Za-z0-9_.-]+=[^=\s]+=[^=\s]+)[ \t]*\r?$", re.MULTILINE)
_LFS = re.compile(r"\s*(version https://git-lfs\.github\.com/spec/\S+)")
_EXPLICIT = re.compile(r"^(@EXPLICIT)\b", re.MULTILINE)
_MARKUP = re.compile(r"\s*(<(?:!doctype|html|head|body|\?xml)[^>\r\n]*>?)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{)\s*(?:"|\})')
_ENOUGH = 3


class Misread(NamedTuple):
    """What a file really is, the place that tells it, and what to do about it."""

    what: str
    start: int
    end: int
    help: str


def check_installation(installation: Installation) -> Iterator[Report]:
    seen = set()
    for file in installation.files:
        if file.path in seen:
            continue
        seen.add(file.path)
        if isinstance(file.decoded, DecodeProblem):
            report = _undecodable(installation, file, file.decoded)
            if report is not None:
                yield report
            continue
        found = misread(file.decoded.text, file.content)
        if found is not None:
            yield Report(
                installation.place(file, (found.start, found.end)),
                f"this is {found.what}, not a requirements file: pip would refuse it, and the "
                "container would exit with code 95",
                help=found.help,
            )


def misread(text: str, content: RequirementsFile) -> Misread | None:
    """What the text is, if it is not a requirements file."""
    if not any(isinstance(entry, Invalid) for entry in content.entries):
        # What pip accepts is a requirements file, whatever it looks like.
        return None
    return _without_mark(text) or _by_opening(text) or _by_keys(text) or _by_tables(text)


def _without_mark(text: str) -> Misread | None:
    if text.count("\0") * 4 < len(text):
        return None
    end = text.find("\n") if "\n" in text else len(text)
    what = "UTF-16 or UTF-32 without a byte order mark"
    return Misread(what, 0, max(end, 1), _RESAVE)


def _by_opening(text: str) -> Misread | None:
    for pattern, what, advice in (
        (_LFS, "a Git LFS pointer", 'fetch the file itself with "git lfs pull"'),
        (_MARKUP, "a web page", "download the raw file"),
        (_JSON, "JSON", _TOML),
    ):
        match = pattern.match(text)
        if match is not None:
            return Misread(what, match.start(1), match.end(1), advice)
    return None


def _by_keys(text: str) -> Misread | None:
    keys = {match[1]: match for match in reversed(list(_CONDA_KEY.finditer(text)))}
    if "dependencies" in keys or {"name", "channels"} <= keys.keys():
        first = min(keys.values(), key=lambda match: match.start())
        return Misread("a conda environment", first.start(), first.end(), _CONDA)
    return None


def _by_tables(text: str) -> Misread | None:
    for pattern, what, advice in (
        (_TOML_TABLE, "a file of tables such as a Pipfile or pyproject.toml", _TOML),
        (_SCRIPT, "a Python script", _EXPORT),
        (_PIP_LIST, 'the table of "pip list"', _EXPORT),
        (_EXPLICIT, "an explicit list of conda packages", _CONDA_EXPORT),
    ):
        match = pattern.search(text)
        if match is not None:
            return Misread(what, match.start(1), match.end(1), advice)
    pins = list(_CONDA_LINE.finditer(text))
    if len(pins) >= _ENOUGH or (
        pins and "# This file may be used to create an environment" in text
    ):
        return Misread('the output of "conda list --export"', *pins[0].span(1), _CONDA_EXPORT)
    table = _CONDA_LIST.search(text)
    if table is not None:
        return Misread('the table of "conda list"', *table.span(), _CONDA_EXPORT)
    return None


def _undecodable(
    installation: Installation, file: IncludedFile, problem: DecodeProblem
) -> Report | None:
    if problem.encoding.lower() in ("punycode", "idna", "undefined"):
        return None  # this reader does not try them, pip does
    try:
        data = installation.workspace.read(installation.document(file).path)
    except Unavailable:
        return None
    place = installation.place(file, (0, 0))
    if data.count(b"\0") * 4 >= len(data):
        what = "it is UTF-16 or UTF-32 without a byte order mark"
    elif problem.reason.startswith("unknown encoding"):
        what = f"its first lines declare the {problem.reason}"
    else:
        line = data.count(b"\n", 0, problem.offset) + 1
        byte = f"byte 0x{data[problem.offset]:02x} " if problem.offset < len(data) else ""
        what = f"{byte}in line {line} is {problem.reason}"
    return Report(
        place,
        f"pip cannot decode this file: {what}; the container would exit with code 95",
        help=_RESAVE,
    )
