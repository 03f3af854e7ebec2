"""Requirements that belong to another machine than the images: packages of other systems, and paths
as ``pip freeze`` writes them on a computer where something was installed from a folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import Requirement

_WINDOWS_PATH = re.compile(r"/?[A-Za-z][:|][\\/]|\\\\")
_MAC_PATH = re.compile(r"/(?:Users|Volumes|private)/")
_CONDA_PATH = re.compile(
    r"/(?:croots?|feedstock_root|tmp/build|opt/concourse|opt/conda|home/(?:conda|ktietz)|rapids"
    r"|home/builder/ci_\w+|home/linux1/recipes|home/task_\w+|work/ci_\w+)/"
    r"|.*/(?:conda-bld|feedstock_root|build_artifacts)/"
)
_FOREIGN_NAMES = {
    "pywin32": "Windows",
    "pypiwin32": "Windows",
    "pywinpty": "Windows",
    "windows-curses": "Windows",
    "wmi": "Windows",
    "appscript": "macOS",
    "pyobjc": "macOS",
}


def is_foreign(requirement: Requirement) -> bool:
    """Whether a package cannot be installed on the images: no wheel, and no source that builds."""
    return system_of(requirement.canonical or "") is not None or is_debian_mark(requirement)


def is_debian_mark(requirement: Requirement) -> bool:
    """Whether it is the entry that Debian's and Ubuntu's ``venv`` left in ``pip freeze``."""
    versions = [clause.version for clause in requirement.clauses]
    return requirement.canonical == "pkg-resources" and versions == ["0.0.0"]


def system_of(canonical: str) -> str | None:
    """The one system that a package exists for, if that is not Linux."""
    if canonical.startswith(("pyobjc-core", "pyobjc-framework-")):
        return "macOS"
    return _FOREIGN_NAMES.get(canonical)


def foreign_path(path: str) -> str | None:
    """Whose path it is, if it is one of another machine by its looks."""
    if _WINDOWS_PATH.match(path):
        return "a Windows computer"
    if _CONDA_PATH.match(path):
        return "a conda build machine"
    return "a Mac" if _MAC_PATH.match(path) else None
