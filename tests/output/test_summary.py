from __future__ import annotations

import pytest
from aml_preflight.output.summary import Summary
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (Summary(files=3), "Nothing for aml-preflight in 3 files."),
        (Summary(files=1), "Nothing for aml-preflight in 1 file."),
        (Summary(), "No files to check."),
        (Summary(files=5, deployments=2), "No problems in 2 deployments (5 files)."),
        (Summary(files=1, deployments=1), "No problems in 1 deployment (1 file)."),
        (
            Summary(3, 1, errors=2, warnings=1, undetermined=1, fixable_safe=1),
            (
                "Found 2 errors and 1 warning in 1 deployment (3 files). Fix 1 with --fix. "
                "1 value could not be determined (--show-undetermined lists it)."
            ),
        ),
        (
            Summary(1, 0, errors=1, warnings=2, infos=3, fixable_safe=2, fixable_unsafe=1),
            (
                "Found 1 error, 2 warnings and 3 infos in 1 file. "
                "Fix 2 with --fix, 1 more with --fix --unsafe-fixes."
            ),
        ),
        (
            Summary(2, 2, warnings=1, fixable_unsafe=1, suppressed=1),
            (
                "Found 1 warning in 2 deployments (2 files). Fix 1 with --fix --unsafe-fixes. "
                "1 finding was suppressed."
            ),
        ),
        (
            Summary(3, suppressed=2, undetermined=2),
            (
                "No problems in 3 files. 2 findings were suppressed. "
                "2 values could not be determined (--show-undetermined lists them)."
            ),
        ),
        (Summary(3, 1, fixed=1), "Fixed 1 problem. No problems left in 1 deployment (3 files)."),
        (
            Summary(3, 1, errors=1, fixed=2),
            "Fixed 2 problems. Found 1 error left in 1 deployment (3 files).",
        ),
    ],
)
def test_sentence(summary: Summary, sentence: str) -> None:
    assert summary.sentence() == sentence


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 3)] * 10))
def test_no_part_says_zero(counts: tuple[int, ...]) -> None:
    sentence = Summary(*counts).sentence()
    before_where = sentence.split(" in ")[0]
    assert " 0 " not in f" {before_where} "
    assert "  " not in sentence
    assert sentence.endswith(".")
