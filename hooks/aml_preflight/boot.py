"""The start script of the inference images, as a pure function.

What a container does before the server runs is decided by a few environment variables and by which
files exist. This module states that once; the rules, the ``boot`` command and the tests all ask it.

Source: the images' ``/var/runit/gunicorn/run``, read and run in its published versions (2023 to
2025). In short:

* Every path is taken relative to the folder of the entry script, absolute or not: the script puts
  ``<folder>/`` in front of it. Relative since 2021-07-26; before, to ``/var/azureml-app``.
* One chain of conditions, the first match wins and the others are never looked at: library path,
  conda file, requirements file. An empty value counts as not set.
* A missing folder or file ends the container at once: 97, 98, 99. A failing install ends it with
  95, after 45 seconds in which the logs are sent.
"""

from __future__ import annotations

import posixpath
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from . import variables as names
from .paths import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

APP_ROOT = "/var/azureml-app"
SERVICE_FOLDER = "/var/runit/gunicorn"
"""The folder that the script, and so pip, runs in."""


class Branch(Enum):
    """Which way of adding packages the script takes."""

    LIBRARY_PATH = "library-path"
    CONDA = "conda"
    REQUIREMENTS = "requirements"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


class StartScript(Enum):
    """Which version of the script an image holds."""

    STANDARD = "standard"
    """All three ways."""
    MLFLOW = "mlflow"
    """The conda file of the MLflow model comes before a requirements file."""
    NONE = "none"
    """The block is not there: the variables do nothing."""


class Start(NamedTuple):
    """What the script is given.

    ``variables`` maps each name that is set to its text, or to ``None`` where that is unknown.
    ``may_have_more`` is true when others may be set as well. ``entry_script`` is the value of
    ``AZUREML_ENTRY_SCRIPT``, empty if there is none.
    """

    variables: Mapping[str, str | None]
    entry_script: str
    script: StartScript = StartScript.STANDARD
    app_root: str = APP_ROOT
    may_have_more: bool = False


class Outcome(NamedTuple):
    """What the script does.

    ``variable`` is the one that decided. ``path`` is what the script looks for, as it spells it,
    ``container_path`` the same normalised. ``found`` is what stands there. ``exit_code`` is 0 when
    the install step passes as far as existing files decide it, ``None`` when that is unknown, with
    the ``reason``. ``ignored`` are install variables that are set and never looked at.
    """

    branch: Branch
    variable: str | None = None
    path: str | None = None
    container_path: str | None = None
    found: Kind = Kind.UNKNOWN
    exit_code: int | None = None
    ignored: tuple[str, ...] = ()
    reason: str | None = None


class _Way(NamedTuple):
    branch: Branch
    wanted: Kind
    exit_code: int


_WAYS = {
    names.LIBRARY_PATH: _Way(Branch.LIBRARY_PATH, Kind.FOLDER, 97),
    names.CONDA_YAML_ABSOLUTE: _Way(Branch.CONDA, Kind.FILE, 98),
    names.CONDA_YAML: _Way(Branch.CONDA, Kind.FILE, 98),
    names.REQUIREMENTS: _Way(Branch.REQUIREMENTS, Kind.FILE, 99),
}
"""In the order in which the script looks at them."""

MISSING_CODES = frozenset(way.exit_code for way in _WAYS.values())
"""How the container ends where something is missing."""


def wanted_kind(variable: str) -> Kind:
    """What must stand at the path that an install variable names: a file or a folder."""
    return _WAYS[variable].wanted


def exit_code_if_missing(variable: str) -> int:
    """The exit code when nothing, or the wrong kind of thing, stands at the path."""
    return _WAYS[variable].exit_code


def script_folder(entry_script: str, app_root: str = APP_ROOT) -> str:
    """The folder that paths are relative to: ``ENTRY_SCRIPT_DIR``.

    ``entry_script`` is the value of ``AZUREML_ENTRY_SCRIPT``; one leading slash is dropped.
    """
    if not entry_script:
        return app_root
    relative = entry_script[1:] if entry_script.startswith("/") else entry_script
    return f"{app_root}/{posixpath.dirname(relative) or '.'}"


def boot(start: Start, kind_of: Callable[[str], Kind]) -> Outcome:
    """What the script does with these variables; ``kind_of`` tells what stands at a path of the
    container, spelled as the script spells it."""
    given = {name: start.variables[name] for name in _WAYS if start.variables.get(name, "") != ""}
    if start.script is StartScript.NONE:
        return Outcome(Branch.DISABLED, exit_code=0, ignored=tuple(given))
    if start.script is StartScript.MLFLOW and names.LIBRARY_PATH not in given:
        return _mlflow(start, given)
    if start.may_have_more and names.LIBRARY_PATH not in given:
        return _unknown(given, "there may be more variables than this file shows")
    for name, value in given.items():
        if value is None:
            return _unknown(given, f"the value of {name} is not known")
        return _take(start, name, value, kind_of, tuple(each for each in given if each != name))
    return Outcome(Branch.DISABLED, exit_code=0)


def _unknown(given: Mapping[str, str | None], reason: str) -> Outcome:
    branches = {_WAYS[name].branch for name in given}
    branch = branches.pop() if len(branches) == 1 else Branch.UNKNOWN
    return Outcome(branch, reason=reason)


def _mlflow(start: Start, given: Mapping[str, str | None]) -> Outcome:
    ignored = tuple(given)
    if start.variables.get(names.DYNAMIC_INSTALLATION, "true") == "true":
        reason = "the image installs the conda.yaml of the MLflow model, which is not in the code"
        return Outcome(Branch.CONDA, ignored=ignored, reason=reason)
    return Outcome(Branch.DISABLED, exit_code=0, ignored=ignored)


def _take(
    start: Start, name: str, value: str, kind_of: Callable[[str], Kind], ignored: tuple[str, ...]
) -> Outcome:
    way = _WAYS[name]
    if name != names.CONDA_YAML_ABSOLUTE:
        path = f"{script_folder(start.entry_script, start.app_root)}/{value}"
    else:
        path = posixpath.join(SERVICE_FOLDER, value)
    found = kind_of(path)
    code: int | None = way.exit_code
    reason = None
    if found is way.wanted:
        code = 0
    elif found is Kind.UNKNOWN:
        code, reason = None, "the path leads into the image, whose files are not known"
    return Outcome(
        branch=way.branch,
        variable=name,
        path=path,
        container_path=posixpath.normpath(path),
        found=found,
        exit_code=code,
        ignored=ignored,
        reason=reason,
    )
