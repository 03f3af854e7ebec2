"""Deployments: the facts of a file, joined with what exists in the project.

Where relative paths of a Python file or of a configuration of CLI v1 start from is not written
anywhere: it is the folder in which somebody runs it. The folders that it can be are tried (the
project's root, the file's own folder, those in between), and only one in which the source directory
is really there is believed. Those of a deployment file of CLI v2 start from its own folder, and so
do those of a notebook, unless its score script is there from a folder above only.
"""

from __future__ import annotations

import os
import posixpath
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from . import images
from . import variables as names
from .boot import APP_ROOT, MISSING_CODES, Branch, Outcome, Start, boot, script_folder
from .document import is_example
from .facts import DeploymentFacts, PathsFrom, Style
from .mounts import Contents
from .paths import Kind
from .python.modules import folders_above
from .upload import Upload
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .images import Image
    from .workspace import Workspace


_INSTALL = frozenset(names.INSTALL_VARIABLES)


class Location(NamedTuple):
    """Where the code of a deployment is.

    ``base`` is the folder that relative paths start from. ``entry_variable`` is the value of
    ``AZUREML_ENTRY_SCRIPT`` in the container, ``entry_local`` the score script's path here.
    """

    base: str
    upload: Upload
    entry_variable: str
    entry_local: str
    entry_found: bool
    app_root: str = APP_ROOT

    @property
    def script_folder(self) -> str:
        """The container's folder that paths are relative to, normalised."""
        return posixpath.normpath(script_folder(self.entry_variable, self.app_root))


