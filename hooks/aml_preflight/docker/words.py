"""The words of an instruction: quotes, escapes and variables as BuildKit reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..shell_words import Chunk, Hole, Word

if TYPE_CHECKING:
    from ..shell_words import Part
    from .instructions import Instruction

_PLAIN = re.compile(r"[^\s\\`'\"$]+")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}|[0-9@*#?$!-])")
_BRACE = re.compile(r"[{}]")


class Unclosed(Exception):
    """A quote or bracket has no end; the text says which."""


def words(instruction: Instruction, escape: str, start: int = 0) -> list[Word]:
    """The words from an index of the instruction's text on. Raises ``Unclosed``."""
    text, at, found = instruction.text, start, []
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word, at = _word(instruction, escape, at, whole=False)
        found.append(word)
    return found


def whole(instruction: Instruction, escape: str, start: int) -> Word:
    """All from an index on as one word, blanks too, as in ``ENV name some text``."""
    return _word(instruction, escape, start, whole=True)[0]


def _word(instruction: Instruction, escape: str, start: int, *, whole: bool) -> tuple[Word, int]:
    text = instruction.text
    end = len(text.rstrip())
    parts: list[Part] = []
    quotes: list[tuple[int, int]] = []
    at, quote, opened = start, "", 0

    def chunk(value: str, first: int, last: int) -> None:
        parts.append(Chunk(value, instruction.offset(first), instruction.end(last)))

    while at < end:
        character = text[at]
        plain = _PLAIN.match(text, at, end)
        if plain:
            chunk(plain.group(), at, plain.end())
            at = plain.end()
        elif character == quote:
            quotes.append((instruction.offset(opened), instruction.end(at + 1)))
            quote = ""
            at += 1
        elif quote == "'":
            chunk(character, at, at + 1)
            at += 1
        elif not quote and character in "'\"":
            quote, opened = character, at
            at += 1
        elif character == escape:
            following = text[at + 1 : at + 2] if at + 1 < end else ""
            if not following and not quote:
                at += 1
            elif not following or (quote and following not in ('"', "$", escape)):
                chunk(character, at, at + 1)
                at += 1
            else:
                chunk(following, at, at + 2)
                at += 2
        elif character == "$":
            at = _dollar(instruction, at, end, parts)
        elif character.isspace() and not quote and not whole:
            break
        else:
            chunk(character, at, at + 1)
            at += 1
    if quote:
        raise Unclosed("a quote is not closed")
    first = instruction.offset(start) if start < len(text) else instruction.end(start)
    last = instruction.end(at) if at > start else first
    return Word(instruction.document, first, last, parts, quotes), at


def _dollar(instruction: Instruction, at: int, end: int, parts: list[Part]) -> int:
    """Take an expansion, or a dollar sign that is none. Returns the index behind it."""
    text = instruction.text
    found = _VARIABLE.match(text, at, end)
    name = (found.group(1) or found.group(2)) if found else None
    behind = found.end() if found else at + 1
    if found is None and text.startswith("${", at):
        behind = _closing(text, at + 1, end)
    elif found is None:
        parts.append(Chunk("$", instruction.offset(at), instruction.end(behind)))
        return behind
    # A word is never divided at a hole in Dockerfiles, so all count as quoted.
    parts.append(Hole(name, instruction.offset(at), instruction.end(behind), quoted=True))
    return behind


def _closing(text: str, at: int, end: int) -> int:
    level = 0
    for found in _BRACE.finditer(text, at, end):
        level += 1 if found.group() == "{" else -1
        if level == 0:
            return found.end()
    raise Unclosed("a bracket is not closed")
