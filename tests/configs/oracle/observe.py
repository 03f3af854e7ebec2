"""Loads deployment and environment files with the real azure-ai-ml and tells what it made of them.

This part runs inside the environment of the SDKs. Each line of standard input is the path of a
file; the answer is a line such as ``{"kind": "deployment", "variables": {...}, ...}`` or
``{"refused": "..."}``. Files called ``env.yml`` are loaded as environments.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import warnings
from typing import Any


def main() -> None:
    """Answer lines until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sdk: Any = importlib.import_module("azure.ai.ml")
    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        path = json.loads(line)
        try:
            answer = _environment(sdk, path) if path.endswith("env.yml") else _deployment(sdk, path)
        except Exception as error:  # whatever it raises, it does not take the file
            answer = {"refused": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, default=_other) + "\n")
        answers.flush()


def _deployment(sdk: Any, path: str) -> dict[str, Any]:
    made = sdk.load_online_deployment(path)
    code, environment = made.code_configuration, made.environment
    return {
        "kind": "deployment",
        "name": made.name,
        "variables": [[key, value] for key, value in made.environment_variables.items()],
        "code": code and code.code,
        "script": code and code.scoring_script,
        "registered": environment if isinstance(environment, str) else None,
        "image": getattr(environment, "image", None),
    }


def _environment(sdk: Any, path: str) -> dict[str, Any]:
    return {"kind": "environment", "image": sdk.load_environment(path).image}


def _other(value: Any) -> dict[str, str]:
    """What is neither text nor number nor truth value."""
    return {"other": type(value).__name__}


if __name__ == "__main__":
    main()
