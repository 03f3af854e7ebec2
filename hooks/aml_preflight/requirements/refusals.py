"""Which pips refuse a line: what single versions say, put together to ranges of versions, and what
that means for the pips that an image can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .options import OPTIONS, TABLE_CHANGES, OptionError, parse_options
from .records import ABORTS_FILE, ABORTS_INSTALL, Refusal, release

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .lines import LogicalLine
    from .options import Options
    from .placed import Placed
    from .reading import Problem, Version

_OLDEST_PIP = "20.2"
_NEWEST_PIP = "99"
_PIPS = {
    "3.6": (_OLDEST_PIP, "21.3.1"),
    "3.7": (_OLDEST_PIP, "24.0"),
    "3.8": (_OLDEST_PIP, "25.0.1"),
    "3.9": (_OLDEST_PIP, "26.0.1"),
    "3.12": ("23.2", _NEWEST_PIP),
    "3.13": ("23.2", _NEWEST_PIP),
    "3.14": ("23.2", _NEWEST_PIP),
}
"""The oldest and the newest pip that runs on a Python (``Requires-Python`` of pip's releases)."""

_OPTIONS = {option.name: option for option in OPTIONS}


def timeless(options: Options) -> bool:
    """Whether every pip reads these options alike: spelled in full and known to all."""
    for found in options.found:
        option = _OPTIONS[found.name]
        spelling = found.written.text
        if option.since > (0,) or option.before or found.name == "--use-feature":
            return False
        if spelling not in _OPTIONS and spelling != option.short:
            return False
    return True


def option_refusals(line: LogicalLine, start: int) -> tuple[Refusal, ...]:
    """The pips that refuse the options of a line, the newest first."""
    ranges: list[tuple[Version, Version | None, OptionError]] = []
    changes = TABLE_CHANGES
    for version, following in zip(changes, (*changes[1:], None), strict=True):
        error = _option_error(line.text[start:], version)
        if error is None:
            continue
        if ranges and ranges[-1][1] == version:
            ranges[-1] = (ranges[-1][0], following, error)
        else:
            ranges.append((version, following, error))
    return tuple(
        Refusal(
            str(error),
            _dotted(since) if since > (0,) else None,
            _dotted(before),
            ABORTS_FILE,
            line.span(start + error.start, start + error.end),
        )
        for since, before, error in reversed(ranges)
    )


def requirement_refusals(source: Placed, problems: Iterable[Problem]) -> tuple[Refusal, ...]:
    """The pips that refuse a requirement; one reason is enough where all of them do."""
    always = [problem for problem in problems if problem.since is None is problem.before]
    return tuple(
        Refusal(
            problem.reason,
            _dotted(problem.since),
            _dotted(problem.before),
            ABORTS_INSTALL,
            source.span(problem.start, problem.end),
        )
        for problem in always[:1] or problems
    )


def judged(refusals: tuple[Refusal, ...], python: str | None) -> tuple[Refusal | None, bool]:
    """What the newest objecting pip objects, and whether all do that run on the image's Python."""
    if not refusals:
        return None, False
    oldest, newest = _PIPS.get(python or "", (_OLDEST_PIP, _NEWEST_PIP))
    ends = {end for refusal in refusals for end in (refusal.since, refusal.before) if end}
    turns = [end for end in ends if release(oldest) < release(end) <= release(newest)]
    pips = [oldest, *sorted(turns, key=release)]
    refusing = [pip for pip in pips if any(refusal.by(pip) for refusal in refusals)]
    if not refusing:
        return None, False
    first = next(refusal for refusal in refusals if refusal.by(refusing[-1]))
    return first, len(refusing) == len(pips)


def _option_error(text: str, pip: Version) -> OptionError | None:
    try:
        parse_options(text, pip)
    except OptionError as error:
        return error
    return None


def _dotted(version: Version | None) -> str | None:
    return None if version is None else ".".join(map(str, version))
