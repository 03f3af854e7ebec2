"""Running the analysis on a folder, as the command does, without its output."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from aml_preflight.analysis import Result, analyse
from aml_preflight.config import Configuration
from aml_preflight.discovery import scan
from aml_preflight.fixes import Fixed, fix
from aml_preflight.workspace import Workspace

TODAY = "2026-11-22"


def check(
    folder: Path,
    paths: Iterable[Path],
    *,
    changed: bool = False,
    select: list[str] | None = None,
) -> Result:
    """Analyse some paths with ``folder`` as the current folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        found = scan([str(path) for path in paths], changed=changed)
        workspace = Workspace(str(folder))
        configuration = Configuration(workspace, select)
        return analyse(found, workspace, configuration, today=TODAY, changed=changed)
    finally:
        os.chdir(before)


def mend(folder: Path, paths: Iterable[Path], *, unsafe: bool = False) -> Fixed:
    """The fixes for some paths; nothing is written."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        found = scan([str(path) for path in paths], changed=False)

        def again(workspace: Workspace) -> Result:
            configuration = Configuration(workspace)
            return analyse(found, workspace, configuration, today=TODAY, changed=False)

        return fix(Workspace(str(folder)), again, unsafe=unsafe)
    finally:
        os.chdir(before)


def short(folder: Path, result: Result) -> list[tuple[str, int, str, str]]:
    """Findings as (path, line, code, underlined text), sorted."""
    found = []
    for finding in result.findings:
        path = os.path.relpath(finding.path, folder).replace(os.sep, "/")
        origin = finding.place.origin
        line, _ = origin.document.position(origin.start)
        found.append((path, line, finding.code, origin.text))
    return sorted(found)
