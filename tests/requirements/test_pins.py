"""Levels beyond the recorded cases, and what constraints change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aml_preflight.requirements import pins
from aml_preflight.requirements.markers import evaluate, variables
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import Clause, Span

if TYPE_CHECKING:
    from aml_preflight.requirements.records import Requirement

LINUX = {"python_version": "3.8", "sys_platform": "linux"}


def one(text: str) -> Requirement:
    (requirement,) = read(text).requirements
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


@pytest.mark.parametrize(
    ("line", "constraint", "level"),
    [
        ("Sci.Py", "sci-py==1", pins.VERSION),
        ("scipy", "numpy==1", pins.FLOATING),
        ("scipy>1", "scipy==1", pins.CONTRADICTION),
        ("scipy", "scipy<2", pins.FLOATING),
        ("scipy", "scipy==1; python_version<'3.9'", pins.VERSION),
        ("scipy", "scipy==1; python_version>'3.9'", pins.FLOATING),
        ("scipy", "scipy==1; os_name=='posix'", pins.FLOATING),
        ("scipy", "scipy==${V}", pins.FLOATING),
        ("scipy", "scipy @ https://h/s.zip#sha256=00", pins.ARTEFACT),
        ("scipy", "scipy==1 --hash=sha256:00", pins.VERSION),
    ],
)
def test_constraints(line: str, constraint: str, level: str) -> None:
    assert pins.level(one(line), [one(constraint)], LINUX) == level


def test_a_number_too_long_to_compare_is_no_contradiction() -> None:
    place = Span(0, 0)
    clauses = [Clause("==", "1" * 5000, place), Clause(">=", "1", place)]
    assert pins.of_clauses(clauses) == pins.VERSION
    assert pins.of_clauses([*clauses, Clause("==", "2", place)]) == pins.CONTRADICTION


def test_pinned_version() -> None:
    assert pins.pinned_version(one("a==1.2,>=1").clauses) == "1.2"
    assert pins.pinned_version(one("a>=1").clauses) is None
    assert pins.pinned_version(one("./a-1.5-py3-none-any.whl").clauses) == "1.5"


def test_markers_never_ask_the_host() -> None:
    assert evaluate("python_version < '3.9'", LINUX) is True
    assert evaluate("sys.platform == 'win32'", LINUX) is False
    assert evaluate("os_name == 'posix'", LINUX) is None
    assert evaluate("extra == 'x'", LINUX) is False
    assert variables("'os_name' == os.name and (extra in 'a b')") == {"os_name", "extra"}
