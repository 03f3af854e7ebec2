"""Whether a program of the project reads an environment variable: then its name is the project's
own, and whoever sets it did not misspell another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .forms import DOCKERFILE, JSON, NOTEBOOK, PYTHON, SHELL, YAML, form_of

if TYPE_CHECKING:
    from .workspace import Workspace

_PROGRAMS = (PYTHON, NOTEBOOK, SHELL, YAML, JSON, DOCKERFILE)
_OTHER_PROGRAMS = (".mk", ".bat", ".cmd", ".toml", ".tf", ".js", ".ts", ".cs", "makefile")
_MOST_FILES = 5_000
_MOST_BYTES = 300_000

_READ = r"""(?:\$\{{?[#!]?|\$\(|%|\benv[:.]|\bvariables\.){name}\b(?!\}}?\s*=(?!=))
    | ["']{name}\\?["'](?!\]?\s*[:=](?!=))"""


def is_read(workspace: Workspace, path: str, name: str) -> bool:
    """Whether a program of the project of a file, by its absolute path, reads a variable. To set it
    to something is not to read it."""
    pattern: re.Pattern[str] | None = None
    for each in workspace.nearest(path, _is_program, _MOST_FILES):
        text = workspace.beginning(each, _MOST_BYTES)
        if name in text:
            pattern = pattern or re.compile(_READ.format(name=re.escape(name)), re.VERBOSE)
            if pattern.search(text):
                return True
    return False


def _is_program(path: str) -> bool:
    return form_of(path) in _PROGRAMS or path.lower().endswith(_OTHER_PROGRAMS)
