"""A virtual environment with the real SDKs, made when it is first asked for and then kept.

It lies in the folder that ``AML_PREFLIGHT_ORACLES`` names, else in ``.oracles`` at the root of the
repository, and is called after what it holds: other requirements make another environment. Only
Python 3.11 and its pip are needed. By hand::

    python -m tests.sdk_oracle.environment
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import tomli

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (3, 11)
GROUP = "sdk-oracle"


class UnavailableError(Exception):
    """The environment cannot be had here; the text says why."""


def requirements(pyproject: Path = ROOT / "pyproject.toml") -> list[str]:
    """What to install: the dependency group ``sdk-oracle``, sorted."""
    table: dict[str, Any] = tomli.loads(pyproject.read_text("utf-8"))["dependency-groups"]
    return sorted(table[GROUP])


def folder(specs: list[str]) -> Path:
    """Where the environment for these requirements lies."""
    parent = Path(os.environ.get("AML_PREFLIGHT_ORACLES") or ROOT / ".oracles")
    text = "\n".join([*specs, f"python {PYTHON[0]}.{PYTHON[1]}"])
    return parent.resolve() / f"sdk-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def interpreter() -> Path:
    """The Python in the environment, which is made if need be. Raises ``UnavailableError``."""
    specs = requirements()
    home = folder(specs)
    python = home / "bin" / "python"
    if (home / "complete").is_file():
        return python
    home.parent.mkdir(parents=True, exist_ok=True)
    with open(home.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").is_file():
            shutil.rmtree(home, ignore_errors=True)
            _run([_base_python(), "-m", "venv", str(home)])
            _run([str(python), "-m", "pip", "install", "--quiet", *specs])
            (home / "complete").write_text("\n".join(specs) + "\n", "utf-8")
    return python


def _base_python() -> str:
    """A Python of the right version: this one, or one found on the path."""
    if sys.version_info[:2] == PYTHON:
        return sys.executable
    name = f"python{PYTHON[0]}.{PYTHON[1]}"
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which(name, path=entry)
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return found
    raise UnavailableError(f"{name} is not on the path")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise UnavailableError(f"`{' '.join(command[1:5])} ...` failed:\n{last}")


if __name__ == "__main__":
    print(interpreter())
