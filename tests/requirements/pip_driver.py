"""Runs inside a real pip: reads JSON strings, answers what that pip makes of each logical line.

Called as ``python pip_driver.py FOLDER`` with the folder that pip was installed to. Uses pip's own
``preprocess``, option parser and constructors, in the order in which ``pip install -r`` does. The
environment is empty and so is the current folder, so that every variable is unset and every
relative path is missing. Nothing is fetched: constructing a requirement does not.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import os
import sys
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])


def answer(text: str) -> list[dict[str, Any]]:
    """One record a logical line: ``number``, ``line``, and ``error`` or what was read."""
    from pip._internal.cli import cmdoptions  # type: ignore[import-not-found,unused-ignore]
    from pip._internal.req import req_file  # type: ignore[import-not-found,unused-ignore]

    records = []
    for number, line in req_file.preprocess(text):
        record: dict[str, Any] = {"number": number, "line": line}
        # pip keeps this list from one line to the next, which would blur the comparison.
        made: Any = cmdoptions.use_new_feature
        made.keywords["default"].clear()
        try:
            arguments, options = req_file.get_line_parser(None)(line)
        except Exception as error:
            record.update(error=repr(error), aborts="file")
        else:
            parsed = req_file.ParsedLine("requirements.txt", number, arguments, options, False)
            record["options"] = {
                name: copy.copy(value)
                for name, value in vars(options).items()
                if isinstance(value, (str, bool, list, dict)) and value
            }
            # The pips before 24.1 leave the attribute out where there is no requirement.
            if getattr(parsed, "requirement", None) is not None:
                record.update(construct(req_file.handle_requirement_line(parsed)))
        records.append(record)
    return records


def construct(parsed: Any) -> dict[str, Any]:
    """What pip makes of a requirement line."""
    from pip._internal.req.constructors import (  # type: ignore[import-not-found,unused-ignore]
        install_req_from_parsed_requirement,
    )

    try:
        made = install_req_from_parsed_requirement(parsed)
    except Exception as error:
        return {"error": repr(error), "aborts": "install"}
    return {
        "requirement": {
            "name": made.req.name if made.req else None,
            "specifier": str(made.req.specifier) if made.req else "",
            "extras": sorted(made.extras),
            "marker": str(made.markers) if made.markers else None,
            "link": made.link.url if made.link else None,
            "direct": made.req.url if made.req else None,
            "vcs": bool(made.link and made.link.is_vcs),
            "hashes": made.hash_options,
            "editable": made.editable,
        }
    }


def main() -> None:
    """Answer until the input ends."""
    logging.disable(logging.CRITICAL)
    os.environ.clear()
    stdin = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")
    for request in stdin:
        # pip prints a usage message for every option that it refuses.
        shown, sys.stderr = sys.stderr, io.StringIO()
        try:
            records = answer(json.loads(request))
        finally:
            sys.stderr = shown
        sys.stdout.write(json.dumps(records) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
