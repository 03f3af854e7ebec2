"""The source directory is assigned afterwards, with a slash at the end.

## What it does

Checks what is assigned to the `source_directory` of an `InferenceConfig` (SDK v1) after it was
made: a path that ends in a slash, such as `./` or `src/`.

## Why it matters

`InferenceConfig(source_directory="./")` resolves the path; assigning the attribute does not. The
SDK then takes the text behind the last slash as the name of the folder in the container: an empty
name. It packs the files under the path that they have on the author's computer, so that they land
in another folder of the container than the one in which it looks for the score script, the
requirements file and the folder of packages. The container ends with exit code 99 (97 for a library
path, 98 for a conda file), or the server does not find the score script.

## Example

```python
config = InferenceConfig(entry_script="score.py", environment=env)
config.source_directory = "./"
```

## Use instead

```python
config = InferenceConfig(entry_script="score.py", source_directory="./", environment=env)
```

## Fix safety

There is no fix.

## Source

azureml-core 1.61, run with such paths. A tutorial of 2021, withdrawn since, assigned it so.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..facts import Style
from ..findings import Related, Report, Severity
from ..values import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

SEVERITY = Severity.ERROR
FIX = None


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    facts = deployment.facts
    folder = facts.source_directory
    if facts.style is not Style.SDK_V1 or facts.source_directory_reassigned is None:
        return
    if not isinstance(folder, Known) or not folder.value or posixpath.basename(folder.value):
        return
    better = folder.value.rstrip("/")
    plain = better if better.strip("./") else "."
    yield Report(
        folder.shown_at,
        "assigned after the configuration was made, a path with a slash at the end gives the "
        "uploaded folder an empty name: the container would not find the files in it",
        help=f'give source_directory to InferenceConfig(...), or write "{plain}" here',
        related=(Related(facts.source_directory_reassigned, "assigned here, and not resolved"),),
    )
