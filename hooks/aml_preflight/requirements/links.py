"""URLs of requirements: what pip can tell from a URL before it fetches anything.

Source: pip 26.3's ``models.link``, ``models.wheel`` and the scheme lists of ``vcs``.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from . import legacy
from .explain import explain
from .reading import EVERY_FAILURE, Problem, Range, Reading, Version, head, refused, scheme_of
from .records import PATH, URL, VCS

VCS_SCHEMES = frozenset(
    (
        *("bzr+http", "bzr+https", "bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp", "bzr+file"),
        *("git+http", "git+https", "git+ssh", "git+git", "git+file"),
        *("hg+file", "hg+http", "hg+https", "hg+ssh", "hg+static-http"),
        *("svn+ssh", "svn+http", "svn+https", "svn+svn", "svn+file"),
    )
)
PLAIN_SCHEMES = frozenset(("http", "https", "file", "ftp"))

_STRICT_EGG: Version = (26, 0)
_EGG = re.compile(r"[#&]egg=([^&]*)")
_PROJECT = re.compile(r"([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$", re.IGNORECASE)


def has_egg(url: str) -> bool:
    """Whether a URL names its project with ``#egg=``."""
    return _EGG.search(url) is not None


def read_url(text: str, start: int, end: int, editable: bool = False) -> Reading:
    """A URL without a name in front."""
    url = text[start:end]
    scheme = scheme_of(url)
    kind = PATH if scheme == "file" else URL if scheme in PLAIN_SCHEMES else VCS
    reading = Reading(kind, url=(start, end), problems=link_problems(text, start, end))
    if kind == VCS:
        reading = reading._replace(revision=revision(text, start, end))
    filename = posixpath.basename(unquote(urlsplit(url).path).rstrip("/"))
    if not editable and posixpath.splitext(filename)[1] == ".whl":
        return named_by_wheel(text, reading, filename)
    egg = _EGG.search(url)
    if egg is None:
        return reading
    return _named_by_egg(text, reading, (start + egg.start(1), start + egg.end(1)))


def named_by_wheel(text: str, reading: Reading, filename: str) -> Reading:
    """``reading`` of a URL or path with the name and the version that its file name tells."""
    start, end = reading.url or (0, len(text))
    place = text.rfind(filename, start, end)
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except EVERY_FAILURE:
        since = _strict_since(filename)
        at = (place, place + len(filename)) if place >= 0 else (start, end)
        return refused(reading, f"{filename!r} is not the name of a wheel", *at, since=since)
    if legacy.wheel_requirement(filename) is None:
        reason = f"{filename!r} is not the name of a wheel"
        problem = Problem(reason, None, legacy.STRICT_WHEEL_NAMES, start, end)
        reading = reading._replace(problems=(*reading.problems, problem))
    if place < 0:
        return reading._replace(canonical=name, clauses=(("==", str(version), (start, end)),))
    first, second = filename.split("-", 2)[:2]
    dash = place + len(first)
    return reading._replace(
        name=(place, place + len(first)),
        canonical=name,
        clauses=(("==", str(version), (dash + 1, dash + 1 + len(second))),),
    )


def _strict_since(filename: str) -> Version | None:
    """The first pip that refuses this bad name of a wheel; None: all do."""
    requirement = legacy.wheel_requirement(filename)
    if requirement is None:
        return None
    try:
        Requirement(requirement)
    except EVERY_FAILURE:
        return legacy.STRICT_VERSIONS
    return legacy.STRICT_WHEEL_NAMES


def link_problems(text: str, start: int, end: int) -> tuple[Problem, ...]:
    """What pip finds wrong with the URL at ``text[start:end]`` before it fetches it."""
    url = text[start:end]
    try:
        parsed = urlsplit(url)
    except ValueError as error:
        return (Problem(f"not a URL: {error}", None, None, start, end),)
    if parsed.scheme == "file" and parsed.netloc not in ("", "localhost"):
        reason = f"a file URL needs three slashes: {parsed.netloc!r} is taken for a host"
        return (Problem(reason, None, None, start, end),)
    egg = _EGG.search(url)
    if egg is not None and not _PROJECT.match(egg.group(1)):
        reason = f"#egg={egg.group(1)} is not a plain project name"
        place = (start + egg.start(1), start + egg.end(1))
        return (Problem(reason, _STRICT_EGG, None, *place),)
    return ()


def revision(text: str, start: int, end: int) -> Range | None:
    """What follows the last ``@`` in the path of a VCS URL."""
    stop = min((i for i in (text.find(c, start, end) for c in "?#") if i >= 0), default=end)
    host = text.find("://", start, stop)
    slash = text.find("/", host + 3, stop) if host >= 0 else -1
    at = text.rfind("@", slash, stop) if slash >= 0 else -1
    return (at + 1, stop) if at >= 0 else None


def _old_egg(egg: str) -> bool:
    """Whether the pips before 24.1 took this for the name in a URL; a marker could follow."""
    name, separator, marker = egg.partition(";")
    if separator:
        try:
            Marker(marker)
        except EVERY_FAILURE:
            return False
    return legacy.accepts(name)


def _named_by_egg(text: str, reading: Reading, place: Range) -> Reading:
    egg = text[place[0] : place[1]]
    parts, _ = head(text, *place)
    named = reading._replace(name=parts.name, canonical=parts.canonical, extras=parts.extras)
    old = _old_egg(egg)
    try:
        Requirement(egg)
    except EVERY_FAILURE as error:
        since = legacy.STRICT_VERSIONS if old else None
        return refused(reading, explain(egg, error), *place, since=since)
    if not old:
        problem = Problem(f"#egg={egg} is not understood", None, legacy.STRICT_VERSIONS, *place)
        named = named._replace(problems=(*named.problems, problem))
    return named
