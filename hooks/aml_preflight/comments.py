"""The comments of texts in all languages that have any, as far as they are meant for this program.

What a comment covers is worked out here, too: the line below it, or more where no comment can stand
in between.
"""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING, NamedTuple

from .document import SHELLS, Embedded, Language, Place
from .forms import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document

_HASH_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)


class Comment(NamedTuple):
    """A comment in a document: its span, whether nothing else stands on its line, and how many
    lines below it it covers then."""

    start: int
    end: int
    alone: bool
    below: int = 1


def comments(document: Document) -> list[Comment]:
    """The comments of a text that are meant for this program, and others perhaps."""
    if MARK not in document.text:
        return []
    if document.language is Language.PYTHON:
        return _python_comments(document)
    if document.language is Language.MARKDOWN:
        return _html_comments(document)
    if document.language in (Language.JSON, Language.NOTEBOOK):
        return []
    return _hash_comments(document)


def _python_comments(document: Document) -> list[Comment]:
    """The comments of Python text, as far as it can be split into tokens, that of cells too."""
    found = []
    starts = document.line_starts
    # The tokenizer counts lines as the standard library reads them, so line ends are given as \n.
    text = re.sub(r"\r\n|\r", "\n", document.text)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                start = starts[line - 1] + column
                alone = not document.text[starts[line - 1] : start].strip()
                made = Comment(start, start + len(token.string), alone)
                found.append(made)
    except (tokenize.TokenError, SyntaxError):
        pass  # what could be split off until here counts
    found = [each for each in found if MARK in document.text[each.start : each.end]]
    if isinstance(document, Embedded):
        commands = _Commands()
        found = [
            each._replace(below=commands.lines_below(Place(document, (each.start, each.end))))
            for each in found
        ]
    return found


def _hash_comments(document: Document) -> list[Comment]:
    """The comments of most formats: ``#`` at the start of a line or after a blank."""
    found = [
        _comment(document, match.start(), match.start() + len(match.group().rstrip()))
        for match in _HASH_COMMENT.finditer(document.text)
        if MARK in match.group()
    ]
    if found:
        texts = _texts(document)
        found = [each for each in found if not any(s <= each.start < e for s, e in texts)]
    go_on = _lines_that_go_on(document) if any(each.alone for each in found) else set()
    return [each._replace(below=_below(document, each, go_on)) for each in found]


def _texts(document: Document) -> list[tuple[int, int]]:
    """The stretches of a document in which no comment of its own can stand: values of YAML, and
    here-documents of scripts. What is in them has comments of its own."""
    if document.language is Language.YAML:
        from .configs.reader import source_of

        return source_of(document).values_with(MARK)
    if document.language in SHELLS:
        from .shell.commands import commands

        return [span for each in commands(document).documents for span in each.lines]
    return []


def _below(document: Document, comment: Comment, go_on: set[int]) -> int:
    """How many lines has what begins below a comment; inside of an instruction one counts."""
    own = document.position(comment.end)[0]
    last = own + 1
    while own not in go_on and last in go_on:
        last += 1
    return last - own


def _lines_that_go_on(document: Document) -> set[int]:
    """The lines, from 1, whose command or instruction goes on in the next one."""
    spans: list[tuple[int, int]] = []
    if document.language is Language.DOCKERFILE:
        from .docker.instructions import instructions

        spans = [(each.first, each.last) for each in instructions(document).instructions]
    elif document.language in SHELLS:
        from .shell.commands import commands

        script = commands(document)
        for command in script.commands:
            if not command.words:  # the head of a loop
                continue
            first, last = command.words[0].start, command.words[-1].end
            spans.append((document.position(first)[0], document.position(last)[0]))
        ends = ("`", "^") if script.powershell else ("\\", "^")
        for line in range(1, len(document.line_starts)):  # between commands, as in `a && \`
            text = document.line(line)
            if text.endswith(ends) and text.lstrip()[:1] != "#":
                spans.append((line, line + 1))
    return {line for first, last in spans for line in range(first, last)}


class _Commands:
    """The shell commands and magics of cells."""

    def __init__(self) -> None:
        self._known: dict[int, dict[int, int]] = {}

    def lines_below(self, comment: Place) -> int:
        """How many lines has the command that begins below a comment; one if there is none."""
        place = comment.shown
        cell = place.document
        if not isinstance(cell, Embedded) or cell.cell is None:
            return 1
        if cell.language is not Language.PYTHON:
            return 1
        if id(cell) not in self._known:
            self._known[id(cell)] = _lengths_of_commands(cell)
        return self._known[id(cell)].get(cell.position(place.end)[0] + 1, 1)


def _lengths_of_commands(cell: Embedded) -> dict[int, int]:
    """How many lines each command has, by the first one, from 1."""
    from .notebooks.commands import Kind, lines

    found: dict[int, int] = {}
    for line in lines(cell.text):
        if line.kind is not Kind.PYTHON:
            first = cell.position(line.start)[0]
            found[first] = cell.position(line.end)[0] - first + 1
    return found


def _html_comments(document: Document) -> list[Comment]:
    """The comments of a Markdown page, but for what only looks like one: in a fence or in inline
    code. One that is longer than a line counts for its last. Empty lines below one count for
    nothing: tools that check or format Markdown want or make them."""
    from .markdown.blocks import TooManyBlocks, blocks

    spans = [span for span in _html_spans(document.text) if MARK in document.text[slice(*span)]]
    try:
        page = blocks(document) if spans else None
    except TooManyBlocks:
        page = None
    found = []
    for start, end in spans:
        first, last = (document.position(offset)[0] - 1 for offset in (start, end))
        made = _comment(document, start, end)
        before = document.text[document.line_starts[first] : start]
        if page is None or page.fence_at(first) or before.count("`") % 2:
            continue
        below = last + 1
        while below < len(document.line_starts) and not _has_text(document, below):
            below += 1
        fence = page.fence_at(below)
        found.append(made._replace(below=(fence.last if fence else below) - last))
    return found


def _has_text(document: Document, line: int) -> bool:
    """Whether there is something on a line of a page, from 0, but for marks of block quotes."""
    return bool(document.line(line + 1).strip(" \t>"))


def _html_spans(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at + 4)
        if end < 0:
            return
        yield at, end + 3
        at = text.find("<!--", end + 3)


def _comment(document: Document, start: int, end: int) -> Comment:
    first, last = document.position(start)[0], document.position(end)[0]
    before = document.text[document.line_starts[first - 1] : start]
    if document.language is Language.MARKDOWN:
        before = before.replace(">", "")  # of a block quote
    behind = document.text[end : document.line_span(last)[1]]
    return Comment(start, end, not before.strip() and not behind.strip())
