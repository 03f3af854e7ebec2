"""The recorded answers of four pips for 176 inputs, and the level of each."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from aml_preflight.requirements import pins
from aml_preflight.requirements.decoding import Decoded, decode
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import (
    INDEX,
    Entry,
    Include,
    Invalid,
    Nothing,
    OptionLine,
    Refusal,
    Requirement,
    Swallowed,
)
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

LINES = Path(__file__).with_name("data") / "pip-cases.jsonl"
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in LINES.read_text(encoding="utf-8").split("\n") if line
]
PIPS = ("26.3", "25.0.1", "23.2.1", "20.2.4")

# The answer was given by files or the network, or by what was set in the environment.
NOT_IN_THE_TEXT = {
    "-r missing",
    "-r self",
    "-r URL",
    "local dir no setup",
    "freeze editable comment",
    "-e .",
    "env var unset",
    "env var version set",
}
# Read without complaint by some pips, which then fail to fetch "1.2.3".
FAILS_LATER = {"@ in version"}
# The recorded program, not pip 20.2.4, fell over these; that pip knows both options.
NOT_PIP = {("--global-option", "20.2.4"), ("--install-option", "20.2.4")}
# Recorded with a variable that was unset, or set; what it is at start is not known here.
LEVELS_OF_VARIABLES = {"env var unset": "FLOATING", "env var version set": "FLOATING"}


def content(case: dict[str, Any]) -> bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return str(case["text"]).encode()


def entries(case: dict[str, Any]) -> list[Entry] | None:
    """The entries without the swallowed lines; None where the file cannot be decoded."""
    decoded = decode(content(case))
    if not isinstance(decoded, Decoded):
        return None
    return [e for e in read(decoded.text).entries if not isinstance(e, Swallowed)]


def level_of(entry: Entry) -> str:
    if isinstance(entry, Requirement):
        return pins.level(entry)
    if isinstance(entry, (Include, OptionLine)):
        return "OPTION"
    if isinstance(entry, Nothing):
        return "NOTHING"
    assert isinstance(entry, Invalid)
    # Where a refused line comes from can be plain all the same: a URL, a path.
    known = entry.partial is not None and entry.partial.kind != INDEX
    return pins.level(entry.partial) if known and entry.partial else "INVALID"


def refusals_by(pip: str, entries: Iterable[Entry]) -> list[Refusal]:
    """What the pip of that version objects first in each line."""
    objecting = [
        [refusal for refusal in entry.refusals if refusal.by(pip)][:1]
        for entry in entries
        if isinstance(entry, (Requirement, Include, OptionLine, Invalid))
    ]
    return [refusal for first in objecting for refusal in first]


def parametrised() -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES]


def test_all_cases_are_there() -> None:
    assert len(CASES) == 176


@pytest.mark.parametrize("case", parametrised())
def test_level(case: dict[str, Any]) -> None:
    found = entries(case)
    level = "FILE-ERROR" if found is None else " + ".join(map(level_of, found)) or "—"
    assert level == LEVELS_OF_VARIABLES.get(case["id"], case["level"])


@pytest.mark.parametrize("pip", PIPS)
@pytest.mark.parametrize("case", parametrised())
def test_refused_or_not(case: dict[str, Any], pip: str) -> None:
    if case["id"] in NOT_IN_THE_TEXT | FAILS_LATER or (case["id"], pip) in NOT_PIP:
        return
    answers = case.get(f"pip {pip}", case["pip 26.3"])
    decoded = decode(content(case))
    if not isinstance(decoded, Decoded):
        assert "aborts the file" in answers[0]["error"]
        return
    refused = refusals_by(pip, read(decoded.text).entries)
    assert bool(refused) == any("error" in answer for answer in answers)
    if refused:
        first = next(answer["error"] for answer in answers if "error" in answer)
        assert (refused[0].aborts == "file") == first.startswith("aborts the file")


@pytest.mark.parametrize("case", parametrised())
def test_parts_of_requirements(case: dict[str, Any]) -> None:
    answers = case["pip 26.3"]
    if any("error" in answer for answer in answers) or "OPTION" in case["level"]:
        return
    ours = [entry for entry in entries(case) or [] if not isinstance(entry, Nothing)]
    if case["id"] in LEVELS_OF_VARIABLES or case["id"] in FAILS_LATER:
        return
    assert len(ours) == len(answers)
    for entry, answer in zip(ours, answers, strict=True):
        assert isinstance(entry, Requirement)
        compare(entry, answer)


def compare(entry: Requirement, answer: dict[str, Any]) -> None:
    hashes: dict[str, int] = {}
    for hashed in entry.hashes:
        hashes[hashed.algorithm] = hashes.get(hashed.algorithm, 0) + 1
    assert hashes == answer.get("hashes", {})
    assert entry.editable == answer.get("editable", False)
    if answer["requirement"] is None:
        assert entry.name is None
        return
    try:
        parsed = Parsed(answer["requirement"])
    except InvalidRequirement:
        pytest.fail(answer["requirement"])
    assert entry.canonical == canonicalize_name(parsed.name)
    assert {part.text for part in entry.extras} == parsed.extras
    if parsed.url:
        assert entry.url is not None
        assert entry.url.text == parsed.url
    clauses = {(clause.operator, clause.version) for clause in entry.clauses}
    assert clauses == {(item.operator, item.version) for item in parsed.specifier}
    marker = Parsed(f"x; {entry.marker.text}").marker if entry.marker else None
    assert (str(marker) if marker else None) == answer.get("marker")
