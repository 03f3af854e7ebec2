"""One requirements file: its text to its entries.

Pure: no file, no network, no environment is looked at. Follows pip 26.3's ``req_file`` (which
option counts on which line) and ``constructors`` (what a requirement is); where other pips differ,
the entry says so in ``refusals``.
"""

from __future__ import annotations

from .credentials import VARIABLE
from .lines import LogicalLine, logical_lines, swallowed_lines
from .options import Found, OptionError, Options, option_start, parse_options
from .placed import Placed, dropped_words, placed_option, placed_word
from .plain import read_plain
from .reading import Reading, Version, within
from .records import (
    BASE_PIP,
    Clause,
    Entry,
    Hash,
    Include,
    Invalid,
    Nothing,
    Option,
    OptionLine,
    Part,
    Refusal,
    Requirement,
    RequirementsFile,
    Swallowed,
    Unknown,
)
from .refusals import option_refusals, requirement_refusals, timeless

_REMOTE = ("http:", "https:", "file:")
# From this pip on a "-e" anywhere on the line makes the requirement before it an editable one.
_EDITABLE_BY_OPTION: Version = (25, 0)


def read(text: str) -> RequirementsFile:
    """The entries of a requirements file.

    ``text`` is the decoded file without byte order mark (``decoding.decode``). Never raises. The
    time taken is proportional to the length of ``text``; the caller caps that.
    """
    entries: list[Entry] = []
    for line in logical_lines(text):
        if line.text:
            entries.append(_read_line(line))
        for backslash, swallowed in swallowed_lines(line):
            entry = _read_line(swallowed) if swallowed.text else None
            if line.comment is not None and isinstance(entry, (Requirement, Include, OptionLine)):
                entries.append(
                    Swallowed(
                        entry.span, entry.line, swallowed.text, line.comment, backslash, entry
                    )
                )
    return RequirementsFile(tuple(entries))


def _read_line(line: LogicalLine) -> Entry:
    start = option_start(line.text)
    everything = line.span(0, len(line.text))
    variables = tuple(line.part(*match.span()) for match in VARIABLE.finditer(line.text))
    try:
        options = parse_options(line.text[start:])
    except OptionError:
        if variables:
            return Unknown(everything, line.number, line.text, variables)
        return _refused_options(line, start)
    refusals = () if variables or timeless(options) else option_refusals(line, start)
    if start > 0:
        source = _arguments(line, start)
        return _requirement(source, options, start, variables, refusals)
    editables = [found for found in options.found if found.name == "--editable"]
    if editables and editables[0].value is not None:
        source = placed_word(line, editables[0].value, 0)
        return _requirement(source, options, start, variables, refusals, editables[0])
    return _option_line(line, options, variables, refusals)


def _arguments(line: LogicalLine, start: int) -> Placed:
    """The line up to its options at ``start``."""
    # Without the one blank before the options; a second one counts if it follows a semicolon.
    end = start if start == len(line.text) else start - 1
    return Placed(line.text[:end], line, range(end))


def _requirement(
    source: Placed,
    options: Options,
    start: int,
    variables: tuple[Part, ...],
    refusals: tuple[Refusal, ...],
    editable: Found | None = None,
) -> Entry:
    line = source.line
    reading, is_editable = _reading(source.text, options, editable)
    if variables and VARIABLE.search(source.text):
        from .requirement import with_variables

        known = with_variables(source.text, reading)
        if known is None:
            return Unknown(line.span(0, len(line.text)), line.number, line.text, variables)
        reading = known
    entry = _from_reading(source, reading, editable=is_editable, variables=variables)
    if options.found or options.loose:
        entry = _with_options(entry, line, options, start, editable)
    refusals = (*refusals, *requirement_refusals(source, reading.problems))
    reason = next((refusal.reason for refusal in refusals if refusal.by(BASE_PIP)), None)
    if reason is None:
        return entry._replace(refusals=refusals) if refusals else entry
    return Invalid(entry.span, line.number, line.text, reason, refusals, entry)


def _refused_options(line: LogicalLine, start: int) -> Invalid:
    """A line whose options ``BASE_PIP`` refuses; others take them and look at what is before."""
    refusals = option_refusals(line, start)
    reason = next(refusal.reason for refusal in refusals if refusal.by(BASE_PIP))
    partial = None
    if start > 0:
        source = _arguments(line, start)
        reading = _read_text(source.text)
        partial = _from_reading(source, reading)
        refusals += requirement_refusals(source, reading.problems)
    everything = line.span(0, len(line.text))
    return Invalid(everything, line.number, line.text, reason, refusals, partial)


def _read_text(text: str) -> Reading:
    """A requirement without its options; ``packaging`` is imported only for those that need it."""
    plain = read_plain(text)
    if plain is not None:
        return plain
    from .requirement import read_line

    return read_line(text)


