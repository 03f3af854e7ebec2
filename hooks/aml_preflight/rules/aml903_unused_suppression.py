"""A suppression comment silences nothing.

## What it does

Reports a comment `# aml-preflight: ignore[...]`, or a code in one, for which there is no finding on
its line, on the line below if the comment stands alone, or in the file for `ignore-file[...]`.
A shell command or a Dockerfile instruction below it may have several lines, and so may a fence of a
Markdown page: they count as a whole.

Codes of rules that are switched off are left alone, and so are comments inside the fences of a
page: they may show how such comments are written.

## Why it matters

A comment that outlives its finding would silence the next mistake on its line, which nobody has
looked at.

## Example

The file exists by now.

```python
env.environment_variables = {
    # aml-preflight: ignore[AML202] -- made by the build
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
}
```

## Use instead

```python
env.environment_variables = {
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",
}
```

## Fix safety

The fix is safe: it removes the comment, or the code that silences nothing, and no line of code.

## Source

This tool's own.
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.WARNING
FIX = "safe"
