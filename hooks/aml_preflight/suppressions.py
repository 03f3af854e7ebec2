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

_MOST_UNKNOWN = 20
"""Of one comment: whoever reads so many knows that all are to be looked at."""

_MOST_NEAR = 100
"""Of one document; what a name resembles takes a tenth of a millisecond to find."""

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
        self.codes = [rule.code if (rule := rules.find(word)) else None for word, _ in self.words]
        self.used: set[str] = set()
        """The codes of what it has silenced."""

    @property
    def place(self) -> Place:
        return Place(self.document, (self.comment.start, self.comment.end))

    def lines(self) -> range:
        """The lines of the document, from 1, on which findings that it means start."""
        own, _ = self.document.position(self.comment.end)
        if self.comment.alone:
            return range(own + 1, own + self.comment.below + 1)
        return range(own, own + 1)

    def expired(self, today: str) -> bool:
        """Whether its date, as YYYY-MM-DD, has passed."""
        return self.until is not None and self.until < today


class Suppressions:
    """All comments of one document, and what is wrong with them."""

    def __init__(self, document: Document, comments: list[Comment], today: str) -> None:
        self.document = document
        self.today = today
        self.active: list[Suppression] = []
        self._by_line: dict[tuple[int, str], list[Suppression]] = {}
        """Those that mean a line, by the line and the code that they silence on it."""
        self._codes_of_file: set[str] = set()
        self._used_in_file: set[str] = set()
        """Those of them that have silenced something, for all comments that name them."""
        self._near: dict[str, Rule | None] = {}
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
        self._say_unknown(made)
        if not _is_date(made.until):
            message = f"there is no such day as {made.until}"
            self.reports.append(("AML905", Report(place, message, help=_SHAPE)))
        elif made.expired(self.today):
            message = f"this exception ended on {made.until} and silences nothing any more"
            advice = "mend what it silenced, or give it a new date"
            self.reports.append(("AML904", Report(place, message, help=advice)))
        else:
            self._put(made)

    def _put(self, made: Suppression) -> None:
        self.active.append(made)
        codes = {code for code in made.codes if code is not None}
        if made.whole_file:
            made.used = self._used_in_file
            self._codes_of_file |= codes
            return
        for line in made.lines():
            for code in codes:
                self._by_line.setdefault((line, code), []).append(made)

    def _say_unknown(self, made: Suppression) -> None:
        unknown = {
            word: span
            for (word, span), code in reversed(list(zip(made.words, made.codes, strict=True)))
            if code is None
        }
        for word in list(reversed(unknown))[:_MOST_UNKNOWN]:
            if word not in self._near:
                asked = len(self._near) < _MOST_NEAR
                self._near[word] = rules.nearest(word) if asked else None
            place = Place(self.document, unknown[word])
            self.reports.append(("AML902", _unknown_rule(place, word, self._near[word])))

    def silence(self, finding: Finding) -> bool:
        """Whether some comment silences a finding of this document; all that do note it."""
        silenced = finding.code in self._codes_of_file
        if silenced:
            self._used_in_file.add(finding.code)
        line = self._line_of(finding) if self._by_line else None
        meaning = self._by_line.get((line, finding.code), ()) if line is not None else ()
        for each in meaning:
            each.used.add(finding.code)
        return silenced or bool(meaning)

    def _line_of(self, finding: Finding) -> int | None:
        """The line of the document, from 1, that a finding starts on, if it is in the document."""
        place = finding.place.within(self.document)
        if place is None:
            return None
        if place.document is not self.document and isinstance(self.document, Embedded):
            return None
        return self.document.position(place.start)[0]

    def unused(self, judged: frozenset[str]) -> Iterator[Report]:
        """Comments, or single codes in them, that silenced nothing. ``judged`` are the codes of
        the rules that ran: of others nothing can be said, nor of examples on a page."""
        if is_example(self.document):
            return
        for each in self.active:
            idle = []
            for (word, span), code in zip(each.words, each.codes, strict=True):
                if code in judged and code not in each.used:
                    idle.append((word, span))
            if not idle:
                continue
            words = " and ".join(word for word, _ in idle)
            everything = len(idle) == len(each.words)
            place = each.place if everything else Place(self.document, idle[0][1])
            fix = _removal(each) if everything else _shortened(each, {span for _, span in idle})
            message = f"nothing here is silenced by {words}"
            yield Report(place, message, help="remove it", fix=fix)


def _unknown_rule(place: Place, word: str, near: Rule | None) -> Report:
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
