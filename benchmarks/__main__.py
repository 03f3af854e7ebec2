"""``python -m benchmarks``: measure, and print the table."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from . import tables
from .measure import BenchmarkError, compare
from .rows import OPTIONAL, ROWS, Bench
from .tools import find, machine, version

_FOLDER = "AML_PREFLIGHT_BENCHMARKS"


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    options = _options()
    wanted = options.only or [n for n in ROWS if n not in OPTIONAL or n in options.with_]
    work = Path(options.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    bench = Bench(work, quick=options.quick)
    _say(f"Working in {work}.")
    failed = False
    results: list[str] = []
    for name in wanted:
        _say(f"Preparing {name}.")
        try:
            for row in ROWS[name](bench):
                _say(f"Measuring: {row.work}.")
                try:
                    found = compare(row.ours, row.reference, quick=options.quick)
                    result = tables.Result(row, found)
                except BenchmarkError as error:
                    failed = True
                    result = tables.Result(row, None, str(error))
                lines = list(tables.lines(result))
                results.extend(lines)
                _say("\n".join(lines))
        except BenchmarkError as error:
            failed = True
            _say(f"{name} was left out: {error}")
    print("; ".join([*machine(), *_versions(bench, wanted)]) + ".")
    print("Page cache warm. ", end="")
    if options.quick:
        print("A quick run: few rounds, small trees. ", end="")
    print("Ratios are medians over rounds; noise is ours against itself, time / processor time.\n")
    print(tables.head())
    print("\n".join(results))
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, small trees")
    parser.add_argument(
        "--only", action="append", choices=ROWS, metavar="NAME",
        help=f"only this part; can be repeated: {', '.join(ROWS)}",
    )  # fmt: skip
    parser.add_argument(
        "--with", action="append", choices=OPTIONAL, default=[], dest="with_", metavar="NAME",
        help=f"this part too, which installs much: {', '.join(OPTIONAL)}",
    )  # fmt: skip
    parser.add_argument(
        "--work", metavar="FOLDER",
        default=os.environ.get(_FOLDER) or Path(tempfile.gettempdir(), "aml-preflight-benchmarks"),
        help=f"where environments and trees are kept; needs some 3 GB (default: ${_FOLDER}, else a "
        "folder for temporary files)",
    )  # fmt: skip
    return parser.parse_args()


def _versions(bench: Bench, wanted: list[str]) -> list[str]:
    """The versions of everything that was started."""
    found = bench.project.versions("libcst", "packaging", "pip")
    if {"pre-commit"} & set(wanted):
        found += bench.pre_commit.versions("pre_commit")
    if "fixit" in wanted:
        found += bench.fixit.versions("fixit")
    if "semgrep" in wanted:
        found += bench.semgrep.versions("semgrep")
    programs = [program for program in ("rg", "git") if find(program)]
    return [*found, *(version(program) for program in programs)]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
