"""Whether a cell may make a file that is missing: one that it names, or any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..making import POURS
from .commands import Kind, lines
from .magics import head
from .masking import as_typed, words
from .named import Named
from .unnamed import FETCH_WITH, SHELL_MAGICS, commands_in, may_make_anything, program_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..making import Mention
    from .cells import Cell
    from .commands import Line

_QUIET = re.compile(r"\d?&?>>?\s*(?:/dev/null|nul\b|&\d)", re.IGNORECASE)
_INTO = re.compile(r">>?\s*(?P<target>\S.*)")
_TAKES_ARGUMENTS = re.compile(r"\$(?:\d|[@*])|\$\{\d")
_LONGEST = 10_000
_READS_ITS_IMAGE = re.compile(r"azureml/")

_INSTALLING = r"--(?:dest|prefix|root|src|target|wheel-dir)(?=[\s=])|--(?:log|report)(?=[\s=])"
_WRITES_WITH = {
    "conda": r"(?:-p|--prefix)(?=[\s=])|(?:export|pack)(?=\s)",
    "docker": r"(?:compose|cp|export|save)\s|(?:-o|-v|--mount|--output|--volume)(?=[\s=])",
    "find": r"-(?:delete|exec|fls|fprint\w*|ok)\b",
    "pip": rf"-[bdtw](?=\S|\s)|{_INSTALLING}",
    "sort": r"(?:-o|--output)(?=[\s=])",
    "tree": r"-o(?=\s)",
}
"""Programs that make a file or folder with such a word or option only."""

_SAME_AS = {"mamba": "conda", "micromamba": "conda", "pip3": "pip", "podman": "docker"}
_WRITE_NOTHING = frozenset(
    {
        "azmlinfsrv", "basename", "cat", "chmod", "chown", "cmp", "date", "df", "diff", "dir",
        "dirname", "du", "echo", "egrep", "env", "false", "fgrep", "file", "flake8", "free", "grep",
        "gunicorn", "head", "hostname", "id", "less", "ll", "ls", "lsof", "md5sum", "more", "mypy",
        "printenv", "printf", "ps", "pwd", "pycat", "realpath", "rm", "rmdir", "set_env",
        "sha256sum", "stat", "tail", "test", "true", "type", "uname", "uvicorn", "wc", "where",
        "which", "whoami",
    }
)  # fmt: skip
"""``cd`` is not among them: behind it a name leads somewhere else."""

_MAGICS_WRITE_NOTHING = frozenset(
    {"alias", "autoreload", "env", "load", "load_ext", "loadpy", "matplotlib", "pfile",
     "pinfo", "pinfo2", "psource", "pwd", "set_env", "who", "whos"}
)  # fmt: skip
_MEASURES = frozenset({"lprun", "memit", "mprun", "prun", "time", "timeit"})


def first_maker(
    cells: Iterable[Cell], mention: Mention, own: Iterable[tuple[int | None, int]]
) -> Cell | None:
    """The first of some code cells that may make what is mentioned. ``own`` are places that give
    the path itself: the number of a cell, and an offset in it."""
    code = [cell for cell in cells if cell.is_code and not cell.writes]  # what they write is known
    named = Named(mention, ((cell.text, head(cell.text).start) for cell in code))
    places: dict[int | None, list[int]] = {}
    for number, offset in own:
        places.setdefault(number, []).append(offset)
    for cell in code:
        if _cell_makes(cell, named, places.get(cell.cell, ())):
            return cell
    return None


def program_makes(text: str, mention: Mention, own: Iterable[int]) -> int | None:
    """The offset of the first line of a Python program that may make what is mentioned, but for
    those at some offsets; ``None`` if there is none."""
    named, offsets = Named(mention, [(text, 0)]), tuple(own)
    for line in lines(text):
        is_other = line.kind is Kind.PYTHON and not _holds(line, offsets)
        if is_other and named.statement_makes(text[line.start : line.end]):
            return line.sign
    return None


def _holds(line: Line, offsets: Iterable[int]) -> bool:
    return any(line.start <= offset <= line.end for offset in offsets)


def _cell_makes(cell: Cell, named: Named, own: Iterable[int]) -> bool:
    if may_make_anything(cell):
        return True
    text = cell.text
    name, rest, _, start = head(text)
    if name in SHELL_MAGICS:
        given = named.in_command(rest) or named.around_in_command(rest)
        return any(_command_makes(each, named, given) for each in commands_in(text[start:]))
    if name:
        return any(named.in_command(each) for each in text[start:].splitlines())
    return any(
        _line_makes(text, line, named) for line in lines(text, start) if not _holds(line, own)
    )


def _line_makes(text: str, line: Line, named: Named) -> bool:
    if line.kind is Kind.PYTHON:
        code = text[line.start : line.end]
        typed = as_typed(code)
        if typed is None:
            return named.statement_makes(code)
        return _magic_makes(*words(typed), named)
    said = text[line.body : line.end]
    if line.kind is Kind.MAGIC:
        return _magic_makes(*words(said), named)
    return line.kind is Kind.SYSTEM and any(
        _command_makes(each, named, given=False) for each in commands_in(said)
    )


def _magic_makes(name: str, rest: str, named: Named) -> bool:
    if name in _MAGICS_WRITE_NOTHING:
        return False
    if name in _MEASURES:
        return named.statement_makes(rest)
    said = rest if name in SHELL_MAGICS else f"{name} {rest}"
    return any(_command_makes(each, named, given=False) for each in commands_in(said))


def _command_makes(command: str, named: Named, given: bool) -> bool:
    """Whether a command may make it. ``given`` tells that the arguments of its script name it."""
    if len(command) > _LONGEST:
        return named.in_command(command) or named.around_in_command(command)
    command = _QUIET.sub(" ", command)
    into = _INTO.search(command)
    if into is not None and named.in_command(into["target"]):
        return True
    if given and _TAKES_ARGUMENTS.search(command) is not None:
        return not _writes_nothing(command)
    if named.in_command(command):
        return not _writes_nothing(command)
    return named.around_in_command(command) and POURS.search(command) is not None


def _writes_nothing(command: str) -> bool:
    """Whether a command makes nothing at what it names, but for where its output goes."""
    name, rest = program_of(command)
    name = _SAME_AS.get(name, name)
    if name in _WRITE_NOTHING:
        return True
    if name in FETCH_WITH:
        return FETCH_WITH[name].search(rest) is None
    if name == "docker" and _READS_ITS_IMAGE.search(rest):
        return True  # the inference images write nothing into what is mounted
    options = _WRITES_WITH.get(name)
    return options is not None and re.search(rf"(?:^|\s)(?:{options})", rest) is None
