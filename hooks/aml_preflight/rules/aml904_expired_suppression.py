"""The date of a suppression comment has passed.

## What it does

Reports a comment `# aml-preflight: ignore[...] until=YYYY-MM-DD` from the day after its date. From
then on it silences nothing, so what it silenced is reported again as well.

## Why it matters

The date says when somebody wanted to look again.

## Example

```python
# aml-preflight: ignore[AML202] until=2026-06-30 -- until the build makes the file
```

## Use instead

Mend what it silenced and remove it, or give it a new date:

```python
# aml-preflight: ignore[AML202] until=2026-12-31 -- until the build makes the file
```

## Fix safety

There is no fix.

## Source

This tool's own.
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.WARNING
FIX = None
