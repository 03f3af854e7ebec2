"""How a file or folder may come to be, as far as the text of a script says so.

A script is looked at line by line, and no further than some words: it names the file, and has a
word for what makes files. Nothing here tells what a script does for certain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from . import variables as names
from .excerpts import AROUND, lines_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    Words = re.Pattern[str] | None

_MAKES = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rename|rsync|install\ -[dDm]|mkdir|makedirs|touch|tee|wget|curl
    |unzip|tar|clone|checkout|freeze|lock|compile|export|download\w*|extract\w*|venv|virtualenv|write\w*|save
    |dump|render|envsubst|Copy-Item|Move-Item|New-Item|Out-File|artifact\w*)\b
    | \s>>?\s* | \s-(?:t|o)\s | --(?:target|output|prefix) | \bopen\([^\n]*["'][wax]""",
    re.VERBOSE,
)
"""In a line that names a file, a word that says how it may come to be."""

_FILLS = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rename|rsync|mkdir|makedirs|wget|curl|unzip|tar|clone|checkout
    |download\w*|extract\w*|venv|virtualenv|conda|Copy-Item|Move-Item|New-Item|artifact\w*)\b
    | \s-(?:t|d|C)\s | --(?:target|output-dir|prefix|directory)""",
    re.VERBOSE,
)
"""In a line that names a folder, a word that says how things may come into it."""

POURS = re.compile(
    r"""\b(?:rsync|unzip|clone|copytree|copy_tree|extractall|unpack_archive|download\w*|artifact\w*)\b
    | \btar\b[^\n]{0,300}\s-C | \b(?:cp|mv|copy|move|Copy-Item|Move-Item)\b
      (?:[^\n]{0,300}\s(?:-\w*[aRr]\b|--recursive\b|-Recurse\b)|[^\n]{0,300}\*|[^\n]{0,300}/\.(?=\s))""",
    re.VERBOSE,
)
"""In a line that names the folder around what is missing, how things of any name come into it."""

_REWRITES = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rsync|cat|sed|yq|jq|envsubst|render\w*|j2|jinja2?|gomplate|ytt
    |helm|kustomize|replace\w*|get_template|Copy-Item|Move-Item|Get-Content)\b""",
    re.VERBOSE,
)
"""In a line that names a file of settings, a word that says that another may be made of it."""

_LOADS = re.compile(r"\bload_online_deployment\b|\bsafe_load\b|\bopen\(")
_NAMES_YAML = re.compile(r"[\w-]\.ya?ml\b")
_CHANGES = re.compile(
    r"\bparams_override\b|\.(?:code_configuration\.\w+|environment_variables(?:\[[^\]\n]*\])?)\s*=[^=]"
    r"|\.environment_variables\.\w+\(|\[\\?[\"'](?:code_configuration|environment_variables)\\?[\"']\]"
)
"""In a program that loads a file of settings, what says that it deploys something else then."""

_STEP = re.compile(r"^[ \t]*-[ \t]", re.MULTILINE)
_BRINGS = re.compile(
    r"""\buses:(?!\ *["']?(?:actions/(?:checkout|setup-|upload-)|[aA]zure/))
    | \btask:\ *["']?(?:Copy|Extract|Download|Universal) | \bdownload
    | \brepository: | \bcheckout:""",
    re.VERBOSE,
)
"""In a step of a pipeline that names a file, what says that the step may bring it."""

_KEY_OF_CACHE = re.compile(r"hashFiles\(|cache-dependency-path:|\bkeys?:")
"""Before a name on its line: the file is read there."""

_BRINGS_ANY = re.compile(
    r"""\buses:\ *["']?[\w./-]*(?:download|restore|cache)
    | \btask:\ *["']?(?:Copy|Extract|Download|Universal) | ^\s*-\ download:""",
    re.VERBOSE | re.MULTILINE,
)
"""In one that names the folder around what is missing, what says that files of any name come into
it."""

_WRITTEN = re.compile(
    r"%%(?:writefile|file)[ \t]+(?:(?:-a|--append)[ \t]+)?(?P<path>(?:[^\r\n\\]|\\(?!n))+)"
)
"""In a cell, as it stands in the file of a notebook."""

_NAME_AT_END = re.compile(r"(?:^|[^\w.-])(?P<name>[\w-][\w.-]*\.\w+)\W*$")
_BOUND_BEFORE = re.compile(
    r"(?<![\w.$])(?P<name>[A-Za-z_]\w*)[ \t]*:?=[ \t]*"
    r"(?:[^\n\\=()]|\\(?!n)|\)|\b(?:Path|abspath|getcwd|join|str)\()*\Z"
)
"""What gives a name to what stands right behind it, in a script or in the JSON of a notebook."""

_AROUND_NAME = 120
_MOST_ROUNDS = 3


