"""The command ``aml-preflight``: most runs end here, before anything is imported.

A hook is started for every commit, and nearly every commit has nothing for us. So the files' bytes
are looked at first, and the rest of the package is imported only if they hold something. A command
line of paths and plain flags, such as the hooks', is read here; ``cli`` reads all others.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing takes most of what Python takes to start
if TYPE_CHECKING:
    from typing import NoReturn

    from .document import Outline

_FLAGS = frozenset({"--changed", "--diff", "--fix", "--show-undetermined", "--unsafe-fixes"})
_TRACEBACK = "AML_PREFLIGHT_TRACEBACK"


def main() -> int:
    """Run the command line of this process and return the exit status."""
    try:
        return run(sys.argv[1:], ends=True)
    except Exception as error:
        if _TRACEBACK in os.environ:
            raise
        sys.stderr.write(_failure(error))
        return 2


def _failure(error: Exception) -> str:
    """What to say of an error that ends the run."""
    from .output.terminal import OutputLost

    if isinstance(error, OutputLost):
        return _lost(str(error))
    return (
        f"aml-preflight: internal error: {type(error).__name__}: {str(error)!a}\n"
        "This is a mistake of aml-preflight and not of your files, which may not have been "
        f"checked.\nPlease report it, with what it prints when {_TRACEBACK}=1 is set.\n"
    )


def _lost(reason: str) -> str:
    return f"aml-preflight: the output cannot be written: {reason.lower()}\n"


def command() -> NoReturn:
    """Run the command line of this process and end it at once: tidying up takes Python longer than
    nearly every run."""
    try:
        status = main()
    except SystemExit as end:  # of argparse, which has said all
        status = end.code if isinstance(end.code, int) else 0
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, BrokenPipeError, ValueError):  # nobody reads
            continue
        except OSError as error:
            status = 2
            sys.stderr.write(_lost(error.strerror or "it cannot be written to"))
    os._exit(status)


def run(arguments: list[str], *, ends: bool = False) -> int:
    """Run a command line (without the program's name) and return the exit status. ``ends`` tells
    that the process ends with it."""
    found = None
    paths = None
    if "--changed" in arguments:
        arguments = [_as_path(each) for each in arguments]
    if arguments[:1] == ["check"]:
        paths = _plain_paths(arguments[1:])
        if paths:
            from .discovery import Ahead, scan

            changed = "--changed" in arguments
            ahead = Ahead(_prepare, _outline) if ends else None
            found = scan(paths, changed=changed, ahead=ahead)
            if found.is_empty and (changed or all(map(os.path.lexists, paths))):
                return _nothing(found.files)
    if ends:
        _keep_garbage()
    if paths:
        from .commands.check import CheckOptions
        from .commands.check import run as check

        options = CheckOptions(
            paths,
            fix="--fix" in arguments,
            unsafe_fixes="--unsafe-fixes" in arguments,
            diff="--diff" in arguments,
            changed="--changed" in arguments,
            show_undetermined="--show-undetermined" in arguments,
        )
        return check(options, found)
    from .cli import run as read_and_run

    return read_and_run(arguments)


def _prepare(path: str) -> None:
    """Import what analyses a file, while other processes still look for more of them."""
    from importlib import import_module

    from .forms import NOTEBOOK, PYTHON, form_of

    _keep_garbage()
    import_module("aml_preflight.commands.check")
    if form_of(path) in (PYTHON, NOTEBOOK):
        import_module("aml_preflight.python.reader")
        import_module("libcst.native")  # else it is loaded by the first file that is parsed


def _outline(path: str, data: bytes) -> Outline | None:
    from .python.outline import outline_of_file

    return outline_of_file(path, data)


def _keep_garbage() -> None:
    """What is imported and read from here on lives until the end: looking for garbage in it costs a
    tenth of the time and finds none."""
    import gc

    gc.disable()


def _plain_paths(arguments: list[str]) -> list[str] | None:
    """The paths of a command line without other options than plain flags, else ``None``."""
    paths = [each for each in arguments if each not in _FLAGS]
    return None if any(each.startswith("-") for each in paths) else paths


def _as_path(argument: str) -> str:
    """A file of the commit whose name begins with a dash, so that it is not taken for an option."""
    dashed = argument[:1] == "-" and "." in argument and argument not in _FLAGS
    return f"./{argument}" if dashed and os.path.isfile(argument) else argument


def _nothing(files: int) -> int:
    noun = "file" if files == 1 else "files"
    sys.stderr.write(f"Nothing for aml-preflight in {files} {noun}.\n")
    return 0


if __name__ == "__main__":
    command()
