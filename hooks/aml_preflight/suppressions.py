"""Comments that silence findings: ``# aml-preflight: ignore[AML301] until=2026-12-31 -- reason``.

On the line of the finding, or alone on the line above it; ``ignore-file[...]`` anywhere for the
whole file. Alone above a command that goes on over several lines it counts for all of them, since
no comment can stand between those, and alone above a fence of a Markdown page for all of the fence.
Codes or names are obligatory; the date and the reason are not. A comment whose date has passed
silences nothing any more.
"""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING, NamedTuple

from . import rules
from .document import Embedded, Language, Place, is_example
from .findings import Edit, Fix, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document
    from .findings import Finding
    from .rules import Rule

MARK = "aml-preflight:"

_WORDS = r"[A-Za-z0-9_-]+"
_GRAMMAR = re.compile(
    rf"""aml-preflight:\s*
    (?P<verb>ignore-file|ignore)\s*
    \[\s*(?P<codes>{_WORDS}(?:\s*,\s*{_WORDS})*)\s*(?:,\s*)?\]
    (?:\s+until=(?P<until>\d{{4}}-\d{{2}}-\d{{2}}))?
    (?:\s+--.*)?$""",
    re.VERBOSE,
)
"""Of a comment without the blanks, or ``-->``, at its end."""

_HASH_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)
_SHAPE = (
    "write `# aml-preflight: ignore[AML301] -- reason`, with `ignore-file[...]` for the whole "
    "file and `until=YYYY-MM-DD` before the reason for a time"
)


class Comment(NamedTuple):
    """A comment in a document: its span, whether nothing else stands on its line, and how many
    lines below it it covers then."""

    start: int
    end: int
    alone: bool
    below: int = 1


class Suppression:
    """One comment that silences rules, and which of its words have silenced something."""

    def __init__(self, document: Document, comment: Comment, found: re.Match[str]) -> None:
        self.document = document
        self.comment = comment
        self.whole_file = found["verb"] == "ignore-file"
        self.until: str | None = found["until"]
        offset = comment.start
        self.words = [
            (word.group(), (offset + found.start("codes") + word.start(),
                            offset + found.start("codes") + word.end()))
            for word in re.finditer(_WORDS, found["codes"])
        ]  # fmt: skip
        self.used: set[int] = set()

    @property
    def place(self) -> Place:
        return Place(self.document, (self.comment.start, self.comment.end))

    def covers(self, line: int) -> bool:
        """Whether a finding that starts on ``line`` (from 1) of the document is meant."""
        own, _ = self.document.position(self.comment.end)
        if self.comment.alone:
            return own < line <= own + self.comment.below
        return line == own

    def silences(self, finding: Finding) -> bool:
        """Whether it silences a finding; notes which word did."""
        if not self.whole_file:
            place = finding.place.within(self.document)
            if place is not None and place.document is not self.document:
                place = None if isinstance(self.document, Embedded) else place
            if place is None or not self.covers(self.document.position(place.start)[0]):
                return False
        hit = False
        for index, (word, _) in enumerate(self.words):
            rule = rules.find(word)
            if rule is not None and rule.code == finding.code:
                self.used.add(index)
                hit = True
        return hit

    def expired(self, today: str) -> bool:
        """Whether its date, as YYYY-MM-DD, has passed."""
        return self.until is not None and self.until < today


