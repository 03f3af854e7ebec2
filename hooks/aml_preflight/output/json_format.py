"""The JSON of ``check`` and ``boot``, version 1.

Keys are only ever added within a version. Lines and columns count from 1 in code points, ends are
exclusive, paths have forward slashes, and ``null`` stands for what is not known.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from ..values import Known
from .boot_facts import entry_script, misspelt, reason
from .positions import cell_of, extent, start_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ..deployments import Deployment
    from ..document import Place
    from ..findings import Finding, Fix
    from .summary import Summary

    Shown = Callable[[str], str]

VERSION = 1
DOCUMENTATION = "https://github.com/aml-preflight/aml-preflight/blob/main/docs/rules/"


def url(code: str) -> str:
    """The address of a rule's page."""
    return f"{DOCUMENTATION}{code}.md"


def check(findings: Iterable[Finding], summary: Summary, *, shown_path: Shown) -> str:
    """``check --output-format json``. ``shown_path`` maps an absolute path to the one shown."""
    counts = {
        "files": summary.files,
        "deployments": summary.deployments,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
        "suppressed": summary.suppressed,
        "undetermined": summary.undetermined,
    }
    found = [_finding(each, shown_path) for each in findings]
    return _dump({"version": VERSION, "findings": found, "summary": counts})


def boot(deployments: Iterable[Deployment], *, shown_path: Shown) -> str:
    """``boot --output-format json``. ``shown_path`` maps an absolute path to the one shown."""
    shown = [_deployment(each, shown_path) for each in deployments]
    return _dump({"version": VERSION, "deployments": shown})


def _dump(value: dict[str, Any]) -> str:
    # ASCII alone: a file name that is not valid Unicode still gives JSON that any parser takes.
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"


def _path(path: str, shown_path: Shown) -> str:
    return shown_path(path).replace(os.sep, "/")


def _where(place: Place, shown_path: Shown) -> dict[str, Any]:
    line, column, end_line, end_column = extent(place)
    return {
        "path": _path(place.file, shown_path),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _finding(finding: Finding, shown_path: Shown) -> dict[str, Any]:
    related = [
        {**_where(each.place, shown_path), "message": each.message} for each in finding.related
    ]
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "message": finding.message,
        **_where(finding.place, shown_path),
        **_cell(finding.place),
        "related": related,
        "fix": _fix(finding.fix, shown_path) if finding.fix else None,
        "url": url(finding.code),
    }


def _cell(place: Place) -> dict[str, Any]:
    """The notebook cell, from 1, and the line in it."""
    found = cell_of(place)
    if found is None:
        return {"cell": None}
    cell, line, column = found
    return {"cell": cell, "cell_line": line, "cell_column": column}


def _fix(fix: Fix, shown_path: Shown) -> dict[str, Any]:
    edits = [
        {**_where(edit.place, shown_path), "text": edit.text}
        for each in fix.edits
        for edit in each.in_file()
    ]
    return {"title": fix.title, "safety": "safe" if fix.safe else "unsafe", "edits": edits}


# ---- boot --------------------------------------------------------------------------------------


def _deployment(deployment: Deployment, shown_path: Shown) -> dict[str, Any]:
    facts, outcome = deployment.facts, deployment.outcome
    line, column = start_of(facts.place)
    local = deployment.local_path
    return {
        "path": _path(facts.place.file, shown_path),
        "line": line,
        "column": column,
        "style": facts.style.value,
        "name": facts.name.value if isinstance(facts.name, Known) else None,
        "image": facts.image.value if isinstance(facts.image, Known) else None,
        "feature": deployment.image.feature.value,
        "entry_script": entry_script(deployment),
        "branch": outcome.branch.value,
        "exit_code": outcome.exit_code,
        "container_path": outcome.container_path,
        "local_path": None if local is None else _path(local, shown_path),
        "ignored": [*outcome.ignored, *misspelt(deployment)],
        "reason": reason(deployment),
    }
