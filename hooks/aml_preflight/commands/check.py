"""``aml-preflight check``: find what is wrong, and mend it if asked to."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from ..analysis import Result, analyse
from ..config import ConfigError, Configuration
from ..discovery import Scan, scan
from ..output.positions import locator, shown_path
from ..output.terminal import Writer, safe, sentence
from ..workspace import Unavailable, Workspace
from .missing import note_missing

if TYPE_CHECKING:
    from ..fixes import Fixed

_STDIN = "-"


class CheckOptions(NamedTuple):
    """The options of ``check``, as the command line gives them; ``None`` where it says nothing."""

    paths: list[str]
    output_format: str = "full"
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    select: list[str] | None = None
    ignore: list[str] | None = None
    fail_on: str | None = None
    changed: bool = False
    show_undetermined: bool = False
    stdin_filename: str | None = None


class UsageError(Exception):
    """The command line asks for something that does not exist or does not go together."""


def run(options: CheckOptions, found: Scan | None = None) -> int:
    """Run the command; ``found`` is what was already read of ``options.paths``."""
    try:
        if options.unsafe_fixes and not (options.fix or options.diff):
            raise UsageError("--unsafe-fixes goes with --fix or --diff")
        overlay = _standard_input(options)
        workspace = Workspace(overlay=overlay)
        configuration = Configuration(workspace, options.select, options.ignore, options.fail_on)
        if overlay:
            found = scan(list(overlay), changed=options.changed, overlay=overlay)
        elif found is None:
            found = scan(options.paths or ["."], changed=options.changed)
        if not options.changed:  # a commit names the files that it deletes
            note_missing(found)
        return _Check(options, configuration, workspace, found).run()
    except (UsageError, ConfigError) as error:
        Writer(sys.stderr, os.environ).write(f"aml-preflight: {sentence(str(error))}\n")
        return 2


class _Check:
    def __init__(
        self,
        options: CheckOptions,
        configuration: Configuration,
        workspace: Workspace,
        found: Scan,
    ) -> None:
        self.options = options
        self.configuration = configuration
        self.workspace = workspace
        self.found = found

    def run(self) -> int:
        if not (self.options.fix or self.options.diff):
            result = self._analyse(self.workspace)
            self._show(result)
            return self._status(result)
        from ..fixes import fix

        fixed = fix(self.workspace, self._analyse, unsafe=self.options.unsafe_fixes)
        if self.options.diff:
            return self._show_diff(fixed)
        failed = self._write(fixed)
        self._tell_refused(fixed)
        self._show(fixed.result, fixed=len(fixed.applied) if not failed else 0)
        return 2 if failed else self._status(fixed.result)

    def _analyse(self, workspace: Workspace) -> Result:
        return analyse(
            self.found,
            workspace,
            self.configuration,
            today=_today(),
            changed=self.options.changed,
        )

    def _status(self, result: Result) -> int:
        if result.crashed:
            return 2
        failing = (
            finding.severity >= self.configuration.of(finding.path).fail_on
            for finding in result.findings
        )
        return int(any(failing))

    # ---- showing -------------------------------------------------------------------------------

    def _shown_path(self, path: str) -> str:
        return shown_path(path, self.workspace.current)

    def _show(self, result: Result, fixed: int = 0) -> None:
        from ..output import show

        show.findings(
            result,
            output_format=self.options.output_format,
            files=self.found.files,
            fixed=fixed,
            shown_path=self._shown_path,
            list_undetermined=self.options.show_undetermined,
            stdout=sys.stderr if self._mends_standard_input else sys.stdout,
            stderr=sys.stderr,
        )

    @property
    def _mends_standard_input(self) -> bool:
        return bool(self.options.fix) and _STDIN in self.options.paths

    def _show_diff(self, fixed: Fixed) -> int:
        import difflib

        writer = Writer(sys.stdout, os.environ)
        for path in sorted(fixed.contents):
            name = self._shown_path(path)
            old, new = (_lines(data) for data in (fixed.originals[path], fixed.contents[path]))
            for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
                # For a program that reads the diff every character counts; a person is protected.
                writer.write(safe(line) if sys.stdout.isatty() else line)
                if not line.endswith("\n"):
                    writer.write("\n\\ No newline at end of file\n")
        writer.flush()
        self._tell_refused(fixed)
        self._show_held_back(fixed.result)
        return 1 if fixed.contents else self._status(fixed.result)

    def _show_held_back(self, result: Result) -> None:
        held = sum(1 for each in result.findings if each.fix and not each.fix.safe)
        if held and not self.options.unsafe_fixes:
            noun = "fix" if held == 1 else "fixes"
            sys.stderr.write(f"{held} more {noun} with --unsafe-fixes.\n")

    def _tell_refused(self, fixed: Fixed) -> None:
        """Say which fixes were asked for and not applied, and why."""
        writer = Writer(sys.stderr, os.environ)
        for finding, why in fixed.refused:
            where = locator(finding.place, self._shown_path(finding.path))
            writer.write(f"aml-preflight: {safe(where)} {finding.code} was not fixed: {why}\n")

    # ---- writing -------------------------------------------------------------------------------

    def _write(self, fixed: Fixed) -> bool:
        """Write the mended files. Returns whether one could not be written."""
        if self._mends_standard_input:
            path, data = next(iter(self.workspace.overlay.items()))
            Writer(sys.stdout, os.environ).write_bytes(fixed.contents.get(path, data))
            return False
        from ..fixes import write

        failed = False
        writer = Writer(sys.stderr, os.environ)
        written: dict[str, bytes] = {}
        for path, data in fixed.contents.items():
            real = self.workspace.real_path(path)
            if written.setdefault(real, data) is not data and written[real] == data:
                continue  # under another name of the file
            try:
                write(path, data, fixed.originals[path], self.workspace.project(path))
                writer.write(f"Fixed {safe(self._shown_path(path))}\n")
            except Unavailable as error:
                failed = True
                writer.write(
                    f"aml-preflight: {safe(self._shown_path(path))} was not fixed: {error}\n"
                )
        return failed


def _lines(data: bytes) -> list[str]:
    """The lines of a file with their ends, split at line feeds alone, as ``diff`` does."""
    *lines, rest = data.decode("utf-8", "surrogateescape").split("\n")
    ended = [line + "\n" for line in lines]
    return [*ended, rest] if rest else ended


def _standard_input(options: CheckOptions) -> dict[str, bytes]:
    if _STDIN not in options.paths:
        if options.stdin_filename:
            raise UsageError("--stdin-filename goes with the path -")
        return {}
    if options.paths != [_STDIN] or not options.stdin_filename:
        raise UsageError("- reads standard input and needs --stdin-filename and no other path")
    path = os.path.normpath(os.path.join(os.getcwd(), options.stdin_filename))
    return {path: sys.stdin.buffer.read()}


def _today() -> str:
    import time

    return time.strftime("%Y-%m-%d", time.gmtime())
