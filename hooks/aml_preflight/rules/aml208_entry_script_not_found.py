"""The score script is not in the folder that is uploaded.

## What it does

Checks that the file in `entry_script` (SDK v1), `entryScript` (CLI v1) or `scoring_script` (SDK and
CLI v2) exists in `source_directory`, `sourceDirectory` or `code`, and does not leave it through
`..`. Also that a folder given by an absolute path, such as `Path(__file__).parent / "src"`, and the
`code` of a file of CLI v2, which starts from that file's folder, exists.

It says nothing where the folder that relative paths start from is not certain, and where the
deploying program itself writes files and mentions the script. Backslashes in the path of the folder
are taken as Windows takes them: other systems refuse to deploy, and say so at once.

## Why it matters

The score script is looked for inside the folder, not beside it. A script that is not there is
refused by the SDK when it deploys: SDK v1 raises `WebserviceException`, SDK v2 fails to open the
file. A script that lies outside the folder passes that check and is not uploaded: the server of the
container ends with exit code 3.

Paths of requirements files and folders start at the folder of the score script, so they are checked
only once it is found.

## Example

```python
config = InferenceConfig(entry_script="src/score.py", source_directory="src", environment=env)
```

## Use instead

```python
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Fix safety

There is no fix.

## Source

azureml-core 1.61 and azure-ai-ml 1.35, run with such paths.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from ..document import is_example
from ..facts import PathsFrom, Style
from ..findings import Related, Report, Severity
from ..lookalikes import ending_in, scripts_elsewhere
from ..made_later import is_ignored, may_be_made
from ..paths import Kind, is_absolute, with_slashes
from ..values import Known, Unknown
from .wording import either, here, source_directory_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment, Location

SEVERITY = Severity.ERROR
FIX = None

_REFUSALS = {
    Style.SDK_V1: "the SDK raises WebserviceException when it deploys",
    Style.CLI_V1: "the deploy ends with WebserviceException",
    Style.CLI_V2: "az ml cannot open it when it deploys",
}

_SETTINGS = frozenset({Style.CLI_V1, Style.CLI_V2})


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    folder, script = deployment.facts.source_directory, deployment.facts.entry_script
    where = deployment.location
    if not isinstance(folder, Known):
        return
    if isinstance(where, Unknown):
        yield from _no_folder(deployment, folder)
    elif isinstance(script, Known) and not is_absolute(script.value):
        if not where.entry_found:
            yield from _no_script(deployment, where, folder, script)
        elif where.upload.container_path(where.entry_local) is None:
            yield _outside(deployment, where, folder, script)


def _no_folder(deployment: Deployment, folder: Known[str]) -> Iterator[Report]:
    """An absolute path is certain wherever the program is started, and so is one that starts from
    the file's own folder."""
    facts, workspace = deployment.facts, deployment.workspace
    own = os.path.dirname(facts.document.path)
    certain = facts.paths_from is PathsFrom.OWN_FOLDER and not is_example(facts.document)
    path = os.path.normpath(os.path.join(own, folder.value.replace("\\", "/")))
    if not os.path.isabs(folder.value) and (not certain or is_absolute(folder.value)):
        return
    if not path.startswith(os.path.join(workspace.project(facts.document.path), "")):
        return
    if workspace.kind(path) is Kind.FOLDER or is_ignored(deployment, path):
        return
    if not os.path.isabs(folder.value) and workspace.kind(os.path.dirname(path)) is not Kind.FOLDER:
        return  # a folder in another one that is not there either is often made by a build
    if facts.style in _SETTINGS and not _code_is_here(deployment, path):
        return
    if may_be_made(deployment, folder, folder=os.path.basename(path)):
        return
    yield Report(
        folder.shown_at,
        f"this {source_directory_word(deployment)} does not exist: there is no folder "
        f"{here(deployment, path)} in the project",
        help="give the folder that holds the score script",
    )


def _code_is_here(deployment: Deployment, folder: str) -> bool:
    """Whether the project holds the code at all, as far as names tell: repositories of settings
    alone are laid beside that of the code when they are deployed."""
    import difflib

    script = deployment.facts.entry_script
    above, name = os.path.split(folder)
    listing = deployment.workspace.listing(above)
    folders = [each for each, kind in listing.items() if kind is Kind.FOLDER]
    if difflib.get_close_matches(name, folders, 1, 0.75):
        return True
    if not isinstance(script, Known):
        return False
    wanted = posixpath.basename(script.value)
    return any(ending_in(deployment, wanted))


def _no_script(
    deployment: Deployment, where: Location, folder: Known[str], script: Known[str]
) -> Iterator[Report]:
    upload, name = where.upload, posixpath.basename(script.value)
    elsewhere = scripts_elsewhere(deployment)
    in_upload = [path for path in elsewhere if upload.container_path(path) is not None]
    if "\\" in script.value or may_be_made(deployment, script, name, posixpath.splitext(name)[0]):
        return
    if elsewhere and not in_upload:
        return  # relative paths may start from another folder than the one that was found
    if is_ignored(deployment, where.entry_local):
        return
    place = here(deployment, where.entry_local)
    word = source_directory_word(deployment)
    advice = f"put the score script at {place}, or correct its path, which starts at the {word}"
    near = in_upload or _similar(deployment, where.entry_local)
    if near:
        choices = [with_slashes(os.path.relpath(path, upload.local)) for path in near]
        advice = f"did you mean {either(choices)}? The path starts at the {word}"
    refusal = _REFUSALS.get(deployment.facts.style, "the SDK cannot open it when it deploys")
    yield Report(
        script.shown_at,
        f"there is no score script at {place}: {refusal}",
        help=advice,
        related=(Related(folder.shown_at, "the path starts in this folder"),),
    )


def _similar(deployment: Deployment, path: str) -> list[str]:
    """Files beside the missing one with nearly its name."""
    import difflib

    folder, name = os.path.split(path)
    listing = deployment.workspace.listing(folder)
    files = [each for each, kind in listing.items() if kind is Kind.FILE and each.endswith(".py")]
    return [os.path.join(folder, each) for each in difflib.get_close_matches(name, files, 2, 0.75)]


def _outside(
    deployment: Deployment, where: Location, folder: Known[str], script: Known[str]
) -> Report:
    word = source_directory_word(deployment)
    return Report(
        script.shown_at,
        f"this score script is outside the {word} and is not uploaded: the container's server "
        "would end with exit code 3",
        help=f"move {here(deployment, where.entry_local)} into the {word}, or give a folder above "
        "both",
        related=(Related(folder.shown_at, "only this folder is uploaded"),),
    )