class Suppressions:
    """All comments of one document, and what is wrong with them."""

    def __init__(self, document: Document, comments: list[Comment], today: str) -> None:
        self.document = document
        self.today = today
        self.active: list[Suppression] = []
        self.reports: list[tuple[str, Report]] = []
        for comment in comments:
            text = document.text[comment.start : comment.end]
            if MARK in text:
                self._take(comment, text)
        if is_example(document):  # it may show how comments are written, and how not
            self.reports.clear()

    def _take(self, comment: Comment, text: str) -> None:
        found = _GRAMMAR.search(text.rstrip().removesuffix("-->").rstrip())
        place = Place(self.document, (comment.start, comment.end))
        if found is None:
            message = "this comment is meant for aml-preflight, and silences nothing"
            self.reports.append(("AML905", Report(place, message, help=_SHAPE)))
            return
        made = Suppression(self.document, comment, found)
        for word, span in made.words:
            if rules.find(word) is None:
                self.reports.append(("AML902", _unknown_rule(Place(self.document, span), word)))
        if not _is_date(made.until):
            message = f"there is no such day as {made.until}"
            self.reports.append(("AML905", Report(place, message, help=_SHAPE)))
        elif made.expired(self.today):
            message = f"this exception ended on {made.until} and silences nothing any more"
            advice = "mend what it silenced, or give it a new date"
            self.reports.append(("AML904", Report(place, message, help=advice)))
        else:
            self.active.append(made)

    def silence(self, finding: Finding) -> bool:
        """Whether some comment silences a finding of this document."""
        silencing = [each for each in self.active if each.silences(finding)]  # all note their use
        return bool(silencing)

    def unused(self, judged: frozenset[str]) -> Iterator[Report]:
        """Comments, or single codes in them, that silenced nothing. ``judged`` are the codes of
        the rules that ran: of others nothing can be said, nor of examples on a page."""
        if is_example(self.document):
            return
        for each in self.active:
            idle = []
            for index, (word, span) in enumerate(each.words):
                rule = rules.find(word)
                if rule is not None and rule.code in judged and index not in each.used:
                    idle.append((word, span))
            if not idle:
                continue
            words = " and ".join(word for word, _ in idle)
            everything = len(idle) == len(each.words)
            place = each.place if everything else Place(self.document, idle[0][1])
            fix = _removal(each) if everything else _shortened(each, {span for _, span in idle})
            message = f"nothing here is silenced by {words}"
            yield Report(place, message, help="remove it", fix=fix)


def _unknown_rule(place: Place, word: str) -> Report:
    near: Rule | None = rules.nearest(word)
    advice = f"did you mean {near.code} ({near.name})?" if near else None
    return Report(place, f"there is no rule {word!r}", help=advice)


def _removal(each: Suppression) -> Fix | None:
    document = each.document
    if not document.exact:
        return None
    start, end = each.comment.start, each.comment.end
    line, _ = document.position(start)
    if each.comment.alone:
        start = document.line_starts[line - 1]
        if line < len(document.line_starts):
            end = document.line_starts[line]
    else:
        while start and document.text[start - 1] in " \t":
            start -= 1
    return Fix("remove the comment", (Edit(Place(document, (start, end)), ""),), safe=True)


def _shortened(each: Suppression, idle: set[tuple[int, int]]) -> Fix | None:
    document = each.document
    if not document.exact:
        return None
    kept = [word for word, span in each.words if span not in idle]
    place = Place(document, (each.words[0][1][0], each.words[-1][1][1]))
    return Fix("remove the idle code", (Edit(place, ", ".join(kept)),), safe=True)


def _is_date(text: str | None) -> bool:
    if text is None:
        return True
    import datetime

    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


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
                if MARK in token.string and isinstance(document, Embedded):
                    made = made._replace(below=_lines_of_command(Place(document, made[:2])))
                found.append(made)
    except (tokenize.TokenError, SyntaxError):
        pass  # what could be split off until here counts
    return found


def _hash_comments(document: Document) -> list[Comment]:
    """The comments of most formats: ``#`` at the start of a line or after a blank."""
    found = [
        _comment(document, match.start(), match.start() + len(match.group().rstrip()))
        for match in _HASH_COMMENT.finditer(document.text)
        if MARK in match.group()
    ]
    go_on = _lines_that_go_on(document) if any(each.alone for each in found) else set()
    return [each._replace(below=_below(document, each, go_on)) for each in found]


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
    elif document.language is Language.SHELL:
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


def _lines_of_command(comment: Place) -> int:
    """How many lines has the shell command or magic of a cell that begins below a comment."""
    place = comment.shown
    cell = place.document
    if not isinstance(cell, Embedded) or cell.cell is None or cell.language is not Language.PYTHON:
        return 1
    from .notebooks.commands import Kind, lines

    below = cell.position(place.end)[0] + 1
    for line in lines(cell.text):
        first = cell.position(line.start)[0]
        if first == below and line.kind is not Kind.PYTHON:
            return cell.position(line.end)[0] - first + 1
        if first >= below:
            break
    return 1


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
