"""A variable that adds packages to an online deployment is given to something else.

## What it does

Checks for `AZUREML_EXTRA_REQUIREMENTS_TXT`, `AZUREML_EXTRA_PYTHON_LIB_PATH`,
`AZUREML_EXTRA_CONDA_YAML` and `AZUREML_EXTRA_CONDA_YAML_ABS_PATH` among the environment variables
of batch deployments, training jobs, components and steps of pipelines.

It says nothing of an SDK v1 environment that an `InferenceConfig` of the same file uses as well, or
that is registered.

## Why it matters

These variables are read by one script, the one that starts the server of a prebuilt inference
image. A batch deployment runs as a parallel job on a cluster, a training job runs its command:
neither starts that script. Nothing is installed, and the code fails with `ModuleNotFoundError`.

## Example

```yaml
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: nightly
type: model
settings:
  environment_variables:
    AZUREML_EXTRA_REQUIREMENTS_TXT: requirements.txt
```

## Use instead

```yaml
$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: nightly
type: model
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest
  conda_file: environment/conda.yaml
```

with the packages in `environment/conda.yaml`.

## Fix safety

There is no fix.

## Source

The start script of the images, which alone reads them; azureml-core 1.61 and azure-ai-ml 1.35: what
takes environment variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import variables as names
from ..findings import Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts import OtherUse

SEVERITY = Severity.WARNING
FIX = None


def check_other(other: OtherUse) -> Iterator[Report]:
    for variable in other.variables.items:
        if variable.name.value in names.INSTALL_VARIABLES:
            yield Report(
                variable.name.shown_at,
                f"nothing in {other.what} reads {variable.name.value}: the packages would not be "
                "there",
                help="only the image of an online deployment reads it; give the packages to the "
                "environment",
            )
