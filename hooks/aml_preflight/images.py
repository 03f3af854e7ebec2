"""The prebuilt inference images, and whether their start script installs packages.

``images.csv`` lists them: name below ``mcr.microsoft.com/azureml/``, Python, feature, start script.
Sources: Microsoft's lists of prebuilt images from 2021 to 2025 and the published Dockerfiles; as of
2026-11. An image that is not listed is unknown, never wrong.
"""

from __future__ import annotations

import os
from enum import Enum
from typing import NamedTuple

from .boot import StartScript

REGISTRY = "mcr.microsoft.com/azureml/"


class Feature(Enum):
    """Whether the variables work on an image."""

    AVAILABLE = "available"
    REMOVED = "removed"
    """The image once had the start-up block; its Dockerfile now deletes it."""
    NEVER = "never"
    UNVERIFIED = "unverified"
    """The image is current, and its build is not public."""
    UNKNOWN = "unknown"


class Image(NamedTuple):
    """An image: ``python`` is such as ``3.8``, empty if not known."""

    name: str
    python: str
    feature: Feature
    start_script: StartScript
    preset_entry: bool = False
    """It sets its own app root and entry script, so relative paths may lead into the image."""


_UNKNOWN = Image("", "", Feature.UNKNOWN, StartScript.STANDARD)
_TRAINING = Image("", "", Feature.NEVER, StartScript.NONE)
_catalogue: dict[str, Image] = {}


def find(reference: str | None) -> Image:
    """The image that a reference such as ``mcr.microsoft.com/azureml/name:tag`` names."""
    if reference is None:
        return _UNKNOWN
    name = reference.strip().split("@")[0]
    if not name.startswith(REGISTRY):
        return _UNKNOWN
    name = name[len(REGISTRY) :].split(":")[0]
    if name.startswith(("openmpi", "intelmpi")):
        return _TRAINING._replace(name=name)
    return _load().get(name, _UNKNOWN._replace(name=name))


def _load() -> dict[str, Image]:
    if not _catalogue:
        path = os.path.join(os.path.dirname(__file__), "images.csv")
        with open(path, encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                name, python, feature, script, _ = line.rstrip("\n").split(",")
                preset = script == "preset"
                start = StartScript.STANDARD if preset else StartScript(script)
                _catalogue[name] = Image(name, python, Feature(feature), start, preset)
    return _catalogue
