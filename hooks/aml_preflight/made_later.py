"""Whether what is missing here may be there when the deployment is made.

Nothing is claimed of a file that does not exist where something may make it: git is told to ignore
it, the deploying program itself writes files and mentions this one, or, as a file of settings
writes nothing, a script of the project does.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from . import variables as names
from .boot import Kind
from .document import Embedded, Language
from .project_files import entries
from .workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .document import Document
    from .notebooks.cells import Cell
    from .values import Known

_WRITES = re.compile(
    r"""\b(?:shutil|subprocess)\b | \bos\.(?:system|rename|replace)\b | \.(?:write|save|rename)
    | \bopen\([^\n]*["'][wax] | \b(?:download|extract|urlretrieve) | ^\s*! | ^%%""",
    re.VERBOSE | re.MULTILINE,
)
_WRITES_NOTHING = re.compile(
    r"\s*[!%]\s*(?:az|cat|conda|docker|echo|env|head|ls|pip3?|set_env|tail|tree)\b[^>|;&]*"
)
_MAKES = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rename|rsync|install\ -[dDm]|mkdir|makedirs|touch|tee|wget|curl
    |unzip|tar|clone|checkout|freeze|lock|compile|export|download\w*|extract\w*|venv|virtualenv|write\w*|save
    |dump|render|envsubst|Copy-Item|Move-Item|New-Item|Out-File|artifact\w*)\b
    | \s>>?\s* | \s-(?:t|o)\s | --(?:target|output|prefix) | \bopen\([^\n]*["'][wax]""",
    re.VERBOSE,
)
"""In a line that names a file, a word that says how it may come to be."""

_SCRIPTS = (
    ".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".yml", ".yaml", ".py", ".ipynb", ".mk",
    ".toml",
)  # fmt: skip
_SCRIPT_NAMES = ("makefile", "jenkinsfile", "justfile", "dockerfile")
_MOST_SCRIPTS = 500
_MOST_CHARACTERS = 300_000
_PROGRAMS = (Language.PYTHON, Language.SHELL)


def may_be_made(deployment: Deployment, value: Known[object], *mentioned: str) -> bool:
    """Whether something that the project shows may write one of the files or folders mentioned,
    which ``value`` gives the path of."""
    words = "|".join(re.escape(each) for each in mentioned if each)
    if not words:
        return False
    mention = re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])")
    if any(_program_writes(value, document, mention) for document in _around(value.place.document)):
        return True
    if any(_command_makes(cell, mention) for cell in _cells_around(value)):
        return True
    if value.place.document.language in _PROGRAMS and value.place.document.path.endswith(".py"):
        return False
    own = value.place.origin.document
    notebook = own.path if own.language is Language.NOTEBOOK else None
    return any(_line_makes(text, mention) for text in _scripts(deployment, notebook))


def _around(document: Document) -> Iterator[Document]:
    """A text, and those that it is written in."""
    while True:
        yield document
        if not isinstance(document, Embedded):
            return
        document = document.pieces[0].source


def _cells_around(value: Known[object]) -> Iterator[Cell]:
    """The code cells of the notebook that a path is given in, but for files that it is known to
    write: what those are, and where, is in the workspace."""
    shown = value.place.shown.document
    if isinstance(shown, Embedded) and shown.cell is not None:
        from .notebooks.cells import Cell

        for cell in shown.others if isinstance(shown, Cell) else ():
            if not cell.writes:
                yield cell


def _command_makes(cell: Cell, mention: re.Pattern[str]) -> bool:
    """Whether a magic or command of a cell names the file, and may make it: most may."""
    for number in range(1, len(cell.line_starts) + 1):
        line = cell.line(number)
        is_command = cell.text.lstrip()[:2] == "%%" or line.lstrip()[:1] in ("!", "%")
        if is_command and mention.search(line) and not _WRITES_NOTHING.fullmatch(line):
            return True
    return False


def _program_writes(value: Known[object], document: Document, mention: re.Pattern[str]) -> bool:
    """Whether a text writes files, and mentions the file in another line than that of the path."""
    if document.language in (Language.NOTEBOOK, Language.MARKDOWN):
        return document.language is Language.MARKDOWN and _line_makes(document.text, mention)
    if not _WRITES.search(document.text):
        return False
    place = value.place.within(document)
    own = document.position(place.start)[0] if place is not None else 0
    for number in range(1, len(document.line_starts) + 1):
        line = document.line(number)
        if number == own or names.PREFIX in line or line.lstrip().startswith("#"):
            continue
        if mention.search(line):
            return True
    return False


def _line_makes(text: str, mention: re.Pattern[str]) -> bool:
    """Whether a line of a script names the file and does something that makes files."""
    for found in mention.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        line = text[start : len(text) if end < 0 else end]
        if len(line) > 1_000:
            line = text[max(start, found.start() - 500) : found.end() + 500]
        if names.PREFIX not in line and line.lstrip()[:1] != "#" and _MAKES.search(line):
            return True
    return False


def _scripts(deployment: Deployment, but_not: str | None) -> Iterator[str]:
    """The texts of scripts, of pipelines and of notebooks of the project, without one of them."""
    workspace, seen = deployment.workspace, 0
    for path, kind in entries(deployment, workspace.project(deployment.facts.document.path)):
        name = os.path.basename(path).lower()
        if kind is not Kind.FILE or not (name.startswith(_SCRIPT_NAMES) or name.endswith(_SCRIPTS)):
            continue
        if path == but_not:
            continue
        seen += 1
        if seen > _MOST_SCRIPTS:
            return
        try:
            data = workspace.read(path)
        except Unavailable:
            continue
        yield data[:_MOST_CHARACTERS].decode("utf-8", "replace")


def is_ignored(deployment: Deployment, path: str) -> bool:
    """Whether git is told to ignore a path, which may be a folder that is not there."""
    ignored = deployment.workspace.ignored
    try:
        if b"\0" in os.fsencode(path):
            return False
    except UnicodeEncodeError:
        return False  # no file can have such a name
    return ignored(path) or ignored(os.path.join(path, "x"))
