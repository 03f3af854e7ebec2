"""Why pip refuses a requirement, in words for the one who wrote it."""

from __future__ import annotations

import re

_CONDA_PIN = re.compile(r"[A-Za-z0-9._-]+\s*=[^=]+=[^=]+\Z")
_OPERATOR = re.compile(r"[=<>!~]=|<|>")
_TWO_NAMES = re.compile(r"[A-Za-z0-9._-]+(?:[=<>!~]=[^\s,;]+,?)?[ \t]+[A-Za-z0-9]")


def explain(text: str, error: BaseException) -> str:
    """One sentence without a full stop. ``error`` is what packaging raised for ``text``."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    known = _by_character(text) or _by_shape(text)
    if known is not None:
        return known
    first = str(error).partition("\n")[0]
    return f"not a requirement: {first[:1].lower()}{first[1:]}"


def _by_character(text: str) -> str | None:
    if "\0" in text:
        return "it holds NUL characters, as a UTF-16 file without byte order mark does"
    for character in text:
        if not character.isascii() and not character.isprintable():
            return f"it holds the invisible character U+{ord(character):04X}"
    if "\t-" in text:
        return "a tab stands before the option, but pip splits at spaces only"
    if text.endswith("\\"):
        return "the backslash is followed by a blank, so the line does not go on"
    return None


def _by_shape(text: str) -> str | None:
    if text.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        return "this is a conflict marker left by a merge"
    if text.startswith(("git+", "hg+", "svn+", "bzr+")):
        return "this is not a VCS URL; write git+ssh://git@host/path"
    if text.startswith("pip install"):
        return "this is a command, not a requirement"
    if text[:1] in "'\"":
        return "a requirement stands without quotes"
    if "::" in text:
        return "this names a conda channel"
    if text.endswith(":"):
        return "this is a line of YAML, not a requirement"
    if text.startswith("["):
        return "this is a section header, not a requirement"
    if text.startswith("<"):
        return "this is markup, not a requirement"
    if "#" in text and "://" not in text:
        return "a comment needs a blank before its #"
    if _CONDA_PIN.match(text):
        return "this is how conda pins; pip wants =="
    if "=" in text and not _OPERATOR.search(text):
        return "a single = compares nothing; a pin is written =="
    if _TWO_NAMES.match(text) and "@" not in text:
        return "a name holds no blank; each requirement has a line of its own"
    return None
