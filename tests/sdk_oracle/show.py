"""Prints what the real SDKs build: ``python -m tests.sdk_oracle.show [NAME ...] [--seed N]``.

A name is that of a program in ``programs``, or the beginning of one. ``--seed`` shows one generated
program, with its text.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from . import cases, generate, oracle

ALWAYS_SAID = ("style", "line", "how", "variables")


def main() -> None:
    """Run the programs that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="names of programs, or how they begin")
    parser.add_argument("--seed", type=int, help="one generated program instead")
    parser.add_argument("--full", action="store_true", help="everything that was recorded")
    options = parser.parse_args()
    programs = _chosen(options.names, options.seed)
    real = oracle.Oracle()
    with tempfile.TemporaryDirectory() as folder:
        for program in programs:
            root = program.write(Path(folder))
            if options.seed is not None:
                print(program.files[program.deploy])
            _print(program, real.observe(root, program.deploy), str(root.resolve()), options.full)
    real.close()


def _chosen(names: list[str], seed: int | None) -> list[cases.Program]:
    if seed is not None:
        return [generate.program(seed)]
    return [p for p in cases.handwritten() if not names or p.name.startswith(tuple(names))]


def _print(program: cases.Program, answer: dict[str, Any], root: str, full: bool) -> None:
    print(f"== {program.name}")
    for deployment in answer["deployments"]:
        shown = deployment if full else _short(deployment)
        text = json.dumps(shown, ensure_ascii=False).replace(root, "<project>")
        print("  ", text)
    if answer["error"]:
        print("  ", "ended by", json.dumps(answer["error"], ensure_ascii=False))


def _short(deployment: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, what only repeats, and what is large."""
    shown = {k: v for k, v in deployment.items() if v or k in ALWAYS_SAID}
    shown["derived"] = {k: v for k, v in deployment["derived"].items() if k != "uploaded"}
    sent = shown.get("variables_sent") or {}
    kept = {k: v for k, v in sent.items() if shown["derived"].get(k) != v}
    if kept == shown["variables"]:
        shown.pop("variables_sent", None)
    if shown.pop("image_is_default", False):
        shown.pop("image", None)
    return shown


if __name__ == "__main__":
    main()
