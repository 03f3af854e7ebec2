"""The lines of a text that hold a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

AROUND = 500
"""Characters before and behind a word in which something is said of it."""


def lines_with(text: str, words: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
    """The spans of the lines that have one of some words, of long ones only what is around it."""
    behind = 0
    for found in words.finditer(text) if words is not None else ():
        if found.end() <= behind:
            continue
        first, behind = max(0, found.start() - AROUND), found.end() + AROUND
        start = text.rfind("\n", first, found.start()) + 1 or first
        end = text.find("\n", found.end(), behind)
        yield start, behind if end < 0 else end
        behind = found.end() + AROUND // 2 if end < 0 else end
