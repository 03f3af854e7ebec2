"""Compares what the reader tells of a program with what the real SDKs built.

The reader may leave values unknown, which is counted. It must never be wrong.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from .adapter import Reading, Told
    from .cases import Program

DEFAULT_VARIABLE = "EXAMPLE_ENV_VAR"


class Comparison(NamedTuple):
    """What is wrong, what is left unknown, and how many values were compared and equal."""

    wrong: list[str]
    unknown: list[str]
    equal: int


def compare(
    program: Program, answer: dict[str, Any], readings: list[Reading], root: Path
) -> Comparison:
    """The comparison of one program. Deployments are matched by the line that constructs them."""
    result = _Result(root, program.raises is not None)
    real = _by_line([_real(r) for r in answer["deployments"] if not r["inside_sdk"]])
    told = _by_line([dict(reading) for reading in readings])
    for line in sorted(real.keys() | told.keys()):
        if line not in told:
            result.wrong.append(f"line {line}: not found by the reader")
        elif line not in real:
            if not (program.uncalled or program.raises):
                result.wrong.append(f"line {line}: the SDK builds no deployment")
        else:
            result.line(line, real[line], told[line])
    if program.open and not any(reading["open"] for reading in readings):
        result.wrong.append("the reader takes the variables for complete")
    return Comparison(result.wrong, result.unknown, result.equal)


def _real(record: dict[str, Any]) -> dict[str, Any]:
    """The part of a record that is compared."""
    keys = ("style", "line", "variables", "image", "image_is_default", "entry_script")
    kept = {key: record.get(key) for key in (*keys, "source_directory", "container_entry_script")}
    for key in ("image", "entry_script", "source_directory"):
        value = kept[key]
        if isinstance(value, dict):
            kept[key] = value["text"]
    return kept


def _by_line(deployments: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Deployments by line, without those that only repeat another one of their line."""
    lines: dict[int, list[dict[str, Any]]] = {}
    for deployment in deployments:
        same_line = lines.setdefault(deployment["line"], [])
        if deployment not in same_line:
            same_line.append(deployment)
    return lines


class _Result:
    def __init__(self, root: Path, raised: bool) -> None:
        self.wrong: list[str] = []
        self.unknown: list[str] = []
        self.equal = 0
        self._root = root
        self._raised = raised

    def line(self, line: int, real: list[dict[str, Any]], told: list[dict[str, Any]]) -> None:
        """Compare what one line builds. One reading may stand for all that it builds."""
        if len(told) == 1:
            told = told * len(real)
        if len(told) != len(real):
            self.wrong.append(f"line {line}: {len(real)} deployments, the reader has {len(told)}")
            return
        for one_real, one_told in zip(real, told, strict=True):
            self._deployment(f"line {line}", one_real, one_told)

    def _deployment(self, where: str, real: dict[str, Any], told: dict[str, Any]) -> None:
        self._check(f"{where}: style", real["style"] == told["style"], real, told)
        self._variables(where, real, told)
        self._value(f"{where}: image", told["image"], self._images(real))
        self._value(f"{where}: entry_script", told["entry_script"], [real["entry_script"]])
        self._folder(f"{where}: source_directory", told["source_directory"], real)
        script = real["container_entry_script"]
        if script is not None:
            self._value(
                f"{where}: container_entry_script", told["container_entry_script"], [script]
            )

    def _images(self, real: dict[str, Any]) -> list[Any]:
        return [real["image"], None] if real["image_is_default"] else [real["image"]]

    def _variables(self, where: str, real: dict[str, Any], told: dict[str, Any]) -> None:
        actual = real["variables"] or {}
        if told["open"]:
            self.unknown.append(f"{where}: which variables there are: {told['open']}")
        for name in sorted((actual.keys() | told["variables"].keys()) - {DEFAULT_VARIABLE}):
            at = f"{where}: variable {name}"
            if name not in told["variables"]:
                if not told["open"]:
                    self.wrong.append(f"{at}: missed, it is {actual[name]!r}")
            elif name in actual:
                self._value(at, told["variables"][name], [actual[name]])
            elif not told["variables"][name]["known"]:
                self.unknown.append(f"{at}: {told['variables'][name]['reason']}")
            elif not (told["open"] or self._raised):
                self.wrong.append(f"{at}: not there, told as {told['variables'][name]}")

    def _value(self, at: str, told: Told, actual: list[Any]) -> None:
        if not told["known"]:
            self.unknown.append(f"{at}: {told['reason']}")
            return
        value = told["value"]
        same = any(type(value) is type(one) and value == one for one in actual)
        self._check(at, same, actual[0], value)

    def _folder(self, at: str, told: Told, real: dict[str, Any]) -> None:
        actual = real["source_directory"]
        if not told["known"] or told["value"] is None or actual is None:
            self._value(at, told, [actual])
            return
        value = str(told["value"])
        self._check(at, self._resolved(value) == self._resolved(actual), actual, value)

    def _resolved(self, path: str) -> str:
        return os.path.realpath(os.path.join(self._root, path))

    def _check(self, at: str, same: bool, actual: object, told: object) -> None:
        if same:
            self.equal += 1
        else:
            self.wrong.append(f"{at}: is {actual!r}, told as {told!r}")
