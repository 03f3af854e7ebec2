"""Applying fixes: text edits that are kept only if the finding is gone and the file still reads.

Edits that overlap wait for the next round; of a round that makes something worse, the halves are
tried, so that a fix that is refused holds no other one up. One that shows what can be mended as
well is tried together with that. Nothing is written before every round is over; a file is replaced
as a whole or not at all.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections import Counter
from copy import copy
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

_MOST_ALONE = 20
"""Where fixes that show others cannot be kept all at once, so many are tried one by one: each takes
some rounds."""


class Fixed(NamedTuple):
    """The outcome of a fixing run.

    ``contents`` maps each changed path to its new bytes; ``originals`` to the bytes that were
    read. ``applied`` are the findings that were mended, ``result`` what is left, in which what was
    refused has no fix any more; ``refused`` are these findings, each with the reason, which
    completes "was not fixed: ...".
    """

    contents: dict[str, bytes]
    originals: dict[str, bytes]
    applied: tuple[Finding, ...]
    result: Result
    refused: tuple[tuple[Finding, str], ...] = ()


def fix(workspace: Workspace, analyse: Callable[[Workspace], Result], *, unsafe: bool) -> Fixed:
    """Apply all fixes that may be applied. Writes nothing.

    ``analyse`` finds what is wrong in a workspace; ``unsafe`` allows fixes that are not safe.
    """
    fixing = _Fixing(workspace, analyse, unsafe)
    fixing.run()
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
        self.refused: dict[object, str] = {}
        """Why a fix was not kept, by the key of its finding."""
        self.promising: set[object] = set()
        """The keys of those of them that show something else that can be mended."""

    def run(self) -> None:
        """Mend until nothing more can be mended."""
        self.rounds()
        self.go_further(_apart(self._promising()))
        for _ in range(_MOST_ALONE):
            self.go_further(self._promising()[:1])

    def rounds(self) -> None:
        """Mend what can be mended by itself, and what shows then."""
        for _ in range(MOST_ROUNDS):
            if not self.round():
                break

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
            worse = _worse([*kept, *group], before, after)
            if worse is None:
                kept += group
                self.contents = {**contents, **changed}
                self.result = after
            elif len(group) == 1:
                self._refuse(group[0], worse, after)
            else:
                middle = len(group) // 2
                groups += [group[middle:], group[:middle]]
        self.applied += kept
        return bool(kept)

    def go_further(self, chosen: list[Finding]) -> None:
        """Try fixes that were refused together with what can be mended after them, and keep all of
        it if nothing is worse in the end."""
        if not chosen:
            return
        further = self._after(chosen)
        further.rounds()
        worse = _worse(chosen, self.result, further.result)
        if worse is None:
            self.contents, self.result = further.contents, further.result
            self.refused, self.promising = further.refused, further.promising
            self.applied += [*chosen, *further.applied]
        elif len(chosen) == 1:
            self.promising.remove(_key(chosen[0]))
            self.refused[_key(chosen[0])] = worse

    def fixed(self) -> Fixed:
        """What all rounds together came to."""
        contents = {
            path: data for path, data in self.contents.items() if data != self.originals[path]
        }
        found = [(each, self._why_not(each)) for each in self.result.findings]
        refused = tuple((each, why) for each, why in found if why is not None)
        left = tuple(each if why is None else each._replace(fix=None) for each, why in found)
        result = self.result._replace(findings=left)
        return Fixed(contents, self.originals, tuple(self.applied), result, refused)

    def _why_not(self, finding: Finding) -> str | None:
        """Why a fix that may be applied was not."""
        if finding.fix is None or not (finding.fix.safe or self.unsafe):
            return None
        if not _can_be_written(finding.fix):
            return "the file cannot hold the characters"
        return self.refused.get(_key(finding))

    def _after(self, chosen: list[Finding]) -> _Fixing:
        """The same with some fixes more, whatever comes of them."""
        made = copy(self)
        made.contents = {**self.contents, **self._edited(chosen)}
        made.result = self.analyse(self._with(made.contents))
        made.applied, made.refused = [], dict(self.refused)
        made.promising = self.promising - set(map(_key, chosen))
        return made

    def _refuse(self, finding: Finding, why: str, after: Result) -> None:
        """Note why a fix is not kept, and whether it shows something else to mend."""
        self.refused[_key(finding)] = why
        known = Counter(map(_same, self.result.findings))
        if any(self._may_mend(each) for each in after.findings if not known[_same(each)]):
            self.promising.add(_key(finding))

    def _promising(self) -> list[Finding]:
        return [each for each in self.result.findings if _key(each) in self.promising]

    def _wanted(self) -> list[Finding]:
        return [
            finding
            for finding in self.result.findings
            if self._may_mend(finding) and _key(finding) not in self.refused
        ]

    def _may_mend(self, finding: Finding) -> bool:
        fix = finding.fix
        return fix is not None and (fix.safe or self.unsafe) and _can_be_written(fix)

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


def _worse(chosen: list[Finding], before: Result, after: Result) -> str | None:
    """Why the edits for the chosen findings are not kept: these are not gone, or something became
    unreadable or got worse. ``None`` if they are.

    A deployment that gets its packages today must still do so: one value may serve two of them.
    """

    was, now = (Counter(map(_same, result.findings)) for result in (before, after))
    if any(now[same] > was[same] - count for same, count in Counter(map(_same, chosen)).items()):
        return "the problem would still be there"
    broken = _broken(before.deployments, after.deployments)
    if broken is not None:
        return broken

    def errors(result: Result) -> int:
        worse = (finding for finding in result.findings if finding.severity is Severity.ERROR)
        return len(list(worse))

    def unreadable(result: Result) -> int:
        return sum(finding.code == "AML901" for finding in result.findings)

    if unreadable(after) > unreadable(before):
        return "not all of the files could be read then"
    if errors(after) > errors(before):
        new = sorted({each.code for each in after.findings if now[_same(each)] > was[_same(each)]})
        return f"there would be more errors then ({', '.join(new)})"
    return None


_CONTAINER = "a container that finds its packages today"


def _broken(before: Iterable[Deployment], after: Iterable[Deployment]) -> str | None:
    """Why a deployment that adds its packages no longer does, if one does. Those of a file keep
    their order; where there are more or fewer than before, as many have to."""
    outcomes = _outcomes(after)
    for path, was in _outcomes(before).items():
        there = outcomes.get(path, [])
        if len(was) == len(there):
            for one, other in zip(was, there, strict=True):
                if _breaks(one, other):
                    return f"{_CONTAINER} would exit with code {other.exit_code}"
        elif sum(map(_adds, there)) < sum(map(_adds, was)):
            return f"{_CONTAINER} would no longer"
    return None


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
