"""What stands in a program in the place of IPython's syntax, and of code that is wrong.

A program goes on as if the magics and commands had run: what they are assigned to is unknown, and
``%cd`` changes the folder as ``os.chdir`` does.
"""

from __future__ import annotations

import ast
import re
import warnings
from keyword import iskeyword
from typing import NamedTuple

from .commands import Kind, Line, lines

UNKNOWN = "get_ipython()"
"""The value of every magic: nobody in a program binds this name, so that it is unknown."""

_AUTOMATIC = re.compile(
    r"[ \t]*(?P<name>cd|pushd|popd|ls|ll|pwd|mkdir|rmdir|cp|mv|rm|cat|pip|conda|mamba|env|run|time)"
    r"(?=[ \t]|$)"
)
"""Magics that IPython takes without their sign, too, where the line is no Python."""

_RUNS_CODE = frozenset({"load_ext", "run", "store", "reload_ext"})
_MOVES = frozenset({"cd", "popd", "pushd"})
_CODE_BEHIND = frozenset({"lprun", "memit", "prun", "time", "timeit"})
_PLAIN_PATH = re.compile(r"[\w./ @+-]+")
_MODULE = re.compile(r"(?:\./)?((?:[^\W\d]\w*/)*[^\W\d]\w*)\.py")
_NAMES = r"[^\W\d]\w*(?:[ \t]*,[ \t]*[^\W\d]\w*)*"
_BINDS = re.compile(
    rf"^[ \t]*(?:(?P<assigned>(?:{_NAMES}[ \t]*=(?!=)[ \t]*)+)"
    rf"|(?P<changed>[^\W\d]\w*)[ \t]*[.\[]"
    rf"|(?:for[ \t]+(?P<loop>{_NAMES})[ \t]+in\b)"
    rf"|(?:(?:def|class)[ \t]+(?P<defined>[^\W\d]\w*))"
    rf"|(?:(?P<counted>[^\W\d]\w*)[ \t]*[-+*/|&]=))",
    re.MULTILINE,
)
_BOUND_LATER = re.compile(r"\b(?:as|import)[ \t]+(?P<names>[^\W\d]\w*)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[^\W\d]\w*")
_MOST_REPAIRS = 10


class Stand(NamedTuple):
    """``text`` stands in the place of what a cell has from ``start`` to ``end``.

    ``line`` is the command that it stands for. ``wrong`` is the offset at which code that is no
    Python is wrong. Where ``text`` is as long as what it replaces, every character keeps its place.
    """

    start: int
    end: int
    text: str
    line: Line | None = None
    wrong: int | None = None


def masked(text: str, stands: list[Stand], start: int = 0) -> str:
    """The code of a cell, from ``start`` on, with the stands in their places."""
    parts = []
    for stand in stands:
        parts += [text[start : stand.start], stand.text]
        start = stand.end
    parts.append(text[start:])
    return "".join(parts)


def stands_for(text: str, start: int = 0) -> list[Stand]:
    """What stands in the code of a cell, from an offset on, so that it is Python: in order."""
    every = lines(text, start)
    found = _without_indentation(text, every)
    found += [_stand(text, line) for line in every if line.kind is not Kind.PYTHON]
    found.sort(key=lambda each: each.start)
    first: int | None = None
    for _ in range(_MOST_REPAIRS):
        wrong = _wrong_at(masked(text, found, start), text, start)
        if wrong is None:
            return found
        first = wrong if first is None else first
        repaired = _repaired(text, wrong, every, found)
        if repaired is None:
            break
        found = sorted([*found, repaired], key=lambda each: each.start)
    return [all_unknown(text, start, wrong=first)]


def all_unknown(text: str, start: int = 0, *, wrong: int | None = None) -> Stand:
    """In the place of all code: what it binds or changes is unknown."""
    return Stand(start, len(text), _unknowns(text[start:]), wrong=wrong)


def rebound(text: str, stands: list[Stand], start: int = 0) -> Stand | None:
    """Behind the code of a cell: the names that it sets at its top level may be anything."""
    try:
        body = _parse(masked(text, stands, start)).body
    except _NOT_PYTHON:
        return None
    names: dict[str, None] = {}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        names.update(dict.fromkeys(each.id for each in targets if isinstance(each, ast.Name)))
    if not names:
        return None
    code = "".join(f"{name} = " for name in names)
    return Stand(len(text), len(text), f"\n{code}{UNKNOWN}")


def _without_indentation(text: str, every: list[Line]) -> list[Stand]:
    """IPython takes off the indentation that the first line of a cell has."""
    if not every:
        return []
    first = text[every[0].start : every[0].end]
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    if not indent:
        return []
    return [
        Stand(each.start, each.start + len(indent), "")
        for each in every
        if text.startswith(indent, each.start)
    ]


def _stand(text: str, line: Line) -> Stand:
    """What stands for a magic, a command or a question."""
    if line.kind is not Kind.MAGIC:
        return _blank(text, line)
    return _magic(text, line, *words(text[line.body : line.end]))


