"""The comparison itself: it has to notice every way in which a reader can be wrong."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

from . import cases, generate
from .compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .adapter import Reading, Told

PROGRAM = cases.Program("p", "deploy.py", {}, {})
RECORD: dict[str, Any] = {
    "style": "sdk-v1",
    "line": 5,
    "inside_sdk": False,
    "variables": {"EXAMPLE_ENV_VAR": "EXAMPLE_VALUE", "X": "1", "N": 1},
    "image": "registry.example/image:1",
    "image_is_default": False,
    "entry_script": "score.py",
    "source_directory": "/somewhere/proj/src",
    "container_entry_script": "/var/azureml-app/src/score.py",
}


def known(value: Any) -> Told:
    return {"known": True, "value": value, "reason": None}


def unknown(reason: str = "no idea") -> Told:
    return {"known": False, "value": None, "reason": reason}


def reading() -> Reading:
    return {
        "style": "sdk-v1",
        "line": 5,
        "variables": {"X": known("1"), "N": known(1)},
        "open": None,
        "image": known("registry.example/image:1"),
        "entry_script": known("score.py"),
        "source_directory": known("./src"),
        "container_entry_script": known("/var/azureml-app/src/score.py"),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "proj"


@pytest.fixture
def answer(root: Path) -> dict[str, Any]:
    return {"deployments": [{**RECORD, "source_directory": str(root / "src")}], "error": None}


def test_a_right_reading_is_equal(root: Path, answer: dict[str, Any]) -> None:
    assert compare(PROGRAM, answer, [reading()], root) == ([], [], 7)


def test_unknown_values_are_counted(root: Path, answer: dict[str, Any]) -> None:
    told = reading()
    told["image"] = unknown()
    told["variables"] = {"X": unknown()}
    told["open"] = "a loop"
    result = compare(PROGRAM, answer, [told], root)
    assert result.wrong == []
    assert len(result.unknown) == 3


def _more(told: Reading) -> None:
    told["variables"]["MORE"] = known("1")


def _missing(told: Reading) -> None:
    del told["variables"]["X"]


def _other_value(told: Reading) -> None:
    told["variables"]["X"] = known("2")


def _other_type(told: Reading) -> None:
    told["variables"]["N"] = known(True)


def _other_folder(told: Reading) -> None:
    told["source_directory"] = known("source")


def _no_folder(told: Reading) -> None:
    told["source_directory"] = known(None)


def _other_image(told: Reading) -> None:
    told["image"] = known(None)


def _other_line(told: Reading) -> None:
    told["line"] = 6


def _other_style(told: Reading) -> None:
    told["style"] = "sdk-v2"


def _other_script(told: Reading) -> None:
    told["container_entry_script"] = known("/var/azureml-app/score.py")


MISTAKES = [
    _more,
    _missing,
    _other_value,
    _other_type,
    _other_folder,
    _no_folder,
    _other_image,
    _other_line,
    _other_style,
    _other_script,
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_is_seen(
    mistake: Callable[[Reading], None], root: Path, answer: dict[str, Any]
) -> None:
    told = reading()
    mistake(told)
    assert compare(PROGRAM, answer, [told], root).wrong


def test_a_deployment_too_few_or_too_many_is_seen(root: Path, answer: dict[str, Any]) -> None:
    other = reading()
    other["line"] = 9
    assert compare(PROGRAM, answer, [], root).wrong
    assert compare(PROGRAM, answer, [reading(), other], root).wrong
    assert not compare(PROGRAM._replace(uncalled=True), answer, [reading(), other], root).wrong


def test_one_reading_stands_for_a_line_that_builds_two(root: Path, answer: dict[str, Any]) -> None:
    second = copy.deepcopy(answer["deployments"][0])
    second["variables"]["X"] = "2"
    answer["deployments"].append(second)
    told = reading()
    assert compare(PROGRAM, answer, [told], root).wrong
    told["variables"]["X"] = unknown()
    assert not compare(PROGRAM, answer, [told], root).wrong
    both = [reading(), reading()]
    both[1]["variables"]["X"] = known("2")
    assert not compare(PROGRAM, answer, both, root).wrong


def test_what_only_repeats_is_one(root: Path, answer: dict[str, Any]) -> None:
    answer["deployments"] *= 2
    assert not compare(PROGRAM, answer, [reading()], root).wrong


def test_the_default_image_is_none_or_its_name(root: Path, answer: dict[str, Any]) -> None:
    answer["deployments"][0]["image_is_default"] = True
    told = reading()
    assert not compare(PROGRAM, answer, [told], root).wrong
    told["image"] = known(None)
    assert not compare(PROGRAM, answer, [told], root).wrong


def test_an_open_set_must_be_called_open(root: Path, answer: dict[str, Any]) -> None:
    told = reading()
    assert compare(PROGRAM._replace(open=True), answer, [told], root).wrong
    told["open"] = "fetched from the workspace"
    assert not compare(PROGRAM._replace(open=True), answer, [told], root).wrong


def test_what_the_sdk_constructs_is_left_out(root: Path, answer: dict[str, Any]) -> None:
    answer["deployments"][0]["inside_sdk"] = True
    assert compare(PROGRAM, answer, [], root) == ([], [], 0)


def test_handwritten_programs_are_many_and_complete() -> None:
    programs = cases.handwritten()
    assert len(programs) >= 60
    for program in programs:
        compile(program.files[program.deploy], program.name, "exec")


def test_generated_programs_depend_on_the_seed_alone() -> None:
    texts = [generate.program(seed).files for seed in range(30)]
    assert texts == [generate.program(seed).files for seed in range(30)]
    assert len({str(text) for text in texts}) == 30


def test_generated_programs_have_every_form() -> None:
    text = "\n".join(str(generate.program(seed).files) for seed in range(300))
    for form in (r"\.update\(", r"\|=", r"setdefault", r"\*\*", r"\.clone\(", r"__file__", r"del "):
        assert re.search(form, text), form
