"""Applying fixes: text edits that are kept only if the finding is gone and the file still reads.

Edits that overlap wait for the next round; of a round that makes something worse, the halves are
tried, so that a fix that is refused holds no other one up. Nothing is written before every round is
over; a file is replaced as a whole or not at all.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from .findings import Severity
from .workspace import Unavailable, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .analysis import Result
    from .boot import Outcome
    from .deployments import Deployment
    from .document import Document
    from .findings import Edit, Finding, Fix

MOST_ROUNDS = 20
"""Mending one thing may show another. Rounds in which nothing can be kept are the last."""


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
    fixing = _Fixing(workspace, analyse, unsafe)
    for _ in range(MOST_ROUNDS):
        if not fixing.round():
            break
    return fixing.fixed()


class _Fixing:
    """Rounds of edits. All edits of a round are made to the texts that were read before it."""

    def __init__(
        self, workspace: Workspace, analyse: Callable[[Workspace], Result], unsafe: bool
    ) -> None:
        self.workspace = workspace
        self.analyse = analyse
        self.unsafe = unsafe
        self.result = analyse(workspace)
        self.originals: dict[str, bytes] = {}
        self.contents: dict[str, bytes] = {}
        self.applied: list[Finding] = []
        self.refused: set[object] = set()

    def round(self) -> bool:
        """Mend what can be mended at once; returns whether anything was."""
        before, contents = self.result, self.contents
        kept: list[Finding] = []
        groups = [_apart(self._wanted())]
        while groups:
            group = groups.pop()
            if not group:
                continue
            changed = self._edited([*kept, *group])
            after = self.analyse(self._with(contents, changed))
            if _is_better([*kept, *group], before, after):
                kept += group
                self.contents = {**contents, **changed}
                self.result = after
            elif len(group) == 1:
                self.refused.add(_key(group[0]))
            else:
                middle = len(group) // 2
                groups += [group[middle:], group[:middle]]
        self.applied += kept
        return bool(kept)

    def fixed(self) -> Fixed:
        """What all rounds together came to."""
        contents = {
            path: data for path, data in self.contents.items() if data != self.originals[path]
        }
        return Fixed(contents, self.originals, tuple(self.applied), self.result)

    def _wanted(self) -> list[Finding]:
        return [
            finding
            for finding in self.result.findings
            if finding.fix
            and (finding.fix.safe or self.unsafe)
            and _key(finding) not in self.refused
            and _can_be_written(finding.fix)
        ]

    def _edited(self, findings: list[Finding]) -> dict[str, bytes]:
        changed = _edited(findings)
        for path in changed:
            if path not in self.originals:
                self.originals[path] = self.workspace.read(path)
        return changed

    def _with(self, *changed: dict[str, bytes]) -> Workspace:
        overlay = dict(self.workspace.overlay)
        for each in changed:
            overlay.update(each)
        return Workspace(self.workspace.current, overlay)


def _can_be_written(fix: Fix) -> bool:
    """Whether the files that a fix touches can hold what it writes."""
    return all(
        edit.place.document.holds(edit.text) for each in fix.edits for edit in each.in_file()
    )


def _key(finding: Finding) -> object:
    return finding.code, finding.path, finding.message, finding.place.origin.span


def _same(finding: Finding) -> object:
    """What identifies a finding although its place may have moved."""
    return finding.code, finding.path, finding.message


def _is_better(chosen: list[Finding], before: Result, after: Result) -> bool:
    """Whether the chosen findings are gone, nothing became unreadable and nothing got worse.

    A deployment that gets its packages today must still do so: one value may serve two of them.
    """

    was, now = (Counter(map(_same, result.findings)) for result in (before, after))
    if any(now[same] > was[same] - count for same, count in Counter(map(_same, chosen)).items()):
        return False
    if _breaks_one(before.deployments, after.deployments):
        return False

    def errors(result: Result) -> int:
        worse = (finding for finding in result.findings if finding.severity is Severity.ERROR)
        return len(list(worse))

    def unreadable(result: Result) -> int:
        return sum(finding.code == "AML901" for finding in result.findings)

    return errors(after) <= errors(before) and unreadable(after) <= unreadable(before)


def _breaks_one(before: Iterable[Deployment], after: Iterable[Deployment]) -> bool:
    """Whether a deployment that adds its packages no longer does. Those of a file keep their order;
    where there are more or fewer than before, as many have to."""
    now = _outcomes(after)
    for path, was in _outcomes(before).items():
        there = now.get(path, [])
        if len(was) == len(there):
            if any(_breaks(one, other) for one, other in zip(was, there, strict=True)):
                return True
        elif sum(map(_adds, there)) < sum(map(_adds, was)):
            return True
    return False


def _outcomes(deployments: Iterable[Deployment]) -> dict[str, list[Outcome]]:
    """What the containers would do, by the file that the deployments are written in."""
    found: dict[str, list[Outcome]] = {}
    for each in deployments:
        found.setdefault(each.facts.place.file, []).append(each.outcome)
    return found


def _adds(outcome: Outcome) -> bool:
    """Whether a container adds its packages without an error."""
    return outcome.exit_code == 0 and outcome.variable is not None


def _breaks(was: Outcome, now: Outcome) -> bool:
    return _adds(was) and bool(now.exit_code)


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
