"""What the standard library makes of known values: joined paths, formatted text, comparisons.

Paths are folded as Linux does it, for that is where the container runs; a relative path stays
relative to the folder in which the script is started.
"""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import libcst as cst

from .objects import FilePath, Items, Literal, Opaque

if TYPE_CHECKING:
    from .objects import Value
    from .source import Site

BUILTINS = frozenset(
    {
        "Exception", "abs", "all", "any", "ascii", "bool", "bytes", "callable", "dict", "dir",
        "display", "enumerate", "exec", "exit", "float", "format", "frozenset", "getattr",
        "hasattr", "hash", "help", "id", "input", "int", "isinstance", "issubclass", "iter", "len",
        "list", "max", "min", "open", "print", "quit", "range", "repr", "reversed", "round", "set",
        "setattr", "sorted", "str", "sum", "super", "tuple", "type", "vars", "zip",
    }
)  # fmt: skip
"""``display`` is one in a notebook. What ``map`` and ``filter`` do depends on what they call."""

MODULE_CONSTANTS = {"os.sep": "/", "os.path.sep": "/", "os.curdir": ".", "os.pardir": ".."}

_LONGEST_PATH = 4_096
MOST_TEXT = 10_000
MOST_ITEMS = 1_000
MOST_BITS = 1_000
"""Longer texts, lists and numbers are not worked out: nothing that matters here is longer, and
doubling is quick. All values that names had are kept until the file is read."""


def as_text(value: Value) -> str | None:
    """What ``str(value)`` gives, or ``None``."""
    if isinstance(value, Literal):
        return str(value.value)
    if isinstance(value, FilePath):
        return value.text
    return None


def path_text(value: Value) -> str | None:
    """The text of a value that a path function takes, or ``None``."""
    if isinstance(value, FilePath):
        return value.text
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    return None


def function(dotted: str, values: tuple[Value, ...], site: Site) -> Value | None:
    """The value of a standard function of known values, or ``None`` if it is not folded."""
    if dotted in ("os.getcwd", "pathlib.Path.cwd"):
        return Literal(".", site) if dotted == "os.getcwd" else FilePath(".", site)
    texts = [path_text(value) for value in values]
    known = [text for text in texts if text is not None]
    if len(known) < len(texts) or sum(map(len, known)) > _LONGEST_PATH:
        return None
    if dotted in ("pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PosixPath"):
        literal = getattr(values[0], "literal", None) if len(values) == 1 else None
        return FilePath(str(PurePosixPath(*known)), site, literal)
    if dotted == "os.path.join" and known:
        return Literal(posixpath.join(*known), site)
    if len(known) == 1:
        return _one_path(dotted, known[0], values[0], site)
    return None


def _one_path(dotted: str, text: str, value: Value, site: Site) -> Value | None:
    if dotted == "os.fspath":
        return Literal(text, site, getattr(value, "literal", None))
    if dotted in ("os.path.abspath", "os.path.realpath", "os.path.normpath"):
        return Literal(posixpath.normpath(text), site)
    if dotted == "os.path.dirname":
        return Literal(posixpath.dirname(text), site)
    if dotted == "os.path.basename":
        name = posixpath.basename(text)
        return None if name in (".", "..") else Literal(name, site)
    return None


def path_attribute(path: FilePath, name: str, site: Site) -> Value:
    """``path.parent`` and its like."""
    pure = PurePosixPath(path.text)
    if name in ("parent", "parents"):
        parents = _parents(path.text)
        if name == "parents":
            return Items([FilePath(text, site) for text in parents], site)
        if parents:
            return FilePath(parents[0], site)
    if name in ("name", "stem", "suffix") and pure.name:
        return Literal(getattr(pure, name), site)
    return Opaque(f"the attribute `{name}` is not followed", site)


def _parents(text: str) -> list[str]:
    """The folders above a path. What lies above the current folder has no name here."""
    if text in (".", "..") or text.endswith("/.."):
        return []
    found: list[str] = []
    while len(found) < 50:
        above = posixpath.dirname(text) or "."
        if above == text:
            break
        found.append(above)
        text = above
    return found


def path_method(path: FilePath, name: str, values: tuple[Value, ...], site: Site) -> Value | None:
    """``path.joinpath(...)`` and its like, or ``None`` if it is not folded."""
    if name in ("resolve", "absolute", "expanduser") and not path.text.startswith("~"):
        return FilePath(posixpath.normpath(path.text), site, path.literal)
    if name in ("as_posix", "__str__", "__fspath__"):
        return Literal(path.text, site, path.literal)
    texts = [path_text(value) for value in values]
    known = [text for text in texts if text is not None]
    if not known or len(known) < len(texts):
        return None
    if len(path.text) + sum(map(len, known)) > _LONGEST_PATH:
        return None
    pure = PurePosixPath(path.text)
    if name == "joinpath":
        return FilePath(str(pure.joinpath(*known)), site)
    if name == "with_name" and pure.name:
        return FilePath(str(pure.with_name(known[0])), site)
    return None


