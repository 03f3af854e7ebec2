"""Environment markers, evaluated for a target and never for the machine that checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z_.]*")
_WORDS = frozenset(("and", "or", "in", "not"))
_OLD_NAMES = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}


def variables(marker: str) -> frozenset[str]:
    """The environment variables that a marker asks for, under their names of PEP 508."""
    names = _VARIABLE.findall(_QUOTED.sub(" ", marker))
    return frozenset(_OLD_NAMES.get(name, name) for name in names if name not in _WORDS)


def evaluate(marker: str, environment: Mapping[str, str]) -> bool | None:
    """Whether the marker holds in ``environment``.

    None where it asks for a variable that ``environment`` lacks (packaging would fill it in from
    the machine it runs on), and where it cannot be evaluated. ``extra`` counts as not given.
    """
    from packaging.markers import Marker

    if not variables(marker) <= {*environment, "extra"}:
        return None
    try:
        return Marker(marker).evaluate({"extra": "", **environment})
    except (ValueError, RecursionError, KeyError):
        return None
