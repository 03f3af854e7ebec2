"""Levels beyond the recorded cases."""

from __future__ import annotations

import pytest
from aml_preflight.requirements import pins
from aml_preflight.requirements.markers import evaluate, variables
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import Clause, Requirement, Span

LINUX = {"python_version": "3.8", "sys_platform": "linux"}


def one(text: str) -> Requirement:
    (requirement,) = read(text).entries
    assert isinstance(requirement, Requirement)
    return requirement


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("a==1.2,==1.2.0", pins.VERSION),
        ("a==1.2,===1.2", pins.VERSION),
        ("a==1.2,==1.*", pins.VERSION),
        ("a==1.2,>2", pins.CONTRADICTION),
        ("a==1.2,!=1.2", pins.CONTRADICTION),
        ("a==1.2+cpu,==1.2", pins.VERSION),
        ("a===x,===y", pins.CONTRADICTION),
        ("a===x,===X", pins.VERSION),
        ("a==1.0rc1,<2", pins.VERSION),
        ("a @ https://h/a.zip#md5=00", pins.MOVABLE),
        ("a @ https://h/a.zip --hash=sha256:00", pins.ARTEFACT),
        ("a @ https://h/a.zip#egg=a&sha512=00", pins.ARTEFACT),
        ("a @ https://${T}@h/a.zip#sha256=00", pins.FLOATING),
        ("a @ svn+https://h/a@12", pins.ARTEFACT),
        ("a @ svn+https://h/a@trunk", pins.FLOATING),
        ("a @ git+https://h/a@release/1.2", pins.FLOATING),
        ("a @ git+https://h/a@refs/tags/x", pins.MOVABLE),
        ("a @ git+https://h/a@1.x", pins.FLOATING),
        ("a @ git+https://h/a@HEAD", pins.FLOATING),
        ("a @ git+https://h/a@2021-06-01", pins.MOVABLE),
        ("a @ git+https://h/a@" + "0" * 64, pins.ARTEFACT),
        ("a @ file:///croot/a/work", pins.LOCAL),
    ],
)
def test_levels(line: str, level: str) -> None:
    assert pins.level(one(line)) == level


def test_a_number_too_long_to_compare_is_no_contradiction() -> None:
    place = Span(0, 0)
    clauses = [Clause("==", "1" * 5000, place), Clause(">=", "1", place)]
    assert pins.of_clauses(clauses) == pins.VERSION
    assert pins.of_clauses([*clauses, Clause("==", "2", place)]) == pins.CONTRADICTION


def test_markers_never_ask_the_host() -> None:
    assert evaluate("python_version < '3.9'", LINUX) is True
    assert evaluate("sys.platform == 'win32'", LINUX) is False
    assert evaluate("os_name == 'posix'", LINUX) is None
    assert evaluate("extra == 'x'", LINUX) is False
    assert variables("'os_name' == os.name and (extra in 'a b')") == {"os_name", "extra"}