class Mention:
    """The names by which a text may mention what is missing.

    ``files`` are names of the file itself, ``folder`` is one of a folder that its path gives. A
    folder counts as a mention only with words that fill one: nearly every line that has to do with
    a project names one of its folders. ``around`` is the folder that it would be in, which the path
    does not give: into that any file may come, or none. ``written`` is the name of a file that
    would bring the folder along.
    """

    def __init__(self, *files: str, folder: str = "", around: str = "", written: str = "") -> None:
        self.names = tuple(each for each in (*files, folder, around, written) if each)
        self.file = _words(*files)
        self.folder = _words(folder)
        self.around = _words(around)
        self._folder = folder
        self._written = written

    def is_in(self, text: str) -> bool:
        """Whether one of the names may be there: far quicker than to look for a whole word."""
        return any(name in text for name in self.names)

    def names_it(self, text: str) -> bool:
        """Whether a text names the file, or a folder of its path."""
        return self.is_in(text) and (self.names_file(text) or self.names_folder(text))

    def names_file(self, text: str) -> bool:
        """Whether a text names the file itself, or, where a folder is missing, that."""
        words = self.file or self.folder
        return words is not None and words.search(text) is not None

    def names_folder(self, text: str) -> bool:
        """Whether a text names a folder of its path."""
        return self.folder is not None and self.folder.search(text) is not None

    def names_around(self, text: str) -> bool:
        """Whether a text names the folder that the file would be in."""
        return self.around is not None and self.around.search(text) is not None

    def makes(self, text: str) -> bool:
        """Whether a line of a script names the file, or a folder of it, and may make it."""
        if not self.is_in(text):
            return False
        pairs = ((self.file, _MAKES), (self.folder, _FILLS), (self.around, POURS))
        return self._is_written(text) or any(
            line_does(text, words, does) or line_does(text, _names_for(text, words), does)
            for words, does in pairs
            if words is not None and does.search(text)
        )

    def _is_written(self, text: str) -> bool:
        """Whether a cell of a notebook writes a file that brings the folder along, or may."""
        if not self._written or "%%" not in text:
            return False
        return any(self._brings(found["path"]) for found in _WRITTEN.finditer(text))

    def _brings(self, path: str) -> bool:
        """Whether a path, with names in it that are filled in, is that of the file."""
        is_certain = "$" not in path and "{" not in path
        name = _NAME_AT_END.search(path)
        if name is None or name["name"] != self._written:
            return name is None and not is_certain
        return not is_certain or self._folder in path[: name.start("name")].split("/")


def _words(*files: str) -> Words:
    words = "|".join(re.escape(each) for each in files if each)
    return re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])") if words else None


def _names_for(text: str, words: Words) -> Words:
    """The names that a script gives to these words, or to what it puts together from them."""
    every: set[str] = set()
    known = words
    for _ in range(_MOST_ROUNDS):
        found = set(_bound_to(text, known)) - every
        if not found:
            break
        every |= found
        known = _any_of(found)
    return _any_of(every) if every else None


def _any_of(found: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(found))})(?!\w)")


def _bound_to(text: str, words: Words) -> Iterator[str]:
    for found in words.finditer(text) if words is not None else ():
        first = max(0, found.start() - _AROUND_NAME)
        bound = _BOUND_BEFORE.search(text, first, found.start())
        if bound is not None and names.PREFIX not in bound.group():
            yield bound["name"]


def rewrites(text: str, settings: Mention) -> bool:
    """Whether a line of a script makes another file of a file of settings."""
    return line_does(text, settings.file, _REWRITES)


def changes(program: str, settings: Mention) -> bool:
    """Whether a program loads a file of settings and deploys something else then: one that it
    names, or any, where it names none."""
    if _LOADS.search(program) is None or _CHANGES.search(program) is None:
        return False
    if settings.names_it(program):
        return True
    return "load_online_deployment" in program and _NAMES_YAML.search(program) is None


def line_does(text: str, words: Words, does: re.Pattern[str]) -> bool:
    """Whether a line of a script has these words, and another one that says what it does."""
    for start, end in lines_with(text, words):
        line = text[start:end]
        if names.PREFIX not in line and line.lstrip()[:1] != "#" and does.search(line):
            return True
    return False


def step_brings(text: str, mention: Mention) -> bool:
    """Whether a step of a pipeline, an item of a list, names the file, or a folder, and may bring
    it."""
    if not mention.is_in(text):
        return False
    starts = [each.start() for each in _STEP.finditer(text)]
    pairs = ((mention.file, _BRINGS), (mention.folder, _BRINGS), (mention.around, _BRINGS_ANY))
    for words, brings in pairs:
        behind = 0
        for found in words.finditer(text) if words is not None else ():
            if found.end() <= behind:
                continue
            index = bisect_right(starts, found.start())
            first = starts[index - 1] if index else 0
            last = starts[index] if index < len(starts) else len(text)
            first, last = max(first, found.start() - AROUND), min(last, found.end() + AROUND)
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if not _KEY_OF_CACHE.search(line) and brings.search(text, first, last):
                return True
            behind = min(last, found.end() + AROUND // 2)
    return False
