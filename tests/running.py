"""Running the command in a process of its own, as users and hooks do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, NamedTuple

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
MOST_SECONDS = 20
"""Of processor time: more is a hang and not a slow machine."""


class Run(NamedTuple):
    """What came of a run. ``out`` is what was printed, ``stdout`` the same as text."""

    status: int
    out: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        return self.out.decode()

    @property
    def text(self) -> str:
        """Everything that was printed."""
        return self.stdout + self.stderr


def run(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    stdout: int | IO[bytes] = subprocess.PIPE,
    variables: dict[str, str] | None = None,
) -> Run:
    """Run the command in a folder, with some ``variables`` set. It may fail, but never with a
    traceback, nor without end."""
    plain = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    before = os.times().children_user
    done = subprocess.run(
        [sys.executable, "-m", "aml_preflight", *arguments],
        cwd=folder,
        input=stdin,
        env={**plain, "PYTHONPATH": str(HOOKS), "PYTHONIOENCODING": "utf-8", **(variables or {})},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=300,
    )
    assert os.times().children_user - before < MOST_SECONDS
    assert b"Traceback" not in done.stderr
    return Run(done.returncode, done.stdout or b"", done.stderr.decode())


def check_odd(folder: Path, *paths: str) -> Run:
    """``check`` of files that nobody meant: in plain lines, with nothing that acts on a
    terminal."""
    done = run(folder, "check", "--output-format", "concise", *paths)
    assert not any(ord(each) < 32 and each != "\n" for each in done.text)
    return done
