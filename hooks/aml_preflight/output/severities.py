"""The colour of each severity."""

from __future__ import annotations

from ..findings import Severity
from .terminal import CYAN, RED, YELLOW

_COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}


def colour_of(severity: Severity) -> str:
    """The colour in which findings of a severity are marked."""
    return _COLOURS[severity]
