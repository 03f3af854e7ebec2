"""``aml-preflight rule``: print the page of a rule."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .. import rules
from ..output.terminal import Writer

if TYPE_CHECKING:
    import argparse

    from ..rules import Rule


def run(options: argparse.Namespace) -> int:
    """Print the page of one rule, or of all; without a rule, the list of them."""
    if options.all:
        text = "\n".join(page(rule) for rule in rules.RULES)
    elif options.rule is None:
        lines = (f"{rule.code}  {rule.severity.word:<7}  {rule.name}\n" for rule in rules.RULES)
        text = "".join(lines)
    else:
        found = rules.find(options.rule)
        if found is None:
            sys.stderr.write(f"aml-preflight: {rules.unknown(options.rule)}\n")
            return 2
        text = page(found)
    writer = Writer(sys.stdout, os.environ)
    writer.write(text)
    writer.flush()
    return 0


def page(rule: Rule) -> str:
    """The whole page of a rule, in Markdown: its heading, then the module's docstring."""
    fixes = {"safe": "with a safe fix", "unsafe": "with an unsafe fix", None: "without a fix"}
    heading = f"# {rule.code}: {rule.name}\n\n"
    return f"{heading}{rule.severity.word.capitalize()}, {fixes[rule.fix]}.\n\n{rule.page}"
