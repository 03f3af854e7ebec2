"""Where the code of a deployment is: in the project, and in the container.

Where relative paths of a Python file or of a configuration of CLI v1 start from is not written
anywhere: it is the folder in which somebody runs it. The folders that it can be are tried (the
project's root, the file's own folder, those in between), and only one in which the source directory
is really there is believed. Those of a deployment file of CLI v2 start from its own folder, and so
do those of a notebook, unless its score script is there from a folder above only.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, NamedTuple

from . import images
from . import variables as names
from .boot import APP_ROOT, script_folder
from .document import is_example
from .facts import PathsFrom, Style
from .mounts import Contents
from .paths import Kind
from .python.modules import folders_above
from .upload import Upload
from .values import Known, Unknown

if TYPE_CHECKING:
    from .facts import DeploymentFacts
    from .workspace import Workspace


class Location(NamedTuple):
    """Where the code of a deployment is.

    ``base`` is the folder that relative paths start from. ``entry_variable`` is the value of
    ``AZUREML_ENTRY_SCRIPT`` in the container, ``entry_local`` the score script's path here.
    ``code`` is the absolute path of the code folder with the links in it, which the upload follows.
    """

    base: str
    upload: Upload
    entry_variable: str
    entry_local: str
    entry_found: bool
    app_root: str = APP_ROOT
    code: str | None = None

    def with_links(self, local: str) -> str:
        """The path of something that is uploaded as the author reaches it: through the links."""
        uploaded = self.upload.local
        if self.code is None or not (local + os.sep).startswith(uploaded + os.sep):
            return local
        return self.code + local[len(uploaded) :]

    @property
    def script_folder(self) -> str:
        """The container's folder that paths are relative to, normalised."""
        return posixpath.normpath(script_folder(self.entry_variable, self.app_root))


def locations(facts: DeploymentFacts, workspace: Workspace) -> list[Location] | Unknown:
    """The locations that are possible, the likeliest first; never empty."""
    if facts.style is Style.DOCKER:
        return _in_containers(facts, workspace)
    folder, script = facts.source_directory, facts.entry_script
    for value in (folder, script):
        if isinstance(value, Unknown):
            return value
    if facts.variables.get(names.APP_ROOT) is not None:
        return Unknown(f"{names.APP_ROOT} moves the app root", facts.place)
    if script is None:
        missing = "no entry script is given"
        return Unknown(missing if folder is None else f"{missing} beside the code", facts.place)
    if folder is None and not facts.style.is_v1:
        return Unknown("no code folder is given", facts.place)
    assert isinstance(script, Known)
    given = folder.value if isinstance(folder, Known) else None
    tried = []
    for bases in _bases(facts, workspace):
        seen = (_location(facts, workspace, base, given, script.value) for base in bases)
        tried.append([place for place in seen if place is not None])
        complete = [place for place in tried[-1] if place.entry_found]
        if complete:
            return complete
    found = tried[0]
    if is_example(facts.document):
        return Unknown("it is an example, and the project has no such score script", facts.place)
    distinct = {place.upload.local for place in found}
    certain = facts.paths_from is not PathsFrom.PROJECT
    if len(distinct) == 1 and (certain or not _is_current_folder(given)):
        return found[:1]
    what = f"the folder {given!r}" if given is not None else f"the script {script.value!r}"
    where = folder if isinstance(folder, Known) else script
    if found:
        return Unknown("it depends on the folder that the code is started in", where.place)
    seen_from = "the folder of the file" if certain else "the project's folders"
    return Unknown(f"{what} is not there, seen from {seen_from}", where.place)


def _in_containers(facts: DeploymentFacts, workspace: Workspace) -> list[Location] | Unknown:
    """The locations of a container that is given its files one by one. Only one that holds the
    score script, and all that is copied, is believed."""
    script = facts.entry_script
    if isinstance(script, Unknown):
        return script
    if facts.variables.open is not None:
        return facts.variables.open
    root = app_root(facts)
    if isinstance(root, Unknown):
        return root
    if script is None:
        return Unknown(f"{names.ENTRY_SCRIPT} is not given", facts.place)
    entry = posixpath.normpath(f"{root}/{script.value}")
    built = images.find(facts.image.value if isinstance(facts.image, Known) else None)
    for bases in _bases(facts, workspace):
        found = []
        for base in bases:
            contents = Contents(
                workspace,
                base,
                facts.mounts,
                entry,
                open_inside=facts.more_files is not None,
                open_beside=built.feature is images.Feature.UNKNOWN,
            )
            local = contents.entry_local
            if local is not None and contents.is_complete:
                found.append(Location(base, contents, script.value, local, True, root))
        if found:
            return found
    missing = f"the script {script.value!r} is in nothing that the container gets from the project"
    return Unknown(missing, script.place)


def app_root(facts: DeploymentFacts) -> str | Unknown:
    """The folder in the container that the path of the score script starts at."""
    variable = facts.variables.get(names.APP_ROOT)
    if variable is None:
        return APP_ROOT
    value = variable.value
    if isinstance(value, Known) and isinstance(value.value, str) and value.value[:1] == "/":
        return posixpath.normpath(value.value)
    return value if isinstance(value, Unknown) else Unknown("no absolute app root", value.place)


def _is_current_folder(given: str | None) -> bool:
    return given is None or posixpath.normpath(given) in (".", "")


def _bases(facts: DeploymentFacts, workspace: Workspace) -> list[list[str]]:
    """Folders that relative paths may start from, those first that count if anything is there: the
    file's own; and the project's root, then those in between from the inside."""
    path = facts.document.path
    own = os.path.dirname(path)
    if facts.paths_from is PathsFrom.OWN_FOLDER:
        return [[own]]
    root = workspace.project(path)
    bases = dict.fromkeys([root, own, *folders_above(own, root)])
    if facts.paths_from is PathsFrom.PROJECT:
        return [list(bases)]
    return [[own], [each for each in bases if each != own]]


def _location(
    facts: DeploymentFacts, workspace: Workspace, base: str, folder: str | None, script: str
) -> Location | None:
    """The location seen from ``base``, or ``None`` if the source directory is not there.

    One that is written with backslashes is deployed from Windows, or not at all.
    """
    if folder is None:
        return _single_script(workspace, base, script)
    local = code = os.path.normpath(os.path.join(base, folder))
    if workspace.kind(local) is not Kind.FOLDER:
        if "\\" not in folder:
            return None
        return _location(facts, workspace, base, folder.replace("\\", "/"), script)
    if facts.source_directory_reassigned is not None:
        name = posixpath.basename(folder)  # the constructor resolves the path, the setter does not
        if not name:
            return None
    else:
        local = workspace.real_path(local)
        name = os.path.basename(local)
    entry_local = os.path.normpath(os.path.join(local, script))
    return Location(
        base=base,
        upload=Upload(workspace, local, f"{APP_ROOT}/{name}"),
        entry_variable=script if posixpath.isabs(script) else f"{name}/{script}",
        entry_local=entry_local,
        entry_found=workspace.kind(entry_local) is Kind.FILE,
        code=code,
    )


def _single_script(workspace: Workspace, base: str, script: str) -> Location | None:
    local = os.path.normpath(os.path.join(base, script))
    if workspace.kind(local) is not Kind.FILE:
        return None
    name = os.path.basename(local)
    return Location(
        base=base,
        upload=Upload(workspace, local, f"{APP_ROOT}/{name}"),
        entry_variable=name,
        entry_local=local,
        entry_found=True,
    )
