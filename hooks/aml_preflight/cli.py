"""The command line: its options, and which command they are for."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from . import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = """\
exit status:
  0  nothing to do
  1  findings at or above --fail-on, or a diff
  2  wrong usage, or an error of aml-preflight itself
"""


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit status."""
    command_line = parser()
    options = command_line.parse_args(arguments)
    command: str | None = options.command
    if command == "check":
        from .commands import check

        given = vars(options)
        del given["command"]
        return check.run(check.CheckOptions(**given))
    if command == "boot":
        from .commands import boot

        return boot.run(options)
    if command == "rule":
        from .commands import rule

        return rule.run(options)
    command_line.print_help(sys.stderr)
    return 2


def parser() -> argparse.ArgumentParser:
    """The command line's grammar, with its help."""
    made = argparse.ArgumentParser(
        prog="aml-preflight",
        description="Catch at commit what would fail when a model's container starts on Azure ML.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    _add_check(commands)
    _add_boot(commands)
    _add_rule(commands)
    return made


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="find what would fail when the container starts",
        description="Find what would fail when the container of a deployment starts.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files or folders; - reads standard input (default: the current folder)",
    )
    check.add_argument(
        "--output-format", choices=("full", "concise", "json"), default="full", metavar="FORMAT",
        help="full (default), concise or json",
    )  # fmt: skip
    check.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    check.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff: also fixes that may "
        "not be what you meant",
    )  # fmt: skip
    check.add_argument(
        "--diff", action="store_true", help="show the fixes as a diff, write nothing"
    )
    check.add_argument(
        "--select", action="append", metavar="RULES", help="run only these rules: codes, the "
        "beginnings of codes, or names, separated by commas",
    )  # fmt: skip
    check.add_argument("--ignore", action="append", metavar="RULES", help="do not run these rules")
    check.add_argument(
        "--fail-on", choices=("error", "warning", "info"), metavar="SEVERITY",
        help="exit with 1 from this severity: error, warning (default) or info, which runs the "
        "rules that give advice, too",
    )  # fmt: skip
    check.add_argument(
        "--changed", action="store_true", help="the paths are the files of a commit: a "
        "requirements file is checked only if a deployment installs it",
    )  # fmt: skip
    check.add_argument(
        "--show-undetermined", action="store_true", help="list the values that could not be "
        "determined, and why",
    )  # fmt: skip
    check.add_argument(
        "--stdin-filename", metavar="PATH", help="the file that standard input stands for"
    )


def _add_boot(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    boot = commands.add_parser(
        "boot",
        help="show what the container of each deployment would do",
        description="Show, for each deployment, what its container would do when it starts.",
        allow_abbrev=False,
    )
    boot.add_argument(
        "paths", nargs="*", metavar="PATH", help="files or folders (default: the current folder)"
    )
    boot.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT",
        help="text (default) or json",
    )  # fmt: skip


def _add_rule(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rule = commands.add_parser(
        "rule",
        help="print the page of a rule",
        description="Print the page of a rule: what it finds, why it matters, what to write.",
        allow_abbrev=False,
    )
    rule.add_argument("rule", nargs="?", metavar="CODE|NAME", help="such as AML201")
    rule.add_argument("--all", action="store_true", help="print the pages of all rules")
