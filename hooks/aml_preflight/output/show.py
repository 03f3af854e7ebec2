"""Putting a result on the two streams: what was found on one, everything else on the other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..findings import Severity
from .summary import Summary
from .terminal import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from ..analysis import Result
    from ..deployments import Deployment

    Shown = Callable[[str], str]


def summary_of(result: Result, files: int, fixed: int) -> Summary:
    """The counts of a result; ``files`` were looked at, ``fixed`` findings were mended."""
    findings = result.findings
    counts = {each: sum(found.severity is each for found in findings) for each in Severity}
    fixes = [found.fix for found in findings if found.fix is not None]
    return Summary(
        files=files,
        deployments=len(result.deployments),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
        suppressed=result.suppressed,
        undetermined=len(result.undetermined),
        fixed=fixed,
        fixable_safe=sum(fix.safe for fix in fixes),
        fixable_unsafe=sum(not fix.safe for fix in fixes),
    )


def _place(deployment: Deployment) -> tuple[str, int]:
    origin = deployment.facts.place.origin
    return origin.document.path, origin.start


def findings(
    result: Result,
    *,
    output_format: str,
    files: int,
    fixed: int,
    shown_path: Shown,
    list_undetermined: bool,
    stdout: TextIO,
    stderr: TextIO,
) -> None:
    """What ``check`` shows: the findings on ``stdout``, the summary on ``stderr``."""
    summary = summary_of(result, files, fixed)
    out, err = Writer(stdout, os.environ), Writer(stderr, os.environ)
    if output_format == "json":
        from . import json_format

        out.write(json_format.check(result.findings, summary, shown_path=shown_path))
        return
    if result.findings and output_format == "concise":
        from . import concise

        out.write(concise.render(result.findings, shown_path=shown_path, style=out.style))
    elif result.findings:
        from . import full

        out.write(
            full.render(
                result.findings, shown_path=shown_path, style=out.style, masked=result.masked
            )
        )
    out.flush()
    if list_undetermined and result.undetermined:
        from . import undetermined

        err.write(undetermined.render(result.undetermined, shown_path=shown_path, style=err.style))
    err.write(summary.sentence() + "\n")


def boots(
    result: Result,
    *,
    output_format: str,
    files: int,
    shown_path: Shown,
    stdout: TextIO,
    stderr: TextIO,
) -> None:
    """What ``boot`` shows: the deployments on ``stdout``, files it could not read on ``stderr``."""
    deployments = sorted(result.deployments, key=_place)
    out, err = Writer(stdout, os.environ), Writer(stderr, os.environ)
    if output_format == "json":
        from . import json_format

        out.write(json_format.boot(deployments, shown_path=shown_path))
    elif result.deployments:
        from . import boot_text

        out.write(boot_text.render(deployments, shown_path=shown_path, style=out.style))
    out.flush()
    if result.findings:
        from . import concise

        err.write(concise.render(result.findings, shown_path=shown_path, style=err.style))
    if not result.deployments:
        err.write(summary_of(result, files, 0).sentence() + "\n")
