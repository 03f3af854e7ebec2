"""Named paths at which there is nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..forms import form_of

if TYPE_CHECKING:
    from ..discovery import Scan


def note_missing(found: Scan) -> None:
    """Add to the unreadable files the named paths that do not exist and that nobody would look
    for: what is called like a file of ours is said already."""
    asked_for = {*found.requirements, *found.unreadable}
    for path in found.named:
        if form_of(path) is None and path not in asked_for and not os.path.lexists(path):
            found.unreadable[path] = "no such file or folder"
