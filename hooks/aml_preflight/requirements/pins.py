"""How firmly a requirement is pinned: what the next start of the container may install.

A level, not a yes or no. pip's own ``is_pinned`` is no help: it takes ``==1.*`` for a pin, and
``==1.2,>=1`` for none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .records import PATH, URL, VCS, Clause, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

ARTEFACT = "ARTEFACT"
"""The bytes are fixed: a version with a strong hash, a URL with one, a full commit id."""
VERSION = "VERSION"
"""Exactly one release."""
MOVABLE = "MOVABLE"
"""The same today, maybe not tomorrow: a tag, an abbreviated commit, a URL without a hash."""
FLOATING = "FLOATING"
"""Whatever is newest, a branch, or a value that only the container knows."""
LOCAL = "LOCAL"
"""A path on the machine where pip runs."""
CONTRADICTION = "CONTRADICTION"
"""No release can satisfy it."""

_STRONG_FRAGMENT = re.compile(r"[#&]sha(?:256|384|512)=[0-9a-fA-F]+(?=&|\Z)")
_FULL_COMMIT = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?\Z")
_TAG = re.compile(
    r"refs/tags/.+\Z|[0-9a-fA-F]{7,39}\Z|[vV]?\d+(?:\.\d+)*(?:[-._+]?[A-Za-z0-9]+)*\Z"
    r"|[^/]*\d\.\d[^/]*\Z"
)
_WILDCARD_TAG = re.compile(r"(?:^|\.)[xX*](?:\.|\Z)")
_LONGEST_REVISION = 200


def level(requirement: Requirement) -> str:
    """The level of ``requirement`` by itself: what constraints add is for ``of_clauses``."""
    if requirement.kind == PATH:
        return LOCAL
    if requirement.variables:
        return FLOATING
    if requirement.kind == VCS:
        return _vcs(requirement)
    if requirement.kind == URL:
        return ARTEFACT if _fixed_url(requirement) else MOVABLE
    found = of_clauses(requirement.clauses)
    if found == VERSION and requirement.hashes:
        return ARTEFACT
    return found


def of_clauses(clauses: Iterable[Clause]) -> str:
    """``VERSION``, ``FLOATING`` or ``CONTRADICTION``, for all the clauses together."""
    clauses = list(clauses)
    pins = [clause for clause in clauses if _is_pin(clause)]
    if not pins:
        return FLOATING
    if len(clauses) == 1:
        return VERSION
    return VERSION if _all_contain(clauses, pins) else CONTRADICTION


def _is_pin(clause: Clause) -> bool:
    return clause.operator == "===" or (
        clause.operator == "==" and not clause.version.endswith(".*")
    )


def _all_contain(clauses: list[Clause], pins: list[Clause]) -> bool:
    """Whether there is a pin whose version all the clauses admit."""
    from packaging.specifiers import SpecifierSet

    exact = {clause.version.lower() for clause in pins if clause.operator == "==="}
    if len(exact) > 1:
        return False
    # The most precise candidate: "1.2+cpu" is a "1.2", and not the other way round.
    candidate = next(iter(exact), None)
    if candidate is None:
        candidate = max(pins, key=lambda clause: clause.version.count("+")).version
    version = _version(candidate)
    if version is None and exact:
        return all(clause.version.lower() == candidate for clause in clauses)
    if version is None:
        # A number of more than 4300 digits: nothing but equality can be told.
        return len({clause.version for clause in pins}) == 1
    try:
        together = SpecifierSet(",".join(clause.operator + clause.version for clause in clauses))
        return together.contains(version, prereleases=True)
    except (ValueError, RecursionError):
        return len({clause.version for clause in pins}) == 1


def _version(text: str) -> Version | None:
    from packaging.version import Version

    try:
        return Version(text)
    except ValueError:
        return None


def _fixed_url(requirement: Requirement) -> bool:
    url = requirement.url.text if requirement.url else ""
    return bool(requirement.hashes or _STRONG_FRAGMENT.search(url))


def _vcs(requirement: Requirement) -> str:
    revision = requirement.revision.text if requirement.revision else ""
    url = requirement.url.text.lower() if requirement.url else ""
    if not revision or len(revision) > _LONGEST_REVISION:
        return FLOATING
    if url.startswith("svn"):
        return ARTEFACT if revision.isdecimal() else FLOATING
    if _FULL_COMMIT.match(revision):
        return ARTEFACT
    if _TAG.match(revision) and not _WILDCARD_TAG.search(revision):
        return MOVABLE
    return FLOATING
