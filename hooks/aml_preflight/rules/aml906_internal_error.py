"""A rule failed while it looked at this place, or a reader at this file.

## What it does

Reports that a rule, or what reads files of this form, stopped with an error of its own. It says
nothing about the file.

## Why it matters

What that rule would have found here, or all rules in that file, is missing. All other findings
stand; the command ends with exit status 2, so that the run does not pass for a clean one.

## Example

    deploy.py:9:1: AML906 the rule AML202 failed here (KeyError: 'name')

## Use instead

Report it, if you can with the file. Until it is mended, a rule can be left out with
`--ignore AML202`.

## Fix safety

There is no fix.

## Source

This tool's own.
"""

from __future__ import annotations

from ..findings import Severity

SEVERITY = Severity.ERROR
FIX = None
