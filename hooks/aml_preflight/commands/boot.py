"""``aml-preflight boot``: show what the container of each deployment would do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..analysis import analyse
from ..config import Configuration
from ..discovery import scan
from ..output.positions import shown_path
from ..workspace import Workspace
from .missing import note_missing

if TYPE_CHECKING:
    import argparse


_STDIN = "-"


def run(options: argparse.Namespace) -> int:
    """Run the command. It only shows: the exit status is 0 unless a file could not be read."""
    from ..output import show

    if _STDIN in options.paths:
        sys.stderr.write("aml-preflight: boot reads files and folders, not standard input\n")
        return 2
    workspace = Workspace()
    found = scan(options.paths or ["."], changed=False)
    note_missing(found)
    only_unreadable = Configuration(workspace, select=["AML901"], ignore=[], fail_on="warning")
    result = analyse(found, workspace, only_unreadable, today="", changed=False, starts=True)
    show.boots(
        result,
        output_format=options.output_format,
        files=found.files,
        shown_path=lambda path: shown_path(path, workspace.current),
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
    return 2 if result.findings else 0
