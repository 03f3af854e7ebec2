"""What the commands of a script do: they set variables and run programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..shell_words import Word
    from ..values import Known
    from .commands import Command


class Assignment(NamedTuple):
    """``NAME=value`` somewhere in a script; ``value`` is ``None`` for more than a word."""

    name: Known[str]
    value: Word | None
    command: Command
    exported: bool


class Invocation(NamedTuple):
    """A command that runs a program, without what stands before the program's name.

    ``given`` are the variables that are set for this command alone.
    """

    command: Command
    words: tuple[Word, ...]
    given: tuple[Assignment, ...]
