"""The magic at the head of a cell, which may make it something else than code of the kernel."""

from __future__ import annotations

import re
from typing import NamedTuple

_FIRST_LINE = re.compile(
    r"\s*(?:%%(?P<name>!|[\w.]+)|%(?P<switch>python|sh|md)(?=\s|$))"
    r"(?P<rest>[^\r\n]*)(?:\r\n|\r|\n|\Z)"
)
"""What is ``%%sh`` elsewhere, is ``%sh`` for Databricks."""

_TRANSPARENT = frozenset(
    {"capture", "debug", "heat", "lprun", "memit", "mprun", "prun", "pyspark", "python", "scalene",
     "snakeviz", "time", "timeit"}
)  # fmt: skip
"""The kernel runs what stands below them. ``%%python`` is another: that runs apart."""


class Head(NamedTuple):
    """How a cell begins. ``name`` is that of its magic with the ``rest`` of that line, ``""`` for
    code of the kernel. ``at`` is the offset of the magic, ``start`` that of what stands below."""

    name: str
    rest: str
    at: int
    start: int


def head(text: str) -> Head:
    """The first magic of a cell below which the kernel does not run what stands there."""
    at = 0
    while (magic := _FIRST_LINE.match(text, at)) is not None:
        name = magic["name"] or magic["switch"]
        if name not in _TRANSPARENT or magic["name"] == "python":
            return Head(name, magic["rest"].strip(), at, magic.end())
        at = magic.end()
    return Head("", "", at, at)
