"""Whether a cell may make files that it does not name.

``!git clone``, ``!unzip``, ``%run`` or ``extractall()`` leave files of any name behind. Of a
command that is not known to make only what it names, the same is assumed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .commands import Kind, lines
from .magics import head
from .masking import as_typed, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cells import Cell
    from .commands import Line

SHELL_MAGICS = frozenset(
    {"!", "bash", "cmd", "powershell", "pwsh", "script", "sh", "shell", "sx", "system", "zsh"}
)
_FILE_MAGICS = frozenset({"file", "writefile"})
_SHELL_LINE_MAGICS = frozenset({"sh", "sx", "system"})

_FETCHES = re.compile(
    r"""\b(?:extractall|unpack_archive|clone_from|snapshot_download|copy_?tree
      |download_(?:artifacts?|files?|folder|from_\w+))\s*\(
    | (?:jobs|models?|run|data|datasets?|datastore|environments|files)\.(?:down|up)load\s*\(
    | \b(?:dbutils|mssparkutils|notebookutils)\.(?:fs|notebook)\.
    | \bshutil\.(?:copy\w*|move)\(\s*[^\s"']
    | \bopen\(\s*[^\s"'][^\n]{0,300},\s*(?:mode\s*=\s*)?["'][wax] | \.write_(?:bytes|text)\(""",
    re.VERBOSE,
)
_STARTS = re.compile(
    r"""\bos\.(?:system|popen)\s*\( | \bsubprocess\.\w+\s*\( | \bPopen\s*\(
    | \bget_ipython\(\)\.(?:system|getoutput|run_\w+)\s*\(""",
    re.VERBOSE,
)
_STARTS_NO_MORE_THAN = re.compile(r"\b(?:pip3?|conda|mamba|apt|apt-get|az|docker|azmlinfsrv)\b")

_SEPARATOR = re.compile(r"&&|\|\|?|;|(?<!\\)(?:\r\n|\r|\n)")
_BEFORE_NAME = re.compile(r"(?:sudo\s+(?:-\w+\s+)*|[A-Za-z_]\w*=\S*\s+|time\s+|@)*")
_NAME = re.compile(r"(?:/\S*/)?([A-Za-z][\w.-]*)(?=\s|[()<>&]|\Z)")
_PYTHON = re.compile(
    r"""(?:\S*python[\d.]*|"?\{sys\.executable\}"?|\$\w+)(?:\.exe)?
    \s+(?:-m\s+(?:pip3?|ipykernel|nltk|spacy|venv)\b|-V\b|--version\b)""",
    re.VERBOSE,
)
_INSTALLER = re.compile(
    r"""(?:\S*python[\d.]*|"?\{sys\.executable\}"?|\$\w+)(?:\.exe)?\s+-m\s+pip3?(?=\s|$)"""
)
_COPIES = frozenset({"copy", "cp", "ln", "mv", "rsync", "scp", "xcopy"})
_WITHOUT_NAMES = re.compile(r"[*?]|(?<=\s)(?:\S*/)?\.{1,2}/?(?=\s|\Z)|/(?=\s)")
"""A pattern, the folder itself, or what is in one: the names of what is copied are not there."""

FETCH_WITH = {
    "az": re.compile(r"\s(?:download\S*|copy|sync|export)(?=\s|\Z)"),
    "git": re.compile(
        r"\A\s+(?!(?:add|branch|commit|config|diff|fetch|log|ls-files|push|remote|rev-parse|show"
        r"|status|--version)(?:\s|\Z))\S"
    ),
}
"""Programs that make files of any name with such words only, from behind their name on."""

_MAKE_WHAT_THEY_NAME = _COPIES | frozenset(
    [
        "apt",
        "apt-get",
        "awk",
        "az",
        "azmlinfsrv",
        "basename",
        "black",
        "brew",
        "cat",
        "cd",
        "chmod",
        "chown",
        "code",
        "cmp",
        "conda",
        "curl",
        "cut",
        "date",
        "df",
        "diff",
        "dir",
        "dirname",
        "docker",
        "du",
        "echo",
        "egrep",
        "env",
        "exit",
        "export",
        "false",
        "fgrep",
        "file",
        "find",
        "flake8",
        "free",
        "grep",
        "git",
        "gunicorn",
        "head",
        "helm",
        "hostname",
        "id",
        "ipconfig",
        "isort",
        "java",
        "jq",
        "kill",
        "kubectl",
        "ls",
        "lsof",
        "mamba",
        "md",
        "mkdir",
        "mypy",
        "netstat",
        "nohup",
        "nvcc",
        "nvidia-smi",
        "pgrep",
        "ping",
        "pip",
        "pip3",
        "pipdeptree",
        "printenv",
        "printf",
        "ps",
        "pwd",
        "pytest",
        "rd",
        "realpath",
        "rm",
        "rmdir",
        "ruff",
        "sed",
        "set",
        "sha256sum",
        "sleep",
        "sort",
        "source",
        "stat",
        "tail",
        "tee",
        "test",
        "top",
        "touch",
        "tr",
        "tree",
        "true",
        "type",
        "uname",
        "uniq",
        "unset",
        "uvicorn",
        "wc",
        "wget",
        "where",
        "which",
        "whoami",
        "zip",
    ]
)


def may_make_anything(cell: Cell) -> bool:
    """Whether a code cell may make files of names that it does not mention."""
    text = cell.text
    name, _, _, start = head(text)
    if name in _FILE_MAGICS:
        return not cell.writes  # where to is not known
    if name in SHELL_MAGICS:
        return _commands_make(text[start:])
    return any(_line_makes(text, line) for line in lines(text, start))


def commands_in(said: str) -> Iterator[str]:
    """The commands of a few lines for a shell."""
    for each in _SEPARATOR.split(said):
        command = each.strip()
        if command and not command.startswith("#"):
            yield command


def program_of(command: str) -> tuple[str, str]:
    """The program that a command runs, ``""`` if that is not plain, and what stands behind it."""
    before = _BEFORE_NAME.match(command)
    command = command[before.end() :] if before is not None else command
    installer = _INSTALLER.match(command)
    if installer is not None:
        return "pip", command[installer.end() :]
    name = _NAME.match(command)
    return (name[1], command[name.end() :]) if name is not None else ("", command)


def _line_makes(text: str, line: Line) -> bool:
    if line.kind is Kind.SYSTEM:
        return _commands_make(text[line.body : line.end])
    if line.kind is Kind.MAGIC:
        return _magic_makes(text[line.body : line.end])
    code = text[line.start : line.end]
    typed = as_typed(code)
    if typed is not None:
        return _magic_makes(typed)
    if _FETCHES.search(code):
        return True
    return bool(_STARTS.search(code)) and not _STARTS_NO_MORE_THAN.search(code)


def _magic_makes(said: str) -> bool:
    name, rest = words(said)
    if name in _COPIES:
        return _command_makes(said)
    return name == "run" or (name in _SHELL_LINE_MAGICS and _commands_make(rest))


def _commands_make(said: str) -> bool:
    return any(map(_command_makes, commands_in(said)))


def _command_makes(command: str) -> bool:
    name, rest = program_of(command)
    if _PYTHON.match(command) or (not name and not rest):
        return False
    if name not in _MAKE_WHAT_THEY_NAME:
        return True
    if name in FETCH_WITH:
        return FETCH_WITH[name].search(rest) is not None
    return name in _COPIES and _WITHOUT_NAMES.search(rest) is not None
