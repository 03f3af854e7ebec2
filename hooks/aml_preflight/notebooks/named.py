"""Whether code may make a file that it names, itself or through names of its own.

A program knows a path under the names that it binds to it: ``folder = "src"``, then
``!cp score.py $folder``, or ``copy_code(folder)`` of a module that is not seen here. Code is taken
line by line; what runs when, and whether it runs at all, does not matter.
"""

from __future__ import annotations

import re
from functools import cached_property
from keyword import iskeyword
from typing import TYPE_CHECKING

from .. import variables
from .commands import lines, without_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..making import Mention

_NAME = r"[^\W\d]\w*"
_BOUND = re.compile(
    rf"""\s*(?:
      (?:export\s+|%(?:set_)?env\s+)?
      (?P<names>{_NAME}(?:\s*,\s*{_NAME})*)\s*(?::[^=\n]*)?=(?!=)(?P<value>.*)
    | os\.environ\[["'](?P<variable>\w+)["']\]\s*=(?!=)(?P<text>.*)
    | for\s+(?P<item>{_NAME}(?:\s*,\s*{_NAME})*)\s+in\s(?P<items>.*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_DEFINED = re.compile(
    rf"\s*(?:async\s+)?def\s+(?P<name>{_NAME})\s*\((?P<parameters>.*)\)", re.DOTALL
)
_PARAMETER = re.compile(rf"(?:^|,)\s*\**(?P<name>{_NAME})")
_NO_STATEMENT = re.compile(r"\s*(?:(?:async\s+)?def|class|from|import|assert|del|raise)\b")
_FIELD = re.compile(r"\$\{?\w+|\{[^{}\r\n]*\}|%\w+%")
_CALL = re.compile(rf"(?P<name>{_NAME}(?:\.{_NAME})*)\s*\(")
_OPENS_TO_WRITE = re.compile(r"""\bopen\(.{0,500}["'][rbt+]*[wax][bt+]*["']""", re.DOTALL)
_COPIES_ONE = re.compile(r"""\b(?:copy\w*|move)\(\s*[rf]?["'][^"'*]*\.\w+["']\s*,""")
_OTHER_FILE = re.compile(
    r"""\bjoin\([^()]*["'][^"'()]*\.\w+["']\s*\)
    | [\w\])"']\s*[+/]\s*[rf]{0,2}["'][^"']*\.\w+["']
    | [rf]{0,2}["'][^"'\n]*[/\\][^"'/\n]*\.\w+["']""",
    re.VERBOSE,
)
"""A path that ends in the name of a file."""

_LONGEST = 10_000
"""Longer lines are not looked at closely: of what they name, anything may be made."""


_GIVE_PATHS = frozenset(
    {"Path", "PosixPath", "PurePath", "PurePosixPath", "abspath", "absolute", "as_posix", "cwd",
     "dirname", "expanduser", "expandvars", "format", "fspath", "getcwd", "join", "joinpath",
     "list", "lower", "lstrip", "normpath", "realpath", "relpath", "replace", "resolve", "rstrip",
     "sorted", "str", "strip", "tuple", "with_name", "with_suffix"}
)  # fmt: skip
"""What they return stands for the path that they are given."""

_TAKE_ONLY = _GIVE_PATHS | frozenset(
    {
        "HTML", "Markdown", "add", "add_conda_package", "add_pip_package", "all", "any",
        "append", "archive", "basename", "begin_create", "begin_create_or_update", "bool",
        "chdir", "clone", "command", "count", "create_or_update", "critical", "debug",
        "deploy", "display", "endswith", "enumerate", "error", "exception", "exists",
        "extend", "file_uri", "from_conda_specification", "from_docker_build_context",
        "from_docker_image", "from_dockerfile", "from_existing_conda_environment",
        "from_pip_requirements", "get", "getenv", "getmtime", "getsize", "glob", "help",
        "iglob", "index", "info", "insert", "int", "is_absolute", "is_dir", "is_file",
        "isabs", "isdir", "isfile", "isinstance", "items", "iterdir", "keys", "len",
        "listdir", "load", "load_environment", "load_from_directory",
        "load_online_deployment", "loads", "log", "open", "package", "pformat", "pop",
        "pprint", "print", "profile", "range", "read", "read_bytes", "read_csv",
        "read_json", "read_text", "readlines", "register", "relative_to", "remove", "repr",
        "rglob", "rmdir", "rmtree", "rsplit", "safe_load", "scandir", "set", "setdefault",
        "split", "splitext", "startswith", "stat", "submit", "type", "unlink", "update",
        "upload", "upload_directory", "upload_file", "upload_files", "upload_folder",
        "values", "walk", "warn", "warning", "zip",
    }
)  # fmt: skip
"""They make no file at a path that they are given."""

_TAKE_ONLY_WITH = re.compile(
    r"(?:assert|delete|describe|has|is|list|log|print|register|remove|show|upload)_"
)
_MAKE_FOLDERS = frozenset({"makedirs", "mkdir"})


class Named:
    """What a ``Mention`` mentions, with the names that some texts have for it.

    ``texts`` are pairs of a text and the offset from which it counts.
    """

    def __init__(self, mention: Mention, texts: Iterable[tuple[str, int]]) -> None:
        self.mention = mention
        self._texts = tuple(texts)

    # ---- what a line names ---------------------------------------------------------------------

    def in_command(self, said: str) -> bool:
        """Whether a command, or a text with names that are filled in, names the file, or a folder
        that its path gives."""
        return self.mention.names_it(said) or _fills_in(said, self._names | self._names_of_folder)

    def around_in_command(self, said: str) -> bool:
        """Whether it names the folder that the file would be in."""
        return self.mention.names_around(said) or _fills_in(said, self._names_around)

    def _in_code(self, code: str) -> bool:
        """Whether Python names the file, or a folder of its path and no other file in it."""
        if self.mention.names_file(code) or _uses(code, self._names):
            return True
        code = _OTHER_FILE.sub(" ", code)
        return self.mention.names_folder(code) or _uses(code, self._names_of_folder)

    def _around_in_code(self, code: str) -> bool:
        code = _OTHER_FILE.sub(" ", code)
        return self.mention.names_around(code) or _uses(code, self._names_around)

    @cached_property
    def _names(self) -> frozenset[str]:
        return self._standing_for(self.mention.names_file)

    @cached_property
    def _names_of_folder(self) -> frozenset[str]:
        return self._standing_for(self.mention.names_folder)

    @cached_property
    def _names_around(self) -> frozenset[str]:
        return self._standing_for(self.mention.names_around)

    @cached_property
    def _statements(self) -> tuple[str, ...]:
        return tuple(
            without_comments(text[line.start : line.end])
            for text, start in self._texts
            for line in lines(text, start)
        )

    @cached_property
    def _defined(self) -> dict[str, str]:
        """The functions of the program, with their parameters."""
        found = (_DEFINED.match(each) for each in self._statements if "def" in each)
        return {each["name"]: each["parameters"] for each in found if each is not None}

    def _standing_for(self, is_named: Callable[[str], bool]) -> frozenset[str]:
        """The names that are bound to it, directly or through others."""
        users: dict[str, list[str]] = {}
        waiting = []
        for name, value in self._bound:
            if is_named(value):
                waiting.append(name)
            for used in re.findall(_NAME, value):
                users.setdefault(used, []).append(name)
        names: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting += users.get(name, ())
        return frozenset(names)

    @cached_property
    def _bound(self) -> list[tuple[str, str]]:
        return [
            pair
            for each in self._statements
            if variables.PREFIX not in each and len(each) < _LONGEST
            for pair in self._bindings(each)
        ]

    def _bindings(self, statement: str) -> Iterator[tuple[str, str]]:
        """Names that a statement binds to something that may be a path, with what that is."""
        bound = _BOUND.match(statement)
        if bound is not None:
            value = bound["value"] or bound["text"] or bound["items"] or ""
            if all(_last(each) in _GIVE_PATHS for each in _calls(value)):
                for name in re.findall(_NAME, bound["names"] or bound["variable"] or bound["item"]):
                    yield name, value
        for call in _CALL.finditer(statement):
            parameters = self._defined.get(_last(call["name"]))
            if parameters is not None and not _DEFINED.match(statement):
                for each in _PARAMETER.finditer(parameters):
                    yield each["name"], statement[call.end() :]

    # ---- what a line does ----------------------------------------------------------------------

    def statement_makes(self, code: str) -> bool:
        """Whether a line of Python may make it: by handing it to a function that may."""
        code = without_comments(code)
        if variables.PREFIX in code or _NO_STATEMENT.match(code):
            return False
        if len(code) > _LONGEST:
            return self.mention.is_in(code)
        if self._in_code(code):
            return _OPENS_TO_WRITE.search(code) is not None or any(
                self._may_make(name) for name in _calls(code)
            )
        if not self._around_in_code(code) or _COPIES_ONE.search(code):
            return False
        return any(self._may_make(name, but_folders=True) for name in _calls(code))

    def _may_make(self, name: str, *, but_folders: bool = False) -> bool:
        """Whether a function may make files. What one of the program does is seen in it."""
        last = _last(name)
        if name in ("os.replace", "os.remove"):
            return name == "os.replace"
        if last in _TAKE_ONLY or last in self._defined or (but_folders and last in _MAKE_FOLDERS):
            return False
        return not last[:1].isupper() and _TAKE_ONLY_WITH.match(last) is None


def _calls(code: str) -> list[str]:
    """What is called in some code, as it is spelled."""
    return [each["name"] for each in _CALL.finditer(code) if not iskeyword(each["name"])]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _uses(code: str, names: frozenset[str]) -> bool:
    return bool(names) and not names.isdisjoint(re.findall(_NAME, code))


def _fills_in(said: str, names: frozenset[str]) -> bool:
    """Whether one of some names is in a field, such as ``$name`` or ``{name + '/lib'}``."""
    return bool(names) and any(_uses(each, names) for each in _FIELD.findall(said))
