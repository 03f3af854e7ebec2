"""What a script knows of its variables, as far as that is certain without running it.

A name has a value where it is assigned exactly once, by a command that certainly runs before, to
text that is known itself. Nothing is known of names that something else may set.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..shell_words import Chunk, Hole
from ..values import Known, Unknown
from .commands import commands
from .folders import CHANGED, CHANGING_FOLDER, Folder, Folders
from .steps import Assignment, Invocation

if TYPE_CHECKING:
    from ..document import Document, Place
    from ..facts import Text
    from ..shell_words import Word
    from .commands import Command

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)(\+?)=")
_NAME = re.compile(r"[A-Za-z_]\w*")
_MENTIONED = re.compile(r"\$\{?[#!]?(?:env:)?([A-Za-z_]\w*)", re.IGNORECASE)
_READ_IN_POWERSHELL = re.compile(
    r"\$\{?(?:env:)?([A-Za-z_]\w*)\b(?!\}?[ \t]*=(?!=))", re.IGNORECASE
)
_FILLED_IN = re.compile(r"\{[^{}]*\}|%\w+%|<[A-Za-z][\w .-]*>")
_LONGEST = 10_000

_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})
_SETTING_OTHERS = frozenset(
    {"read", "unset", "getopts", "mapfile", "readarray", "let", "printf", "for"}
)
_RUNNING_OTHERS = frozenset({"source", ".", "eval"})
_PREFIXES = frozenset({"sudo", "env", "exec", "command", "nohup", "builtin", "winpty", "&"})
_PREFIX_OPTIONS_WITH_VALUE = frozenset({"-u", "-g", "-C", "-S", "--user", "--group", "--chdir"})
_CURRENT_FOLDER = frozenset(
    {"$pwd", "${pwd}", "$(pwd)", "`pwd`", "%cd%", "$(get-location)", "$pwd.path", "$(pwd -p)"}
)
_CHANGES_NO_FILES = frozenset(
    {"docker", "podman", "nvidia-docker", "az", "echo", "printf", "export", "set", "unset", "sleep",
     "exit", "return", "kill", "read", "test", "[", "[[", ":", "true", "false", "local", "declare",
     "readonly", "typeset", "shift", "wait", "trap", "date", "cat", "ls", "grep", "jq", "head",
     "tail", "wc", "basename", "dirname", "pwd", "seq", "uname", "conda", "pip", "curl", "setx",
     "write-host", "start-sleep", "get-location", *CHANGING_FOLDER}
)  # fmt: skip
_SAVES = re.compile(r"(?:^|\s)(?:-[a-zA-Z]*[oO]|--output\S*|--remote-name\S*|download\S*|cp)(?=\s)")


class _Value(NamedTuple):
    text: str
    literal: Place | None
    assignment: Assignment


class Reading:
    """A script that has been read: its programs, its assignments, and what words mean in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        script = commands(document)
        self.trouble = script.trouble
        self.documents = script.documents
        self.powershell = script.powershell
        self.invocations: list[Invocation] = []
        self.assignments: list[Assignment] = []
        self._spoiled: set[str] = set()
        self._barriers: list[int] = []
        self._all_exported = False
        for command in script.commands:
            self._take(command)
        mention = _READ_IN_POWERSHELL if self.powershell else _MENTIONED
        self.mentioned = {match.group(1) for match in mention.finditer(document.text)}
        self._barriers.sort()
        self._times = Counter(
            each.name.value for each in self.assignments if each.value is not None
        )
        self._values: dict[str, _Value] = {}
        self._exported = {each.name.value for each in self.assignments if each.exported}
        self._fold()

    # ---- what there is -------------------------------------------------------------------------

    def _take(self, command: Command) -> None:
        if command.loop is not None:
            self._spoiled.add(command.loop.source.lstrip("$("))
        words = list(command.words)
        if self.powershell and self._take_powershell(command, words):
            return
        given: list[Assignment] = []
        while words and (assignment := self._assignment(words[0], command)):
            given.append(assignment)
            words.pop(0)
        if not words:
            self.assignments += given
            return
        while words and (words[0].text or "") in _PREFIXES:
            prefix = words.pop(0).text
            while words and (words[0].leading.startswith("-") or prefix == "env"):
                option = self._assignment(words[0], command)
                if option is not None:
                    given.append(option)
                elif not words[0].leading.startswith("-"):
                    break
                taken = words.pop(0).text
                if taken in _PREFIX_OPTIONS_WITH_VALUE and words:
                    words.pop(0)
        program = (words[0].text or "").lower() if words else ""
        if program in _DECLARING:
            self._declare(command, words)
        elif program in ("set", "setx"):
            self._set(command, words)
        elif program in _SETTING_OTHERS:
            self._spoiled.update(word.source for word in words[1:])
        elif program in _RUNNING_OTHERS:
            self._barriers.append(words[0].start)
        if words:
            self.invocations.append(Invocation(command, tuple(words), tuple(given)))

    def _assignment(
        self, word: Word, command: Command, *, exported: bool = False
    ) -> Assignment | None:
        found = _ASSIGNED.match(word.leading)
        # A shell takes a quoted word for a program; where a program gets it, it may be quoted.
        if found is None or not (exported or word.source.startswith(found.group())):
            return None
        if found.group(2):
            self._spoiled.add(found.group(1))
        name = word.partition("=")
        assert name is not None
        return Assignment(Known(found.group(1), name[0].characters), name[1], command, exported)

    def _declare(self, command: Command, words: list[Word]) -> None:
        options = [word.source for word in words[1:] if word.leading.startswith("-")]
        program = words[0].text
        exported = program == "export" or any("x" in each for each in options)
        for word in words[1:]:
            assignment = self._assignment(word, command, exported=True)
            if assignment is not None:
                self.assignments.append(assignment._replace(exported=exported))
            elif exported and (name := word.text) and _NAME.fullmatch(name):
                self.assignments.append(
                    Assignment(Known(name, word.characters), None, command, exported=True)
                )

    def _set(self, command: Command, words: list[Word]) -> None:
        """``set NAME=value`` of cmd.exe, ``setx NAME value``; ``set -a`` of the others."""
        flags = [word.text for word in words[1:3]]
        if flags[:1] == ["-a"] or flags == ["-o", "allexport"]:
            self._all_exported = True
            return
        if (words[0].text or "").lower() == "setx":
            if len(words) >= 3 and _NAME.fullmatch(words[1].text or ""):
                name = Known(words[1].text or "", words[1].characters)
                self.assignments.append(Assignment(name, words[2], command, exported=False))
            return
        for word in words[1:2]:
            assignment = self._assignment(word, command, exported=True)
            if assignment is not None:
                value = assignment.value if len(words) == 2 else None
                self.assignments.append(assignment._replace(value=value))

    def _take_powershell(self, command: Command, words: list[Word]) -> bool:
        """``$env:NAME = value`` and ``$name = value``."""
        if not words or not words[0].parts or not isinstance(words[0].parts[0], Hole):
            return False
        hole = words[0].parts[0]
        full = hole.name
        if full is None or hole.quoted:
            return False
        behind = words[0].partition("=")
        rest = words[1:]
        if behind is not None and len(words[0].parts) > 1 and not behind[0].leading:
            value: Word | None = behind[1] if behind[1].parts or behind[1].quotes else None
            if value is None and rest:
                value, rest = rest[0], rest[1:]
        elif len(words) > 1 and words[1].text == "=":
            value, rest = (words[2], words[3:]) if len(words) > 2 else (None, [])
        else:
            self._spoiled.add(full.removeprefix("env:"))  # += and others
            return False
        exported = full.lower().startswith("env:")
        name = full[4:] if exported else full
        start = hole.end - len(name) - (self.document.text[hole.end - 1] == "}")
        place = words[0].place.part(start - words[0].start, start - words[0].start + len(name))
        one = value if not rest else None
        self.assignments.append(Assignment(Known(name, place), one, command, exported))
        return True

    # ---- what is known -------------------------------------------------------------------------

    def _fold(self) -> None:
        """Work out the values of the names that are assigned once, in order."""
        for assignment in self.assignments:
            name = assignment.name.value
            if assignment.value is None or name in self._spoiled or self._times[name] > 1:
                continue
            value = self.text_of(assignment.value, assignment.command)
            if isinstance(value, Known) and len(value.value) <= _LONGEST:
                self._values[name] = _Value(value.value, value.literal, assignment)

    def _value_of(self, name: str, command: Command, at: int) -> _Value | None:
        """The value that a variable has in a command at an offset."""
        found = self._values.get(name.removeprefix("env:"))
        if found is None:
            return None
        return found if self._reaches(found.assignment, command, at) else None

    def _reaches(self, assignment: Assignment, command: Command, at: int) -> bool:
        """Whether an assignment, the only one of its name, certainly holds in a command at an
        offset."""
        name, made = assignment.name.value, assignment.command
        if assignment.value is None or name in self._spoiled or not self._is_only_one(name):
            return False
        end = assignment.value.end
        before = end <= at and (made.certain or made.chain == command.chain)
        return before and bisect_left(self._barriers, end) == bisect_right(self._barriers, at)

    def _is_only_one(self, name: str) -> bool:
        return self._times[name] == 1

    def text_of(self, word: Word, command: Command) -> Text:
        """The value of a word of a command."""
        literal = word.literal(self._escape, inside=self.powershell)
        text = word.text
        if text is not None:
            place = literal or word.place
            if _FILLED_IN.search(text):
                return Unknown("filled in before the command runs", place)
            return Known(text, place, literal)
        texts: list[str] = []
        sources: list[Place | None] = []
        length = 0
        for part in word.parts:
            if length > _LONGEST:
                break
            if isinstance(part, Chunk):
                texts.append(part.text)
                length += len(part.text)
                continue
            value = self._value_of(part.name, command, part.start) if part.name else None
            if value is None or (not part.quoted and len(value.text.split()) != 1):
                what = self.document.text[part.start : part.end]
                return Unknown(_reason(what), word.place)
            texts.append(value.text)
            length += len(value.text)
            sources.append(value.literal)
        text = "".join(texts)
        if length > _LONGEST or _FILLED_IN.search(text):
            return Unknown("filled in before the command runs", word.place)
        alone = len(word.parts) == 1
        return Known(text, word.place, sources[0] if alone else None, shared=True)

    def from_environment(
        self, name: str, place: Place, invocation: Invocation
    ) -> Known[str] | Unknown:
        """What a program finds in its environment under a name."""
        for assignment in reversed(invocation.given):
            if assignment.name.value == name and assignment.value is not None:
                value = self.text_of(assignment.value, invocation.command)
                return value if isinstance(value, Unknown) else _used_at(value, place)
        held = self._value_of(name, invocation.command, place.start)
        if held is not None and (self._all_exported or name in self._exported):
            return Known(held.text, place, held.literal, shared=True)
        return Unknown("taken from the environment that the command runs in", place)

    def _escape(self, text: str, quote: str) -> str:
        """A text between quotes."""
        if quote == "'":
            return text.replace("'", "''" if self.powershell else "'\\''")
        return re.sub(r'(["$`])' if self.powershell else r'(["\\$`])', self._escaped, text)

    def _escaped(self, match: re.Match[str]) -> str:
        return ("`" if self.powershell else "\\") + match.group()

    # ---- folders and files ---------------------------------------------------------------------

    @cached_property
    def folders(self) -> Folders:
        """The folders that the script's commands run in."""
        return Folders(self.invocations, self.assignments, self.text_of, self._reaches)

    def runs_in_own_folder(self, invocation: Invocation) -> bool | Unknown:
        """Whether a command runs in the folder of the script, or else where the script was started;
        unknown if it runs elsewhere."""
        first = invocation.words[0]
        folder = self.folders.at(invocation.command, first.start)
        if isinstance(folder, Folder):
            return Unknown(CHANGED, first.place) if folder.path else folder.own
        return folder

    def local_path(self, word: Word, command: Command) -> Text:
        """A path of this computer as a path from the current folder; ``word`` is what ``docker``
        gets for it."""
        rest, start = word, ""
        first = word.parts[0] if word.parts else None
        if isinstance(first, Hole):
            source = self.document.text[first.start : first.end].lower()
            if source not in _CURRENT_FOLDER:
                return Unknown(_reason(source), word.place)
            parts = word.parts[1:]
            rest = type(word)(word.document, first.end, word.end, parts, ())
            start = "."
        elif word.leading.lower().startswith("%cd%"):
            rest, start = word.without(4), "."
        value = self.text_of(rest, command) if rest.parts else Known("", word.place)
        if isinstance(value, Unknown):
            return value
        path = (start + value.value).replace("\\", "/") if start else value.value
        parts_of_path = path.split("/")
        if parts_of_path[0] not in (".", ".."):
            return Unknown("no path of the project", word.place)
        return Known(posixpath.normpath(path), word.place)

    def may_write_files(self) -> Unknown | None:
        """The first command that may put files into the project."""
        return self._writing

    @cached_property
    def _writing(self) -> Unknown | None:
        for each in self.invocations:
            program = _program(each)
            if program.lower() in _CHANGES_NO_FILES and not each.command.writes:
                arguments = "".join(f" {word.source}" for word in each.words[1:]) + " "
                if program not in ("curl", "docker", "podman", "az", "pip", "conda"):
                    continue
                if not _SAVES.search(arguments) or _runs_container(each):
                    continue
            return Unknown("the script may write files", each.words[0].place)
        return None


def _program(invocation: Invocation) -> str:
    return invocation.words[0].text or ""


def _runs_container(invocation: Invocation) -> bool:
    words = [word.text for word in invocation.words[1:3]]
    return "run" in words or "create" in words or "build" in words


def _used_at(value: Known[str], place: Place) -> Known[str]:
    return Known(value.value, place, value.literal, shared=value.shared)


def _reason(source: str) -> str:
    if len(source) > 40:
        source = source[:40] + "..."
    return f"put together when the script runs, from {source}"


def bare(word: Word) -> bool:
    """Whether a word may become several words or none."""
    if not word.parts or not isinstance(word.parts[0], Hole):
        return False
    hole = word.parts[0]
    several = word.source.strip('"').endswith(("@}", "$@", "*}"))
    return len(word.parts) == 1 and (not hole.quoted or several)
