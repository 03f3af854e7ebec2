"""Which folder of the project a command of a script runs in, as far as that shows in the script.

A script starts in the folder in which somebody runs it, goes to others, and may keep its own folder
in a variable. What it does inside brackets or ``$(...)`` leaves the rest of it where it is.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from ..shell_words import Hole
from ..values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..facts import Text
    from ..shell_words import Word
    from .commands import Command
    from .steps import Assignment, Invocation

_INTO = frozenset({"cd", "chdir", "set-location", "pushd", "push-location"})
_PUSHING = frozenset({"pushd", "push-location"})
_BACK = frozenset({"popd", "pop-location"})
CHANGING_FOLDER = _INTO | _BACK

_THIS_SCRIPT = r"""["']?\$(?:\{?0\}?|\{?BASH_SOURCE(?:\[0\])?\}?)["']?"""
_LINKS_FOLLOWED = rf"""["']?\$\(\s*(?:readlink\ -f|realpath)\s+(?:--\s+)?{_THIS_SCRIPT}\s*\)["']?"""
_IN_ITS_FOLDER = rf"""
    \$\(\s*dirname\s+(?:--\s+)?(?:{_THIS_SCRIPT}|{_LINKS_FOLLOWED})\s*\)
    | `dirname\s+(?:--\s+)?{_THIS_SCRIPT}` | \$\{{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}}"""
_OWN_FOLDER = re.compile(rf"{_IN_ITS_FOLDER} | \$PSScriptRoot | %~dp0", re.X | re.I)
_OWN_FOLDER_PRINTED = re.compile(
    rf"""\$\(\s*cd\s+(?:-P\s+)?(?:--\s+)?["']?(?:{_IN_ITS_FOLDER})(?P<path>/[\w./-]*)?["']?\s*
    (?:1?>\s*/dev/null\s*|&>\s*/dev/null\s*|2>&1\s*)*(?:&&|;)\s*pwd(?:\s+-P)?\s*\)""",
    re.X | re.I,
)
_CURRENT_FOLDER = re.compile(
    r"\$\{?PWD\}?|\$\(\s*pwd(?:\s+-P)?\s*\)|`pwd`|\$\(Get-Location\)|%cd%", re.IGNORECASE
)
_PROJECT = re.compile(
    r"""(?:\$\(|`)\s*git\s+rev-parse\s+--show-toplevel\s*(?:\)|`)
    | \$\{\{\s*github\.workspace\s*\}\}
    | \$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)
    | \$\{?(?:env:)?(?:GITHUB_WORKSPACE|BUILD_SOURCESDIRECTORY|SYSTEM_DEFAULTWORKINGDIRECTORY
      |CI_PROJECT_DIR|BITBUCKET_CLONE_DIR)\}?""",
    re.X | re.I,
)
"""What stands for the root of the project, in scripts and in those of CI services."""

CHANGED = "the script changes the folder"


class Folder(NamedTuple):
    """A folder: ``path`` from that of the script if it is its ``own``, else from the one in which
    somebody runs it."""

    own: bool
    path: str = ""

    def below(self, path: str) -> Folder:
        joined = posixpath.normpath(posixpath.join(self.path, path))
        return Folder(self.own, "" if joined == "." else joined)


_START = Folder(own=False)


class Folders:
    """Where the commands of a script run. ``text_of`` gives the value of a word of a command;
    ``reaches`` tells whether an assignment, the only one of its name, certainly holds in a command
    at an offset."""

    def __init__(
        self,
        invocations: list[Invocation],
        assignments: list[Assignment],
        text_of: Callable[[Word, Command], Text],
        reaches: Callable[[Assignment, Command, int], bool],
    ) -> None:
        self._changes = sorted(
            (each for each in invocations if _program(each) in CHANGING_FOLDER),
            key=lambda each: each.words[0].start,
        )
        self._text_of = text_of
        self._reaches = reaches
        self._kept: dict[str, tuple[Folder, Assignment]] = {}
        """The folders that are kept in variables, by the variable's name."""
        for assignment in assignments:
            self._keep(assignment)

    def at(self, command: Command, offset: int) -> Folder | Unknown:
        """The folder in which a command at an offset runs."""
        now: Folder | Unknown = _START
        before: list[Folder | Unknown] = []
        for change in self._changes:
            made, word = change.command, change.words[0]
            if word.start >= offset:
                break
            if made.shells != command.shells[: len(made.shells)]:
                continue
            if not made.steady and made.chain != command.chain:
                now = Unknown(CHANGED, word.place)
            elif _program(change) in _BACK:
                now = before.pop() if before else Unknown(CHANGED, word.place)
            else:
                if _program(change) in _PUSHING:
                    before.append(now)
                now = self._after(change, now)
        return now

    def path(self, word: Word, command: Command) -> tuple[Known[str], bool] | Unknown:
        """The path that a word of a command is, and whether it starts at the script's folder."""
        text = self._text_of(word, command)
        if isinstance(text, Known) and posixpath.isabs(text.value):
            return text, False
        found = self._leads_to(word, command, self.at(command, word.start))
        if isinstance(found, Unknown):
            return found
        return Known(found.path or ".", word.place), found.own

    def _after(self, change: Invocation, now: Folder | Unknown) -> Folder | Unknown:
        """The folder that a command goes to."""
        words = [word for word in change.words[1:] if word.leading[:1] != "-"]
        if len(words) != 1 or "-" in (word.text for word in change.words):
            return Unknown(CHANGED, change.words[0].place)
        found = self._leads_to(words[0], change.command, now)
        return Unknown(CHANGED, change.words[0].place) if isinstance(found, Unknown) else found

    def _leads_to(self, word: Word, command: Command, now: Folder | Unknown) -> Folder | Unknown:
        """What a path leads to from a folder."""
        base, rest = self._base(word, command, now)
        if base is None:
            base = now
        if isinstance(base, Unknown):
            return base
        value = self._text_of(rest, command) if rest.parts else Known("", word.place)
        if isinstance(value, Unknown):
            return value
        path = value.value.replace("\\", "/")
        if rest is not word:
            path = path.lstrip("/")
        elif path[:1] in ("/", "~") or path[1:2] == ":":
            return Unknown("no path of the project", word.place)
        return base.below(path)

    def _base(
        self, word: Word, command: Command, now: Folder | Unknown
    ) -> tuple[Folder | Unknown | None, Word]:
        """The folder that a word names at its beginning, and the rest of the word."""
        for name, base in (("%~dp0", Folder(own=True)), ("%cd%", now)):
            if word.leading.lower().startswith(name):
                return base, word.without(len(name))
        hole = word.parts[0] if word.parts else None
        if not isinstance(hole, Hole):
            return None, word
        rest = type(word)(word.document, hole.end, word.end, word.parts[1:], ())
        if rest.parts and rest.leading[:1] not in ("/", "\\"):
            return None, word
        source = word.document.text[hole.start : hole.end]
        if _CURRENT_FOLDER.fullmatch(source):
            return now, rest
        if _PROJECT.fullmatch(source):
            return _START, rest
        own = self._own_folder(source, now)
        kept = self._kept.get(hole.name.removeprefix("env:")) if hole.name is not None else None
        if own is None and kept is not None and self._reaches(kept[1], command, hole.start):
            own = kept[0]
        return (own, rest) if own is not None else (None, word)

    def _own_folder(self, source: str, now: Folder | Unknown) -> Folder | None:
        """The folder that an expansion stands for, if that is the script's own, or one from there.
        By the script's name it is found only where the script was started."""
        if source.lower() == "$psscriptroot":
            return Folder(own=True)
        if now != _START:
            return None
        if _OWN_FOLDER.fullmatch(source):
            return Folder(own=True)
        printed = _OWN_FOLDER_PRINTED.fullmatch(source)
        if printed is None:
            return None
        return Folder(own=True).below((printed["path"] or "").lstrip("/"))

    def _keep(self, assignment: Assignment) -> None:
        word, command = assignment.value, assignment.command
        if word is None:
            return
        base, rest = self._base(word, command, self.at(command, word.start))
        value = self._text_of(rest, command) if rest.parts else Known("", word.place)
        if isinstance(base, Folder) and isinstance(value, Known):
            folder = base.below(value.value.lstrip("/"))
            self._kept[assignment.name.value] = folder, assignment


def _program(invocation: Invocation) -> str:
    return (invocation.words[0].text or "").lower()
