"""Real pips, each in a folder of its own, each asked through one long-lived process.

The folders are ``$AML_PREFLIGHT_ORACLES/pip/VERSION``, or below ``.oracles`` in the repository, and
are made when they are first asked for (``pip install --target``).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from asking import Asked

REPOSITORY = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("pip_driver.py")

# One for each grammar and option table that the reader tells apart, as far as they still run on
# the Python that runs the tests.
VERSIONS = ("22.3.1", "23.2.1", "24.0", "24.1", "25.0.1", "25.3", "26.3")


def folder(version: str) -> Path:
    """The folder that holds that pip, installed if need be. Raises ``CalledProcessError``."""
    root = Path(os.environ.get("AML_PREFLIGHT_ORACLES") or REPOSITORY / ".oracles")
    place = root / "pip" / version
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    # Made aside and then renamed: two test runs at once do not see half of it.
    with tempfile.TemporaryDirectory(dir=place.parent) as made:
        target = Path(made, "target")
        # An environment made by uv has no pip of its own.
        with_pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        with_uv = ["uv", "pip", "install", "--python", sys.executable]
        command = with_pip if importlib.util.find_spec("pip") else with_uv
        command += ["--quiet", "--no-deps", "--target", str(target), f"pip=={version}"]
        subprocess.run(command, check=True, capture_output=True, text=True)
        try:
            os.replace(target, place)
        except OSError:
            if not place.is_dir():
                raise
    return place


class Pip(Asked):
    """One pip, waiting for texts."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.cwd = tempfile.mkdtemp()
        command = (sys.executable, "-I", "-W", "ignore", str(DRIVER), str(folder(version)))
        super().__init__(command, {}, self.cwd)

    def read(self, text: str) -> list[dict[str, Any]]:
        """What this pip makes of each logical line of ``text``; see ``pip_driver``."""
        answer: list[dict[str, Any]] = self.ask(text)
        return answer

    def close(self) -> None:
        """End the process."""
        super().close()
        shutil.rmtree(self.cwd, ignore_errors=True)
