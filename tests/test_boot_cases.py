"""Agreement with the recorded runs of the real start script.

``data/boot-cases.jsonl`` holds small projects and what the start script of the images did with
each: the branch it took, its exit code, and the path it looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from checking import check

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/boot-cases.jsonl").read_text("utf-8").splitlines()
]


def test_the_recording_is_whole() -> None:
    styles = Counter(case["style"] for case in RECORDED)
    assert styles == {"v1-python": 31, "v2-python": 25, "v2-yaml": 24}


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: str(case["id"]))
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