def text_method(text: str, name: str, values: tuple[Value, ...], site: Site) -> Value | None:
    """``text.strip()`` and its like with known arguments, or ``None`` if it is not folded."""
    arguments: list[Any] = []
    for value in values:
        if not isinstance(value, Literal):
            return None
        arguments.append(value.value)
    if name in ("strip", "lstrip", "rstrip", "lower", "upper", "replace", "removeprefix",
                "removesuffix", "title") and len(text) < MOST_TEXT:  # fmt: skip
        try:
            if name == "replace" and _replaced_length(text, *arguments) > MOST_TEXT:
                return None
            return Literal(getattr(text, name)(*arguments), site)
        except (TypeError, ValueError, MemoryError):
            return None
    return None


def _replaced_length(text: str, old: str, new: str, most: int = -1) -> int:
    """How long ``text.replace(...)`` is, or more."""
    times = text.count(old) if most < 0 else min(most, text.count(old))
    return len(text) + times * (len(new) - len(old))


def format_text(
    text: str, values: tuple[Value, ...], keywords: dict[str, Value], site: Site
) -> Value | None:
    """``text.format(...)`` with known arguments and plain fields, or ``None``."""
    import string

    positional = [as_text(value) for value in values]
    named = {name: as_text(value) for name, value in keywords.items()}
    if None in positional or None in named.values() or len(text) > MOST_TEXT:
        return None
    try:
        fields = list(string.Formatter().parse(text))
        if any(spec or conversion for _, _, spec, conversion in fields):
            return None
        if any(name and ("." in name or "[" in name) for _, name, _, _ in fields):
            return None
        longest = max((len(each or "") for each in (*positional, *named.values())), default=0)
        if len(text) + len(fields) * longest > MOST_TEXT:
            return None
        return Literal(text.format(*positional, **named), site)
    except (ValueError, IndexError, KeyError):
        return None


def binary(operator: cst.BaseBinaryOp, left: Value, right: Value, site: Site) -> Value | None:
    """``left operator right`` of known values, or ``None`` if it is not folded."""
    if isinstance(operator, cst.Divide):
        one, other = path_text(left), path_text(right)
        if one is None or other is None:
            return None
        if not isinstance(left, FilePath) and not isinstance(right, FilePath):
            return None
        if len(one) + len(other) > _LONGEST_PATH:
            return None
        return FilePath(str(PurePosixPath(one) / other), site)
    if isinstance(operator, cst.Modulo):
        return _percent(left, right, site)
    if isinstance(operator, cst.Add):
        return _sum(left, right, site)
    return None


def _sum(left: Value, right: Value, site: Site) -> Value | None:
    if isinstance(left, Items) and isinstance(right, Items):
        if left.values is None or right.values is None:
            return None
        if len(left.values) + len(right.values) > MOST_ITEMS:
            return None
        return Items([*left.values, *right.values], site)
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return None
    one, other = left.value, right.value
    if isinstance(one, str) and isinstance(other, str):
        return Literal(one + other, site) if len(one) + len(other) < MOST_TEXT else None
    if isinstance(one, int) and isinstance(other, int):
        total = one + other
        return Literal(total, site) if total.bit_length() <= MOST_BITS else None
    return None


def _percent(left: Value, right: Value, site: Site) -> Value | None:
    if not isinstance(left, Literal) or not isinstance(left.value, str):
        return None
    values = right.values or [] if isinstance(right, Items) else [right]
    texts = [as_text(value) for value in values]
    pieces = left.value.split("%s")
    if None in texts or "%" in "".join(pieces) or len(pieces) != len(texts) + 1:
        return None
    if len(left.value) + sum(len(text or "") for text in texts) > MOST_TEXT:
        return None
    result = pieces[0]
    for text, piece in zip(texts, pieces[1:], strict=True):
        result += (text or "") + piece
    return Literal(result, site)


def compare(operator: cst.BaseCompOp, left: Value, right: Value) -> bool | None:
    """Whether a comparison of known scalars holds, or ``None``."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        if isinstance(operator, (cst.Equal, cst.Is)):
            return left.value == right.value
        if isinstance(operator, (cst.NotEqual, cst.IsNot)):
            return left.value != right.value
    if isinstance(left, Literal) and isinstance(right, Items) and right.values is not None:
        if not all(isinstance(item, Literal) for item in right.values):
            return None
        found = any(isinstance(i, Literal) and i.value == left.value for i in right.values)
        if isinstance(operator, cst.In):
            return found
        if isinstance(operator, cst.NotIn):
            return not found
    return None
