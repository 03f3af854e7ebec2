"""The work folder: virtual environments with the project and with what it is compared with."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_LIST = (
    "import importlib.metadata as m, json;"
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
)


class Environment(NamedTuple):
    """A virtual environment."""

    folder: Path

    def script(self, name: str) -> str:
        """The path of an installed command."""
        return str(self.folder / "bin" / name)

    @property
    def python(self) -> str:
        return self.script("python")

    def versions(self, *names: str) -> list[str]:
        """``name version`` for some installed packages."""
        listed = subprocess.run([self.python, "-c", _LIST], check=True, capture_output=True)
        versions: dict[str, str] = json.loads(listed.stdout)
        return [f"{name} {versions.get(name, '?')}" for name in names]


def clean_environment() -> dict[str, str]:
    """The variables that commands run with: nothing that changes what Python or git does."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "GIT_", "PRE_COMMIT", "VIRTUAL_ENV", "PYENV"))
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}


def project_environment(work: Path) -> Environment:
    """The project, installed as users install it: not editable, with compiled modules."""
    environment = Environment(work / "project")
    mark = environment.folder / "installed"
    digest = _digest()
    if not mark.exists() or mark.read_text(encoding="utf-8") != digest:
        if not mark.exists():
            _create(environment)
        _pip(environment, "--force-reinstall", "--no-deps", str(ROOT))
        _pip(environment, str(ROOT))
        mark.write_text(digest, encoding="utf-8")
    return environment


def tool_environment(work: Path, *packages: str) -> Environment:
    """An environment with other tools, installed once."""
    environment = Environment(work / packages[0])
    mark = environment.folder / "installed"
    if not mark.exists():
        _create(environment)
        _pip(environment, *packages)
        mark.touch()
    return environment


def find(name: str) -> str | None:
    """The path of a command that is not Python's, if it is there."""
    return shutil.which(name)


def machine() -> list[str]:
    """What the numbers depend on, one sentence each."""
    optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    how = f"{'with' if optimised else 'without'} profile-guided optimisation"
    load = os.getloadavg()[0]
    return [
        time.strftime("%Y-%m-%d", time.gmtime()),
        f"{platform.python_implementation()} {platform.python_version()} ({how})",
        f"{platform.system()} {platform.machine()}, {_cores()} cores, load {load:.1f}",
    ]


def version(program: str) -> str:
    """The first line of what ``program --version`` prints."""
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[0]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _create(environment: Environment) -> None:
    shutil.rmtree(environment.folder, ignore_errors=True)
    venv.create(environment.folder, with_pip=True, symlinks=True)
    _pip(environment, "--upgrade", "pip")  # older ones write start scripts that import `re`


def _pip(environment: Environment, *arguments: str) -> None:
    command = [environment.python, "-m", "pip", "install", "--quiet", "--compile", *arguments]
    variables = clean_environment()
    del variables["PYTHONDONTWRITEBYTECODE"]
    subprocess.run(command, check=True, env=variables, stdout=sys.stderr)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in [ROOT / "pyproject.toml", *sorted((ROOT / "hooks").rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
