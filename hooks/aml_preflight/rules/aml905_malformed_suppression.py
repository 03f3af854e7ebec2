"""A suppression comment cannot be understood.

## What it does

Reports a comment that begins with `aml-preflight:` and does not follow the grammar:

    # aml-preflight: ignore[AML301, other-name] until=2026-12-31 -- reason

It stands on the line of the finding, or alone on the line above it. `ignore-file[...]` anywhere in
a file is for the whole file. Codes or names are obligatory; the date, written `YYYY-MM-DD`, and the
reason after two hyphens are not.

## Why it matters

A comment that is not understood silences nothing.

## Example

```python
requirements = "deps.txt"  # aml-preflight: ignore
```

## Use instead

```python
requirements = "deps.txt"  # aml-preflight: ignore[AML202] -- made by the build
```

## Fix safety

There is no fix.

## Source

This tool's own.
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.ERROR
FIX = None
