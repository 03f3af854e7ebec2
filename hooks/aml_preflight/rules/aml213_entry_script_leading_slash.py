"""The path of the score script begins with a slash.

## What it does

Checks `entry_script` (SDK v1, together with a `source_directory`) and `scoring_script` (SDK v2) for
an absolute path.

## Why it matters

The path belongs to the folder that is uploaded. With a leading slash it becomes the container's
`AZUREML_ENTRY_SCRIPT` as it is: the start script drops the slash and installs the packages, the
server does not, and looks for the score script in the root of the container:

    FileNotFoundError: [Errno 2] No such file or directory: '/score.py'

The server ends with exit code 3. If the file is not there on the author's computer either, the SDK
refuses to deploy.

## Example

```python
code = CodeConfiguration(code="src", scoring_script="/score.py")
```

## Use instead

```python
code = CodeConfiguration(code="src", scoring_script="score.py")
```

## Fix safety

The fix is safe: it is offered only if the folder has a file at the path without the slash. It is
unsafe where the text that it changes is used elsewhere as well.

## Source

azureml-core 1.61 and azureml-inference-server-http 1.5.1, run with such a path.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..boot import Kind
from ..facts import Style
from ..findings import Related, Report, Severity
from ..values import Known, Unknown
from .wording import replace_value, source_directory_word, without_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

SEVERITY = Severity.ERROR
FIX = "safe"


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    folder, script = deployment.facts.source_directory, deployment.facts.entry_script
    if not isinstance(script, Known) or not script.value.startswith("/"):
        return
    if deployment.facts.style is Style.SDK_V1 and not isinstance(folder, Known):
        return  # without a source directory the SDK keeps the file's name only
    better = _inside(deployment, script.value)
    word = source_directory_word(deployment)
    related: tuple[Related, ...] = ()
    if isinstance(folder, Known):
        related = (Related(folder.shown_at, "the path starts in this folder"),)
    path = without_project(deployment, script.value)
    yield Report(
        script.shown_at,
        f"the container's server would look for {path} from the root, and end with exit code 3",
        help=f'write "{better}"' if better else f"give a path that starts at the {word}",
        related=related,
        fix=replace_value(script, better, safe=True) if better else None,
    )


def _inside(deployment: Deployment, script: str) -> str | None:
    """The path from the uploaded folder to the script that is meant."""
    where = deployment.location
    if isinstance(where, Unknown):
        return None
    local = where.upload.local
    for path in (os.path.join(local, script.lstrip("/")), os.path.normpath(script)):
        inside = path.startswith(os.path.join(local, ""))
        if inside and deployment.workspace.kind(os.path.normpath(path)) is Kind.FILE:
            return os.path.relpath(path, local).replace(os.sep, "/")
    return None
