"""Making Python of the Python in a fence: prompts, indentation, magics, placeholders.

Examples are written for people. What stands for something else becomes the name ``placeholder``,
which nothing sets, so that every value that comes from it is unknown.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING

from .masking import Change, Mapped
from .placeholders import ANGLED, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 200_000
"""A longer fence is no example."""

_LONGEST_LINE = 1_000
"""In code that is wrong: tokens take time that grows with the square of a line of stray quotes."""

_NAME = "placeholder"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|\.\.\.+:)(?: |(?=\r|\n|\Z))")
_OPENING_PROMPT = re.compile(r"^[ \t]*(?:>>> |In \[\d*\]: )", re.MULTILINE)
_BLANKS = re.compile(r"[ \t]*")
_MAGIC = re.compile(
    r"^[ \t]*((?:%|!)[^\r\n]*|\?\??[\w.]+|[\w.]+\?\??)[ \t]*(?=\r|\n|\Z)", re.MULTILINE
)
_ELLIPSIS_SIGN = re.compile("…")
_OPENING, _CLOSING = "([{", ")]}"


def plain(content: Mapped) -> Mapped:
    """The code without prompts, what it printed, and the indentation that all lines share."""
    if _OPENING_PROMPT.search(content.text):
        content = content.changed(_without_output(content.text))
    lines = [each for each in _LINE.finditer(content.text) if each.group().strip()]
    shared = min((len(_BLANKS.match(each.group()).group()) for each in lines), default=0)  # type: ignore[union-attr]
    if not shared:
        return content
    return content.changed(Change(each.start(), each.start() + shared, "") for each in lines)


def _without_output(text: str) -> Iterator[Change]:
    for line in _LINE.finditer(text):
        prompt = _PROMPT.match(line.group())
        end = line.end() if prompt is None else line.start() + prompt.end()
        if end > line.start():
            yield Change(line.start(), end, "")


def shell_lines(content: Mapped) -> Mapped | None:
    """The commands that ``!`` gives to the shell."""
    found = [each for each in _MAGIC.finditer(content.text) if each[1].startswith("!")]
    if not found:
        return None
    changes, at = [], 0
    for each in found:
        changes.append(Change(at, each.start(1) + 1, ""))
        at = min(each.end() + 1, len(content.text))
    changes.append(Change(at, len(content.text), ""))
    return content.changed(each for each in changes if each.start < each.end)


def parsed(content: Mapped) -> tuple[Mapped, ast.Module] | None:
    """The code with what is no Python masked, and its tree; ``None`` if it is no Python even so."""
    if len(content.text) > MOST_CHARACTERS:
        return None
    for mask in (None, _magics, _angled, _ellipses):
        if mask is not None:
            content = content.changed(mask(content.text))
        tree = _parse(content.text)
        if tree is not None:
            return content, tree
    return None


def without_prose(content: Mapped) -> tuple[Mapped, ast.Module] | None:
    """Code that parses with the strings masked that tell the reader what to write there."""
    content = content.changed(_prose(content.text))
    tree = _parse(content.text)
    return (content, tree) if tree is not None else None


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _magics(text: str) -> Iterator[Change]:
    for each in _MAGIC.finditer(text):
        yield Change(each.start(1), each.end(1), "pass")


def _angled(text: str) -> Iterator[Change]:
    for each in ANGLED.finditer(text):
        yield Change(each.start(), each.end(), _NAME)
    for each in _ELLIPSIS_SIGN.finditer(text):
        yield Change(each.start(), each.end(), "...")


def _ellipses(text: str) -> Iterator[Change]:
    """``...`` for more items of a dictionary or arguments of a call: they may be any."""
    if any(len(line) > _LONGEST_LINE for line in text.splitlines()):
        return
    stack: list[str] = []
    before = ""
    for token in _tokens(text):
        start, word = token
        if word == "..." and stack and stack[-1] in "({" and before != ":" and before != "=":
            comma = "" if before in (",", "(", "{") else ", "
            yield Change(start, start + 3, f"{comma}**{_NAME}")
        elif word in _OPENING:
            stack.append(word)
        elif word in _CLOSING and stack:
            stack.pop()
        before = word


def _prose(text: str) -> Iterator[Change]:
    tokens = list(_tokens(text))
    for index, (start, word) in enumerate(tokens):
        if word == "__file__":  # that of the reader's program
            yield Change(start, start + len(word), _NAME)
        if word[-1:] not in ("'", '"') or len(word) < 2:
            continue
        beside = [tokens[near][1] for near in (index - 1, index + 1) if 0 <= near < len(tokens)]
        if any(each[-1:] in ("'", '"') for each in beside):  # parts of one text
            continue
        if is_placeholder(word.lstrip("rRbBuUfF").strip("'\"")):
            yield Change(start, start + len(word), _NAME)


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each token but line ends, indents and comments, as far as the text can be
    split into them. The parts of an f-string are no tokens of their own everywhere: left out."""
    lines = _LINE.findall(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    plain_text = re.sub(r"\r\n|\r", "\n", text)
    kinds = (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP)
    try:
        for token in tokenize.generate_tokens(io.StringIO(plain_text).readline):
            if token.type in kinds and token.start[0] == token.end[0]:
                yield starts[token.start[0] - 1] + token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return
