"""Comments that silence findings: ``# aml-preflight: ignore[AML301] until=2026-12-31 -- reason``.

On the line of the finding, or alone on the line above it; ``ignore-file[...]`` anywhere for the
whole file. Alone above a command that goes on over several lines it counts for all of them, since
no comment can stand between those, and alone above a fence of a Markdown page for all of the fence.
Codes or names are obligatory; the date and the reason are not. A comment whose date has passed
silences nothing any more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import rules
from .document import Embedded, Place, is_example
from .findings import Edit, Fix, Report
from .forms import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .comments import Comment
    from .document import Document
    from .findings import Finding
    from .rules import Rule

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

_SHAPE = (
    "write `# aml-preflight: ignore[AML301] -- reason`, with `ignore-file[...]` for the whole "
    "file and `until=YYYY-MM-DD` before the reason for a time"
)


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
    if each.comment.alone and (line_of_file := _line_of_file(each.place)) is not None:
        return Fix("remove the comment", (Edit(line_of_file, ""),), safe=True)
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


def _line_of_file(place: Place) -> Place | None:
    """The whole line that a comment is in the file around its text, if nothing else stands on it
    there."""
    origin = place.origin
    document = origin.document
    line, _ = document.position(origin.start)
    if document is place.document or document.line(line).strip() != place.text:
        return None
    starts = document.line_starts
    end = starts[line] if line < len(starts) else len(document.text)
    return Place(document, (starts[line - 1], end))


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