class Deployment:
    """One deployment, with where its code is and what its container would do.

    ``location`` is ``Unknown`` where it cannot be told. ``installed`` are the absolute paths of the
    requirements file that the container installs and of those that it includes, once they are
    read, see ``with_install``. ``script_doubt`` and ``path_doubt`` tell that the score script or
    its folder, and what the start script looks for, is missing here and may be there when the
    deployment is made, see ``with_doubts``; ``meant`` is the absolute path of what the start script
    should have found, where the project shows what that is, see ``with_meant``.
    """

    installed: tuple[str, ...] = ()
    script_doubt: Unknown | None = None
    path_doubt: Unknown | None = None
    meant: str | None = None
    _install_fails = False

    def __init__(self, facts: DeploymentFacts, workspace: Workspace) -> None:
        self.facts = facts
        self.workspace = workspace
        reference = facts.image.value if isinstance(facts.image, Known) else None
        self.image: Image = images.find(reference)

    def with_install(self, files: tuple[str, ...], *, fails: bool) -> Deployment:
        """This deployment once it is known what pip makes of its requirements file: ``files`` are
        those that it reads, ``fails`` tells whether it ends with an error."""
        made = copy(self)
        made.installed = files
        made._install_fails = fails
        return made

    def with_doubts(self, script: Unknown | None, path: Unknown | None) -> Deployment:
        """This deployment once it is known what of it may be made later."""
        made = copy(self)
        made.script_doubt, made.path_doubt = script, path
        return made

    def with_meant(self, path: str | None) -> Deployment:
        """This deployment once it is known what a path that leads nowhere was meant to lead to."""
        made = copy(self)
        made.meant = path
        return made

    @cached_property
    def location(self) -> Location | Unknown:
        places = _locations(self.facts, self.workspace)
        if isinstance(places, Unknown):
            return places
        for place in places:
            if self._boot_at(place).exit_code == 0:
                return place
        return places[0]

    @property
    def outcome(self) -> Outcome:
        """What the start script would do."""
        outcome = self._outcome
        if self._install_fails and outcome.exit_code == 0:
            return outcome._replace(exit_code=95)
        if self.path_doubt is not None and outcome.exit_code in MISSING_CODES:
            return outcome._replace(exit_code=None, reason=self.path_doubt.reason)
        return outcome

    @cached_property
    def _outcome(self) -> Outcome:
        where = self.location
        return (
            self._boot_without_location(where)
            if isinstance(where, Unknown)
            else self._boot_at(where)
        )

    def boot_with(self, variable: str, value: str) -> Outcome | None:
        """What the start script would do if one variable had another value; ``None`` where the
        location is unknown."""
        where = self.location
        if isinstance(where, Unknown):
            return None
        start = self._start(where)
        changed = start._replace(variables={**start.variables, variable: value})
        return boot(changed, where.upload.kind)

    @property
    def only_script_uploaded(self) -> bool:
        """SDK or CLI v1 without a source directory: the container gets the entry script alone."""
        return self.facts.style.is_v1 and self.facts.source_directory is None

    @cached_property
    def local_path(self) -> str | None:
        """Where the file or folder that the script looks for is in the project (or would be)."""
        where = self.location
        if isinstance(where, Unknown) or self.outcome.container_path is None:
            return None
        return where.upload.local_path(self.outcome.container_path)

    @cached_property
    def requirements_path(self) -> str | None:
        """The requirements file that the container would install, if it is there."""
        if self.outcome.branch is Branch.REQUIREMENTS and self.outcome.found is Kind.FILE:
            return self.local_path
        return None

    def undetermined(self) -> Iterator[Unknown]:
        """What could not be told of this deployment, each cause once.

        Where no install variable is set, the image and the place of the code decide nothing.
        """
        facts = self.facts
        install = [item for item in facts.variables.items if item.name.value in _INSTALL]
        found: list[object] = [facts.variables.open, *(item.value for item in install)]
        found += [facts.source_directory, facts.entry_script, self.script_doubt, self.path_doubt]
        if install:
            found.append(facts.image)
            if self.script_doubt is None and self.outcome.exit_code is None:
                found.append(self.location)
        seen: set[str] = set()
        for each in found:
            if isinstance(each, Unknown) and each.reason not in seen:
                seen.add(each.reason)
                yield each

    # ---- the start script ----------------------------------------------------------------------

    def _boot_at(self, where: Location) -> Outcome:
        outcome = boot(self._start(where), where.upload.kind)
        if self.image.preset_entry and outcome.exit_code is not None and outcome.variable:
            reason = "the image sets its own app root, so the path may lead into the image"
            return outcome._replace(exit_code=None, container_path=None, path=None, reason=reason)
        return outcome

    def _boot_without_location(self, where: Unknown) -> Outcome:
        start = Start(
            variables=_texts(self.facts),
            entry_script="",
            script=self.image.start_script,
            may_have_more=self.facts.variables.open is not None,
        )
        outcome = boot(start, lambda _: Kind.UNKNOWN)
        if outcome.path is None:
            return outcome
        alone = self._boot_script_alone(outcome)
        return alone or outcome._replace(
            path=None, container_path=None, exit_code=None, reason=where.reason, found=Kind.UNKNOWN
        )

    def _boot_script_alone(self, outcome: Outcome) -> Outcome | None:
        """Without a source directory it does not matter where the score script is: it goes to the
        app root, and nothing else does. ``None`` where that does not decide it."""
        script = self.facts.entry_script
        if not self.only_script_uploaded or not isinstance(script, Known):
            return None
        if outcome.variable == names.CONDA_YAML_ABSOLUTE or names.APP_ROOT in _texts(self.facts):
            return None
        name = posixpath.basename(script.value.replace("\\", "/"))
        root = self.workspace.project(self.facts.document.path)
        local = os.path.join(root, name)
        upload = Upload(self.workspace, local, f"{APP_ROOT}/{name}")
        found = self._boot_at(Location(root, upload, name, local, entry_found=False))
        return found if found.found is Kind.MISSING else None

    def _start(self, where: Location) -> Start:
        texts = _texts(self.facts)
        return Start(
            variables=texts,
            entry_script=where.entry_variable,
            script=self.image.start_script,
            app_root=where.app_root,
            may_have_more=self.facts.variables.open is not None,
        )


def _texts(facts: DeploymentFacts) -> dict[str, str | None]:
    texts: dict[str, str | None] = {}
    for variable in facts.variables.items:
        value = variable.value.value if isinstance(variable.value, Known) else None
        texts[variable.name.value] = value if isinstance(value, str) else None
    return texts


def _locations(facts: DeploymentFacts, workspace: Workspace) -> list[Location] | Unknown:
    """The locations that are possible, the likeliest first; never empty."""
    if facts.style is Style.DOCKER:
        return _in_containers(facts, workspace)
    folder, script = facts.source_directory, facts.entry_script
    for value in (folder, script):
        if isinstance(value, Unknown):
            return value
    if names.APP_ROOT in _texts(facts):
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
    root = _app_root(facts)
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


def _app_root(facts: DeploymentFacts) -> str | Unknown:
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
    local = os.path.normpath(os.path.join(base, folder))
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
