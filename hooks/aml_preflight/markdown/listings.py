"""What people type, out of listings of terminal sessions; and values to be filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..document import Language
from .masking import Change
from .placeholders import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .masking import Mapped

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_PROMPT = re.compile(
    r"""[ \t]*(?:\([^)\s]+\)[ ]?)?                         # (venv)
    (?:[\w.-]+@[\w.-]+[:\s][^\s$\#%>]*[ ]?)?[$%][ ]         # user@host:~/src$
    | [ \t]*PS[^>\r\n]*>[ ] | [ \t]*[A-Za-z]:\\[^>\r\n]*>[ ]?""",
    re.VERBOSE,
)
_SECOND_PROMPT = re.compile(r"[ \t]*>{1,2}[ ]")
_GOES_ON = ("\\", "`", "^")

_VALUE = re.compile(
    r"""(?P<quote>["'])(?P<quoted>(?:(?!(?P=quote))[^\\\r\n]|\\.)*)(?P=quote)
    | (?P<plain><[^<>\r\n]+>)
    | \\["'\\]                    # opens nothing, and costs no look for an end that is not there
    """,
    re.VERBOSE,
)
_YAML_VALUE = re.compile(
    r"""(?<=:[ ])[ \t]*(?P<plain>[^\s"'&*!|>\[{\#][^\r\n]*?|<[^<>\r\n]*>[^\r\n]*?)
    (?=[ \t]*(?:[ \t]\#[^\r\n]*)?(?:\r|\n|\Z))""",
    re.VERBOSE,
)
_STANDS_FOR = {
    Language.YAML: "{{placeholder}}",
    Language.JSON: "{{placeholder}}",
    Language.SHELL: "$PLACEHOLDER",
    Language.DOCKERFILE: "$PLACEHOLDER",
}


def commands(content: Mapped, *, always: bool) -> Mapped:
    """The commands of a listing without prompts and what they print. Where there are no prompts it
    is all commands, unless ``always``."""
    lines = list(_LINE.finditer(content.text))
    if not always and not any(_PROMPT.match(each.group()) for each in lines):
        return content
    return content.changed(_without_output(lines))


def _without_output(lines: list[re.Match[str]]) -> Iterator[Change]:
    goes_on = False
    for line in lines:
        text = line[1]
        prompt = _PROMPT.match(text)
        if goes_on and prompt is None:
            prompt = _SECOND_PROMPT.match(text)
            end = line.start() + (prompt.end() if prompt else 0)
        elif prompt is not None:
            end = line.start() + prompt.end()
        else:
            end = line.end()
        if end > line.start():
            yield Change(line.start(), end, "")
        if goes_on or prompt is not None:
            goes_on = text.rstrip().endswith(_GOES_ON)


def without_placeholders(content: Mapped, language: Language) -> Mapped:
    """The text with words like ``<path>`` in the place of a value made what its reader takes for
    a value that is not known."""
    word = _STANDS_FOR[language]
    changes = list(_placeholders(content.text, language, word))
    return content.changed(changes) if changes else content


def _placeholders(text: str, language: Language, word: str) -> Iterator[Change]:
    taken = 0
    patterns = [_VALUE, _YAML_VALUE] if language is Language.YAML else [_VALUE]
    found = [each for pattern in patterns for each in pattern.finditer(text)]
    for each in sorted(found, key=lambda match: match.start()):
        quoted = each.groupdict().get("quoted")
        if quoted is None and each["plain"] is None:
            continue
        start, end = each.span("plain" if quoted is None else "quoted")
        value = text[start:end]
        if start < taken or "{{" in value or "$" in value or not is_placeholder(value):
            continue
        if "aml-preflight" in text[max(text.rfind("\n", 0, start), 0) : start]:  # our own comment
            continue
        if quoted is not None and each["quote"] == "'" and language is Language.SHELL:
            start, end = each.span()  # nothing is expanded inside
        if language is Language.YAML and quoted is None:
            yield Change(start, end, f'"{word}"')
        else:
            yield Change(start, end, word)
        taken = end
