"""The last line: what was found, what can be fixed, what was left out and what is not known."""

from __future__ import annotations

from typing import NamedTuple


class Summary(NamedTuple):
    """Counts of one run.

    ``errors``, ``warnings`` and ``infos`` are those that are left. ``fixable_safe`` of them have a
    safe fix, ``fixable_unsafe`` others an unsafe one. ``fixed`` are gone.
    """

    files: int = 0
    deployments: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    suppressed: int = 0
    undetermined: int = 0
    fixed: int = 0
    fixable_safe: int = 0
    fixable_unsafe: int = 0

    def sentence(self) -> str:
        """The summary in one line, without a line end."""
        parts = [self._found(), self._fixable()]
        if self.suppressed:
            was = "was" if self.suppressed == 1 else "were"
            parts.append(f"{counted(self.suppressed, 'finding')} {was} suppressed.")
        if self.undetermined:
            lists = "lists it" if self.undetermined == 1 else "lists them"
            what = counted(self.undetermined, "value")
            parts.append(f"{what} could not be determined (--show-undetermined {lists}).")
        return " ".join(part for part in parts if part)

    def _found(self) -> str:
        fixed = f"Fixed {counted(self.fixed, 'problem')}. " if self.fixed else ""
        kinds = [
            counted(number, word)
            for number, word in (
                (self.errors, "error"),
                (self.warnings, "warning"),
                (self.infos, "info"),
            )
            if number
        ]
        if kinds:
            left = "left " if fixed else ""
            return f"{fixed}Found {_listed(kinds)} {left}in {self._where()}."
        if fixed:
            return f"{fixed}No problems left in {self._where()}."
        if not self.files and not self.deployments:
            return "No files to check."
        if self.deployments or self.suppressed or self.undetermined:
            return f"No problems in {self._where()}."
        return f"Nothing for aml-preflight in {counted(self.files, 'file')}."

    def _where(self) -> str:
        files = counted(self.files, "file")
        if not self.deployments:
            return files
        return f"{counted(self.deployments, 'deployment')} ({files})"

    def _fixable(self) -> str:
        safe, unsafe = self.fixable_safe, self.fixable_unsafe
        if safe and unsafe:
            return f"Fix {safe} with --fix, {unsafe} more with --fix --unsafe-fixes."
        if safe:
            return f"Fix {safe} with --fix."
        return f"Fix {unsafe} with --fix --unsafe-fixes." if unsafe else ""


def counted(number: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _listed(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
