"""What the rules on requirements files say in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..requirements.credentials import hidden

if TYPE_CHECKING:
    from ..requirements.records import Requirement

EXIT = "the container would exit with code 95"
AS_WHEEL = (
    "build a wheel of it into a folder beside this file, and write a line "
    '"--find-links <folder>" and a line "<name>==<version>"'
)
_LONGEST_QUOTE = 60


def quoted(text: str) -> str:
    """A piece of the file as a message may show it, on one line."""
    text = hidden(" ".join(text.replace("\\\n", " ").replace("\\\r\n", " ").split()))
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 3] + "..."
    return f"'{text}'" if '"' in text else f'"{text}"'


def named(requirement: Requirement) -> str:
    """The package as the author calls it."""
    if requirement.name is not None:
        return requirement.name.text
    url = requirement.url.text if requirement.url is not None else requirement.text
    return quoted(url)
