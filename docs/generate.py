"""Write the texts that follow from the code: the rules' pages and what commands print in README.md.

``python docs/generate.py`` writes them, ``--check`` only says which are not fresh (exit status 1).
A block of README.md that begins with ``$ aml-preflight ...`` shows what that command prints when it
is run in the folder that the comment before it names, for instance ``<!-- in: examples -->``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from aml_preflight import rules
from aml_preflight.commands.rule import page

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "rules"
README = ROOT / "README.md"

_BLOCK = re.compile(
    r"(<!-- in: (?P<folder>\S+) -->\n)```console\n\$ (?P<command>aml-preflight[^\n]*)\n.*?\n?```",
    re.DOTALL,
)
_TABLE = re.compile(r"(<!-- rules -->\n).*?(<!-- end of rules -->)", re.DOTALL)


def printed(command: str, folder: Path) -> str:
    """What a command prints, standard output and error in the order of writing."""
    environment = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "aml_preflight", *command.split()[1:]],
        cwd=folder,
        env={
            **environment,
            "PYTHONPATH": str(ROOT / "hooks"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.rstrip("\n")


def fresh_readme(text: str) -> str:
    """README.md with its blocks and its table of rules as they are now."""

    def block(found: re.Match[str]) -> str:
        command = found["command"]
        output = printed(command, ROOT / found["folder"])
        return f"{found[1]}```console\n$ {command}\n{output}\n```"

    text = _BLOCK.sub(block, text)
    table = rule_table()
    return _TABLE.sub(lambda found: f"{found[1]}{table}{found[2]}", text)


def rule_table() -> str:
    """The table of all rules, in Markdown."""
    rows = ["| code | name | severity | fix | what |", "| --- | --- | --- | --- | --- |"]
    for rule in rules.RULES:
        link = f"[{rule.code}](docs/rules/{rule.code}.md)"
        severity, fix = rule.severity.word, rule.fix or ""
        rows.append(f"| {link} | {rule.name} | {severity} | {fix} | {rule.summary} |")
    return "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check the texts."""
    texts = {PAGES / f"{rule.code}.md": page(rule) for rule in rules.RULES}
    texts[README] = fresh_readme(README.read_text("utf-8"))
    stale = [
        path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    unknown = [path for path in PAGES.glob("*.md") if path not in texts]
    for path in [*stale, *unknown]:
        print(f"not fresh: {path.relative_to(ROOT)}")
    if "--check" in arguments:
        return int(bool(stale or unknown))
    PAGES.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(texts[path], "utf-8")
    for path in unknown:
        path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
