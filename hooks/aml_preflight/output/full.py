"""Findings for people: what is wrong, the source with the places marked, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import Mark, frame, last_line
from .positions import cell_of, locator, offsets
from .severities import colour_of
from .terminal import BLUE, BOLD, GREEN, PLAIN, one_line, sentence, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..document import Document, Place
    from ..findings import Finding, Fix
    from .terminal import Style

    _Frame = tuple[str, int | None]
    """What is shown as one piece of source: a file, or one cell of it."""

_MESSAGE_INDENT = "  "


def render(
    findings: Iterable[Finding],
    *,
    shown_path: Callable[[str], str],
    style: Style = PLAIN,
    masked: Iterable[Place] = (),
) -> str:
    """The findings as blocks, each with an empty line behind it.

    ``shown_path`` maps an absolute path to the one that is shown. The characters of ``masked``
    places, which are secrets, are shown as stars.
    """
    stars: dict[_Frame, list[tuple[int, int]]] = {}
    for place in masked:
        stars.setdefault(_frame_of(place), []).append(offsets(place.shown))
    blocks = [_block(finding, shown_path, style, stars) for finding in findings]
    return "".join("\n".join(block) + "\n\n" for block in blocks)


def _block(
    finding: Finding,
    shown_path: Callable[[str], str],
    style: Style,
    stars: dict[_Frame, list[tuple[int, int]]],
) -> list[str]:
    files = _by_file(finding)
    gutter = max(len(str(last_line(mark, one))) for one, marks in files for mark in marks)
    rows = _header(finding, style)
    arrow = "-->"
    for document, marks in files:
        first = min(marks, key=lambda mark: (not mark.primary, offsets(mark.place)))
        shown = locator(first.place, one_line(shown_path(first.place.file)))
        rows.append(f"{'':{gutter}}{style.paint(arrow, BLUE)} {shown}")
        masked = stars.get(_frame_of(first.place), ())
        rows += frame(document, marks, gutter=gutter, style=style, masked=masked)
        arrow = ":::"
    return rows + _footer(finding, gutter, style)


def _by_file(finding: Finding) -> list[tuple[Document, list[Mark]]]:
    """What to mark, by file or notebook cell; the finding's own comes first."""
    colour = colour_of(finding.severity)
    marks = [Mark(finding.place.shown, "", primary=True, colour=colour)]
    marks += [Mark(each.place.shown, each.message, primary=False) for each in finding.related]
    files: dict[_Frame, tuple[Document, list[Mark]]] = {}
    for mark in marks:
        files.setdefault(_frame_of(mark.place), (mark.place.document, []))[1].append(mark)
    return list(files.values())


def _frame_of(place: Place) -> _Frame:
    cell = cell_of(place)
    return place.file, cell[0] if cell else None


def _header(finding: Finding, style: Style) -> list[str]:
    word = f"{finding.severity.word}[{one_line(finding.code)}]"
    rows = [f"{style.paint(word, colour_of(finding.severity))} {one_line(finding.name)}"]
    room = style.columns - len(_MESSAGE_INDENT)
    lines = wrap(sentence(finding.message), room)
    return rows + [_MESSAGE_INDENT + style.paint(text, BOLD) for text in lines]


def _footer(finding: Finding, gutter: int, style: Style) -> list[str]:
    notes: list[tuple[str, str, str]] = []
    if finding.help:
        notes.append(("help", finding.help, BOLD))
    if finding.fix is not None:
        notes.append(("fix", _about(finding.fix), GREEN))
    rows = [f"{'':{gutter}} {style.paint('|', BLUE)}"] if notes else []
    for word, text, colour in notes:
        start = f"{'':{gutter}} {style.paint('=', BLUE)} {style.paint(word, colour)}: "
        indent = gutter + len(f" = {word}: ")
        room = style.columns - indent
        lines = [each for line in text.split("\n") for each in wrap(sentence(line), room)]
        rows.append(start + lines[0])
        rows += [(" " * indent + line).rstrip(" ") for line in lines[1:]]
    return rows


def _about(fix: Fix) -> str:
    how = "safe: --fix applies it" if fix.safe else "unsafe: needs --fix --unsafe-fixes"
    return f"{fix.title} ({how})"
