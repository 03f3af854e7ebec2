"""Whether what is missing here may be there when the deployment is made.

Nothing is claimed of a file that does not exist where something may make it: git is told to ignore
it, or has not fetched it, or the deploying program itself or a script of the project writes files
and mentions this one. A script may also make another file of the settings themselves, elsewhere or
with other paths. Of an example on a page the readers may make it, where the page says so, and so in
a notebook.
"""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING

from . import making
from . import variables as names
from .document import Embedded, Language, Place
from .making import Mention
from .paths import Kind
from .values import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployments import Deployment
    from .document import Document
    from .notebooks.cells import Cell

MISSING = "it is missing, and"
"""Begins every reason for which nothing is claimed of what does not exist."""

_WRITES = re.compile(
    r"""\b(?:shutil|subprocess)\b | \bos\.(?:system|rename|replace)\b | \.(?:write|save|rename)
    | \bopen\([^\n]*["'][wax] | \b(?:download|extract|urlretrieve) | ^\s*! | ^%%
    | \b(?:fetch|generate|prepare|render|scaffold|set_?up)\w*\(""",
    re.VERBOSE | re.MULTILINE,
)
_COMMAND_IN_COMMENT = re.compile(
    r"^#[ \t](?:MAGIC[ \t]+|[!%][ \t]*)(?P<command>[^\r\n]+)", re.MULTILINE
)
"""As Databricks and jupytext write them."""

_SCRIPTS = (
    ".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".yml", ".yaml", ".py", ".ipynb", ".mk",
    ".toml",
)  # fmt: skip
_SUBMODULES = ".gitmodules"
_SCRIPT_NAMES = ("makefile", "jenkinsfile", "justfile", "dockerfile", "package.json", _SUBMODULES)
_MOST_SCRIPTS = 5_000
"""Those that lie nearest; it takes half a second to look through so many."""

_MOST_BYTES = 300_000
_SETTINGS = (Language.YAML, Language.JSON)
_FOLLOWED = (Language.NOTEBOOK, Language.PYTHON)
"""What these do is looked at more closely than one line after the other."""


def may_be_made(
    deployment: Deployment,
    value: Known[object],
    *files: str,
    folder: str = "",
    around: str = "",
    written: str = "",
) -> Unknown | None:
    """Why something that the project shows may write what ``value`` gives the path of, if it may.

    The names are those of a ``Mention``. The reason has the place of the value.
    """
    mention = Mention(*files, folder=folder, around=around, written=written)
    if not mention.names:
        return None
    reason = _not_fetched(deployment) or _maker(deployment, value, mention)
    return None if reason is None else Unknown(f"{MISSING} {reason}", value.place)


def _maker(deployment: Deployment, value: Known[object], mention: Mention) -> str | None:
    """What may make it, in words that complete a reason."""
    own = _own_places(deployment, value)
    cell = _cell(value, mention, own)
    if cell is not None:
        return f"cell {cell.cell} may make it"
    for document in _around(value.place.document):
        place = _writing(document, mention, own)
        if place is not None:
            return f"{_spoken(place, deployment)} may make it"
    return _script(deployment, value, mention)


def _cell(value: Known[object], mention: Mention, own: list[Place]) -> Cell | None:
    """The cell that may make it, of the notebook that a path is given in."""
    shown = value.place.shown.document
    if not isinstance(shown, Embedded) or shown.cell is None:
        return None
    from .notebooks.cells import Cell
    from .notebooks.makers import first_maker

    if not isinstance(shown, Cell):
        return None
    places = [each.shown for each in own]
    given = [(each.document.cell, each.start) for each in places if isinstance(each.document, Cell)]
    told = (cell for cell in shown.others if not cell.is_code and _is_told(cell, mention))
    return first_maker(shown.others, mention, given) or next(told, None)


def _spoken(place: Place, deployment: Deployment) -> str:
    """A cell of a notebook, or a file."""
    shown = place.shown.document
    if isinstance(shown, Embedded) and shown.cell is not None:
        return f"cell {shown.cell}"
    return _file(place.document.path, deployment)


def _file(path: str, deployment: Deployment) -> str:
    """A file of the project, as its author knows it."""
    project = deployment.workspace.project(deployment.facts.document.path)
    below = path.startswith(os.path.join(project, ""))
    shown = os.path.relpath(path, project) if below else os.path.basename(path)
    return f"`{shown.replace(os.sep, '/')}`"


def _script(deployment: Deployment, value: Known[object], mention: Mention) -> str | None:
    """Which other file of the project may write it, or other settings, in words that complete a
    reason."""
    own = value.place.origin.document
    settings = _settings(deployment, value)
    if any("{{" in path for path in settings):
        return "the files beside it get their names when the template is filled in"
    looked_at = {own.path} if own.language in _FOLLOWED else set()
    itself = Mention(*map(os.path.basename, settings))
    for path, text in _scripts(deployment, {*settings, *looked_at}):
        does = _does(path, text, mention, itself)
        if does is not None:
            return f"{_file(path, deployment)} {does}"
    return None


def _settings(deployment: Deployment, value: Known[object]) -> list[str]:
    """The paths of the files of settings in which the deployment and the value are given. A script
    that stands in YAML is none."""
    documents = (value.place.document, deployment.facts.document)
    files = (Place(each, (0, 0)).origin.document for each in documents if _is_settings(each))
    return list(dict.fromkeys(file.path for file in files if _is_settings(file)))


