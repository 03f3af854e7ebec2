"""Where a place is, in lines and columns from 1, also if the place is beyond its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..document import Document, Place


def offsets(place: Place, document: Document | None = None) -> tuple[int, int]:
    """Start and end of a place, moved into the text where they are not: its own document's, or
    another's that stands for the same file."""
    length = len((document or place.document).text)
    start = min(max(place.start, 0), length)
    return start, min(max(place.end, start), length)


def start_of(place: Place) -> tuple[int, int]:
    """Line and column of the first character."""
    return place.document.position(offsets(place)[0])


def extent(place: Place) -> tuple[int, int, int, int]:
    """Line and column of the first character, and of the one behind the last."""
    start, end = offsets(place)
    return (*place.document.position(start), *place.document.position(end))
