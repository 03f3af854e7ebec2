"""Where a file is, and a place in it: in lines and columns from 1, also if the place is beyond its
document."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..document import Embedded
from ..paths import with_slashes

if TYPE_CHECKING:
    from ..document import Document, Place


def shown_path(path: str, current: str) -> str:
    """An absolute path as people see it: relative to the current folder if it lies below."""
    if path.startswith(os.path.join(current, "")):
        path = os.path.relpath(path, current)
    return with_slashes(path)


def offsets(place: Place, document: Document | None = None) -> tuple[int, int]:
    """Start and end of a place, moved into the text where they are not: its own document's, or
    another's that stands for the same file."""
    length = len((document or place.document).text)
    start = min(max(place.start, 0), length)
    return start, min(max(place.end, start), length)


def start_of(place: Place) -> tuple[int, int]:
    """Line and column of the first character in its file."""
    place = place.origin
    return place.document.position(offsets(place)[0])


def extent(place: Place) -> tuple[int, int, int, int]:
    """Line and column, in the file, of the first character and of the one behind the last."""
    place = place.origin
    start, end = offsets(place)
    return (*place.document.position(start), *place.document.position(end))


def cell_of(place: Place) -> tuple[int, int, int] | None:
    """The number of the notebook cell that a place is in, with line and column in that cell."""
    shown = place.shown
    if not isinstance(shown.document, Embedded) or shown.document.cell is None:
        return None
    return (shown.document.cell, *shown.document.position(offsets(shown)[0]))


def locator(place: Place, path: str) -> str:
    """Where people find a place: ``path:line:column``, or ``path:cell 3:line:column``."""
    cell = cell_of(place)
    if cell is not None:
        number, line, column = cell
        return f"{path}:cell {number}:{line}:{column}"
    line, column = start_of(place)
    return f"{path}:{line}:{column}"
