"""The splitting of an option string into words, every character with its place.

The result is that of ``shlex.split`` in POSIX mode without comments, which pip uses; ``shlex``
itself does not say where a word stood.
"""

from __future__ import annotations

from typing import NamedTuple

_BLANKS = " \t\r\n"


class Word(NamedTuple):
    """A word without its quotes; ``at`` holds for each character its index in the input.

    ``start`` and ``end`` take in quotes and backslashes.
    """

    text: str
    at: tuple[int, ...]
    start: int
    end: int

    def cut(self, start: int) -> Word:
        """The word from its character ``start`` on."""
        begin = self.at[start] if start < len(self.at) else self.end
        return Word(self.text[start:], self.at[start:], begin, self.end)


class UnbalancedWordsError(ValueError):
    """A quote is not closed, or nothing follows a backslash. ``index`` is where that begins."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.index = index


def split_words(text: str) -> list[Word]:
    """The words of ``text``. ``UnbalancedWordsError`` is raised where ``shlex`` raises an error."""
    words = []
    index = 0
    while index < len(text):
        if text[index] in _BLANKS:
            index += 1
            continue
        word = _one_word(text, index)
        words.append(word)
        index = word.end
    return words


def _one_word(text: str, start: int) -> Word:
    characters: list[str] = []
    at: list[int] = []
    index = start
    while index < len(text) and text[index] not in _BLANKS:
        character = text[index]
        if character == "\\":
            index += 1
            if index == len(text):
                raise UnbalancedWordsError("nothing follows the backslash", index - 1)
            characters.append(text[index])
            at.append(index)
        elif character in "'\"":
            index = _quoted(text, index, characters, at)
        else:
            characters.append(character)
            at.append(index)
        index += 1
    return Word("".join(characters), tuple(at), start, index)


def _quoted(text: str, opening: int, characters: list[str], at: list[int]) -> int:
    """Take in a quoted stretch; returns the index of the closing quote."""
    quote = text[opening]
    index = opening + 1
    while index < len(text) and text[index] != quote:
        # Within double quotes a backslash counts before a quote or a backslash only.
        if quote == '"' and text[index] == "\\" and text[index + 1 : index + 2] in ('"', "\\"):
            index += 1
        characters.append(text[index])
        at.append(index)
        index += 1
    if index == len(text):
        raise UnbalancedWordsError(f"the quote {quote} is not closed", opening)
    return index
