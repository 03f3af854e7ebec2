"""The variable was documented once, and nothing reads it now.

## What it does

Checks the variables of online deployments for

* `AML_MODEL_DC_STORAGE_ENABLED`: the server reads `AML_MDC_STORAGE_ENABLED`;
* `AML_DBG_MODEL_INFO` and `AML_DBG_RESOURCE_INFO`, for which the server only logs that the feature
  was removed;
* `AZUREML_BACKEND_HOST` and `AZUREML_BACKEND_PORT`, of a server before the one of today.

It says nothing where the uploaded code mentions the name, where it uses the package
`azureml.monitoring`, which reads the first, or where the image is none of Microsoft's.

This is advice: the rule reports where it is selected (`--select AML110`, or the beginning `AML1`),
and with `--fail-on info`.

## Why it matters

The variable does nothing, and whoever reads the deployment believes that it does.

## Example

```python
env.environment_variables = {"AML_MODEL_DC_STORAGE_ENABLED": "true"}
```

## Use instead

```python
env.environment_variables = {"AML_MDC_STORAGE_ENABLED": "true"}
```

## Fix safety

There is no fix: a variable that had no effect for years may do harm when it has one.

## Source

azureml-inference-server-http 1.5.1: its configuration; azureml-monitoring 0.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..values import Known, Unknown
from .readership import is_mentioned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..deployments import Deployment
    from .subjects import Settings

SEVERITY = Severity.INFO
FIX = None

_COLLECTION = "AML_MODEL_DC_STORAGE_ENABLED"
_REMOVED = "remove it: the server no longer has what it switched on"
_OBSOLETE = {
    _COLLECTION: "the server reads AML_MDC_STORAGE_ENABLED",
    "AML_DBG_MODEL_INFO": _REMOVED,
    "AML_DBG_RESOURCE_INFO": _REMOVED,
    "AZUREML_BACKEND_HOST": "remove it: the server that read it is no longer in the images",
    "AZUREML_BACKEND_PORT": "remove it: the server that read it is no longer in the images",
}
_COLLECTOR = ("azureml.monitoring", "azureml-monitoring", "ModelDataCollector")


def check_variables(settings: Settings) -> Iterator[Report]:
    deployment = settings.deployment
    if deployment is None or _has_own_image(deployment):
        return
    for variable in settings.variables.items:
        name = variable.name.value
        if name not in _OBSOLETE or _may_be_read(deployment, name):
            continue
        yield Report(
            variable.name.shown_at,
            f"nothing in the inference images of today reads {name}",
            help=_OBSOLETE[name],
        )


def _has_own_image(deployment: Deployment) -> bool:
    """Whether the image is one of which nobody here knows what it reads."""
    return isinstance(deployment.facts.image, Known) and not deployment.image.name


def _may_be_read(deployment: Deployment, name: str) -> bool:
    if name != _COLLECTION:
        return is_mentioned(deployment, name)
    if isinstance(deployment.location, Unknown):
        return True  # the score script may collect data
    return is_mentioned(deployment, name, *_COLLECTOR)
