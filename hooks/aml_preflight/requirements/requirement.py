"""One requirement, taken apart as pip does, with the place of every part.

The steps are those of pip 26.3's ``constructors.parse_req_from_line`` and ``parse_editable`` with
one difference: no file is looked at. Where pip's answer depends on the disk, a text that can be a
path is read as one. ``packaging`` decides what is a valid requirement; it does not tell places, so
these are found here once the text is known to be valid.
"""

from __future__ import annotations

import posixpath
import re

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from . import legacy
from .explain import explain
from .links import (
    PLAIN_SCHEMES,
    VCS_SCHEMES,
    has_egg,
    link_problems,
    named_by_wheel,
    read_url,
    revision,
)
from .reading import (
    EVERY_FAILURE,
    Problem,
    Range,
    Reading,
    Version,
    head,
    listed,
    refused,
    scheme_of,
    trimmed,
    within,
)
from .records import INDEX, PATH, URL, VCS

_ARCHIVES = frozenset(
    (
        *(".zip", ".whl", ".tar.bz2", ".tbz", ".tar.gz", ".tgz", ".tar"),
        *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
    )
)
_DIRECT_EDITABLE: Version = (25, 3)
_BLANK_BEFORE_EXTRAS: Version = (25, 3)

_KNOWN_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)(?=\s|[@(=<>!~;\[]|\Z)")
_OPERATOR = re.compile(r"===|==|~=|!=|<=|>=|<|>")
_PLAUSIBLE_PATH = re.compile(r"(?:\.{0,2}|~[\w.-]*|[\w.+@ -]*)/[^<>|\"'*?=:!;,]*\Z|\.{1,2}\Z")
_PLAUSIBLE_FOLDER = re.compile(r"(?:file:|\.|~|/)?[\w./+@~-][^<>|\"'*?=:!;,]*(?:\[[^\]]*\])?\Z")


def read_line(text: str) -> Reading:
    """A requirement that stands at the start of a line, without its options."""
    try:
        is_url = scheme_of(text) in VCS_SCHEMES | PLAIN_SCHEMES
    except ValueError as error:
        return Reading(problems=(Problem(f"not a URL: {error}", None, None, 0, len(text)),))
    separator = text.find("; " if is_url else ";")
    end = len(text) if separator < 0 else separator
    start, end = trimmed(text, 0, end)
    reading = read_url(text, start, end) if is_url else _read_path_or_name(text, start, end)
    return _with_marker(text, reading, separator)


def read_editable(text: str) -> Reading:
    """The value of ``-e``: a folder, a file URL, a VCS URL, or ``name @ URL`` (from pip 25.3)."""
    everything = (0, len(text))
    try:
        direct = Requirement(text)
    except EVERY_FAILURE:
        direct = None
    if direct is not None and direct.url:
        return _read_direct_editable(text)
    try:
        scheme = scheme_of(text)
    except ValueError as error:
        return Reading(problems=(Problem(f"not a URL: {error}", None, None, *everything),))
    if scheme in ("git", "hg", "svn", "bzr"):
        scheme = f"{scheme}+{scheme}"
    if scheme in VCS_SCHEMES:
        reading = read_url(text, *everything, editable=True)
        if not has_egg(text) and not reading.problems:
            reason = "an editable VCS requirement needs a name: -e git+https://...#egg=NAME"
            return refused(reading, reason, *everything)
        return reading
    if text.lower().startswith("file:"):
        bracket = _extras_bracket(text)
        end = len(text) if bracket is None else trimmed(text, 0, bracket)[1]
        reading = read_url(text, 0, end, editable=True)
        return _with_extras(text, everything, reading, text, bracket)
    path = Reading(PATH, url=everything)
    if (direct is not None and direct.specifier) or not _PLAUSIBLE_FOLDER.match(text):
        return refused(path, "-e takes a folder or a VCS URL", *everything)
    return path


def with_variables(text: str, reading: Reading) -> Reading | None:
    """``reading`` of a text that holds ``${VAR}``, so that nothing in it can be called wrong.

    None where not even the name is certain.
    """
    if not reading.problems or reading.kind != INDEX:
        return reading._replace(problems=())
    name = _KNOWN_NAME.match(text)
    if name is None:
        return None
    return Reading(name=name.span(1), canonical=canonicalize_name(name.group(1)))


def _read_direct_editable(text: str) -> Reading:
    """``name @ URL`` behind ``-e``; here a marker needs the blank before its semicolon."""
    places = [place for place in (text.find(" ;"), text.find("\t;")) if place >= 0]
    separator = min(places) + 1 if places else -1
    start, end = trimmed(text, 0, len(text) if separator < 0 else separator)
    reading = _with_marker(text, _parts(text, start, end), separator)
    if reading.kind in (VCS, PATH):
        old = Problem("'-e name @ URL' is not understood", None, _DIRECT_EDITABLE, 0, len(text))
        return reading._replace(problems=(*reading.problems, old))
    return refused(reading, "-e takes a folder or a VCS URL", 0, len(text))


def _read_path_or_name(text: str, start: int, end: int) -> Reading:
    name = text[start:end]
    path = posixpath.normpath(posixpath.join("/cwd", name))
    bracket = _extras_bracket(path)
    stem = path if bracket is None else path[:bracket].rstrip()
    before, at, _ = name.partition("@")
    if _extension(stem) not in _ARCHIVES or (at and not _looks_like_path(before)):
        return _with_extras(text, (start, end), _read_name(text, start, end), path, bracket)
    reading = Reading(PATH, url=(start, end))
    if stem.endswith(".whl"):
        reading = named_by_wheel(text, reading, posixpath.basename(stem))
    if bracket is not None and path[bracket - 1].isspace():
        # "x.whl [extra]" was a name with an extra, until pip learned to skip the blank.
        older = within(_read_name(text, start, end).problems, None, _BLANK_BEFORE_EXTRAS)
        newer = within(reading.problems, _BLANK_BEFORE_EXTRAS, None)
        reading = reading._replace(problems=(*older, *newer))
    return _with_extras(text, (start, end), reading, path, bracket)


def _with_extras(
    text: str, place: Range, reading: Reading, path: str, bracket: int | None
) -> Reading:
    """``reading`` of the text at ``place``; extras begin at ``bracket`` of its ``path``."""
    start, end = place
    if bracket is None:
        return reading
    try:
        Requirement("placeholder" + path[bracket:].lower())
    except EVERY_FAILURE:
        if any(problem.since is None is problem.before for problem in reading.problems):
            return reading
        opening = max(text.rfind("[", start, end), start)
        return refused(reading, "the extras are not valid", opening, end)
    if reading.kind == PATH and not reading.extras and text.endswith("]", start, end):
        extras = listed(text, text.rfind("[", start, end) + 1, end - 1)
        return reading._replace(extras=extras)
    return reading


def _read_name(text: str, start: int, end: int) -> Reading:
    """A name with a specifier or ``@ URL``, or else a path."""
    segment = text[start:end]
    old = legacy.accepts(segment)
    reason = _refused_because(segment)
    if reason is not None:
        if old:
            problem = Problem(reason, legacy.STRICT_VERSIONS, None, start, end)
            return _parts(text, start, end)._replace(problems=(problem,))
        if _PLAUSIBLE_PATH.match(segment) and not segment.startswith(("git+", "hg+", "svn+")):
            return Reading(PATH, url=(start, end))
        kind = PATH if _looks_like_path(segment) else INDEX
        reading = Reading(kind, url=(start, end) if kind == PATH else None)
        return refused(reading, reason, start, end)
    reading = _parts(text, start, end)
    if not old:
        reason = f"{segment!r} is not understood"
        problem = Problem(reason, None, legacy.STRICT_VERSIONS, start, end)
        reading = reading._replace(problems=(*reading.problems, problem))
    return reading


def _refused_because(segment: str) -> str | None:
    """Why the pips from 24.1 on take a text for no requirement; ``None`` if they do."""
    try:
        Requirement(segment)
    except EVERY_FAILURE as error:
        return explain(segment, error)
    version = _with_comma(segment)
    return None if version is None else f"{version!r} is no version: a blank ends what follows ==="


def _with_comma(segment: str) -> str | None:
    """What follows ``===`` up to a blank, if there is a comma in it and more behind: only a blank
    ends it for all pips. The packaging of none of them lets it end at a comma, as packaging 26.4
    does."""
    words = segment.split()
    for index, word in enumerate(words):
        _, sign, version = word.partition("===")
        following = index + 1
        if sign and not version and following < len(words):
            version, following = words[following], following + 1
        if not sign or "," not in version or following >= len(words):
            continue
        if words[following][0] not in ",;)" and ";" not in version and ")" not in version:
            return version
    return None


def _parts(text: str, start: int, end: int) -> Reading:
    """The places in ``name[extras] specifier`` or ``name[extras] @ URL``, known to be valid."""
    reading, rest = head(text, start, end)
    if reading.name is None:
        return reading
    rest, end = trimmed(text, rest, end)
    if text.startswith("@", rest):
        return _direct(text, reading, trimmed(text, rest + 1, end))
    if text.startswith("(", rest) and text.endswith(")", rest, end):
        rest, end = trimmed(text, rest + 1, end - 1)
    clauses = []
    for place in listed(text, rest, end):
        operator = _OPERATOR.match(text, *place)
        if operator is not None:
            version = text[operator.end() : place[1]].strip()
            clauses.append((operator.group(), version, place))
    return reading._replace(specifier=(rest, end) if rest < end else None, clauses=tuple(clauses))


def _direct(text: str, reading: Reading, place: Range) -> Reading:
    """``reading`` with the URL behind the ``@``."""
    start, end = place
    try:
        scheme = scheme_of(text[start:end])
    except ValueError:
        scheme = "?"
    kind = VCS if scheme in VCS_SCHEMES else PATH if scheme == "file" else URL
    reading = reading._replace(kind=kind, url=place, problems=link_problems(text, start, end))
    if kind == VCS:
        reading = reading._replace(revision=revision(text, start, end))
    if scheme not in VCS_SCHEMES | PLAIN_SCHEMES and not reading.problems:
        # The line is read without complaint, and then there is nothing that could fetch it.
        url = text[start:end]
        reason = f"{url!r} after the @ is not a URL; write == for a version"
        if "/" in url:
            reason = f"{url!r} after the @ is not a URL that pip can fetch"
        return refused(reading._replace(kind=INDEX), reason, start, end)
    return reading


def _with_marker(text: str, reading: Reading, separator: int) -> Reading:
    """``reading`` with the marker behind the semicolon at ``separator`` (-1: there is none)."""
    if separator < 0:
        return reading
    start, end = trimmed(text, separator + 1, len(text))
    if start == end:
        return reading
    reading = reading._replace(marker=(start, end))
    try:
        Marker(text[start:end])
    except RecursionError:
        return refused(reading, "the marker is nested too deeply", start, end)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        return refused(reading, f"the marker is not valid: {reason}", start, end)
    if legacy.accepts_marker(text[start:end]):
        return reading
    reason = "'not in' needs one blank between its words"
    problem = Problem(reason, None, legacy.STRICT_VERSIONS, start, end)
    return reading._replace(problems=(*reading.problems, problem))


def _extras_bracket(path: str) -> int | None:
    """Where the ``[extras]`` at the end of a path begin (pip 26.3's ``urls.strip_extras``)."""
    if not path.endswith("]"):
        return None
    # pip asks a regular expression, which takes quadratic time on a row of brackets.
    place = path.rfind("[", 1, len(path) - 2)
    return place if place >= 1 and "]" not in path[place:-1] else None


def _extension(path: str) -> str:
    base, extension = posixpath.splitext(path)
    if base.lower().endswith(".tar"):
        extension = base[-4:] + extension
    return extension.lower()


def _looks_like_path(name: str) -> bool:
    return "/" in name or name.startswith(".")
