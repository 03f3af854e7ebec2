"""Whether the score script is in the folder that is uploaded, and that folder in the project.

AML208 speaks of what is wrong. Where the script or the folder is missing and nothing is claimed all
the same, the reason is told: whoever shows what the container would do must say that too.
"""

from __future__ import annotations

import os
import posixpath
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from .document import is_example
from .facts import PathsFrom, Style
from .lookalikes import ending_in, scripts_elsewhere
from .paths import Kind, is_absolute
from .python.modules import folders_above
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .locations import Location

_SETTINGS = frozenset({Style.CLI_V1, Style.CLI_V2})


class Fault(Enum):
    """What is wrong with the score script."""

    NO_FOLDER = "there is no such source directory"
    NO_SCRIPT = "there is no such file in the source directory"
    OUTSIDE = "the file is not in the source directory"


class ScriptProblem(NamedTuple):
    """What is wrong with a deployment. All paths are absolute.

    ``folder`` is the source directory, ``path`` what is missing or outside of it: the folder, or
    the score script. ``near`` may be meant: files of the upload, or the same folder seen from
    another one.
    """

    deployment: Deployment
    fault: Fault
    folder: str
    path: str
    near: tuple[str, ...] = ()


def diagnose(deployment: Deployment) -> ScriptProblem | Unknown | None:
    """The problem with the score script, or ``None`` where none is seen; an ``Unknown`` where
    something is missing that may be there when the deployment is made."""
    folder, script = deployment.facts.source_directory, deployment.facts.entry_script
    where = deployment.location
    if not isinstance(folder, Known):
        return None
    if isinstance(where, Unknown):
        return _folder(deployment, folder)
    if not isinstance(script, Known) or script.value.startswith("/"):
        return None
    if not where.entry_found:
        return _script(deployment, where, script)
    if where.upload.container_path(where.entry_local) is None:
        return ScriptProblem(deployment, Fault.OUTSIDE, where.upload.local, where.entry_local)
    return None


def _folder(deployment: Deployment, folder: Known[str]) -> ScriptProblem | Unknown | None:
    """An absolute path is certain wherever the program is started, and so is one that starts from
    the file's own folder."""
    from .made_later import MISSING, is_ignored, may_be_made

    facts, workspace = deployment.facts, deployment.workspace
    own = os.path.dirname(facts.document.path)
    certain = facts.paths_from is not PathsFrom.PROJECT and not is_example(facts.document)
    path = os.path.normpath(os.path.join(own, folder.value.replace("\\", "/")))
    if not os.path.isabs(folder.value) and (not certain or is_absolute(folder.value)):
        return None
    if not path.startswith(os.path.join(workspace.project(facts.document.path), "")):
        return None
    if workspace.kind(path) is Kind.FOLDER:
        return None
    if is_ignored(deployment, path):
        return Unknown(f"{MISSING} git is told to ignore it", folder.place)
    if not os.path.isabs(folder.value) and workspace.kind(os.path.dirname(path)) is not Kind.FOLDER:
        return Unknown(
            "it is missing with the folder around it, which a build may make", folder.place
        )
    if facts.style in _SETTINGS and not _code_is_here(deployment, path):
        return Unknown(
            "the project does not hold the code, which may be laid beside it", folder.place
        )
    script = facts.entry_script
    written = posixpath.basename(script.value) if isinstance(script, Known) else ""
    made = may_be_made(deployment, folder, folder=os.path.basename(path), written=written)
    if made is not None:
        return made
    above = tuple(_above(deployment, folder))
    return ScriptProblem(deployment, Fault.NO_FOLDER, path, path, above)


def _above(deployment: Deployment, folder: Known[str]) -> Iterator[str]:
    """The source directory as seen from the folders above that of the file, where it is there."""
    own, workspace = deployment.facts.document.path, deployment.workspace
    if not is_absolute(folder.value):
        for base in folders_above(os.path.dirname(own), workspace.project(own)):
            path = os.path.normpath(os.path.join(base, folder.value))
            if workspace.kind(path) is Kind.FOLDER:
                yield path


def _code_is_here(deployment: Deployment, folder: str) -> bool:
    """Whether the project holds the code at all, as far as names tell: repositories of settings
    alone are laid beside that of the code when they are deployed."""
    import difflib

    script = deployment.facts.entry_script
    above, name = os.path.split(folder)
    listing = deployment.workspace.listing(above)
    folders = [each for each, kind in listing.items() if kind is Kind.FOLDER]
    if difflib.get_close_matches(name, folders, 1, 0.75):
        return True
    if not isinstance(script, Known):
        return False
    wanted = posixpath.basename(script.value)
    return any(ending_in(deployment, wanted))


def _script(
    deployment: Deployment, where: Location, script: Known[str]
) -> ScriptProblem | Unknown | None:
    from .made_later import MISSING, folder_around, is_ignored, may_be_made

    if is_absolute(script.value) or "\\" in script.value:
        return Unknown("its path is written for Windows alone", script.place)
    name = posixpath.basename(script.value)
    names = name, posixpath.splitext(name)[0]
    made = may_be_made(deployment, script, *names, around=folder_around(deployment))
    if made is not None:
        return made
    elsewhere = scripts_elsewhere(deployment)
    near = tuple(path for path in elsewhere if where.upload.container_path(path) is not None)
    if elsewhere and not near:
        return Unknown("relative paths may start from another folder than it seems", script.place)
    if is_ignored(deployment, where.entry_local):
        return Unknown(f"{MISSING} git is told to ignore it", script.place)
    return ScriptProblem(deployment, Fault.NO_SCRIPT, where.upload.local, where.entry_local, near)
