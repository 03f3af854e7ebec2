"""The same variable is given twice in one place.

## What it does

Checks for a name that occurs twice between the braces of one dictionary of variables (Python,
JSON), in one mapping (YAML), or in one command or instruction that sets variables.

## Why it matters

The last value is kept and the first is dropped, without a word. The container gets only the last.

## Example

```python
env.environment_variables = {
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
    "WORKER_COUNT": "2",
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "extra.txt",
}
```

## Use instead

```python
env.environment_variables = {
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
    "WORKER_COUNT": "2",
}
```

## Fix safety

There is no fix: only the author knows which of the two is meant.

## Source

Python's language reference, "Dictionary displays"; azure-ai-ml 1.35, whose YAML parser keeps the
last of two equal keys, as JSON parsers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import Related, Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subjects import Settings

SEVERITY = Severity.WARNING
FIX = None


def check_variables(settings: Settings) -> Iterator[Report]:
    for lost, kept in settings.variables.repeated:
        yield Report(
            lost.name.shown_at,
            f"{lost.name.value} is given twice: the container would get the last value, not this",
            help="remove one of the two",
            related=(Related(kept.name.shown_at, "this one wins"),),
        )
