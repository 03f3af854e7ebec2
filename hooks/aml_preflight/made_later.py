"""Whether what is missing here may be there when the deployment is made.

Nothing is claimed of a file that does not exist where something may make it: git is told to ignore
it, or has not fetched it, the deploying program itself writes files and mentions this one, or, as a
file of settings writes nothing, a script of the project does. A script may also make another file
of the settings themselves, elsewhere or with other paths. Of an example on a page the readers may
make it, where the page says so.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from . import variables as names
from .document import Embedded, Language
from .paths import Kind
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .document import Document, Place
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

_FILLS = re.compile(
    r"""\b(?:cp|mv|ln|copy\w*|move|rename|rsync|mkdir|makedirs|wget|curl|unzip|tar|clone|checkout
    |download\w*|extract\w*|venv|virtualenv|conda|Copy-Item|Move-Item|New-Item|artifact\w*)\b
    | \s-(?:t|d|C)\s | --(?:target|output-dir|prefix|directory)""",
    re.VERBOSE,
)
"""In a line that names a folder, a word that says how things may come into it."""

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
_MOST_SCRIPTS = 5_000
"""Those that lie nearest; it takes half a second to look through so many."""

_AROUND = 500
"""Characters before and behind a name in which something is said of it."""

_MOST_BYTES = 300_000
_PROGRAMS = (Language.PYTHON, Language.SHELL)
_SETTINGS = (Language.YAML, Language.JSON)


class _Mention:
    """Names of a file, or of the folder that it is in. A folder counts as a mention only with words
    that fill one: nearly every line that has to do with a project names one of its folders."""

    def __init__(self, *files: str, folder: str = "") -> None:
        self.names = tuple(each for each in (*files, folder) if each)
        self.file = _words(files)
        self.folder = _words((folder,))

    def is_in(self, text: str) -> bool:
        """Whether one of the names may be there: far quicker than to look for a whole word."""
        return any(name in text for name in self.names)

    def makes(self, text: str) -> bool:
        """Whether a line of a script names the file, or the folder, and may make it."""
        return self.is_in(text) and (
            _line_does(text, self.file, _MAKES) or _line_does(text, self.folder, _FILLS)
        )


def _words(names: tuple[str, ...]) -> re.Pattern[str] | None:
    words = "|".join(re.escape(each) for each in names if each)
    return re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])") if words else None


def may_be_made(
    deployment: Deployment, value: Known[object], *files: str, folder: str = ""
) -> bool:
    """Whether something that the project shows may write what ``value`` gives the path of: a file
    of one of these names, or the folder it is in."""
    mention = _Mention(*files, folder=folder)
    if not mention.names:
        return False
    if _is_not_fetched(deployment):
        return True
    own = _own_places(deployment, value)
    if any(_program_writes(document, mention, own) for document in _around(value.place.document)):
        return True
    if any(_cell_makes(cell, mention) for cell in _cells_around(value)):
        return True
    if value.place.document.language in _PROGRAMS and value.place.document.path.endswith(".py"):
        return False
    return _scripts_make(deployment, value.place.origin.document, mention)


def _scripts_make(deployment: Deployment, own: Document, mention: _Mention) -> bool:
    """Whether another file of the project may write it."""
    if own.language not in _SETTINGS:
        notebook = own.path if own.language is Language.NOTEBOOK else None
        return any(mention.makes(text) for _, text in _scripts(deployment, notebook))
    if "{{" in own.path:  # the files beside it get their names when the template is filled in
        return True
    itself = _Mention(os.path.basename(own.path))
    for path, text in _scripts(deployment, own.path):
        if mention.makes(text):
            return True
        if itself.is_in(text):
            if _line_does(text, itself.file, _REWRITES):
                return True
            if path.endswith((".py", ".ipynb")) and _changes_settings(text, itself):
                return True
        if path.endswith((".yml", ".yaml")) and _step_brings(text, mention):
            return True
        if path.endswith(_SUBMODULES) and _names(text, mention):
            return True
    return False


def _changes_settings(program: str, itself: _Mention) -> bool:
    """Whether a program loads a file of settings and deploys something else then."""
    return (
        _names(program, itself)
        and _LOADS.search(program) is not None
        and _CHANGES.search(program) is not None
    )


def _names(text: str, mention: _Mention) -> bool:
    """Whether a text names the file or the folder at all."""
    return mention.is_in(text) and any(
        words is not None and words.search(text) for words in (mention.file, mention.folder)
    )


def _own_places(deployment: Deployment, value: Known[object]) -> list[Place]:
    """Where the deployment itself gives the path, its folder or its score script: to name a file
    there is not to write it. A name that the program gives to the text may stand for it
    elsewhere."""
    facts = deployment.facts
    given = (facts.source_directory, facts.entry_script)
    known = [each for each in given if isinstance(each, Known)]
    return [value.place, *(each.place for each in known if each.literal in (None, each.place))]


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
    """The cells of the notebook that a path is given in, but for files that it is known to write:
    what those are, and where, is in the workspace."""
    shown = value.place.shown.document
    if isinstance(shown, Embedded) and shown.cell is not None:
        from .notebooks.cells import Cell

        for cell in shown.others if isinstance(shown, Cell) else ():
            if not cell.writes:
                yield cell


def _cell_makes(cell: Cell, mention: _Mention) -> bool:
    """Whether a cell may make files of any name, or a magic or command of it names the file, and
    may make it: most may. One of text may tell the reader to make it."""
    if not cell.is_code:
        return _is_told(cell, mention)
    from .notebooks.unnamed import may_make_anything

    if may_make_anything(cell):
        return True
    for number in range(1, len(cell.line_starts) + 1):
        line = cell.line(number)
        is_command = cell.text.lstrip()[:2] == "%%" or line.lstrip()[:1] in ("!", "%")
        if is_command and _names(line, mention) and not _WRITES_NOTHING.fullmatch(line):
            return True
    return False


def _program_writes(document: Document, mention: _Mention, own: list[Place]) -> bool:
    """Whether a text writes files, and names this one in another line than those of some places."""
    text = document.text
    if document.language is Language.NOTEBOOK:
        return False
    if document.language is Language.MARKDOWN:
        return mention.makes(text) or _is_told(document, mention)
    if not mention.is_in(text) or not _WRITES.search(text):
        return False
    inside = (place.within(document) for place in own)
    given = {document.position(place.start)[0] for place in inside if place is not None}
    for number in range(1, len(document.line_starts) + 1):
        line = document.line(number)
        if number in given or names.PREFIX in line or line.lstrip()[:1] == "#":
            continue
        if _names(line, mention):
            return True
    return False


def _is_told(page: Document, mention: _Mention) -> bool:
    """Whether a page tells its readers to make the file or the folder, or shows it."""
    from .markdown.telling import tells_to_make

    words = (mention.file, mention.folder)
    return any(each is not None and tells_to_make(page, each) for each in words)


def _line_does(text: str, words: re.Pattern[str] | None, does: re.Pattern[str]) -> bool:
    """Whether a line of a script has these words, and another one that says what it does."""
    behind = 0
    for found in words.finditer(text) if words is not None else ():
        if found.end() <= behind:
            continue
        first, behind = max(0, found.start() - _AROUND), found.end() + _AROUND
        start = text.rfind("\n", first, found.start()) + 1 or first
        end = text.find("\n", found.end(), behind)
        line = text[start : behind if end < 0 else end]
        behind = found.end() + _AROUND // 2 if end < 0 else end
        if names.PREFIX not in line and line.lstrip()[:1] != "#" and does.search(line):
            return True
    return False


def _step_brings(text: str, mention: _Mention) -> bool:
    """Whether a step of a pipeline, an item of a list, names the file and may bring it."""
    if not mention.is_in(text):
        return False
    starts = [each.start() for each in _STEP.finditer(text)]
    for words in (mention.file, mention.folder):
        behind = 0
        for found in words.finditer(text) if words is not None else ():
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
    """Paths and beginnings of scripts, pipelines and notebooks of the project, without one of them,
    those that lie nearest to the deployment first."""
    workspace, own = deployment.workspace, deployment.facts.document.path
    found = [path for path in workspace.files(workspace.project(own)) if _is_script(path)]
    found.sort(key=lambda path: -len(os.path.commonpath((path, own))))
    for path in found[:_MOST_SCRIPTS]:
        if path != but_not:
            yield path, workspace.beginning(path, _MOST_BYTES)


def _is_script(path: str) -> bool:
    name = path[path.rfind(os.sep) + 1 :].lower()
    return name.startswith(_SCRIPT_NAMES) or name.endswith(_SCRIPTS)


def is_ignored(deployment: Deployment, path: str) -> bool:
    """Whether git is told to ignore a path, which may be a folder that is not there."""
    ignored = deployment.workspace.ignored
    try:
        if b"\0" in os.fsencode(path):
            return False
    except UnicodeEncodeError:
        return False  # no file can have such a name
    return ignored(path) or ignored(os.path.join(path, "x"))