def _is_settings(document: Document) -> bool:
    return document.language in _SETTINGS


def _does(path: str, text: str, mention: Mention, itself: Mention) -> str | None:
    """What a file may do for a deployment whose file of settings is ``itself``."""
    if mention.makes(text):
        return "may make it"
    if itself.names and itself.is_in(text) and making.rewrites(text, itself):
        return "may make other settings of these"
    if itself.names and path.endswith((".py", ".ipynb")) and making.changes(text, itself):
        return "may change the settings"
    brings = path.endswith((".yml", ".yaml")) and making.step_brings(text, mention)
    if brings or (path.endswith(_SUBMODULES) and mention.names_it(text)):
        return "may bring it"
    return None


def _own_places(deployment: Deployment, value: Known[object]) -> list[Place]:
    """Where the deployment itself gives the path, its folder or its score script: to name a file
    there is not to write it. A name that the program gives to the text may stand for it
    elsewhere."""
    facts = deployment.facts
    given = (facts.source_directory, facts.entry_script)
    known = [each for each in given if isinstance(each, Known)]
    return [value.place, *(each.place for each in known if each.literal in (None, each.place))]


def _not_fetched(deployment: Deployment) -> str | None:
    """Why what is missing is not here, if git has it: in a submodule that is not checked out, whose
    folder is empty, outside the part of a sparse checkout, or behind a link to what this computer
    does not have."""
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
            if workspace.left_out(path):
                return "git has it, in a part of the project that is not checked out"
            if _leads_out(path, project):
                return "a link leads to it, out of the project"
            path = os.path.dirname(path)
        if path != below and workspace.kind(path) is Kind.FOLDER and not workspace.listing(path):
            return "its folder is empty, as that of a submodule that is not checked out"
    return None


def _leads_out(path: str, project: str) -> bool:
    """Whether a path is a link out of the project: another computer may have what it leads to."""
    return os.path.islink(path) and not os.path.realpath(path).startswith(project)


def _around(document: Document) -> Iterator[Document]:
    """A text, and those that it is written in, but for a cell that writes it as a file: what else
    it says is that file."""
    while True:
        if not getattr(document, "writes", False):
            yield document
        if not isinstance(document, Embedded):
            return
        document = document.pieces[0].source


def _writing(document: Document, mention: Mention, own: list[Place]) -> Place | None:
    """The first line of a text that may make what is mentioned, but for those of some places."""
    text = document.text
    if document.language is Language.MARKDOWN:
        told = mention.makes(text) or _is_told(document, mention)
        return Place(document, document.line_span(1)) if told else None
    if document.language is Language.NOTEBOOK or not mention.is_in(text):
        return None
    inside = (place.within(document) for place in own)
    given = [place.start for place in inside if place is not None]
    line = _in_comments(document, mention)
    if line is None and document.language is Language.PYTHON:
        from .notebooks.makers import program_makes

        line = program_makes(text, mention, given)
    if line is None and _WRITES.search(text):
        line = _naming(document, mention, given)
    return None if line is None else Place(document, (line, line))


def _in_comments(document: Document, mention: Mention) -> int | None:
    """The offset of the first command of a notebook that is kept as a Python file, in which they
    are comments, that may make what is mentioned."""
    if document.language is not Language.PYTHON or isinstance(document, Embedded):
        return None
    for found in _COMMAND_IN_COMMENT.finditer(document.text):
        if mention.makes(found["command"]):
            return found.start()
    return None


def _naming(document: Document, mention: Mention, given: list[int]) -> int | None:
    """The offset of the first line that names the file, but for those at some offsets."""
    lines = {document.position(offset)[0] for offset in given}
    for number, start in enumerate(document.line_starts, 1):
        line = document.line(number)
        if number in lines or names.PREFIX in line or line.lstrip()[:1] == "#":
            continue
        if mention.names_it(line):
            return start
    return None


def _is_told(page: Document, mention: Mention) -> bool:
    """Whether a page tells its readers to make the file or the folder, or shows it."""
    from .markdown.telling import tells_to_make

    words = (mention.file, mention.folder)
    return any(each is not None and tells_to_make(page, each) for each in words)


def _scripts(deployment: Deployment, but_not: set[str]) -> Iterator[tuple[str, str]]:
    """Paths and beginnings of scripts, pipelines and notebooks of the project, without some, those
    that lie nearest to the deployment first."""
    workspace, own = deployment.workspace, deployment.facts.document.path
    for path in workspace.nearest(own, _is_script, _MOST_SCRIPTS):
        if path not in but_not:
            yield path, workspace.beginning(path, _MOST_BYTES)


def _is_script(path: str) -> bool:
    name = path[path.rfind(os.sep) + 1 :].lower()
    return name.startswith(_SCRIPT_NAMES) or name.endswith(_SCRIPTS)


def folder_around(deployment: Deployment) -> str:
    """The name of the source directory, for a ``Mention``; ``""`` where its path gives none."""
    folder = deployment.facts.source_directory
    name = posixpath.basename(posixpath.normpath(folder.value)) if isinstance(folder, Known) else ""
    return "" if name in (".", "..") else name


def is_ignored(deployment: Deployment, path: str) -> bool:
    """Whether git is told to ignore a path, which may be a folder that is not there."""
    ignored = deployment.workspace.ignored
    try:
        if b"\0" in os.fsencode(path):
            return False
    except UnicodeEncodeError:
        return False  # no file can have such a name
    return ignored(path) or ignored(os.path.join(path, "x"))
