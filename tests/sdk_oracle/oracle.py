"""The near side of the oracle: starts the process with the real SDKs and asks it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from . import environment


class Oracle:
    """One process with the SDKs imported. Starting it takes seconds, a program a tenth of one."""

    def __init__(self) -> None:
        tests = str(Path(__file__).resolve().parents[1])
        self._process = subprocess.Popen(
            [str(environment.interpreter()), "-m", "sdk_oracle.observe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": tests, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._answer()

    def observe(self, project: Path, deploy: str) -> dict[str, Any]:
        """What the real SDKs do with one program; ``observe`` tells what the answer holds."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"project": str(project), "deploy": deploy}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process with the SDKs died")
        answer: dict[str, Any] = json.loads(line)
        return answer
