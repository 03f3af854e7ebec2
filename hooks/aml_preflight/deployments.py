"""Deployments: the facts of a file, joined with what exists in the project."""

from __future__ import annotations

import os
import posixpath
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from . import images
from . import variables as names
from .boot import APP_ROOT, MISSING_CODES, Branch, Outcome, Start, boot
from .locations import Location, locations
from .paths import Kind
from .upload import Upload
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import DeploymentFacts
    from .images import Image
    from .workspace import Workspace


_INSTALL = frozenset(names.INSTALL_VARIABLES)


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
        places = locations(self.facts, self.workspace)
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
        if outcome.found is Kind.UNKNOWN and self.facts.more_files is not None:
            return outcome._replace(reason=self.facts.more_files.reason)
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
            if self.outcome.found is Kind.UNKNOWN:
                found.append(facts.more_files)
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
