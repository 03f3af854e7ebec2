"""A comment or an option names a rule that does not exist.

## What it does

Checks the codes and names in suppression comments, in the configuration and on the command line. If
the word resembles a rule, it names that rule.

## Why it matters

A misspelt code silences nothing: the finding that it was meant for is still reported, or, where a
rule is to be switched on, is never looked for.

## Example

```python
requirements = "deps.txt"  # aml-preflight: ignore[AML2O2] -- made by the build
```

## Use instead

```python
requirements = "deps.txt"  # aml-preflight: ignore[AML202] -- made by the build
```

`aml-preflight rule --all` lists the rules.

## Fix safety

There is no fix.

## Source

This tool's own.
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.ERROR
FIX = None
