"""Whether what is missing here may be there when the deployment is made.

Nothing is claimed of a file that does not exist where something may make it: git is told to ignore
it, or has not fetched it, the deploying program itself writes files and mentions this one, or, as a
file of settings writes nothing, a script of the project does. A script may also make another file
of the settings themselves, elsewhere or with other paths.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from . import variables as names
from .boot import Kind
from .document import Embedded, Language
from .project_files import entries
from .values import Known, Unknown
from .workspace import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .document import Document
    from .notebooks.cells import Cell

_WRITES = re.compile(
    r"""\b(?:shutil|subprocess)\b | \bos\.(?:system|rename|replace)\b | \.(?:write|save|rename)
    | \bopen\([^\n]*["'][wax] | \b(?:download|extract|urlretrieve) | ^\s*! | ^%%
    | \b(?:fetch|generate|prepare|render|scaffold|set_?up)\w*\(""",
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

_REWRITES = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rsync|cat|sed|yq|jq|envsubst|render\w*|j2|jinja2?|gomplate|ytt
    |helm|kustomize|replace\w*|get_template|Copy-Item|Move-Item|Get-Content)\b""",
    re.VERBOSE,
)
"""In a line that names a file of settings, a word that says that another may be made of it."""

_LOADS = re.compile(r"\bload_online_deployment\b|\bsafe_load\b|\bopen\(")
_CHANGES = re.compile(
    r"\bparams_override\b|\.(?:code_configuration\.\w+|environment_variables(?:\[[^\]\n]*\])?)\s*=[^=]"
    r"|\.environment_variables\.\w+\(|\[\\?[\"'](?:code_configuration|environment_variables)\\?[\"']\]"
)
"""In a program that loads a file of settings, what says that it deploys something else then."""

_STEP = re.compile(r"^[ \t]*-[ \t]", re.MULTILINE)
_BRINGS = re.compile(
    r"""\buses:\ *(?!["']?(?:actions/(?:checkout|setup-|upload-)|[aA]zure/))
    | \btask:\ *["']?(?:Copy|Extract|Download|Universal) | \bdownload
    | \brepository: | \bcheckout:""",
    re.VERBOSE,
)
"""In a step of a pipeline that names a file, what says that the step may bring it."""

_SCRIPTS = (
    ".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".yml", ".yaml", ".py", ".ipynb", ".mk",
    ".toml",
)  # fmt: skip
_SUBMODULES = ".gitmodules"
_SCRIPT_NAMES = ("makefile", "jenkinsfile", "justfile", "dockerfile", _SUBMODULES)
_MOST_SCRIPTS = 500
_AROUND = 500
"""Characters before and behind a name in which something is said of it."""

_MOST_CHARACTERS = 300_000
_PROGRAMS = (Language.PYTHON, Language.SHELL)
_SETTINGS = (Language.YAML, Language.JSON)


def may_be_made(deployment: Deployment, value: Known[object], *mentioned: str) -> bool:
    """Whether something that the project shows may write one of the files or folders mentioned,
    which ``value`` gives the path of."""
    if not any(mentioned):
        return False
    mention = _mention(*mentioned)
    if _is_not_fetched(deployment):
        return True
    if any(_program_writes(value, document, mention) for document in _around(value.place.document)):
        return True
    if any(_cell_makes(cell, mention) for cell in _cells_around(value)):
        return True
    if value.place.document.language in _PROGRAMS and value.place.document.path.endswith(".py"):
        return False
    own = value.place.origin.document
    if own.language not in _SETTINGS:
        notebook = own.path if own.language is Language.NOTEBOOK else None
        return any(_line_makes(text, mention) for _, text in _scripts(deployment, notebook))
    if "{{" in own.path:  # the files beside it get their names when the template is filled in
        return True
    itself = _mention(os.path.basename(own.path))
    for path, text in _scripts(deployment, own.path):
        if _line_makes(text, mention) or _line_makes(text, itself, _REWRITES):
            return True
        if path.endswith((".py", ".ipynb")) and _changes_settings(text, itself):
            return True
        if path.endswith((".yml", ".yaml")) and _step_brings(text, mention):
            return True
        if path.endswith(_SUBMODULES) and mention.search(text):
            return True
    return False


def _changes_settings(program: str, mention: re.Pattern[str]) -> bool:
    """Whether a program loads a file of settings and deploys something else then."""
    if not _CHANGES.search(program) or not _LOADS.search(program):
        return False
    return mention.search(program) is not None


def _mention(*names: str) -> re.Pattern[str]:
    words = "|".join(re.escape(each) for each in names if each)
    return re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])")


