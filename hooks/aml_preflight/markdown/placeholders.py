"""What stands in examples for something that the reader of the page is to fill in."""

from __future__ import annotations

import re

_IN_TEXT = re.compile(
    r"""
    <[^<>\n]*\w[^<>\n]*> | \{\{.*?\}\} | \[\[.*?\]\] | \.\.\. | … |  # <path>, {{path}}, ...
    \b(?:your|YOUR|Your)(?:[-_ ]|[A-Z]) | \[your\b |               # your-file, YOUR_FILE, yourFile
    \bpath[/_-]?to\b | \bPATH_TO | \bxxx+ | \bXXX+ |
    \b(?:TODO|FIXME|TBD|CHANGE[-_ ]?ME|REPLACE[-_ ]?ME|FILL[-_ ]?ME|PLACEHOLDER)\b |
    \b(?:go|put|insert|fill)(?:es)?\s+(?:\w+\s+)*(?:here|in)\b | \bname\s+of\b
    """,
    re.VERBOSE,
)
_LONGEST = 300
_PROSE = re.compile(r"[^\W\d_][\w'’-]*,?(?:\s+[\w'’()-]+,?){2,}[.!?]?")
ANGLED = re.compile(r"<[A-Za-z_\[][^<>\n\"'=;]{0,80}>")
"""``<MCR-path>``, where it stands as an expression."""


def is_placeholder(value: str) -> bool:
    """Whether a value is no value, but words about the one that should stand here: of three words
    in running text no path or name is made, nor of as many characters as in a paragraph."""
    if len(value) > _LONGEST:
        return True
    return bool(_IN_TEXT.search(value) or _PROSE.fullmatch(value.strip()))
