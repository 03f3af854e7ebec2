"""The words of shells: quotes, escapes, variables and what takes the place of a value.

What Bourne shells, PowerShell and console listings have in common, with the ``<placeholders>`` that
pages put into commands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..shell_words import Chunk, Hole, Word

if TYPE_CHECKING:
    from ..document import Document
    from ..shell_words import Part

NEWLINE = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t]+")
_PLAIN = re.compile(r"[^\s\\'\"`$;&|<>()~^@{]+")
_TEMPLATE = re.compile(r"\{\{[^\r\n{}]{0,200}\}\}")
_PLAIN_IN_QUOTES = re.compile(r"[^\"\\`$]+")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w.-]*(?: [\w.-]+)*>")
_VARIABLE = re.compile(r"\$(?:(?:env:)?[A-Za-z_]\w*|[0-9@*#?$!-])", re.IGNORECASE)
_IN_BRACES = re.compile(r"\$\{((?:env:)?[A-Za-z_]\w*)\}", re.IGNORECASE)
_BRACE = re.compile(r"[\\{}]|'[^']*'|\"[^\"]*\"")
_BRACE_IN_QUOTES = re.compile(r"[\\{}]")
_PARENTHESIS = re.compile(r"[()]")


class Broken(Exception):
    """The text ends within a word or bracket, or is nested too deeply. ``start`` and ``end`` are
    what it is about, in code points from 0."""

    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start
        self.end = end


class WordScanner:
    """Reads the words of a text from the place ``at`` on, in code points from 0.

    Raises ``Broken``. ``depth`` counts the brackets of ``$(`` around a word.
    """

    def __init__(self, document: Document, *, powershell: bool) -> None:
        self.document = document
        self.text = document.text
        self.powershell = powershell
        self.escape = "`" if powershell else "\\"
        self.at = 0

    def commands(self, depth: int) -> None:
        """Read the commands behind ``$(`` and the bracket that closes it."""
        raise NotImplementedError

    # ---- between words -------------------------------------------------------------------------

    def skip_blanks(self) -> None:
        """To the next word, over continued lines."""
        text = self.text
        while self.at < len(text):
            blanks = _BLANKS.match(text, self.at)
            if blanks:
                self.at = blanks.end()
            elif (end := self._continuation()) is not None:
                self.at = end
            elif text[self.at] in "\r\n" or not text[self.at].isspace():
                return
            else:
                self.at += 1

    def _continuation(self) -> int | None:
        """Where the next line starts if an escaped line end is here; ``^`` is that of cmd.exe."""
        if self.text[self.at] not in (self.escape, "^"):
            return None
        newline = NEWLINE.match(self.text, self.at + 1)
        return newline.end() if newline else None

    def end_of_line(self) -> int:
        newline = NEWLINE.search(self.text, self.at)
        return newline.start() if newline else len(self.text)

    def at_placeholder(self) -> bool:
        return _PLACEHOLDER.match(self.text, self.at) is not None

    # ---- words ---------------------------------------------------------------------------------

    def unknown_word(self, start: int) -> Word:
        hole = Hole(None, start, self.at, quoted=False)
        return Word(self.document, start, self.at, [hole])

    def word(self, depth: int) -> Word:
        text, start = self.text, self.at
        parts: list[Part] = []
        quotes: list[tuple[int, int]] = []
        while self.at < len(text):
            at = self.at
            plain = _PLAIN.match(text, at)
            if plain:
                parts.append(Chunk(plain.group(), at, plain.end()))
                self.at = plain.end()
                continue
            character = text[at]
            if (end := self._continuation()) is not None:
                self.at = end
            elif character == self.escape:
                self._escaped(parts)
            elif character == "'":
                self._single_quoted(parts)
                quotes.append((at, self.at))
            elif character == '"':
                self._double_quoted(parts, depth)
                quotes.append((at, self.at))
            elif character == "`":
                self._backticks(parts, quoted=False)
            elif character == "$":
                self._dollar(parts, depth, quoted=False)
            elif character == "~":
                self._tilde(parts, start)
            elif character == "@":
                self._at_sign(parts)
            elif character == "(" and text[at - 1 : at] == "=" and at > start:
                self.at += 1
                self.commands(depth + 1)
                parts.append(Hole(None, at, self.at, quoted=False))
            elif (found := _TEMPLATE.match(text, at)) or (
                character == "<" and (found := _PLACEHOLDER.match(text, at))
            ):
                parts.append(Hole(None, at, found.end(), quoted=False))
                self.at = found.end()
            elif character.isspace() or character in ";&|<>()":
                break
            else:  # a brace, a ^ or a backslash that escapes nothing
                parts.append(Chunk(character, at, at + 1))
                self.at += 1
        return Word(self.document, start, self.at, parts, quotes)

    def _escaped(self, parts: list[Part]) -> None:
        at = self.at
        following = self.text[at + 1 : at + 2]
        parts.append(Chunk(following or self.escape, at, at + 1 + len(following)))
        self.at = at + 1 + len(following)

    def _single_quoted(self, parts: list[Part]) -> None:
        start = self.at
        while True:
            end = self.text.find("'", self.at + 1)
            if end < 0:
                raise Broken("a quote is not closed", start, start + 1)
            if end > self.at + 1:
                parts.append(Chunk(self.text[self.at + 1 : end], self.at + 1, end))
            self.at = end + 1
            if not (self.powershell and self.text.startswith("'", self.at)):
                return
            parts.append(Chunk("'", end, end + 2))

    def _double_quoted(self, parts: list[Part], depth: int) -> None:
        text, start = self.text, self.at
        self.at += 1
        while self.at < len(text):
            at = self.at
            plain = _PLAIN_IN_QUOTES.match(text, at)
            if plain:
                parts.append(Chunk(plain.group(), at, plain.end()))
                self.at = plain.end()
                continue
            character = text[at]
            if character == '"':
                self.at += 1
                if not (self.powershell and text.startswith('"', self.at)):
                    return
                self.at += 1
                parts.append(Chunk('"', at, self.at))
            elif character == self.escape:
                self._escaped_in_quotes(parts)
            elif character == "`":
                self._backticks(parts, quoted=True)
            elif character == "$":
                self._dollar(parts, depth, quoted=True)
            else:  # the backslash of PowerShell
                parts.append(Chunk(character, at, at + 1))
                self.at += 1
        raise Broken("a quote is not closed", start, start + 1)

    def _escaped_in_quotes(self, parts: list[Part]) -> None:
        at = self.at
        newline = NEWLINE.match(self.text, at + 1)
        if newline:
            self.at = newline.end()
        elif self.powershell or self.text[at + 1 : at + 2] in ("$", "`", '"', "\\"):
            self._escaped(parts)
        else:
            parts.append(Chunk(self.escape, at, at + 1))
            self.at += 1

    def _backticks(self, parts: list[Part], *, quoted: bool) -> None:
        """A command in backticks: what it prints is not known."""
        start = self.at
        end = self._unescaped("`", start + 1)
        if end is None:
            raise Broken("a backtick is not closed", start, start + 1)
        self.at = end + 1
        parts.append(Hole(None, start, self.at, quoted))

    def _unescaped(self, character: str, at: int) -> int | None:
        stop = re.compile(r"[\\" + character + "]")
        while found := stop.search(self.text, at):
            if found.group() == character:
                return found.start()
            at = found.end() + 1
        return None

    def _dollar(self, parts: list[Part], depth: int, *, quoted: bool) -> None:
        text, start = self.text, self.at
        name: str | None = None
        variable = _VARIABLE.match(text, start)
        braces = _IN_BRACES.match(text, start)
        if text.startswith("$((", start):
            self._skip_balanced(_PARENTHESIS, start + 1)
        elif text.startswith("$(", start):
            self.at = start + 2
            self.commands(depth + 1)
        elif braces:
            name = braces.group(1)
            self.at = braces.end()
        elif text.startswith("${", start):
            self._skip_balanced(_BRACE_IN_QUOTES if quoted else _BRACE, start + 1)
        elif variable:
            name = variable.group()[1:]
            self.at = variable.end()
        elif text.startswith("$'", start) and not quoted and not self.powershell:
            end = self._unescaped("'", start + 2)
            if end is None:
                raise Broken("a quote is not closed", start, start + 2)
            self.at = end + 1
        else:
            self.at = start + 1
            if quoted or not text.startswith('"', self.at):
                parts.append(Chunk("$", start, self.at))
            return
        parts.append(Hole(name, start, self.at, quoted))

    def _skip_balanced(self, brackets: re.Pattern[str], at: int) -> None:
        level = 0
        while found := brackets.search(self.text, at):
            at = found.end()
            character = found.group()
            if character == "\\":
                at += 1
            elif character in ("(", "{"):
                level += 1
            elif character in (")", "}"):
                level -= 1
                if level == 0:
                    self.at = at
                    return
        raise Broken("a bracket is not closed", self.at, self.at + 2)

    def _tilde(self, parts: list[Part], start: int) -> None:
        at = self.at
        self.at += 1
        if at == start or self.text[at - 1] in "=:":
            parts.append(Hole(None, at, self.at, quoted=False))
        else:
            parts.append(Chunk("~", at, self.at))

    def _at_sign(self, parts: list[Part]) -> None:
        """PowerShell's here-strings begin so; elsewhere it is a character like others."""
        at = self.at
        quote = self.text[at + 1 : at + 2]
        if self.powershell and quote in ("'", '"') and NEWLINE.match(self.text, at + 2):
            end = self.text.find(f"\n{quote}@", at)
            self.at = len(self.text) if end < 0 else end + 3
            parts.append(Hole(None, at, self.at, quoted=True))
        else:
            self.at += 1
            parts.append(Chunk("@", at, self.at))
