"""The commands of a shell script: a scanner for what Bourne shells, PowerShell and console
listings have in common, without running any of it.

Commands inside ``$(...)`` count as commands, too. Loops and conditions are not followed: each
command says whether it certainly runs, once and in this shell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Place
from ..shell_words import Chunk, Hole, Word
from ..values import Unknown

if TYPE_CHECKING:
    from ..document import Document
    from ..shell_words import Part

_DEEPEST = 50
_MOST_TRIES = 20

_BLANKS = re.compile(r"[ \t]+")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r"[^\s\\'\"`$;&|<>()~^@{]+")
_TEMPLATE = re.compile(r"\{\{[^\r\n{}]{0,200}\}\}")
_PLAIN_IN_QUOTES = re.compile(r"[^\"\\`$]+")
_OPERATOR = re.compile(r"&>>?|;;&|;;|;&|;|&&|\|\||\|&|\||&")
_REDIRECTION = re.compile(r"<<<|<<-?|<&|<>|<|>>|>\||>&|>")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w.-]*(?: [\w.-]+)*>")
_VARIABLE = re.compile(r"\$(?:(?:env:)?[A-Za-z_]\w*|[0-9@*#?$!-])", re.IGNORECASE)
_IN_BRACES = re.compile(r"\$\{((?:env:)?[A-Za-z_]\w*)\}", re.IGNORECASE)
_BRACE = re.compile(r"[\\{}]|'[^']*'|\"[^\"]*\"")
_BRACE_IN_QUOTES = re.compile(r"[\\{}]")
_PARENTHESIS = re.compile(r"[()]")
_DIGITS = re.compile(r"[0-9]+")
_POWERSHELL = re.compile(r"^\s*\$env:\w+\s*=|(?<=\s)`[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)

_OPENING = frozenset({"if", "while", "until", "for", "case", "select", "{", "foreach", "function"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_BETWEEN = frozenset({"then", "else", "elif", "do", "!", "time"})
_WITH_HEAD = frozenset({"for", "case", "select", "foreach", "function"})
_NOWHERE = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr", "nul", "$null"})


class Command(NamedTuple):
    """A simple command: its words without redirections and without the words of the grammar.

    ``certain`` tells that it runs whenever the script does; ``chain`` numbers the commands that
    are joined by ``&&``, where each runs if the one before did well. ``writes`` tells that its
    output goes into a file. ``loop`` is the variable that a loop around it counts with. ``shells``
    numbers the shells inside others that it runs in, from the outside; ``steady`` tells that it
    runs whenever the innermost of them does.
    """

    words: tuple[Word, ...]
    certain: bool
    chain: int
    writes: bool = False
    loop: Word | None = None
    shells: tuple[int, ...] = ()
    steady: bool = False


class Script(NamedTuple):
    """The commands of a text, in the order in which they end, and where reading had to stop."""

    commands: tuple[Command, ...]
    powershell: bool
    trouble: tuple[Unknown, ...] = ()


class _Broken(Exception):
    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start
        self.end = end


def commands(document: Document) -> Script:
    """The commands of a document; never raises for what is in it."""
    powershell = document.path.lower().endswith(".ps1") if _is_file(document) else False
    if not _is_file(document):
        powershell = _POWERSHELL.search(document.text) is not None
    return _Scanner(document, powershell=powershell).run()


def _is_file(document: Document) -> bool:
    """Whether the text is a script by its name; else it is what somebody would type."""
    from ..forms import SHELL, form_of

    return not isinstance(document, Embedded) or form_of(document.path) is SHELL


class _Open:
    """A command that is being read."""

    __slots__ = ("words", "writes")

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.writes = False


class _Scanner:
    def __init__(self, document: Document, *, powershell: bool) -> None:
        self.document = document
        self.text = document.text
        self.powershell = powershell
        self.escape = "`" if powershell else "\\"
        self.at = 0
        self.found: list[Command] = []
        self.blocks = 0
        self.chain = 0
        self.shells: list[int] = []
        self.last_shell = 0

    def run(self) -> Script:
        trouble: list[Unknown] = []
        while self.at < len(self.text):
            try:
                self._commands(0)
            except _Broken as problem:
                place = Place(self.document, (problem.start, problem.end))
                if _is_file(self.document):
                    trouble.append(Unknown(problem.reason, place))
                    break
                self.shells.clear()
                # Listings show what programs say as well: go on with the next line.
                if problem.reason is _TOO_DEEP:
                    break
                line, _ = self.document.position(problem.start)
                if len(trouble) == _MOST_TRIES or line >= len(self.document.line_starts):
                    break
                self.at = self.document.line_starts[line]
                trouble.append(Unknown(problem.reason, place))
        return Script(
            tuple(self.found), self.powershell, tuple(trouble) if _is_file(self.document) else ()
        )

    # ---- commands ------------------------------------------------------------------------------

    def _commands(self, depth: int) -> None:
        """Read commands to the end, or to the bracket that closes ``$(``."""
        if depth > _DEEPEST:
            raise _Broken(_TOO_DEEP, self.at, self.at)
        text, open_, brackets, joined = self.text, _Open(), 0, ""
        chain = self.chain
        if depth:
            self._enter_shell()
        documents: list[tuple[str, bool]] = []

        def finish(operator: str) -> None:
            nonlocal open_, joined, chain
            if joined != "&&":
                self.chain += 1
                chain = self.chain
            perhaps = joined in ("||", "|", "&&") or operator in ("|", "|&")
            self._finish(open_, chain, inside=depth > 0 or brackets > 0, perhaps=perhaps)
            open_ = _Open()
            joined = operator.rstrip("&") if operator == "|&" else operator

        while self.at < len(text):
            self._skip_blanks()
            if self.at >= len(text):
                break
            character = text[self.at]
            if character in "\r\n":
                newline = _NEWLINE.match(text, self.at)
                assert newline is not None
                self.at = newline.end()
                if open_.words or open_.writes:
                    finish("")
                for delimiter, tabs in documents:
                    self._skip_document(delimiter, tabs)
                documents.clear()
            elif character == "#":
                self.at = self._end_of_line()
            elif self.powershell and text.startswith("<#", self.at):
                end = text.find("#>", self.at)
                self.at = len(text) if end < 0 else end + 2
            elif character in "&|;" and not text.startswith("&>", self.at):
                operator = _OPERATOR.match(text, self.at)
                assert operator is not None
                self.at = operator.end()
                finish(operator.group())
            elif character == "(":
                finish("")
                self._enter_shell()
                brackets += 1
                self.at += 1
            elif character == ")":
                finish("")
                self.at += 1
                if brackets or depth:
                    self.shells.pop()
                if brackets == 0 and depth:
                    return
                brackets = max(brackets - 1, 0)
            elif character in "<>&" and not self._at_placeholder():
                self._redirect(open_, documents, depth)
            elif not self._is_file_number():
                open_.words.append(self._word(depth))
        finish("")
        if depth:
            raise _Broken("a bracket is not closed", len(text), len(text))

    def _enter_shell(self) -> None:
        self.last_shell += 1
        self.shells.append(self.last_shell)

    def _finish(self, open_: _Open, chain: int, *, inside: bool, perhaps: bool) -> None:
        """``inside`` tells that brackets are open, ``perhaps`` that another command decides."""
        words = open_.words
        loop = None
        index = 0
        while index < len(words):
            text = words[index].source
            if text in _OPENING:
                self.blocks += 1
            elif text in _CLOSING:
                self.blocks = max(self.blocks - 1, 0)
            elif text not in _BETWEEN:
                break
            index += 1
            if text in _WITH_HEAD:
                loop = words[index] if index < len(words) else None
                index = len(words)
        rest = tuple(words[index:])
        if rest or loop:
            steady = not (perhaps or self.blocks)
            shells = () if self.powershell else tuple(self.shells)  # its brackets hold nothing back
            self.found.append(
                Command(
                    rest, steady and not inside, chain, open_.writes, loop, shells,
                    steady and not (inside and self.powershell),
                )
            )  # fmt: skip

    def _skip_blanks(self) -> None:
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
        newline = _NEWLINE.match(self.text, self.at + 1)
        return newline.end() if newline else None

    def _end_of_line(self) -> int:
        newline = _NEWLINE.search(self.text, self.at)
        return newline.start() if newline else len(self.text)

    # ---- redirections --------------------------------------------------------------------------

    def _at_placeholder(self) -> bool:
        return _PLACEHOLDER.match(self.text, self.at) is not None

    def _is_file_number(self) -> bool:
        """Skip the number in ``2>file``."""
        digits = _DIGITS.match(self.text, self.at)
        if digits and self.text[digits.end() : digits.end() + 1] in ("<", ">"):
            self.at = digits.end()
            return True
        return False

    def _redirect(self, open_: _Open, documents: list[tuple[str, bool]], depth: int) -> None:
        start = self.at
        if self.text.startswith("&", self.at):
            self.at += 1
        operator = _REDIRECTION.match(self.text, self.at)
        assert operator is not None
        self.at = operator.end()
        if self.text.startswith("(", self.at):  # a process as a file
            self.at += 1
            self._commands(depth + 1)
            open_.words.append(self._hole_word(start))
            return
        self._skip_blanks()
        if self.at >= len(self.text) or self.text[self.at] in "\r\n;|<>()&":
            return
        target = self._word(depth)
        value = target.text if target.text is not None else target.source
        kind = operator.group()
        if kind in ("<<", "<<-"):
            documents.append((value, kind == "<<-"))
        elif ">" in kind and value.lower() not in _NOWHERE and not value.isdecimal():
            open_.writes = value != "-"

    def _hole_word(self, start: int) -> Word:
        hole = Hole(None, start, self.at, quoted=False)
        return Word(self.document, start, self.at, [hole])

    def _skip_document(self, delimiter: str, tabs: bool) -> None:
        """Go behind the line that ends a here-document."""
        text = self.text
        while self.at < len(text):
            end = self._end_of_line()
            line = text[self.at : end]
            newline = _NEWLINE.match(text, end)
            self.at = newline.end() if newline else end
            if (line.lstrip("\t") if tabs else line) == delimiter:
                return

    # ---- words ---------------------------------------------------------------------------------

    def _word(self, depth: int) -> Word:
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
                self._commands(depth + 1)
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
                raise _Broken("a quote is not closed", start, start + 1)
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
        raise _Broken("a quote is not closed", start, start + 1)

    def _escaped_in_quotes(self, parts: list[Part]) -> None:
        at = self.at
        newline = _NEWLINE.match(self.text, at + 1)
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
            raise _Broken("a backtick is not closed", start, start + 1)
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
            self._commands(depth + 1)
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
                raise _Broken("a quote is not closed", start, start + 2)
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
        raise _Broken("a bracket is not closed", self.at, self.at + 2)

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
        if self.powershell and quote in ("'", '"') and _NEWLINE.match(self.text, at + 2):
            end = self.text.find(f"\n{quote}@", at)
            self.at = len(self.text) if end < 0 else end + 3
            parts.append(Hole(None, at, self.at, quoted=True))
        else:
            self.at += 1
            parts.append(Chunk("@", at, self.at))


_TOO_DEEP = "its commands are nested too deeply"
