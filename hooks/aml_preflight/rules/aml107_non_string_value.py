"""The value of the variable is not text.

## What it does

Checks the values of the variables that a deployment or an environment sets for numbers, truth
values and `None`.

## Why it matters

Environment variables are text. Both SDKs send other values to the service as they are, so that the
service decides what the container gets: for `True` it can be `True` with a capital T where `true`
was meant, for `1e3` it can be `1000.0`, for `None` an empty variable or none at all.

## Example

```python
env.environment_variables = {"WORKER_COUNT": 2, "AML_APP_INSIGHTS_ENABLED": True}
```

## Use instead

```python
env.environment_variables = {"WORKER_COUNT": "2", "AML_APP_INSIGHTS_ENABLED": "true"}
```

## Fix safety

The fix is safe: it writes the value as Python does. Whether that is the text that the reader of the
variable expects, it cannot tell. It is unsafe where the value is used elsewhere as well. For `None`
there is no fix.

## Source

What azureml-core 1.61 and azure-ai-ml 1.35 send, looked at where it leaves the SDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Report, Severity
from ..values import Known
from .wording import replace_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import Settings

SEVERITY = Severity.WARNING
FIX = "safe"


def check_variables(settings: Settings) -> Iterator[Report]:
    for variable in settings.variables.items:
        given = variable.value
        if not isinstance(given, Known) or isinstance(given.value, str):
            continue
        if given.value is None:
            yield Report(
                given.shown_at,
                "None is not text: the container would get an empty variable, or none",
                help='write "" for an empty value, or leave the variable out',
            )
            continue
        text = str(given.value)
        advice = f'write "{text}"'
        if isinstance(given.value, bool):
            advice += f', or "{text.lower()}" if that is what reads it expects'
        yield Report(
            given.shown_at,
            "this value is not text, and environment variables are: the service decides what the "
            "container gets",
            help=advice,
            fix=replace_value(given, text, safe=True),
        )
