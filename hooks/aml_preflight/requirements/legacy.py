"""What the pips before 24.1 took for a requirement or a wheel.

They carried packaging 20.x or 21.x, whose grammar let nearly any word stand for a version. Checked
against pip 22.3.1, 23.2.1 and 24.0.
"""

from __future__ import annotations

import re

STRICT_VERSIONS = (24, 1)
"""The first pip with today's grammar."""

STRICT_WHEEL_NAMES = (25, 3)
"""The first pip that holds wheel names to the specification."""

_BLANK = r"[ \t\r\n]*"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_HEAD = re.compile(
    rf"{_BLANK}{_NAME}{_BLANK}(?:\[{_BLANK}(?:{_NAME}(?:{_BLANK},{_BLANK}{_NAME})*)?{_BLANK}\])?{_BLANK}"
)
# "===" takes all up to the next blank, commas and all; the list is then cut at its commas.
_CLAUSE = re.compile(r"===\s*\S*|~=\s*[^,;\s)]*|(?:==|!=|<=|>=|<|>)\s*[^,;\s)]*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_WIDE_NOT_IN = re.compile(r"\bnot(?! in\b)")
_COMMA = re.compile(rf"{_BLANK},{_BLANK}")
_WHEEL = re.compile(
    r"([^\s-]+)-([^\s-]*)(?:-\d[^-]*)?-[^\s-]+-[^\s-]+-[^\s-]+\.whl\Z",
)


def accepts(text: str) -> bool:
    """Whether those pips read ``text``, a requirement without its marker, as one."""
    # Their parser turned tabs into blanks before it began.
    text = text.expandtabs()
    head = _HEAD.match(text)
    if head is None:
        return False
    rest = text[head.end() :].rstrip(" \t\r\n")
    if rest.startswith("@"):
        return _accepts_url(rest[1:].lstrip(" \t\r\n"))
    if rest.startswith("("):
        if not rest.endswith(")"):
            return False
        rest = rest[1:-1].strip(" \t\r\n")
        if not rest:
            return False
    return not rest or _accepts_clauses(rest)


def wheel_requirement(filename: str) -> str | None:
    """The ``name==version`` that the pips before 25.3 made of a wheel's name, or None."""
    match = _WHEEL.match(filename)
    if match is None:
        return None
    requirement = f"{match.group(1)}=={match.group(2)}".replace("_", "-")
    return requirement if accepts(requirement) else None


def accepts_marker(text: str) -> bool:
    """Whether those pips read ``text``, a marker that is valid today, as one."""
    return not _WIDE_NOT_IN.search(_QUOTED.sub("''", text.expandtabs()))


def _accepts_url(url: str) -> bool:
    from urllib.parse import urlsplit, urlunsplit

    if not url or " " in url:
        return False
    try:
        parsed = urlsplit(url)
    except ValueError:
        return False
    if parsed.scheme == "file":
        return urlunsplit(parsed) == url
    return bool(parsed.scheme and parsed.netloc)


def _accepts_clauses(text: str) -> bool:
    clauses = []
    place = 0
    while True:
        clause = _CLAUSE.match(text, place)
        if clause is None:
            return False
        clauses.append(clause.group())
        if clause.end() == len(text):
            break
        comma = _COMMA.match(text, clause.end())
        if comma is None:
            return False
        place = comma.end()
    parts = [part.strip() for part in ",".join(clauses).split(",")]
    return all(_accepts_clause(part) for part in parts if part)


def _accepts_clause(clause: str) -> bool:
    match = _CLAUSE.match(clause)
    if match is None or match.end() < len(clause):
        return False
    if not clause.startswith("~="):
        return True
    from packaging.specifiers import InvalidSpecifier, Specifier

    try:
        Specifier(clause)
    except (InvalidSpecifier, ValueError):
        return False
    return True
