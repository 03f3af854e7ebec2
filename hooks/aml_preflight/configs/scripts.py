"""The scripts in YAML of CI services: what a step of a workflow or pipeline runs in a shell.

The keys are those of GitHub Actions, Azure Pipelines, GitLab and CircleCI. A script starts in the
folder of the project, or in one that the step or the job says. For a part that cannot be read, and
for other steps, which may write files, a command stands in the text that readers of shells do not
know: then they claim nothing of the folder, nor of files that are not there.
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

_SCRIPTS = ("run", "script", "bash", "pwsh", "powershell")
_OF_TASKS = ("inlinescript", "inline", "script")
"""Where tasks of Azure Pipelines and actions of GitHub are given scripts, in ``inputs`` and
``with``."""

_FOLDERS = ("working-directory", "workingdirectory", "working_directory", "cwd")
_SHELL_TASK = re.compile(r"azurecli|azure/cli|bash|shell|cmdline|commandline", re.IGNORECASE)
_WRITES_NOTHING = re.compile(
    r"actions/(?:checkout|setup-|upload-|cache)|azure/(?:login|cli)|azurecli", re.IGNORECASE
)
_POWERSHELLS = ("pwsh", "powershell", "ps")
_SHELLS = ("bash", "sh", "zsh", "cmd", "batch", *_POWERSHELLS)
_OF_OTHER_PROGRAM = re.compile(r"#!(?![^\r\n]*(?:sh|pwsh)\b)")
_PATH = re.compile(r"(?:\$\(\w[\w.]*\)|\$\{\{\s*\w[\w.]*\s*\}\}|\$\w+)?[\w./ -]*")
"""A path, perhaps from a folder that has a name."""

_SOMEWHERE = 'cd "$SOMEWHERE"\n'
_EARLIER = "earlier-steps\n"
_MOST_CHARACTERS = 2_000_000
"""Of all scripts of a file: one with an anchor can be part of many."""

Part = Scalar | None
"""A text of a script; ``None`` stands for one that is written elsewhere."""


class _Around(NamedTuple):
    """What is said for all the scripts in a part of the tree: for ``run``, how to get to the folder
    and the shell; and what runs before a ``script``."""

    start: str = ""
    shell: str = ""
    before: tuple[Part, ...] = ()


class _Script(NamedTuple):
    """A script: how to get to its folder, the shell if one is said, and the texts in order."""

    start: str
    shell: str
    parts: tuple[Part, ...]


def scripts(source: Source, root: Node) -> list[Embedded]:
    """The scripts in a tree that may have to do with a deployment, in order."""
    walk = _Walk(source)
    found = list(dict.fromkeys(walk.scripts(root)))
    before = _EARLIER if walk.others or len(found) > 1 else ""
    made: list[Embedded] = []
    left = _MOST_CHARACTERS
    for each in found:
        left -= sum(part.end - part.start for part in each.parts if part is not None)
        script = _embedded(source, each, before) if left >= 0 else None
        if script is not None:
            made.append(script)
    return sorted(made, key=lambda script: script.pieces[0].source_start)


class _Walk:
    """Looks for scripts. ``others`` tells that there are steps besides that may write files."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.others = False

    def scripts(self, root: Node) -> Iterator[_Script]:
        waiting: list[tuple[Node, _Around]] = [(root, _Around())]
        seen: set[tuple[int, _Around]] = set()
        while waiting:
            node, around = waiting.pop()
            if (id(node), around) in seen:
                continue
            seen.add((id(node), around))
            if isinstance(node, Sequence):
                waiting += ((each, around) for each in node.items)
            elif isinstance(node, Mapping):
                fields = self._fields(node)
                yield from self._of_mapping(fields, around)
                inner = self._around(fields, around)
                waiting += ((value, inner) for value in self._others(fields))

    def _fields(self, node: Node | None) -> dict[str, Node]:
        """The fields of a mapping, with what is merged into it, by their names in lower case."""
        if not isinstance(node, Mapping):
            return {}
        found = self.source.fields(node).by_name
        return {name.lower(): field.value for name, field in found.items()}

    def _of_mapping(self, fields: dict[str, Node], around: _Around) -> Iterator[_Script]:
        """The scripts of one step or job."""
        for key in _SCRIPTS:
            if key not in fields:
                continue
            parts = self._parts(fields[key])
            start, shell = self._start(fields), _word(fields.get("shell"))
            if key == "run":
                command = self._fields(fields[key])  # CircleCI's has more to say
                parts = self._parts(command["command"]) if "command" in command else parts
                start = start or self._start(command) or around.start
                shell = shell or _word(command.get("shell")).rpartition("/")[2] or around.shell
            elif key == "script":
                parts = (*self._before(fields, around), *parts)
            else:
                shell = key
            yield from self._known(_Script(start, shell, parts))
        task = _word(fields.get("task")) or _word(fields.get("uses"))
        given = {**self._fields(fields.get("inputs")), **self._fields(fields.get("with"))}
        for key in _OF_TASKS:
            if key in given and _SHELL_TASK.search(task):
                shell = _word(given.get("scripttype"))
                shell = shell or ("powershell" if "powershell" in task else "")
                script = _Script(self._start(given), shell, self._parts(given[key]))
                yield from self._known(script)
        writes = "template" in fields or (task and not _WRITES_NOTHING.match(task))
        self.others = self.others or bool(writes)

    def _known(self, script: _Script) -> Iterator[_Script]:
        """The script, if it is one for a shell."""
        first = next((part for part in script.parts if part is not None), None)
        if first is None or (script.shell and not script.shell.startswith(_SHELLS)):
            return
        if not _OF_OTHER_PROGRAM.match(first.text):
            yield script

    def _before(self, fields: dict[str, Node], around: _Around) -> tuple[Part, ...]:
        """What GitLab runs in front of a script, in the same shell."""
        if "before_script" in fields:
            return self._parts(fields["before_script"])
        return (None,) if "extends" in fields else around.before

    def _around(self, fields: dict[str, Node], around: _Around) -> _Around:
        """What a mapping says for all scripts in it."""
        run = self._fields(self._fields(fields.get("defaults")).get("run"))
        default = self._fields(fields.get("default"))
        before = default.get("before_script")
        if before is None and "script" not in fields:
            before = fields.get("before_script")
        return _Around(
            self._start(run) or around.start,
            _word(run.get("shell")) or around.shell,
            self._parts(before) if before is not None else around.before,
        )

    def _others(self, fields: dict[str, Node]) -> Iterator[Node]:
        """The values of a mapping in which there may be more steps."""
        ends = ("inputs", "with") if "task" in fields or "uses" in fields else ()
        return (value for key, value in fields.items() if key not in (*_SCRIPTS, *ends))

    def _parts(self, value: Node) -> tuple[Part, ...]:
        """The texts of a script: one, or a list, in which there can be others."""
        found: list[Part] = []
        waiting = [value]
        while waiting:
            node = waiting.pop()
            is_list = isinstance(node, Sequence) and not self._is_tagged(node)
            if isinstance(node, Sequence) and is_list and len(found) < _MOST_CHARACTERS:
                waiting += reversed(node.items)
            else:
                found.append(node if isinstance(node, Scalar) else None)
        return tuple(found)

    def _is_tagged(self, node: Node) -> bool:
        """Whether it is a reference, such as GitLab's ``!reference [job, script]``."""
        return self.source.document.text[node.start : node.start + 1] == "!"

    def _start(self, fields: dict[str, Node]) -> str:
        """The command that goes to the folder which a mapping says for its script."""
        folder = next((fields[name] for name in _FOLDERS if name in fields), None)
        if folder is None:
            return ""
        written = self.source.document.text[folder.start : folder.end].strip("\"'")
        is_path = isinstance(folder, Scalar) and _PATH.fullmatch(written)
        return f'cd "{written}"\n' if is_path else _SOMEWHERE


