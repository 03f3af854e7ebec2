"""Without a `source_directory` the container gets the entry script and nothing else.

## What it does

Checks every `InferenceConfig` of SDK v1 that has no `source_directory`, and every inference
configuration of CLI v1 without a `sourceDirectory`, while its environment sets
`AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH` or `AZUREML_EXTRA_CONDA_YAML`.

## Why it matters

SDK and CLI then upload the entry script alone. The file or folder that the variable names stays
behind, wherever it is, and the container ends at once with exit code 99 (97 for a library path, 98
for a conda file):

    ... expected requirements file not found: /var/azureml-app/./requirements.txt.

Neither checks this, and the studio often shows no log at all.

## Example

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="src/score.py", environment=env)
```

## Use instead

```python
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

## Fix safety

The fix is unsafe: it uploads the whole folder that the score script is in, which may hold more than
belongs into the container. It is offered only if the file or folder is found in the container
afterwards, and in Python only.

## Source

azureml-core 1.61: what `InferenceConfig` uploads; the start script of the images.
"""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING

from ..boot import wanted_kind
from ..document import Language
from ..facts import Style
from ..findings import Edit, Fix, Related, Report, Severity
from ..literals import spelled_like
from ..path_problems import Cause, diagnose
from ..project_files import is_absolute
from ..values import Known, Unknown
from .wording import looked_for, source_directory_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment
    from ..path_problems import PathProblem

SEVERITY = Severity.ERROR
FIX = "unsafe"

_NAMED = re.compile(r"[(,]\s*entry_script\s*=\s*$")
_FIRST = re.compile(r"\bInferenceConfig\s*\(\s*$")
_ONLY_NAMED_FOLLOW = re.compile(r"\s*(?:,\s*)?(?:\)|\w+\s*=[^=]|\*\*)")
_GIVEN = re.compile(r"\bsource_directory\s*=")
_LOOK_BACK = 200
_LOOK_AHEAD = 2_000


def check_deployment(deployment: Deployment) -> Iterator[Report]:
    problem = diagnose(deployment)
    if problem is None or problem.cause is not Cause.SCRIPT_ALONE:
        return
    folder = _folder(deployment, problem)
    name, word, given = "entry_script", source_directory_word(deployment), '{}="{}"'
    if deployment.facts.style is Style.CLI_V1:
        name, given = "entryScript", '"{}": "{}"'
    advice = f"give {given.format(word, '...')} and an {name} relative to it"
    if folder is not None:
        script = posixpath.basename(_script(deployment))
        advice = f"write {given.format(name, script)}, {given.format(word, folder)}"
    yield Report(
        deployment.facts.place,
        f"without {word} only the entry script is uploaded: {looked_for(problem)}",
        help=advice,
        related=(Related(problem.value.shown_at, "this stays behind"),),
        fix=_fix(deployment, folder) if folder is not None else None,
    )


def _script(deployment: Deployment) -> str:
    script = deployment.facts.entry_script
    return script.value.replace("\\", "/") if isinstance(script, Known) else ""


def _folder(deployment: Deployment, problem: PathProblem) -> str | None:
    """The folder of the score script, if what the container looks for is in it."""
    where, script = deployment.location, _script(deployment)
    if isinstance(where, Unknown) or is_absolute(script):
        return None
    folder = posixpath.dirname(posixpath.normpath(script)) or "."
    uploaded = os.path.normpath(os.path.join(where.base, folder))
    wanted = wanted_kind(problem.variable.name.value)
    # A path that starts at the project's folder is wrong even then; AML201 speaks of it next.
    for start in (uploaded, where.base):
        local = os.path.normpath(os.path.join(start, problem.value.value))
        inside = local.startswith(os.path.join(uploaded, ""))
        if inside and deployment.workspace.kind(local) is wanted:
            return folder
    return None


def _fix(deployment: Deployment, folder: str) -> Fix | None:
    """Give the folder behind the entry script, where another argument may stand."""
    script = deployment.facts.entry_script
    if not isinstance(script, Known) or script.literal is None or script.literal != script.place:
        return None
    literal, document = script.literal, script.literal.document
    if document.language is not Language.PYTHON:
        return None
    before = document.text[max(0, literal.start - _LOOK_BACK) : literal.start]
    after = _rest_of_call(document.text[literal.end : literal.end + _LOOK_AHEAD])
    if _GIVEN.search(before.rpartition("InferenceConfig")[2]) or _GIVEN.search(after):
        return None  # as None
    first = _FIRST.search(before) and _ONLY_NAMED_FOLLOW.match(after)
    if not document.exact or not (first or _NAMED.search(before)):
        return None
    name = spelled_like(literal, posixpath.basename(_script(deployment)))
    source = spelled_like(literal, folder)
    if name is None or source is None:
        return None
    text = f"{name}, source_directory={source}"
    return Fix(f'add source_directory="{folder}"', (Edit(literal, text),), safe=False)


def _rest_of_call(text: str) -> str:
    """Up to the bracket that closes the call; brackets inside strings make it end elsewhere, which
    costs a fix and no more."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return text[: index + 1]
    return text
