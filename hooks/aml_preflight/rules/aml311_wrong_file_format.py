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

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..requirements.decoding import NOT_TRIED, DecodeProblem
from ..requirements.formats import RESAVE, misread, placeholder
from ..workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..installation import Installation
    from ..requirements.includes import IncludedFile

SEVERITY = Severity.ERROR
FIX = None
INSTALL_FAILS = True


def check_installation(installation: Installation) -> Iterator[Report]:
    for file in installation.each_file():
        if isinstance(file.decoded, DecodeProblem):
            report = _undecodable(installation, file, file.decoded)
            if report is not None:
                yield report
            continue
        if placeholder(file.decoded.text):
            continue
        found = misread(file.decoded.text, file.content)
        if found is not None:
            yield Report(
                installation.place(file, (found.start, found.end)),
                f"this is {found.what}, not a requirements file: pip would refuse it, and the "
                "container would exit with code 95",
                help=found.help,
            )


def _undecodable(
    installation: Installation, file: IncludedFile, problem: DecodeProblem
) -> Report | None:
    if problem.encoding.lower() in NOT_TRIED:
        return None  # pip does
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
        help=RESAVE,
    )
