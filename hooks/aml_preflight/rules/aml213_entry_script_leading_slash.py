"""The path of the score script begins with a slash.

## What it does

Checks `entry_script` (SDK v1, together with a `source_directory`), `entryScript` (CLI v1, likewise)
and `scoring_script` (SDK and CLI v2) for an absolute path; and `AZUREML_ENTRY_SCRIPT` where a
Dockerfile or `docker run` sets it, unless the file is known to be at that very path.

## Why it matters

The path belongs to the folder that is uploaded. With a leading slash it becomes the container's
`AZUREML_ENTRY_SCRIPT` as it is, without the folder. The start script drops the slash, and takes the
paths of requirements and packages to start at `/var/azureml-app` rather than at the folder: what
lies beside the score script is not found, and the container ends with exit code 99 (98 for a conda
file, 97 for a folder of packages).

Where nothing is to be added, or it is found all the same, the server keeps the slash and looks for
the score script in the root of the container:

    FileNotFoundError: [Errno 2] No such file or directory: '/score.py'

It ends with exit code 3. If the file is not there on the author's computer either, the SDK refuses
to deploy.

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

azureml-core 1.61, the start script of the images and azureml-inference-server-http 1.5.1, run with
such a path.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from .. import variables as names
from ..boot import MISSING_CODES
from ..facts import Style
from ..findings import Related, Report, Severity
from ..locations import app_root
from ..paths import Kind, with_slashes
from ..values import Known, Unknown
from .wording import replace_value, source_directory_word, without_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

SEVERITY = Severity.ERROR
FIX = "safe"


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    folder, script = deployment.facts.source_directory, deployment.facts.entry_script
    if deployment.facts.style is Style.DOCKER:
        yield from _in_container(deployment)
        return
    if not isinstance(script, Known) or not script.value.startswith("/"):
        return
    if deployment.facts.style.is_v1 and not isinstance(folder, Known):
        return  # without a source directory the SDK keeps the file's name only
    better = _inside(deployment, script.value)
    word = source_directory_word(deployment)
    related: tuple[Related, ...] = ()
    if isinstance(folder, Known):
        related = (Related(folder.shown_at, "the path starts in this folder"),)
    yield Report(
        script.shown_at,
        without_project(deployment, _how_it_ends(deployment, script.value)),
        help=f'write "{better}"' if better else f"give a path that starts at the {word}",
        related=related,
        fix=replace_value(script, better, safe=True),
    )


def _how_it_ends(deployment: Deployment, script: str) -> str:
    """What such a path leads to first: the start script takes others to start at its folder, and
    comes before the server."""
    outcome = deployment.outcome
    if outcome.exit_code not in MISSING_CODES:
        return _at_the_root(script)
    return (
        f"with this slash the container would look for {outcome.container_path} and exit with "
        f"code {outcome.exit_code}"
    )


def _at_the_root(script: str) -> str:
    return f"the container's server would look for {script} from the root, and end with exit code 3"


def _in_container(deployment: Deployment) -> Iterator[Report]:
    """On a container that is started with such a path: the file may really be there."""
    facts = deployment.facts
    variable, root = facts.variables.get(names.ENTRY_SCRIPT), app_root(facts)
    script = variable.value if variable is not None else None
    if not isinstance(script, Known) or not isinstance(script.value, str):
        return
    if not script.value.startswith("/") or isinstance(root, Unknown):
        return
    path = posixpath.normpath(script.value)
    if path.startswith(posixpath.join(root, "")) or _may_be_at(deployment, path):
        return
    better = path.lstrip("/")
    yield Report(
        script.shown_at,
        _at_the_root(path),
        help=f'write "{better}": the path starts at {root}',
        related=tuple(
            Related(each.local.shown_at, f"this is at {each.container}") for each in facts.mounts
        ),
        fix=replace_value(script, better, safe=True) if _is_at(deployment, root, better) else None,
    )


def _is_at(deployment: Deployment, root: str, path: str) -> bool:
    """Whether the project has the file that would be at a path below the app root."""
    facts, workspace = deployment.facts, deployment.workspace
    own = facts.document.path
    for mount in facts.mounts:
        inside = posixpath.relpath(f"{root}/{path}", mount.container)
        for base in (os.path.dirname(own), workspace.project(own)):
            local = os.path.normpath(os.path.join(base, mount.local.value, inside))
            if not inside.startswith("..") and workspace.kind(local) is Kind.FILE:
                return True
    return False


def _may_be_at(deployment: Deployment, path: str) -> bool:
    """Whether something of the project is put at a path of the container, or above it."""
    return any(
        (path + "/").startswith(each.container.rstrip("/") + "/")
        for each in deployment.facts.mounts
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
            return with_slashes(os.path.relpath(path, local))
    return None
