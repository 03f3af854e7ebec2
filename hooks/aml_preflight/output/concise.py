"""One line a finding, for editors, ``grep`` and long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .positions import cell_of, start_of
from .severities import colour_of
from .terminal import BOLD, DIM, PLAIN, one_line, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..findings import Finding
    from .terminal import Style


def render(
    findings: Iterable[Finding], *, shown_path: Callable[[str], str], style: Style = PLAIN
) -> str:
    """The findings, each with its line end. ``shown_path`` maps an absolute path to the one that
    is shown. What would apply a finding's fix stands in brackets behind it."""
    return "".join(_line(finding, shown_path, style) for finding in findings)


def _line(finding: Finding, shown_path: Callable[[str], str], style: Style) -> str:
    line, column = start_of(finding.place)
    cell = cell_of(finding.place)
    inside = f" (cell {cell[0]}, line {cell[1]})" if cell else ""
    path = style.paint(one_line(shown_path(finding.path)), BOLD)
    word = style.paint(finding.severity.word, colour_of(finding.severity))
    fix = ""
    if finding.fix is not None:
        how = "[--fix]" if finding.fix.safe else "[--fix --unsafe-fixes]"
        fix = " " + style.paint(how, DIM)
    code = style.paint(one_line(finding.code), BOLD)
    return f"{path}:{line}:{column}: {word} {code} {sentence(finding.message)}{inside}{fix}\n"
