"""Directives of MyST, which look like fences with their name in braces."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(
    r"""\{(?:admonition|attention|card|card-body|caution|danger|details|dropdown|error|example
    |exercise|grid|grid-item|grid-item-card|hint|important|margin|note|panels|seealso|sidebar
    |solution|tab|tab-item|tab-set|tabbed|tip|todo|topic|warning)\}.*""",
    re.VERBOSE,
)
_OPTION = re.compile(r":([\w-]+):(.*)|([\w-]+):(.*)")
_TITLES = ("caption", "filename")


def is_markdown(info: str) -> bool:
    """Whether what a fence holds is Markdown again, by its info string."""
    return _MARKDOWN.fullmatch(info) is not None


def options(info: str, lines: list[str]) -> tuple[int, str | None]:
    """How many lines at the beginning of a fence are options of a directive, and the title that
    they give it."""
    if not info.startswith("{") or not lines:
        return 0, None
    count, given = 0, []
    if lines[0].strip() == "---":
        while count + 1 < len(lines) and lines[count + 1].strip() != "---":
            count += 1
        given, count = lines[1 : count + 1], min(count + 2, len(lines))
    else:
        while count < len(lines) and lines[count].startswith(":"):
            count += 1
        given = lines[:count]
    for line in given:
        found = _OPTION.match(line)
        if found is not None and (found[1] or found[3]) in _TITLES:
            return count, (found[2] or found[4] or "").strip() or None
    return count, None
