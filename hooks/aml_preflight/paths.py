"""What there can be at a path, and the two ways to write one: as this computer does, and with ``/``
as containers, requirements files and pip do."""

from __future__ import annotations

import os
import re
from enum import Enum

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class Kind(Enum):
    """What there is at a path, here or in the container."""

    FILE = "file"
    FOLDER = "folder"
    MISSING = "missing"
    UNKNOWN = "unknown"


def with_slashes(path: str) -> str:
    """A path of this computer, written with ``/``."""
    return path.replace(os.sep, "/")


def native(path: str) -> str:
    """A path that is written with ``/``, as this computer writes it."""
    return path.replace("/", os.sep)


def has_drive(path: str) -> bool:
    """Whether a path begins with a drive of Windows."""
    return _DRIVE.match(path) is not None


def is_absolute(path: str) -> bool:
    """Whether a path is absolute, on this or another system."""
    return path.startswith("/") or has_drive(path)
