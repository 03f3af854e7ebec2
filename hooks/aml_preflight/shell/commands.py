"""The commands of a shell script: a scanner for what Bourne shells, PowerShell and console
listings have in common, without running any of it.

Commands inside ``$(...)`` count as commands, too. Loops and conditions are not followed: each
command says whether it certainly runs, once and in this shell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Language, Place
from ..values import Unknown
from .word_scanner import NEWLINE, Broken, WordScanner

if TYPE_CHECKING:
    from ..document import Document
    from ..shell_words import Word

_DEEPEST = 50
_MOST_TRIES = 20
_TOO_DEEP = "its commands are nested too deeply"

_OPERATOR = re.compile(r"&>>?|;;&|;;|;&|;|&&|\|\||\|&|\||&")
_REDIRECTION = re.compile(r"<<<|<<-?|<&|<>|<|>>|>\||>&|>")
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


class HereDocument(NamedTuple):
    """A text for a command, or for the file that the command writes.

    ``lines`` are the spans of its lines with their ends, without tabs that do not count. ``file``
    is the word for the file if there is one, ``words`` are those of the command. ``expands`` tells
    that variables in it are filled in.
    """

    lines: tuple[tuple[int, int], ...]
    file: Word | None
    words: tuple[Word, ...]
    expands: bool


class Script(NamedTuple):
    """The commands of a text, in the order in which they end, its here-documents, and where reading
    had to stop."""

    commands: tuple[Command, ...]
    powershell: bool
    trouble: tuple[Unknown, ...] = ()
    documents: tuple[HereDocument, ...] = ()


def commands(document: Document) -> Script:
    """The commands of a document; never raises for what is in it."""
    return _Scanner(document, powershell=_is_powershell(document)).run()


def _is_powershell(document: Document) -> bool:
    if document.language is Language.POWERSHELL:
        return True
    if _is_file(document):
        return document.path.lower().endswith(".ps1")
    return _POWERSHELL.search(document.text) is not None


def _is_file(document: Document) -> bool:
    """Whether the text is a script by its name; else it is what somebody would type."""
    from ..forms import SHELL, form_of

    return not isinstance(document, Embedded) or form_of(document.path) is SHELL


class _Level:
    """The commands of a text, or those in a ``$(...)``, while they are read: the command that is
    open, the brackets around it, and what joins it to the one before."""

    def __init__(self, depth: int, chain: int) -> None:
        self.depth = depth
        self.chain = chain
        self.brackets = 0
        self.joined = ""
        self.words: list[Word] = []
        self.writes = False
        self.documents: list[tuple[Word, bool]] = []
        """The here-documents that begin with the next line: what ends each, and whether tabs in
        front of its lines do not count."""
        self.file: Word | None = None
        """The last file of the line that something is written to."""

    @property
    def inside(self) -> bool:
        return self.depth > 0 or self.brackets > 0


class _Scanner(WordScanner):
    def __init__(self, document: Document, *, powershell: bool) -> None:
        super().__init__(document, powershell=powershell)
        self.found: list[Command] = []
        self.documents: list[HereDocument] = []
        self.blocks = 0
        self.chain = 0
        self.shells: list[int] = []
        self.last_shell = 0

    def run(self) -> Script:
        trouble: list[Unknown] = []
        while self.at < len(self.text):
            try:
                self.commands(0)
            except Broken as problem:
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
            tuple(self.found),
            self.powershell,
            tuple(trouble) if _is_file(self.document) else (),
            tuple(self.documents),
        )

    # ---- commands ------------------------------------------------------------------------------

    def commands(self, depth: int) -> None:
        """Read commands to the end, or to the bracket that closes ``$(``."""
        if depth > _DEEPEST:
            raise Broken(_TOO_DEEP, self.at, self.at)
        level = _Level(depth, self.chain)
        if depth:
            self._enter_shell()
        while self._at_something():
            character = self.text[self.at]
            if character in "\r\n":
                self._line_end(level)
            elif character in "&|;" and not self.text.startswith("&>", self.at):
                self._operator(level)
            elif character == "(":
                self._finish(level)
                self._enter_shell()
                level.brackets += 1
                self.at += 1
            elif character == ")":
                self._finish(level)
                self.at += 1
                if level.inside:
                    self.shells.pop()
                if depth and not level.brackets:
                    return
                level.brackets = max(level.brackets - 1, 0)
            elif character in "<>&" and not self.at_placeholder():
                self._redirect(level)
            elif not self._is_file_number():
                level.words.append(self.word(depth))
        self._finish(level)
        if depth:
            raise Broken("a bracket is not closed", len(self.text), len(self.text))

    def _at_something(self) -> bool:
        """Skip blanks and comments; returns whether there is more."""
        while self.at < len(self.text):
            self.skip_blanks()
            if self.text.startswith("#", self.at):
                self.at = self.end_of_line()
            elif self.powershell and self.text.startswith("<#", self.at):
                end = self.text.find("#>", self.at)
                self.at = len(self.text) if end < 0 else end + 2
            else:
                break
        return self.at < len(self.text)

    def _line_end(self, level: _Level) -> None:
        newline = NEWLINE.match(self.text, self.at)
        assert newline is not None
        self.at = newline.end()
        if level.words or level.writes:
            self._finish(level)
        words = self.found[-1].words if self.found else ()
        file = level.file
        if file is None and len(words) > 1 and words[0].text == "tee":
            file = words[-1]
        for delimiter, tabs in level.documents:
            lines = self._document(delimiter.text or delimiter.source, tabs=tabs)
            expands = delimiter.text == delimiter.source
            self.documents.append(HereDocument(lines, file, words, expands))
        level.documents.clear()
        level.file = None

    def _operator(self, level: _Level) -> None:
        operator = _OPERATOR.match(self.text, self.at)
        assert operator is not None
        self.at = operator.end()
        self._finish(level, operator.group())

    def _enter_shell(self) -> None:
        self.last_shell += 1
        self.shells.append(self.last_shell)

    def _finish(self, level: _Level, operator: str = "") -> None:
        """End the open command, which ``operator`` joins to the next."""
        if level.joined != "&&":
            self.chain += 1
            level.chain = self.chain
        # Another command decides whether it runs, or it runs in a shell of its own.
        perhaps = level.joined in ("||", "|", "&&") or operator in ("|", "|&")
        rest, loop = self._without_grammar(level.words)
        if rest or loop:
            steady = not (perhaps or self.blocks)
            shells = () if self.powershell else tuple(self.shells)  # its brackets hold nothing back
            self.found.append(
                Command(
                    rest, steady and not level.inside, level.chain, level.writes, loop, shells,
                    steady and not (level.inside and self.powershell),
                )
            )  # fmt: skip
        level.words, level.writes = [], False
        level.joined = operator.rstrip("&") if operator == "|&" else operator

    def _without_grammar(self, words: list[Word]) -> tuple[tuple[Word, ...], Word | None]:
        """The words without those of the grammar in front, and the variable of a loop."""
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
        return tuple(words[index:]), loop

    # ---- redirections --------------------------------------------------------------------------

    def _is_file_number(self) -> bool:
        """Skip the number in ``2>file``."""
        digits = _DIGITS.match(self.text, self.at)
        if digits and self.text[digits.end() : digits.end() + 1] in ("<", ">"):
            self.at = digits.end()
            return True
        return False

    def _redirect(self, level: _Level) -> None:
        start = self.at
        if self.text.startswith("&", self.at):
            self.at += 1
        operator = _REDIRECTION.match(self.text, self.at)
        assert operator is not None
        self.at = operator.end()
        if self.text.startswith("(", self.at):  # a process as a file
            self.at += 1
            self.commands(level.depth + 1)
            level.words.append(self.unknown_word(start))
            return
        self.skip_blanks()
        if self.at >= len(self.text) or self.text[self.at] in "\r\n;|<>()&":
            return
        target = self.word(level.depth)
        value = target.text if target.text is not None else target.source
        kind = operator.group()
        if kind in ("<<", "<<-"):
            level.documents.append((target, kind == "<<-"))
        elif ">" in kind and value.lower() not in _NOWHERE and not value.isdecimal():
            level.writes = value != "-"
            level.file = target

    def _document(self, delimiter: str, *, tabs: bool) -> tuple[tuple[int, int], ...]:
        """Go behind the line that ends a here-document; returns the spans of its lines."""
        text = self.text
        lines = []
        while self.at < len(text):
            start, end = self.at, self.end_of_line()
            newline = NEWLINE.match(text, end)
            self.at = newline.end() if newline else end
            while tabs and text.startswith("\t", start):
                start += 1
            if text[start:end] == delimiter:
                break
            lines.append((start, self.at))
        return tuple(lines)
