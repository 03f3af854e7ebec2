"""The near side of the oracle: starts the process with the real SDKs and asks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asking import Asked

from . import environment

TESTS = Path(__file__).resolve().parents[1]


class Oracle(Asked):
    """One process with the SDKs imported. Starting it takes seconds, a program a tenth of one."""

    def __init__(self) -> None:
        command = (str(environment.interpreter()), "-m", "sdk_oracle.observe")
        super().__init__(command, {"PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"})
        self.answer()

    def observe(self, project: Path, deploy: str) -> dict[str, Any]:
        """What the real SDKs do with one program; ``observe`` tells what the answer holds."""
        answer: dict[str, Any] = self.ask({"project": str(project), "deploy": deploy})
        return answer
