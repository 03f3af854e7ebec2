"""What a file is that was taken for a requirements file and is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .records import Invalid

if TYPE_CHECKING:
    from .records import RequirementsFile

RESAVE = "save it as UTF-8"
"""The help for a text in an encoding that pip does not take it for."""

_EXPORT = 'write the packages one a line, for example with "pip freeze > requirements.txt"'
_TOML = f"export it: {_EXPORT}"
_CONDA = (
    "write the pip packages into a file of their own, one a line, such as scipy==1.10.1; a conda "
    "environment is installed by AZUREML_EXTRA_CONDA_YAML instead"
)
_CONDA_EXPORT = 'write "name==version" lines; "pip list --format=freeze" prints them'

_CONDA_KEY = re.compile(r"^(name|channels|dependencies|prefix):", re.MULTILINE)
_TOML_TABLE = re.compile(
    r"^[ \t]*(\[\[?(?:tool\.[^\]\n]+|project(?:\.[^\]\n]+)?|build-system|packages|dev-packages"
    r"|source|requires|package|metadata|options(?:\.[^\]\n]+)?|testenv)\]\]?)[ \t]*(?:#.*|\r)?$",
    re.MULTILINE,
)
_SCRIPT = re.compile(
    r"^((?:from[ \t]+(?:setuptools|distutils)[\w.]*[ \t]+import|import[ \t]+setuptools)\b[^\r\n]*"
    r"|setup\()",
    re.MULTILINE,
)
_PIP_LIST = re.compile(r"^(Package[ \t]+Version\b[^\r\n]*)\r?\n-+[ \t]+-+", re.MULTILINE)
_CONDA_LIST = re.compile(
    r"^# (?:Name[ \t]+Version[ \t]+Build\b|packages in environment at )[^\r\n]*", re.M
)
_CONDA_LINE = re.compile(r"^([A-Za-z0-9_.-]+=[^=\s]+=[^=\s]+)[ \t]*\r?$", re.MULTILINE)
_LFS = re.compile(r"\s*(version https://git-lfs\.github\.com/spec/\S+)")
_EXPLICIT = re.compile(r"^(@EXPLICIT)\b", re.MULTILINE)
_MARKUP = re.compile(r"\s*(<(?:!doctype|html|head|body|\?xml)[^>\r\n]*>?)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{)\s*(?:"|\})')
_ALONE = re.compile(r"\r(?!\n)")
_ENOUGH = 3
_PLACEHOLDER = re.compile(
    r"""^(?![ \t]*\#[ \t])[^\r\n]*?
    (?:\{\{|\{%|<%|\#\{[^}\s]{1,100}\}\#|(?<!\w)__[A-Z][A-Z0-9_]{0,100}__(?!\w))""",
    re.MULTILINE | re.VERBOSE,
)
"""``{{ }}``, ``{% %}``, ``<% %>``, ``#{ }#`` and ``__NAME__``, but in comments."""


class Misread(NamedTuple):
    """What a file really is, the place that tells it (code points from 0, the end exclusive), and
    what to do about it."""

    what: str
    start: int
    end: int
    help: str


def placeholder(text: str) -> tuple[int, int] | None:
    """The first line of a text that a template fills in before pip gets it, up to the place where
    it does so; code points from 0, the end exclusive."""
    found = _PLACEHOLDER.search(_with_line_feeds(text))
    return found.span() if found else None


def _with_line_feeds(text: str) -> str:
    """The text, equally long, as the patterns ask for it: they know no lines that end with CR."""
    return _ALONE.sub("\n", text) if "\r" in text else text


def misread(text: str, content: RequirementsFile) -> Misread | None:
    """What the text is, if it is not a requirements file."""
    if not any(isinstance(entry, Invalid) for entry in content.entries):
        # What pip accepts is a requirements file, whatever it looks like.
        return None
    text = _with_line_feeds(text)
    return _without_mark(text) or _by_opening(text) or _by_keys(text) or _by_tables(text)


def _without_mark(text: str) -> Misread | None:
    if text.count("\0") * 4 < len(text):
        return None
    end = text.find("\n") if "\n" in text else len(text)
    what = "UTF-16 or UTF-32 without a byte order mark"
    return Misread(what, 0, max(end, 1), RESAVE)


def _by_opening(text: str) -> Misread | None:
    for pattern, what, advice in (
        (_LFS, "a Git LFS pointer", 'fetch the file itself with "git lfs pull"'),
        (_MARKUP, "a web page", "download the raw file"),
        (_JSON, "JSON", _TOML),
    ):
        match = pattern.match(text)
        if match is not None:
            return Misread(what, match.start(1), match.end(1), advice)
    return None


def _by_keys(text: str) -> Misread | None:
    keys = {match[1]: match for match in reversed(list(_CONDA_KEY.finditer(text)))}
    if "dependencies" in keys or {"name", "channels"} <= keys.keys():
        first = min(keys.values(), key=lambda match: match.start())
        return Misread("a conda environment", first.start(), first.end(), _CONDA)
    return None


def _by_tables(text: str) -> Misread | None:
    for pattern, what, advice in (
        (_TOML_TABLE, "a file of tables such as a Pipfile or pyproject.toml", _TOML),
        (_SCRIPT, "a Python script", _EXPORT),
        (_PIP_LIST, 'the table of "pip list"', _EXPORT),
        (_EXPLICIT, "an explicit list of conda packages", _CONDA_EXPORT),
    ):
        match = pattern.search(text)
        if match is not None:
            return Misread(what, match.start(1), match.end(1), advice)
    pins = list(_CONDA_LINE.finditer(text))
    if len(pins) >= _ENOUGH or (
        pins and "# This file may be used to create an environment" in text
    ):
        return Misread('the output of "conda list --export"', *pins[0].span(1), _CONDA_EXPORT)
    table = _CONDA_LIST.search(text)
    if table is not None:
        return Misread('the table of "conda list"', *table.span(), _CONDA_EXPORT)
    return None
