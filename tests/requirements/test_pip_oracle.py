"""The reader against pip's own parser, several pips.

Compared for each logical line: its number and text, whether that pip refuses it and what that
stops, include targets, option values, and of requirements the name, specifier, extras, marker,
hashes, URL and whether they are editable.

Not compared, because pip's answer is not about the text alone:

* whether a line with ``${UPPER}`` is refused: pip runs with the variable unset;
* whether a path is refused: pip looks for the file, which is missing;
* a URL that pip takes and then has no means to fetch (``scipy @ 1.2.3``): the reader refuses it;
* older pips' reading of a line that the newest pip refuses: only that it is taken.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aml_preflight.requirements.lines import logical_lines
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import (
    BASE_PIP,
    PATH,
    VCS,
    Entry,
    Include,
    Invalid,
    Nothing,
    Option,
    OptionLine,
    Requirement,
    Swallowed,
    Unknown,
)
from hypothesis import HealthCheck, given, settings
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from .fragments import files
from .pips import VERSIONS, Pip

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.oracle

EXAMPLES = 20_000 if os.environ.get("AML_PREFLIGHT_FULL") else 300
FOUND = Path(__file__).with_name("data") / "pip-differences.jsonl"
CASES = [json.loads(line) for line in FOUND.read_text(encoding="utf-8").split("\n") if line]

# The names under which pip keeps the values of options.
KEPT_AS = {
    "--index-url": "index_url",
    "--extra-index-url": "extra_index_urls",
    "--find-links": "find_links",
    "--trusted-host": "trusted_hosts",
    "--use-feature": "features_enabled",
    "--no-index": "no_index",
    "--pre": "pre",
    "--prefer-binary": "prefer_binary",
    "--require-hashes": "require_hashes",
    "--no-require-hashes": "no_require_hashes",
}


@pytest.fixture(scope="module")
def pips() -> Iterator[list[Pip]]:
    """All the pips, running."""
    running = [Pip(version) for version in VERSIONS]
    yield running
    for pip in running:
        pip.close()


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(text=files())
def test_reads_what_pip_reads(pips: list[Pip], text: str) -> None:
    for pip in pips:
        assert differences(text, pip) == []


@pytest.mark.parametrize(
    "text",
    [pytest.param(case["text"], id=case["id"]) for case in CASES],
)
def test_what_once_differed_agrees(pips: list[Pip], text: str) -> None:
    for pip in pips:
        assert differences(text, pip) == []


def differences(text: str, pip: Pip) -> list[str]:
    """In words, where the reader and this pip disagree about ``text``."""
    theirs = pip.read(text)
    ours = [(line.number, line.text) for line in logical_lines(text) if line.text]
    if ours != [(record["number"], record["line"]) for record in theirs]:
        return [f"lines: {ours} {theirs}"]
    entries = [entry for entry in read(text).entries if not isinstance(entry, Swallowed)]
    found = []
    for entry, record in zip(entries, theirs, strict=True):
        found += [
            f"pip {pip.version}: {difference}\n{entry}\n{record}"
            for difference in compared(entry, record, pip.version)
        ]
    return found


def compared(entry: Entry, record: dict[str, Any], pip: str) -> Iterator[str]:
    """The differences for one line."""
    assert not isinstance(entry, Swallowed)
    if isinstance(entry, Unknown):
        return
    if isinstance(entry, (Requirement, Include, OptionLine)) and entry.variables:
        return
    refusals = [] if isinstance(entry, Nothing) else [r for r in entry.refusals if r.by(pip)]
    if refusals and "after the @" in refusals[0].reason:
        return
    if bool(refusals) != ("error" in record):
        if refusals or not depends_on_files(entry):
            yield "refused" if refusals else "not refused"
        return
    if refusals:
        if refusals[0].aborts != record["aborts"]:
            yield "aborts"
        return
    if isinstance(entry, Include):
        yield from compared_include(entry, record)
    elif isinstance(entry, (OptionLine, Nothing)):
        yield from compared_options(entry, record)
    elif isinstance(entry, Requirement):
        yield from compared_requirement(entry, record["requirement"], pip)


def depends_on_files(entry: Entry) -> bool:
    requirement = entry.partial if isinstance(entry, Invalid) else entry
    return isinstance(requirement, Requirement) and requirement.kind == PATH


def compared_include(entry: Include, record: dict[str, Any]) -> Iterator[str]:
    options = record["options"]
    requirements = options.get("requirements")
    target = (requirements or options.get("constraints") or [None])[0]
    if target != entry.target.text or entry.constraint != (not requirements):
        yield "include"


def compared_options(entry: OptionLine | Nothing, record: dict[str, Any]) -> Iterator[str]:
    if "requirement" in record:
        yield "a requirement"
    ours: dict[str, Any] = {}
    options = () if isinstance(entry, Nothing) else (*entry.options, *entry.ignored)
    for option in sorted(options, key=lambda option: option.span):
        name = KEPT_AS.get(option.name)
        if name is not None:
            keep(ours, name, option)
    theirs = {key: value for key, value in record["options"].items() if key in KEPT_AS.values()}
    if {key: value for key, value in ours.items() if value} != theirs:
        yield f"options {ours}"


def keep(values: dict[str, Any], name: str, option: Option) -> None:
    if option.value is None:
        values[name] = True
    elif name == "index_url":
        values[name] = option.value.text
    else:
        values.setdefault(name, []).append(option.value.text)


def compared_requirement(entry: Requirement, made: dict[str, Any], pip: str) -> Iterator[str]:
    if entry.editable and pip != BASE_PIP and entry.ignored:
        return  # "scipy -e ./x" is another thing for the pips before 25.0
    if entry.kind == PATH and entry.extras and not made["link"]:
        return  # "x.whl [extra]" was a name for the pips before 25.3
    name = entry.name.text if entry.name else None
    if entry.kind in (PATH, "url") and entry.clauses:
        # The old pips keep the name of a wheel as it is written, the new ones normalise it.
        if made["name"] not in (entry.canonical, name):
            yield "wheel"
    elif made["name"] != name:
        yield "name"
    elif SpecifierSet(entry.specifier.text if entry.specifier else "") != SpecifierSet(
        made["specifier"]
    ):
        yield "specifier"
    if entry.kind != PATH and sorted({part.text for part in entry.extras}) != made["extras"]:
        yield "extras"
    if (entry.marker is None) != (made["marker"] is None) or (
        entry.marker and pip == BASE_PIP and str(Marker(entry.marker.text)) != made["marker"]
    ):
        yield "marker"
    hashes: dict[str, list[str]] = {}
    for hashed in entry.hashes:
        hashes.setdefault(hashed.algorithm, []).append(hashed.digest)
    if hashes != made["hashes"]:
        yield "hashes"
    if entry.editable != made["editable"]:
        yield "editable"
    if (entry.kind == VCS) != made["vcs"] or (entry.kind == "index") != (made["link"] is None):
        yield "kind"
