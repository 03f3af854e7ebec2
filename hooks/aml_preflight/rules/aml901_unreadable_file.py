"""The file, or a part of it, could not be read.

## What it does

Reports a file that cannot be decoded or parsed, is too large or too deeply nested, or is not there.

## Why it matters

What is in the unread part was not checked: silence about it means nothing. What could be read was
still checked, and its findings stand.

## Example

A file saved as Latin-1 without saying so:

```python
# Köln
env = Environment("scoring")
```

## Use instead

Save the file as UTF-8, or name the encoding in its first line:

```python
# -*- coding: latin-1 -*-
# Köln
env = Environment("scoring")
```

A Python file has to parse by itself: what Python refuses is not read.

## Fix safety

There is no fix.

## Source

Python's language reference, "Encoding declarations".
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.WARNING
FIX = None
