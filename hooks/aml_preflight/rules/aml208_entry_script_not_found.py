"""The score script is not in the folder that is uploaded.

## What it does

Checks that the file in `entry_script` (SDK v1), `entryScript` (CLI v1) or `scoring_script` (SDK and
CLI v2) exists in `source_directory`, `sourceDirectory` or `code`, and does not leave it through
`..`. Also that a folder given by an absolute path, such as `Path(__file__).parent / "src"`, and the
`code` of a file of CLI v2, which starts from that file's folder, exists. The paths of a notebook
start in its folder; where the score script is not there, but is seen from a folder above it, then
that is the folder that the notebook is run from, as editors and papermill do.

It says nothing where the folder that relative paths start from is not certain. Where something of
the project may make what is missing (the deploying program writes files and mentions the script, a
build script copies the folder), it is counted as undetermined. Backslashes in the path of the
folder are taken as Windows takes them: other systems refuse to deploy, and say so at once.

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
from typing import TYPE_CHECKING

from ..facts import Style
from ..findings import Related, Report, Severity
from ..paths import Kind, with_slashes
from ..script_problems import Fault, ScriptProblem
from ..values import Known
from .wording import either, here, source_directory_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment

SEVERITY = Severity.ERROR
FIX = None

_REFUSALS = {
    Style.SDK_V1: "the SDK raises WebserviceException when it deploys",
    Style.CLI_V1: "the deploy ends with WebserviceException",
    Style.CLI_V2: "az ml cannot open it when it deploys",
}


def check_script(problem: ScriptProblem) -> Iterator[Report]:
    deployment = problem.deployment
    folder, script = deployment.facts.source_directory, deployment.facts.entry_script
    if not isinstance(folder, Known):
        return
    if problem.fault is Fault.NO_FOLDER:
        yield _no_folder(deployment, problem, folder)
    elif isinstance(script, Known) and problem.fault is Fault.NO_SCRIPT:
        yield _no_script(deployment, problem, folder, script)
    elif isinstance(script, Known):
        yield _outside(deployment, problem, folder, script)


def _no_folder(deployment: Deployment, problem: ScriptProblem, folder: Known[str]) -> Report:
    advice = "give the folder that holds the score script"
    holding = [path for path in problem.near if _holds_script(deployment, path)]
    if holding:
        own = os.path.dirname(deployment.facts.document.path)
        choices = [os.path.relpath(path, own).replace(os.sep, "/") for path in holding]
        advice = f"did you mean {either(choices)}? The path starts in the folder of this file"
    elif problem.near:
        advice += f": the project has {here(deployment, problem.near[0])}, but not in it"
    return Report(
        folder.shown_at,
        f"this {source_directory_word(deployment)} does not exist: there is no folder "
        f"{here(deployment, problem.path)} in the project",
        help=advice,
    )


def _holds_script(deployment: Deployment, folder: str) -> bool:
    script = deployment.facts.entry_script
    if not isinstance(script, Known):
        return False
    path = os.path.normpath(os.path.join(folder, script.value))
    return deployment.workspace.kind(path) is Kind.FILE


def _no_script(
    deployment: Deployment, problem: ScriptProblem, folder: Known[str], script: Known[str]
) -> Report:
    place = here(deployment, problem.path)
    word = source_directory_word(deployment)
    advice = f"put the score script at {place}, or correct its path, which starts at the {word}"
    near = problem.near or _similar(deployment, problem.path)
    if near:
        choices = [with_slashes(os.path.relpath(path, problem.folder)) for path in near]
        advice = f"did you mean {either(choices)}? The path starts at the {word}"
    refusal = _REFUSALS.get(deployment.facts.style, "the SDK cannot open it when it deploys")
    return Report(
        script.shown_at,
        f"there is no score script at {place}: {refusal}",
        help=advice,
        related=(Related(folder.shown_at, "the path starts in this folder"),),
    )


def _similar(deployment: Deployment, path: str) -> tuple[str, ...]:
    """Files beside the missing one with nearly its name."""
    import difflib

    folder, name = os.path.split(path)
    listing = deployment.workspace.listing(folder)
    files = [each for each, kind in listing.items() if kind is Kind.FILE and each.endswith(".py")]
    close = difflib.get_close_matches(name, files, 2, 0.75)
    return tuple(os.path.join(folder, each) for each in close)


def _outside(
    deployment: Deployment, problem: ScriptProblem, folder: Known[str], script: Known[str]
) -> Report:
    word = source_directory_word(deployment)
    return Report(
        script.shown_at,
        f"this score script is outside the {word} and is not uploaded: the container's server "
        "would end with exit code 3",
        help=f"move {here(deployment, problem.path)} into the {word}, or give a folder above both",
        related=(Related(folder.shown_at, "only this folder is uploaded"),),
    )
