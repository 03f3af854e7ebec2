"""What is read from one requirement, as ranges of its text, and the small tools to find them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .records import INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable

Version = tuple[int, ...]
Range = tuple[int, int]

EVERY_FAILURE = (ValueError, RecursionError)
"""What packaging raises: its own errors are ValueErrors, deep parentheses end in RecursionError."""

_HEAD = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)\s*(?:\[([^\]]*)\])?\s*(?=[@(=<>!~;$]|\Z)"
)


class Problem(NamedTuple):
    """An objection of the pips from ``since`` to ``before``; indices in the text that was read."""

    reason: str
    since: Version | None
    before: Version | None
    start: int
    end: int


class Reading(NamedTuple):
    """What a requirement says; all ranges are indices in the text that was read."""

    kind: str = INDEX
    name: Range | None = None
    canonical: str | None = None
    extras: tuple[Range, ...] = ()
    specifier: Range | None = None
    clauses: tuple[tuple[str, str, Range], ...] = ()
    marker: Range | None = None
    url: Range | None = None
    revision: Range | None = None
    problems: tuple[Problem, ...] = ()


def head(text: str, start: int, end: int) -> tuple[Reading, int]:
    """The name and the extras at the start of ``text[start:end]``, and where they end."""
    match = _HEAD.match(text, start, end)
    if match is None:
        return Reading(), start
    from packaging.utils import canonicalize_name

    reading = Reading(
        name=match.span(1),
        canonical=canonicalize_name(match.group(1)),
        extras=listed(text, *match.span(2)) if match.group(2) else (),
    )
    return reading, match.end()


def within(
    problems: Iterable[Problem], since: Version | None, before: Version | None
) -> Iterable[Problem]:
    """The problems, as far as they concern the pips from ``since`` to ``before``."""
    for problem in problems:
        first = max((version for version in (problem.since, since) if version), default=None)
        last = min((version for version in (problem.before, before) if version), default=None)
        if first is None or last is None or first < last:
            yield problem._replace(since=first, before=last)


def refused(
    reading: Reading, reason: str, start: int, end: int, since: Version | None = None
) -> Reading:
    """``reading`` with one more problem, that of all pips from ``since`` on."""
    problem = Problem(reason, since, None, start, end)
    return reading._replace(problems=(*reading.problems, problem))


def listed(text: str, start: int, end: int) -> tuple[Range, ...]:
    """The non-empty items of a comma-separated list, trimmed."""
    items = []
    while start < end:
        comma = text.find(",", start, end)
        stop = end if comma < 0 else comma
        item = trimmed(text, start, stop)
        if item[0] < item[1]:
            items.append(item)
        start = stop + 1
    return tuple(items)


def trimmed(text: str, start: int, end: int) -> Range:
    """``start`` and ``end`` without the white space at both ends of ``text[start:end]``."""
    segment = text[start:end]
    lead = len(segment) - len(segment.lstrip())
    return (start + lead, start + max(lead, len(segment.rstrip())))


def scheme_of(text: str) -> str:
    """The URL scheme, or ``""``. Raises ``ValueError`` where pip does."""
    from urllib.parse import urlsplit  # with what it imports, a tenth of what libcst takes

    return urlsplit(text).scheme