def _word(node: Node | None) -> str:
    return node.text.lower() if isinstance(node, Scalar) else ""


def _embedded(source: Source, script: _Script, before: str) -> Embedded | None:
    """The text of a script, if it may be for a deployment."""
    text = source.document.text
    written = [before, script.start]
    length = len(before) + len(script.start)
    pieces: list[Piece] = []
    for part in script.parts:
        lines = None if part is None else lines_of(text, part.start, part.end)
        if lines is None:
            written.append(_SOMEWHERE)
            length += len(_SOMEWHERE)
            continue
        for line in lines:
            end = length + len(line.text)
            pieces.append(Piece(length, end, source.document, line.start, line.end))
            written += (line.text, line.behind)
            length = end + len(line.behind)
        written.append("\n")
        length += 1
    made = "".join(written)
    if not pieces or not may_deploy(SHELL, made.encode("utf-8", "surrogatepass")):
        return None
    language = Language.POWERSHELL if _is_powershell(script, text) else Language.SHELL
    return Embedded(made, pieces, source=source.document, language=language)


def _is_powershell(script: _Script, text: str) -> bool:
    """Whether a script is for PowerShell, which steps on Windows are for if they do not say."""
    if script.shell:
        return script.shell.startswith(_POWERSHELLS)
    return "windows" in text.lower()