def words(said: str) -> tuple[str, str]:
    """The name of a magic, and what stands behind it."""
    name, _, rest = said.partition(" ")
    return name.strip(), rest.strip()


def _magic(text: str, line: Line, name: str, rest: str) -> Stand:
    code = None
    if name in _MOVES and not line.assigned:
        code = f"import os; os.chdir({_folder(name, rest)})"
    elif name in _RUNS_CODE and not line.assigned:
        code = _run(name, rest)
    elif name in _CODE_BEHIND:
        return _measured(text, line, name, rest)
    return _blank(text, line) if code is None else _in_place(text, line, code)


def _in_place(text: str, line: Line, code: str) -> Stand:
    """``code`` on as many lines as the command has."""
    more = "\n" * len(_LINE_END.findall(text[line.sign : line.end]))
    return Stand(line.sign, line.end, code + more, line)


def _folder(name: str, rest: str) -> str:
    path = rest.strip("\"'")
    plain = name != "popd" and not path.startswith(("-", "~")) and _PLAIN_PATH.fullmatch(path)
    return f'"{path}"' if plain else UNKNOWN


def _run(name: str, rest: str) -> str | None:
    """A script that ``%run`` runs leaves its names here; ``%store -r`` brings back others, or those
    that it names."""
    if name in ("load_ext", "reload_ext") or (name == "store" and not rest.startswith("-r")):
        return None
    restored = _WORD.findall(rest[2:]) if name == "store" else []
    if restored:
        return "".join(f"{each} = " for each in restored if not iskeyword(each)) + UNKNOWN
    module = _MODULE.fullmatch(rest) if name == "run" else None
    return f"from {module[1].replace('/', '.') if module else 'another_notebook'} import *"


def _measured(text: str, line: Line, name: str, rest: str) -> Stand:
    """``%time x = f()`` runs the code behind it, and leaves its names."""
    at = line.end - len(text[line.body : line.end].partition(" ")[2].lstrip())
    if name == "time" and rest and not line.assigned and is_python(text[at : line.end]):
        return Stand(line.sign, at, "", line)
    return _blank(text, line)


def _blank(text: str, line: Line) -> Stand:
    """A statement that does nothing, or a value that is not known, as long as the command."""
    said = text[line.sign : line.end]
    room = len(re.split(r"[\r\n]", said, maxsplit=1)[0])
    values = (UNKNOWN, "-__", "-_", "_") if line.assigned else ("0",)
    value = next(each for each in values if len(each) <= room)
    rest = re.sub(r"[^\r\n]", " ", said[len(value) :])
    return Stand(line.sign, line.end, value + rest, line)


def as_typed(code: str) -> str | None:
    """The command that a line of a cell is which has no sign and is no Python, as IPython takes it;
    ``None`` for any other line."""
    found = _AUTOMATIC.match(code)
    return None if found is None or is_python(code.strip()) else code[found.start("name") :]


# ---- code that is wrong ------------------------------------------------------------------------

_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def _parse(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def is_python(code: str) -> bool:
    """Whether code can be read as Python."""
    try:
        _parse(code)
    except _NOT_PYTHON:
        return False
    return True


def _wrong_at(code: str, text: str, start: int) -> int | None:
    """The offset in ``text`` of the line at which its masked code is no Python. Stands have as many
    lines as what they replace, so that lines are counted alike."""
    try:
        _parse(code)
    except SyntaxError as error:
        ends = [start, *(start + each.end() for each in _LINE_END.finditer(text[start:]))]
        return ends[min(max(error.lineno or 1, 1), len(ends)) - 1]
    except _NOT_PYTHON:
        return start
    return None


def _repaired(text: str, at: int, every: list[Line], found: list[Stand]) -> Stand | None:
    """What stands for the wrong line at an offset, or ``None`` where more than it is wrong."""
    line = next((each for each in every if each.start <= at <= each.end), None)
    if line is None or line.kind is not Kind.PYTHON:
        return None
    if any(each.line and each.line.start == line.start for each in found):  # tried already
        return None
    code = text[line.sign : line.end]
    automatic = _AUTOMATIC.match(code)
    if automatic is not None:
        command = line._replace(kind=Kind.MAGIC, body=line.sign + automatic.start("name"))
        return _magic(text, command, *words(text[command.body : command.end]))
    if code.rstrip().endswith(":"):
        return None
    more = "\n" * len(_LINE_END.findall(code))
    return Stand(line.sign, line.end, _unknowns(code) + more, line, wrong=at)


def _unknowns(code: str) -> str:
    """A statement after which nothing is known of what some code binds or changes."""
    bound: dict[str, None] = {}
    changed: dict[str, None] = {}
    for found in _BINDS.finditer(code):
        for group in ("assigned", "loop", "defined", "counted"):
            bound.update(dict.fromkeys(_WORD.findall(found[group] or "")))
        if found["changed"]:
            changed[found["changed"]] = None
    for found in _BOUND_LATER.finditer(code):
        bound[found["names"]] = None
    names = [name for name in bound if not iskeyword(name)]
    given = ", ".join(name for name in changed if not iskeyword(name))
    return "".join(f"{name} = " for name in names) + f"get_ipython({given})"
