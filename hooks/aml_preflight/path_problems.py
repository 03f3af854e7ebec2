"""Why a path that a variable gives leads nowhere: one cause for each deployment, the first that
explains it.

The rules AML201 to AML207 and AML211 all get what this module finds, and each speaks of its own
cause, so that one mistake is never reported twice. Where the score script is the mistake, they say
nothing: that is for AML208 and AML213.

Nothing is claimed of a file that does not exist here where it may well exist later, see
``made_later``; that is a doubt, which is told and counted.
"""

from __future__ import annotations

import os
import posixpath
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from . import script_problems
from . import variables as names
from .boot import APP_ROOT, MISSING_CODES, Outcome, wanted_kind
from .facts import PathsFrom
from .lookalikes import scripts_elsewhere, similar
from .paths import Kind, has_drive, is_absolute
from .python.modules import folders_above
from .script_problems import ScriptProblem
from .values import Known, Unknown

if TYPE_CHECKING:
    from .deployments import Deployment
    from .facts import Variable
    from .locations import Location

OTHER_CASE = "upper and lower case"
"""``PathProblem.detail`` of a path that is right but for that."""


class Cause(Enum):
    """What is wrong with the path."""

    SCRIPT_ALONE = "only the entry script is uploaded"
    REPEATS_FOLDER = "the path starts with the source directory"
    ABSOLUTE = "the path is absolute"
    LEADING_SLASH = "the path has a leading slash and happens to work"
    FOLDER_LIST = "several folders in one library path"
    MALFORMED = "blanks, backslashes, a trailing slash, upper and lower case"
    WRONG_KIND = "a folder where a file is needed, or the other way round"
    OUTSIDE = "the path leaves what is uploaded"
    NOT_FOUND = "there is nothing at the path"


class PathProblem(NamedTuple):
    """The cause, for the variable of a deployment that decides.

    ``better`` is a value that the container would find, if there is exactly one way to say what
    was meant. ``detail`` says more of the cause, in words that complete a message.
    """

    deployment: Deployment
    cause: Cause
    variable: Variable
    outcome: Outcome
    better: str | None = None
    detail: str = ""

    @property
    def value(self) -> Known[str]:
        """The path as it is written; always known text, or there is no problem to speak of."""
        value = self.variable.value
        assert isinstance(value, Known)
        assert isinstance(value.value, str)
        return value  # type: ignore[return-value]


class Problems(NamedTuple):
    """What is wrong with the paths of a deployment: of the score script, and of the variable that
    the start script uses. An ``Unknown`` is a doubt, see ``made_later``."""

    script: ScriptProblem | Unknown | None
    path: PathProblem | Unknown | None


def problems(deployment: Deployment) -> Problems:
    """The problems with the paths of a deployment."""
    script = script_problems.diagnose(deployment)
    return Problems(script, diagnose(deployment, script))


def diagnose(
    deployment: Deployment, of_script: ScriptProblem | Unknown | None
) -> PathProblem | Unknown | None:
    """The problem with the path of the variable that the start script uses, if there is one; an
    ``Unknown`` where what is missing may be there when the deployment is made. ``of_script`` is the
    problem with the score script.

    ``None`` also where the outcome is not known: then nothing is claimed.
    """
    outcome, where = deployment.outcome, deployment.location
    variable = deployment.facts.variables.get(outcome.variable or "")
    if outcome.exit_code is None or variable is None or not isinstance(variable.value, Known):
        return None
    value = variable.value.value
    assert isinstance(value, str)
    if isinstance(where, Unknown):  # all that is known is that it is not uploaded
        return PathProblem(deployment, Cause.SCRIPT_ALONE, variable, outcome)
    if script_is_in_doubt(deployment):
        missing = outcome.exit_code in MISSING_CODES
        return _through_the_script(deployment, of_script) if missing else None
    search = _Search(deployment, where, variable, value, outcome)
    if outcome.exit_code not in MISSING_CODES:
        return search.flaw()
    problem = search.cause()
    later = search.may_come_later() if problem.cause is Cause.NOT_FOUND else None
    return later or problem


def meant(problem: PathProblem) -> str | None:
    """The absolute path of what the path with the problem was meant to lead to, if the project
    shows what that is."""
    deployment, where = problem.deployment, problem.deployment.location
    if isinstance(where, Unknown):
        return None
    name, value = problem.variable.name.value, problem.value.value
    if problem.cause is Cause.SCRIPT_ALONE:
        for folder in (os.path.dirname(where.entry_local), where.base):
            local = os.path.normpath(os.path.join(folder, value))
            if deployment.workspace.kind(local) is wanted_kind(name):
                return local
        return None
    found = [problem.better] if problem.better is not None else []
    if problem.cause in (Cause.NOT_FOUND, Cause.OUTSIDE):
        found = similar(deployment, name, value, problem.outcome.container_path)
    if len(found) != 1:
        return None
    return where.upload.local_path(posixpath.normpath(f"{where.script_folder}/{found[0]}"))