def _is_not_fetched(deployment: Deployment) -> bool:
    """Whether git has what is missing, but did not put it here: in a submodule that is not checked
    out, whose folder is empty, outside the part of a sparse checkout, or behind a link to what this
    computer does not have."""
    facts, workspace = deployment.facts, deployment.workspace
    where, paths = deployment.location, [deployment.local_path]
    if not isinstance(where, Unknown):
        paths.append(where.entry_local)
    elif isinstance(facts.source_directory, Known):
        own = os.path.dirname(facts.document.path)
        paths.append(os.path.normpath(os.path.join(own, facts.source_directory.value)))
    project = os.path.join(workspace.real_path(workspace.project(facts.document.path)), "")
    for path in filter(None, paths):
        below = path
        while workspace.kind(path) is Kind.MISSING and path != os.path.dirname(path):
            if workspace.left_out(path) or _leads_out(path, project):
                return True
            path = os.path.dirname(path)
        if path != below and workspace.kind(path) is Kind.FOLDER and not workspace.listing(path):
            return True
    return False


def _leads_out(path: str, project: str) -> bool:
    """Whether a path is a link out of the project: another computer may have what it leads to."""
    return os.path.islink(path) and not os.path.realpath(path).startswith(project)


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


def _cell_makes(cell: Cell, mention: re.Pattern[str]) -> bool:
    """Whether a cell may make files of any name, or a magic or command of it names the file, and
    may make it: most may."""
    from .notebooks.unnamed import may_make_anything

    if may_make_anything(cell):
        return True
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
    if not _writes(document.text):
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


@lru_cache(maxsize=32)
def _writes(text: str) -> bool:
    """Whether a program writes files."""
    return _WRITES.search(text) is not None


@lru_cache(maxsize=32)
def _line_makes(text: str, mention: re.Pattern[str], makes: re.Pattern[str] = _MAKES) -> bool:
    """Whether a line of a script names the file and does something that makes files."""
    behind = 0
    for found in mention.finditer(text):
        if found.end() <= behind:
            continue
        first, behind = max(0, found.start() - _AROUND), found.end() + _AROUND
        start = text.rfind("\n", first, found.start()) + 1 or first
        end = text.find("\n", found.end(), behind)
        line = text[start : behind if end < 0 else end]
        behind = found.end() + _AROUND // 2 if end < 0 else end
        if names.PREFIX not in line and line.lstrip()[:1] != "#" and makes.search(line):
            return True
    return False


def _step_brings(text: str, mention: re.Pattern[str]) -> bool:
    """Whether a step of a pipeline, an item of a list, names the file and may bring it."""
    starts = [each.start() for each in _STEP.finditer(text)]
    behind = 0
    for found in mention.finditer(text):
        if found.end() <= behind:
            continue
        index = bisect_right(starts, found.start())
        first = starts[index - 1] if index else 0
        last = starts[index] if index < len(starts) else len(text)
        first, last = max(first, found.start() - _AROUND), min(last, found.end() + _AROUND)
        if _BRINGS.search(text, first, last):
            return True
        behind = min(last, found.end() + _AROUND // 2)
    return False


def _scripts(deployment: Deployment, but_not: str | None) -> Iterator[tuple[str, str]]:
    """Paths and texts of scripts, pipelines and notebooks of the project, without one of them."""
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
        yield path, data[:_MOST_CHARACTERS].decode("utf-8", "replace")


def is_ignored(deployment: Deployment, path: str) -> bool:
    """Whether git is told to ignore a path, which may be a folder that is not there."""
    ignored = deployment.workspace.ignored
    try:
        if b"\0" in os.fsencode(path):
            return False
    except UnicodeEncodeError:
        return False  # no file can have such a name
    return ignored(path) or ignored(os.path.join(path, "x"))
