"""Agreement with the recorded runs of the real start script.

``data/boot-cases.jsonl`` holds small projects and what the start script of the images did with
each: the branch it took, its exit code, and the path it looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from checking import check

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/boot-cases.jsonl").read_text("utf-8").splitlines()
]
PYTHON = [case for case in RECORDED if case["style"] in ("v1-python", "v2-python")]


def test_the_recording_is_whole() -> None:
    assert len(RECORDED) == 80
    assert len(PYTHON) == 56


@pytest.mark.parametrize("case", PYTHON, ids=lambda case: str(case["id"]))
def test_agrees_with_the_start_script(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    result = check(tmp_path, [tmp_path / case["deploy"]])
    [deployment] = result.deployments
    outcome = deployment.outcome
    assert {
        "branch": outcome.branch.value,
        "exit_code": outcome.exit_code,
        "container_path": outcome.container_path,
    } == case["expected"]
    assert not result.undetermined
