"""Programs and their projects: read from the Markdown files in ``programs``, written to a disk.

``programs/README.md`` describes the format.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent / "programs"

SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"

STANDARD_FILES = {
    "score.py": SCORE,
    "src/score.py": SCORE,
    "src/sub/score.py": SCORE,
    "src/requirements.txt": "scipy==1.10.1\n",
    "conda.yml": "dependencies:\n- python=3.9\n- pip:\n  - azureml-defaults\n",
    "model.pkl": "",
    "config.json": '{"subscription_id": "s", "resource_group": "g", "workspace_name": "w"}\n',
}
"""What every project holds, so that the SDK finds the scripts that programs name."""

PROJECT_NAME = "proj"
"""The name of every project's folder: SDK v1 writes it into a variable for ``"."``."""

_HEADING = re.compile(r"^## (?P<name>[a-z0-9-]+)(?P<marks>(?: \[[^\]]+\])*)$", re.MULTILINE)
_FENCE = re.compile(r"^```\w+ (?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINKS = re.compile(r"^Links: (?P<links>.+)$", re.MULTILINE)
_MARKS = {"fully-known", "uncalled", "open", "raises", "deploy"}


class Program(NamedTuple):
    """One program with its project.

    ``fully_known``: the reader must leave nothing unknown. ``open``: the reader must say that the
    set of variables is not complete. ``uncalled``: some constructing call in it never runs, and the
    reader may tell of it. ``raises``: name of the exception that really ends the program.
    """

    name: str
    deploy: str
    files: dict[str, str]
    links: dict[str, str]
    fully_known: bool = False
    open: bool = False
    uncalled: bool = False
    raises: str | None = None

    def write(self, folder: Path) -> Path:
        """Lay the project out below ``folder``; the answer is its root."""
        root = folder / self.name / PROJECT_NAME
        for path, text in {**STANDARD_FILES, **self.files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        for path, target in self.links.items():
            (root / path).symlink_to(target)
        return root


def handwritten() -> list[Program]:
    """Every program in ``programs``. Raises ``ValueError`` for one that is not well written."""
    programs = []
    for path in sorted(FOLDER.glob("*.md")):
        if path.name != "README.md":
            programs += _programs(path)
    names = [program.name for program in programs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two programs are called {', '.join(sorted(twice))}")
    return programs


def _programs(path: Path) -> list[Program]:
    text = path.read_text("utf-8")
    headings = list(_HEADING.finditer(text))
    if len(headings) != len(re.findall(r"^## ", text, re.MULTILINE)):
        raise ValueError(f"{path.name}: a heading is not well written")
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [
        _program(f"{path.name}: {heading['name']}", heading, text[heading.end() : end])
        for heading, end in zip(headings, ends, strict=True)
    ]


def _program(where: str, heading: re.Match[str], body: str) -> Program:
    marks = dict(
        mark.partition(": ")[::2] for mark in re.findall(r"\[([^\]]+)\]", heading["marks"])
    )
    if not marks.keys() <= _MARKS:
        raise ValueError(f"{where}: unknown mark in {sorted(marks)}")
    files = {fence["path"]: fence["text"] for fence in _FENCE.finditer(body)}
    deploy = marks.get("deploy", "deploy.py")
    if deploy not in files:
        raise ValueError(f"{where}: no fence with {deploy}")
    links = _LINKS.search(body)
    return Program(
        name=heading["name"],
        deploy=deploy,
        files=files,
        links=dict(link.split(" -> ") for link in links["links"].split(", ")) if links else {},
        fully_known="fully-known" in marks,
        open="open" in marks,
        uncalled="uncalled" in marks,
        raises=marks.get("raises"),
    )
