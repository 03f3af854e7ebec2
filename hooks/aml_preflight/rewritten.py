"""Whether a requirements file that is there may say something else when a container installs it.

What deploys may write over the file before: then nothing is claimed of what is in it now.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

from .document import SHELLS, Language
from .excerpts import lines_with
from .forms import NOTEBOOK, PYTHON, SHELL, YAML, form_of
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .document import Place

_WAYS = (
    r">>?[ \t]*PATH",
    r"(?:\s-o|--output(?:-file)?|-OutFile)(?:[ \t]+|=)PATH",
    r"\b(?:tee|Set-Content|Out-File)\b[^\n|]{0,200}[ \t]PATH",
    r"\b(?:sed|yq)\b[^\n|]{0,300}[ \t]-i[^\n|]{0,300}[ \t]PATH",
    r"\b(?:cp|mv|copy|move|Copy-Item|Move-Item)\b[^\n|]{0,300}[ \t]PATH[ \t\"']*(?:$|[;&|])",
    r"\b(?:mv|rm|move)\b[^\n|]{0,100}[ \t]PATH",
    r"\bopen\([^\n]{0,200}?PATH[\"'][^\n]{0,40}[\"'][rbt+]*[wax]",
    r"PATH[\"']\)\.write_(?:text|bytes)\(",
)
"""How programs write over a file, or take it away."""

WRITTEN_OVER = "it may be written over by"
"""Begins the reason."""

_FOLDER = r"[\"']?(?P<folder>[^\s\"'=<>|;&()]*)"
_CHANGES_FOLDER = re.compile(r"\b(?:cd|chdir|pushd|Set-Location)\b")
_NAME = re.compile(r"[\w.-]+")
_MOST_BYTES = 300_000


def may_be_rewritten(deployment: Deployment, path: str) -> Unknown | None:
    """Why the text of the requirements file that a deployment installs, at an absolute path, may be
    another one by then, if it may."""
    variable = deployment.facts.variables.get(deployment.outcome.variable or "")
    if variable is None or not isinstance(variable.value, Known):
        return None
    place = variable.value.place
    for where, text in _programs(deployment, place):
        if _writes_over(path, where, text):
            reason = f"{WRITTEN_OVER} `{os.path.basename(where)}`"
            return Unknown(reason, place)
    return None


def _programs(deployment: Deployment, place: Place) -> Iterator[tuple[str, str]]:
    """Paths and texts of the programs that make a deployment. ``place`` is where the requirements
    file is given."""
    own = place.origin.document
    cells = getattr(deployment.facts.place.shown.document, "others", None)
    if cells is not None:  # the files that a cell writes are known
        texts = (cell.text for cell in cells if cell.is_code and not cell.writes)
        yield own.path, "\n".join(texts)
    elif place.document.language in (Language.PYTHON, *SHELLS):
        yield own.path, own.text
    for path in deployment.facts.parts:
        if path != own.path and form_of(path) in (PYTHON, SHELL, NOTEBOOK, YAML):
            yield path, deployment.workspace.beginning(path, _MOST_BYTES)


def _writes_over(path: str, where: str, text: str) -> bool:
    """Whether a program, which is at ``where``, may write over a file."""
    name = os.path.basename(path)
    return any(
        _may_be(path, where, text, found["folder"])
        for start, end in lines_with(text, re.compile(re.escape(name)))
        for way in _ways(name)
        for found in way.finditer(text[start:end])
    )


@cache
def _ways(name: str) -> tuple[re.Pattern[str], ...]:
    spelled = f"{_FOLDER}{re.escape(name)}(?![\\w.-])"
    return tuple(re.compile(way.replace("PATH", spelled), re.MULTILINE) for way in _WAYS)


def _may_be(path: str, where: str, text: str, folder: str) -> bool:
    """Whether a path in a program that begins with a folder, and ends in the name of a file, may be
    that of the file."""
    own = os.path.dirname(path)
    folder = folder.replace("\\", "/")
    if folder in ("", "./"):
        return own == os.path.dirname(where) or _CHANGES_FOLDER.search(text) is not None
    last = folder.rstrip("/").rpartition("/")[2]
    return last == os.path.basename(own) or not _NAME.fullmatch(last)