def _through_the_script(
    deployment: Deployment, found: ScriptProblem | Unknown | None
) -> Unknown | None:
    """Why the path leads nowhere for certain no more than the score script does, whose folder it
    starts at; ``None`` where a rule speaks of the script."""
    script = deployment.facts.entry_script
    if isinstance(found, ScriptProblem) or not isinstance(script, Known):
        return None
    if script.value.startswith("/"):
        return None
    return found or Unknown("the folder of the score script is not certain", script.place)


def script_is_in_doubt(deployment: Deployment) -> bool:
    """Whether the score script, whose folder all paths start from, is itself given wrongly."""
    where, script = deployment.location, deployment.facts.entry_script
    if isinstance(where, Unknown) or not isinstance(script, Known):
        return True
    if deployment.only_script_uploaded:
        return False
    if is_absolute(script.value) or "\\" in script.value:
        return True
    if where.upload.container_path(where.entry_local) is None:
        return True
    if where.entry_found:
        return False
    folder = deployment.workspace.kind(os.path.dirname(where.entry_local))
    return folder is not Kind.FOLDER or bool(scripts_elsewhere(deployment))


class _Search:
    def __init__(
        self,
        deployment: Deployment,
        where: Location,
        variable: Variable,
        value: str,
        outcome: Outcome,
    ) -> None:
        self.deployment = deployment
        self.where = where
        self.variable = variable
        self.value = value
        self.outcome = outcome
        self.folder = where.script_folder

    def problem(self, cause: Cause, better: str | None = None, detail: str = "") -> PathProblem:
        return PathProblem(self.deployment, cause, self.variable, self.outcome, better, detail)

    def works(self, value: str) -> bool:
        """Whether the start script would be content with another value."""
        name = self.variable.name.value
        outcome = self.deployment.boot_with(name, value)
        return outcome is not None and outcome.variable == name and outcome.exit_code == 0

    def flaw(self) -> PathProblem | None:
        """What is wrong with a path that the start script is content with."""
        name = self.variable.name.value
        if name == names.LIBRARY_PATH and ":" in self.value:
            return self.problem(Cause.FOLDER_LIST)
        if name != names.CONDA_YAML_ABSOLUTE and self.value.startswith("/"):
            better = self.value.lstrip("/")
            return self.problem(Cause.LEADING_SLASH, better if self.works(better) else None)
        return None

    def may_come_later(self) -> Unknown | None:
        """Why what is missing here may exist when the deployment is made, if it may."""
        # Its patterns take long to compile, and in most projects nothing is missing.
        from .made_later import MISSING, folder_around, is_ignored, may_be_made

        value = self.variable.value
        assert isinstance(value, Known)
        elsewhere = self._is_above()
        if elsewhere is not None:
            return elsewhere
        parts = [each for each in self.value.split("/") if each not in ("", ".", "..")]
        if parts:
            folder = parts[0] if len(parts) > 1 else ""
            around = folder_around(self.deployment)
            made = may_be_made(self.deployment, value, parts[-1], folder=folder, around=around)
            if made is not None:
                return made
        local = self.deployment.local_path
        if local is None or not is_ignored(self.deployment, local):
            return None
        above = os.path.dirname(local)
        while self.deployment.workspace.kind(above) is Kind.MISSING:
            above = os.path.dirname(above)
        if is_ignored(self.deployment, above):
            return None  # an ignored folder that is here, without it, tells of a mistake
        return Unknown(f"{MISSING} git is told to ignore it", value.place)

    def _is_above(self) -> Unknown | None:
        """A notebook that writes its score script writes it wherever it is run: that may be a
        folder above, in which the rest is."""
        facts, workspace = self.deployment.facts, self.deployment.workspace
        local, wanted = self.deployment.local_path, wanted_kind(self.variable.name.value)
        if facts.paths_from is not PathsFrom.NOTEBOOK or local is None:
            return None
        if self.where.entry_local not in workspace.written:
            return None
        inside = os.path.relpath(local, self.where.base)
        for base in folders_above(self.where.base, workspace.project(facts.document.path)):
            if workspace.kind(os.path.normpath(os.path.join(base, inside))) is wanted:
                why = "it depends on the folder that the notebook is run from"
                return Unknown(why, self.variable.value.place)
        return None

    def cause(self) -> PathProblem:
        if self.deployment.only_script_uploaded:
            return self.problem(Cause.SCRIPT_ALONE)
        value, name = self.value, self.variable.name.value
        if name == names.CONDA_YAML_ABSOLUTE:
            wrong_kind = self.outcome.found is not Kind.MISSING
            return self.problem(Cause.WRONG_KIND if wrong_kind else Cause.NOT_FOUND)
        if name == names.LIBRARY_PATH and ":" in value and not has_drive(value):
            return self.problem(Cause.FOLDER_LIST)
        if is_absolute(value):
            return self.problem(Cause.ABSOLUTE, self._from_absolute())
        repaired = self._repaired(value)
        if repaired is not None:
            return self.problem(Cause.MALFORMED, *repaired)
        repeated = self._without_folder(value)
        if repeated is not None:
            return self.problem(Cause.REPEATS_FOLDER, repeated)
        if self.outcome.found in (Kind.FILE, Kind.FOLDER):
            return self.problem(Cause.WRONG_KIND)
        if self._leaves_upload():
            return self.problem(Cause.OUTSIDE)
        spelling = _odd_spelling(value)
        if spelling:
            return self.problem(Cause.MALFORMED, None, spelling)
        return self.problem(Cause.NOT_FOUND)

    def _from_absolute(self) -> str | None:
        """The relative path that an absolute one stood for: in the container or on this disk."""
        upload = self.where.upload
        plain = self.value.replace("\\", "/")
        for local in (upload.local_path(posixpath.normpath(plain)), os.path.normpath(self.value)):
            inside = upload.container_path(local) if local else None
            if inside is not None:
                better = posixpath.relpath(inside, self.folder)
                if self.works(better):
                    return better
        return self._without_folder(plain.lstrip("/"))

    def _repaired(self, value: str) -> tuple[str, str] | None:
        """The value without slips of spelling, if that is found, and what the slips are."""
        better = value.strip().replace("\\", "/")
        if wanted_kind(self.variable.name.value) is Kind.FILE:
            better = better.rstrip("/")
        slips = _odd_spelling(value)
        if better != value and self.works(better):
            return better, slips
        cased = self._right_case(better)
        if cased is not None and self.works(cased):
            return cased, slips or OTHER_CASE
        if better != value:
            shorter = self._without_folder(better)
            return (shorter, slips) if shorter is not None else None
        return None

    def _right_case(self, value: str) -> str | None:
        """The value as the files on disk spell it."""
        workspace = self.deployment.workspace
        local = self.where.upload.local_path(posixpath.normpath(self.folder))
        names = []
        for name in value.split("/"):
            if local is None:
                return None
            if name == "..":
                local = os.path.dirname(local)
            elif name not in ("", "."):
                same = [each for each in workspace.listing(local) if each.lower() == name.lower()]
                if not same or (name not in same and len(same) > 1):
                    return None
                name = name if name in same else same[0]
                local = os.path.join(local, name)
            names.append(name)
        fixed = "/".join(names)
        return fixed if fixed != value else None

    def _without_folder(self, value: str) -> str | None:
        """The path for a value written from the app root, as before 2021-07-26, or from the
        project's folder, as it looks on this disk."""
        upload = self.where.upload
        normal = posixpath.normpath(value)
        candidates = [f"{APP_ROOT}/{normal}"]
        local = os.path.normpath(os.path.join(self.where.base, value))
        inside = upload.container_path(local)
        if inside is not None:
            candidates.append(inside)
        for candidate in candidates:
            if upload.local_path(posixpath.normpath(candidate)) is None:
                continue
            better = posixpath.relpath(candidate, self.folder)
            if self.works(better):
                return better
        return None

    def _leaves_upload(self) -> bool:
        path = self.outcome.container_path or ""
        return ".." in self.value.split("/") and self.where.upload.local_path(path) is None


def _odd_spelling(value: str) -> str:
    """What looks wrong about a path, in words; empty if nothing does."""
    slips = []
    before, behind = value[: len(value) - len(value.lstrip())], value[len(value.rstrip()) :]
    if before:
        slips.append(f"{_blank(before)} at the start")
    if behind and behind != value:
        slips.append(f"{_blank(behind)} at the end")
    if "\\" in value:
        slips.append("a backslash")
    if value.rstrip() != value.rstrip().rstrip("/"):
        slips.append("a slash at the end")
    return " and ".join(slips)


def _blank(text: str) -> str:
    return "a line break" if "\n" in text or "\r" in text else "a blank"
