"""Applying fixes: text edits that are kept only if the finding is gone and the file still reads.

Edits that overlap wait for the next round. Nothing is written before every round is over; a file is
replaced as a whole or not at all.
"""

from __future__ import annotations

import os
import stat
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from .findings import Severity
from .workspace import Unavailable, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .analysis import Result
    from .boot import Outcome
    from .document import Document
    from .findings import Edit, Finding

MOST_ROUNDS = 20


class Fixed(NamedTuple):
    """The outcome of a fixing run.

    ``contents`` maps each changed path to its new bytes; ``originals`` to the bytes that were
    read. ``applied`` are the findings that were mended, ``result`` what is left.
    """

    contents: dict[str, bytes]
    originals: dict[str, bytes]
    applied: tuple[Finding, ...]
    result: Result


def fix(workspace: Workspace, analyse: Callable[[Workspace], Result], *, unsafe: bool) -> Fixed:
    """Apply all fixes that may be applied. Writes nothing.

    ``analyse`` finds what is wrong in a workspace; ``unsafe`` allows fixes that are not safe.
    """
    result = analyse(workspace)
    originals: dict[str, bytes] = {}
    contents: dict[str, bytes] = {}
    applied: list[Finding] = []
    refused: set[object] = set()
    alone = False
    for _ in range(MOST_ROUNDS):
        wanted = [
            finding
            for finding in result.findings
            if finding.fix and (finding.fix.safe or unsafe) and _key(finding) not in refused
        ]
        chosen = _apart(wanted)[:1] if alone else _apart(wanted)
        if not chosen:
            break
        changed = _edited(chosen)
        for path in changed:
            originals.setdefault(path, workspace.read(path))
        trial = Workspace(workspace.current, {**workspace.overlay, **contents, **changed})
        after = analyse(trial)
        if _is_better(chosen, result, after):
            contents.update(changed)
            applied.extend(chosen)
            result = after
            alone = False
        elif len(chosen) > 1:
            alone = True
        else:
            refused.add(_key(chosen[0]))
            alone = False
    contents = {path: data for path, data in contents.items() if data != originals[path]}
    return Fixed(contents, originals, tuple(applied), result)


def _key(finding: Finding) -> object:
    return finding.code, finding.path, finding.message, finding.place.origin.span


def _same(finding: Finding) -> object:
    """What identifies a finding although its place may have moved."""
    return finding.code, finding.path, finding.message


def _is_better(chosen: list[Finding], before: Result, after: Result) -> bool:
    """Whether the chosen findings are gone, nothing became unreadable and nothing got worse.

    A deployment that gets its packages today must still do so: one value may serve two of them.
    """

    def count(result: Result, same: object) -> int:
        return sum(_same(finding) == same for finding in result.findings)

    for same in {_same(finding) for finding in chosen}:
        expected = count(before, same) - sum(_same(finding) == same for finding in chosen)
        if count(after, same) > expected:
            return False

    pairs = zip(before.deployments, after.deployments, strict=False)
    if any(_breaks(was.outcome, now.outcome) for was, now in pairs):
        return False

    def errors(result: Result) -> int:
        worse = (finding for finding in result.findings if finding.severity is Severity.ERROR)
        return len(list(worse))

    def unreadable(result: Result) -> int:
        return sum(finding.code == "AML901" for finding in result.findings)

    return errors(after) <= errors(before) and unreadable(after) <= unreadable(before)


def _breaks(was: Outcome, now: Outcome) -> bool:
    """Whether a container that adds its packages without an error would no longer do so."""
    return was.exit_code == 0 and was.variable is not None and bool(now.exit_code)


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose edits do not touch each other, the first of each heap."""
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen = []
    for finding in findings:
        assert finding.fix is not None
        spans = [
            (edit.place.document.path, edit.place.span)
            for each in finding.fix.edits
            for edit in each.in_file()
        ]
        free = all(
            end <= first or last <= start
            for path, (start, end) in spans
            for first, last in taken.get(path, [])
        )
        if free:
            chosen.append(finding)
            for path, span in spans:
                taken.setdefault(path, []).append(span)
    return chosen


def _edited(findings: Iterable[Finding]) -> dict[str, bytes]:
    """The new bytes of the files that the fixes of some findings touch."""
    edits: dict[str, list[Edit]] = {}
    documents: dict[str, Document] = {}
    for finding in findings:
        assert finding.fix is not None
        for each in finding.fix.edits:
            for edit in each.in_file():
                document = edit.place.document
                documents[document.path] = document
                edits.setdefault(document.path, []).append(edit)
    return {path: apply(document, edits[path]) for path, document in documents.items()}


def apply(document: Document, edits: Iterable[Edit]) -> bytes:
    """The bytes of a document after edits that do not overlap; all other bytes stay."""
    text = document.text
    for edit in sorted(edits, key=lambda each: each.place.span, reverse=True):
        start, end = edit.place.span
        text = text[:start] + edit.text + text[end:]
    return document.encode(text)


def write(path: str, data: bytes, original: bytes, project: str) -> None:
    """Replace a file's content in one step, its mode kept.

    Raises ``Unavailable`` if the file is no longer what was read, or is a link that leads out of
    the project.
    """
    target = os.path.realpath(path)
    inside = os.path.join(os.path.realpath(project), "")
    if not target.startswith(inside):
        raise Unavailable("it is a link that leads out of the project")
    try:
        with open(target, "rb") as current:
            if current.read() != original:
                raise Unavailable("it was changed while it was checked")
        mode = stat.S_IMODE(os.stat(target).st_mode)
        handle, name = tempfile.mkstemp(prefix=".aml-preflight-", dir=os.path.dirname(target))
        try:
            with open(handle, "wb") as new:
                new.write(data)
            os.chmod(name, mode)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise Unavailable((error.strerror or "it cannot be written").lower()) from None
