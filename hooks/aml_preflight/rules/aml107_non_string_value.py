"""The value of the variable is not text.

## What it does

Checks the values of the variables that a deployment or an environment sets for numbers, truth
values, dates and `None` or `null`. In YAML, plain `yes`, `on`, `010` and `12:30:45` are such
values, too: a truth value and the numbers 8 and 45045.

An environment of SDK v1 that no deployment of the project uses may be one for training. It counts
only if its image, or the names of its variables, show that it is for deployments.

## Why it matters

Environment variables are text. Both SDKs, and `az ml` which uses them, send other values to the
service as they are, so that the service decides what the container gets: for `True`, or `yes` in
YAML, it can be `True` with a capital T where something else was meant, for `1e3` it can be
`1000.0`, for `None` an empty variable or none at all.

## Example

```python
env.environment_variables = {"WORKER_COUNT": 2, "AML_APP_INSIGHTS_ENABLED": True}
```

```yaml
environment_variables:
  WORKER_COUNT: 2
  AML_APP_INSIGHTS_ENABLED: yes
```

## Use instead

```python
env.environment_variables = {"WORKER_COUNT": "2", "AML_APP_INSIGHTS_ENABLED": "true"}
```

```yaml
environment_variables:
  WORKER_COUNT: "2"
  AML_APP_INSIGHTS_ENABLED: "true"
```

## Fix safety

The fix is safe: in Python it writes the value as Python does, in YAML and JSON it puts what stands
there into quotes. Whether that is the text that the reader of the variable expects, it cannot tell.
It is unsafe where the value is used elsewhere as well. For `None` and `null` there is no fix.

## Source

What azureml-core 1.61 and azure-ai-ml 1.35 send, looked at where it leaves the SDK.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..document import Language
from ..findings import Report, Severity
from ..values import Known
from .wording import brief, replace_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts import Scalar, Variable
    from .subjects import Settings

SEVERITY = Severity.WARNING
FIX = "safe"

_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d[^\r\n#]*)?")
_DECIDES = "the service decides what the container gets"


def check_variables(settings: Settings) -> Iterator[Report]:
    for variable in settings.variables.items:
        given = _date(variable) or variable.value
        if isinstance(given, Known) and given.value is None:
            yield _nothing(given)
        elif isinstance(given, Known) and (given is not variable.value or not _is_text(given)):
            yield _other(given)


def _is_text(given: Known[Scalar]) -> bool:
    return isinstance(given.value, str)


def _date(variable: Variable) -> Known[Scalar] | None:
    """The text of a value that YAML reads as a date, which is none of the values that are known."""
    value = variable.value
    place = value.place
    if isinstance(value, Known) or place.document.language is not Language.YAML:
        return None
    return Known(place.text, place, place) if _DATE.fullmatch(place.text) else None


def _nothing(given: Known[Scalar]) -> Report:
    language = given.shown_at.document.language
    word = "an empty value" if given.literal is None else given.literal.text
    if language not in (Language.YAML, Language.JSON):
        word = "None"
    return Report(
        given.shown_at,
        f"{word} is not text: the container would get an empty variable, or none",
        help='write "" for an empty value, or leave the variable out',
    )


def _other(given: Known[Scalar]) -> Report:
    language = given.shown_at.document.language
    value, text = given.value, str(given.value)
    message = f"this value is not text, and environment variables are: {_DECIDES}"
    if language is Language.YAML:
        message = f"YAML reads {_what(value)} here, and environment variables are text: {_DECIDES}"
    if language in (Language.YAML, Language.JSON) and given.literal is not None:
        text = given.literal.text
    advice = f'write "{text}"' if brief(text) == text else "write it in quotes"
    if isinstance(value, bool) and text != str(value).lower():
        advice += f', or "{str(value).lower()}" if that is what reads it expects'
    return Report(given.shown_at, message, help=advice, fix=replace_value(given, text, safe=True))


def _what(value: Scalar) -> str:
    """What YAML makes of a plain scalar."""
    if isinstance(value, str):
        return "a date"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    return f"the number {brief(str(value))}"
