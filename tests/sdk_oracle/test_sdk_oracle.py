"""The reader against the real SDKs, over hand-written and generated programs.

``AML_PREFLIGHT_FULL=1`` runs 1000 generated programs instead of 40. A failing one is shown with its
text by ``python -m tests.sdk_oracle.show --seed N``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from . import adapter, cases, generate
from .compare import compare

if TYPE_CHECKING:
    from pathlib import Path

    from .adapter import Reading
    from .oracle import Oracle

pytestmark = pytest.mark.oracle

HANDWRITTEN = cases.handwritten()
SEEDS = range(1000 if os.environ.get("AML_PREFLIGHT_FULL") else 40)


@pytest.mark.parametrize("program", HANDWRITTEN, ids=lambda program: program.name)
def test_programs_do_what_their_marks_say(
    program: cases.Program, oracle: Oracle, tmp_path: Path
) -> None:
    answer = oracle.observe(program.write(tmp_path), program.deploy)
    assert (answer["error"] or {}).get("type") == program.raises, answer["error"]


@pytest.mark.parametrize("program", HANDWRITTEN, ids=lambda program: program.name)
def test_reader_agrees_on_handwritten_programs(
    program: cases.Program, oracle: Oracle, tally: dict[str, int], tmp_path: Path
) -> None:
    _agree(program, oracle, tally, tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
def test_reader_agrees_on_generated_programs(
    seed: int, oracle: Oracle, tally: dict[str, int], tmp_path: Path
) -> None:
    program = generate.program(seed)
    answer = _agree(program, oracle, tally, tmp_path)
    assert answer["error"] is None, f"the generator wrote a program that fails: {answer['error']}"


def _agree(
    program: cases.Program, oracle: Oracle, tally: dict[str, int], folder: Path
) -> dict[str, Any]:
    root = program.write(folder)
    readings = _read(root, program.deploy)
    answer = oracle.observe(root, program.deploy)
    comparison = compare(program, answer, readings, root)
    tally["programs"] += 1
    tally["equal"] += comparison.equal
    tally["unknown"] += len(comparison.unknown)
    shown = "\n".join(comparison.wrong)
    assert not comparison.wrong, f"{shown}\n\n{program.files[program.deploy]}"
    if program.fully_known:
        assert not comparison.unknown, "\n".join(comparison.unknown)
    return answer


def _read(root: Path, deploy: str) -> list[Reading]:
    try:
        return adapter.read_program(root, deploy)
    except NotImplementedError:
        pytest.skip("the reader is not connected yet")