def _reading(text: str, options: Options, editable: Found | None) -> tuple[Reading, bool]:
    """What the requirement says and whether it is editable, for every pip at once."""
    if editable is not None:
        from .requirement import read_editable

        return read_editable(text), True
    reading = _read_text(text)
    if not any(found.name == "--editable" for found in options.found):
        return reading, False
    from .requirement import read_editable

    newer = read_editable(text)
    problems = (
        *within(reading.problems, None, _EDITABLE_BY_OPTION),
        *within(newer.problems, _EDITABLE_BY_OPTION, None),
    )
    refused = any(problem.before is None for problem in newer.problems)
    return (reading if refused else newer)._replace(problems=problems), True


def _from_reading(
    source: Placed, reading: Reading, *, editable: bool = False, variables: tuple[Part, ...] = ()
) -> Requirement:
    def part(place: tuple[int, int] | None) -> Part | None:
        return None if place is None else source.part(*place)

    line = source.line
    return Requirement(
        span=line.span(0, len(line.text)),
        line=line.number,
        text=source.text.strip(),
        kind=reading.kind,
        name=part(reading.name),
        canonical=reading.canonical,
        extras=tuple(source.part(*place) for place in reading.extras),
        specifier=part(reading.specifier),
        clauses=tuple(
            Clause(operator, version, source.span(*place))
            for operator, version, place in reading.clauses
        ),
        marker=part(reading.marker),
        url=part(reading.url),
        revision=part(reading.revision),
        editable=editable,
        secrets=source.secrets(),
        variables=variables,
    )


def _with_options(
    entry: Requirement, line: LogicalLine, options: Options, start: int, editable: Found | None
) -> Requirement:
    """``entry`` with the options that count for a requirement and those that do not."""
    hashes: list[Hash] = []
    settings: list[Option] = []
    ignored: list[Option] = []
    for found in options.found:
        option = placed_option(line, found, start)
        if found is editable:
            continue
        if found.name == "--hash" and not entry.editable and found.value is not None:
            algorithm, _, digest = found.value.text.partition(":")
            hashes.append(
                Hash(algorithm, digest, placed_word(line, found.value, start).whole().span)
            )
        elif found.name == "--config-settings":
            settings.append(option)
        else:
            ignored.append(option)
    return entry._replace(
        hashes=tuple(hashes),
        settings=tuple(settings),
        ignored=tuple(ignored),
        dropped=dropped_words(line, options, start),
    )


def _option_line(
    line: LogicalLine,
    options: Options,
    variables: tuple[Part, ...],
    refusals: tuple[Refusal, ...],
) -> Entry:
    everything = line.span(0, len(line.text))
    dropped = dropped_words(line, options, 0)
    for name in ("--requirement", "--constraint"):
        chosen = next((found for found in options.found if found.name == name), None)
        if chosen is not None and chosen.value is not None:
            ignored = tuple(
                placed_option(line, found, 0) for found in options.found if found != chosen
            )
            target = placed_word(line, chosen.value, 0)
            return Include(
                everything,
                line.number,
                name == "--constraint",
                target.whole(),
                target.text.lower().startswith(_REMOTE),
                ignored,
                dropped,
                target.secrets(),
                variables,
                refusals,
            )
    effective = _effective(options.found)
    if not effective and dropped:
        return _nothing(line, dropped)
    return OptionLine(
        everything,
        line.number,
        tuple(placed_option(line, found, 0) for found in effective),
        tuple(placed_option(line, found, 0) for found in options.found if found not in effective),
        dropped,
        variables,
        refusals,
    )


def _effective(found: tuple[Found, ...]) -> list[Found]:
    """The options of a line that have an effect (pip 26.3's ``req_file.handle_option_line``)."""
    no_index = any(option.name == "--no-index" for option in found)
    links = [option for option in found if option.name == "--find-links"]
    indexes = [option for option in found if option.name == "--index-url"]
    effective = []
    for option in found:
        if option.name in ("--hash", "--config-settings"):
            continue
        if no_index and option.name in ("--index-url", "--extra-index-url"):
            continue
        if option in links[1:] or option in indexes[:-1]:
            continue
        effective.append(option)
    return effective


def _nothing(line: LogicalLine, dropped: tuple[Part, ...]) -> Nothing:
    everything = line.span(0, len(line.text))
    if dropped[0].text != "-" or line.text[1:2] not in (" ", "\t"):
        return Nothing(everything, line.number, dropped)
    length = len(line.text) - len(line.text[1:].lstrip(" \t"))
    rest = line.part(length, len(line.text))
    inner = None
    if not rest.text.startswith("-"):
        inner = _read_line(line._replace(text=rest.text, shift=line.shift + length))
    bullet = line.span(0, length)
    return Nothing(everything, line.number, dropped, bullet, rest, inner)
