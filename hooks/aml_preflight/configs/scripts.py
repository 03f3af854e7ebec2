"""The scripts in YAML of CI services: what a step of a workflow or pipeline runs in a shell.

The keys are those of GitHub Actions, Azure Pipelines and GitLab. Such a script starts in the folder
of the project, or in one that the step or the job says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Language, Piece
from ..forms import SHELL, may_deploy
from ..trees.nodes import Mapping, Scalar, Sequence
from ..trees.yaml_lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..trees.nodes import Node
    from .source import Source

_SCRIPTS = frozenset(
    {"run", "script", "bash", "pwsh", "powershell", "inlinescript", "inline", "before_script",
     "after_script"}
)  # fmt: skip
_FOLDERS = frozenset({"working-directory", "workingdirectory"})
_SHELLS = ("bash", "sh", "pwsh", "powershell", "cmd")
_PLAIN_PATH = re.compile(r"[\w./ -]+")
_SOMEWHERE = 'cd "$WORKING_DIRECTORY"\n'
"""Goes to a folder that is not known."""


class _Inside(NamedTuple):
    """A node that is to be looked at, and how to get to the folder in which its scripts start."""

    node: Node
    start: str


def scripts(source: Source, root: Node) -> list[Embedded]:
    """The scripts in a tree that may have to do with a deployment, in order."""
    found = [
        script
        for nodes, start in _written(source, root)
        if (script := _script(source, nodes, start)) is not None
    ]
    return sorted(found, key=lambda script: script.pieces[0].source_start)


def _written(source: Source, root: Node) -> Iterator[tuple[list[Scalar], str]]:
    """The texts of each script, and how to get to the folder in which it starts."""
    waiting = [_Inside(root, "")]
    seen: set[int] = set()
    while waiting:
        node, start = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting += (_Inside(each, start) for each in node.items)
        elif isinstance(node, Mapping):
            fields = {_word(key): value for key, value in node.pairs}
            start = _start(source, fields) or start
            is_read = _is_for_a_shell(fields)
            for key, value in node.pairs:
                texts = _texts(value) if is_read and _word(key) in _SCRIPTS else []
                if texts:
                    yield texts, start
                else:
                    waiting.append(_Inside(value, start))


def _word(node: Node) -> str:
    return node.text.lower() if isinstance(node, Scalar) else ""


def _texts(value: Node) -> list[Scalar]:
    """A text, or the texts of a list, each a command or several."""
    items = value.items if isinstance(value, Sequence) else [value]
    return [each for each in items if isinstance(each, Scalar)]


def _is_for_a_shell(fields: dict[str, Node]) -> bool:
    """Whether the script of a step is no other program, as with ``shell: python``."""
    given = _word(fields["shell"]) if "shell" in fields else ""
    return not given or given.startswith(_SHELLS)


def _start(source: Source, fields: dict[str, Node]) -> str | None:
    """The command that goes to the folder which a mapping says for its scripts, if it says one:
    itself, or by ``defaults: run:``."""
    defaults = fields.get("defaults")
    for _ in range(2):
        if isinstance(defaults, Mapping):
            inner = {_word(key): value for key, value in defaults.pairs}
            fields = {**inner, **fields}
            defaults = inner.get("run")
    folder = next((fields[name] for name in fields if name in _FOLDERS), None)
    if folder is None:
        return None
    if not isinstance(folder, Scalar) or source.is_filled(folder):
        return _SOMEWHERE
    return f'cd "{folder.text}"\n' if _PLAIN_PATH.fullmatch(folder.text) else _SOMEWHERE


def _script(source: Source, nodes: list[Scalar], start: str) -> Embedded | None:
    """The script that some texts make one after the other, if it may be for a deployment."""
    text = source.document.text
    parts = [start]
    pieces: list[Piece] = []
    length = len(start)
    for node in nodes:
        lines = lines_of(text, node.start, node.end)
        for line in lines or ():
            stretch = text[line.start : line.end]
            end = length + len(stretch)
            pieces.append(Piece(length, end, source.document, line.start, line.end))
            parts += (stretch, line.behind)
            length = end + len(line.behind)
        parts.append("\n")
        length += 1
    script = "".join(parts)
    if not pieces or not may_deploy(SHELL, script.encode("utf-8", "surrogatepass")):
        return None
    return Embedded(script, pieces, source=source.document, language=Language.SHELL)
