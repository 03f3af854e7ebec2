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
    from ..values import Unknown
    from .source import Source

_SCRIPTS = ("run", "script", "bash", "pwsh", "powershell")
_OF_TASKS = ("inlinescript", "inline", "script", "command")
"""Where tasks of Azure Pipelines and actions of GitHub are given scripts, in ``inputs`` and
``with``."""

_FOLDERS = ("working-directory", "workingdirectory", "working_directory", "cwd")
_SHELL_TASK = re.compile(
    r"azurecli|azure/cli|bash|shell|cmdline|commandline|/retry\b", re.IGNORECASE
)
_WRITES_NOTHING = re.compile(
    r"actions/(?:checkout|setup-|upload-)|azure/(?:login|cli)|azurecli", re.IGNORECASE
)
_BRING_FILES = frozenset(
    {"artifacts", "attach_workspace", "cache", "dependencies", "download", "downloadbuild",
     "getpackage", "needs", "repository", "restore_cache", "submodules", "template"}
)  # fmt: skip
"""Keys of steps and jobs by which files may come that are not the project's."""

_SHELL = re.compile(r"pwsh|powershell|\bps|bash|batch|\bcmd|\bzsh|\bsh\b|shell")
_POWERSHELL = re.compile(r"pwsh|powershell|\bps|batch|\bcmd")
"""Shells to which a backslash is nothing but a character."""

_OF_OTHER_PROGRAM = re.compile(r"#!(?![^\r\n]*(?:sh|pwsh)\b)")
_FILLED_IN = re.compile(r"<<\s*\w[\w.]*\s*>>|\$\[\[[^\[\]\r\n]*\]\]")
"""What CircleCI and GitLab fill in, which mean something else to shells."""

_PATH = re.compile(r"(?:\$\(\w[\w.]*\)|\$\{\{\s*\w[\w.]*\s*\}\}|\$\w+)?[\w./ -]*")
"""A path, perhaps from a folder that has a name."""

_SOMEWHERE = 'cd "$SOMEWHERE"\n'
_EARLIER = "earlier-steps\n"
_MOST_NODES = 300_000
_MOST_CHARACTERS = 2_000_000
"""Of all scripts of a file: one with an anchor can be part of many."""

Part = Scalar | None
"""A text of a script; ``None`` stands for one that is written elsewhere."""


class _Around(NamedTuple):
    """What is said for all the scripts in a part of the tree: for ``run``, how to get to the folder
    and the shell; the shell of the computer; and what runs before a ``script``."""

    start: str = ""
    shell: str = ""
    system: str = ""
    before: Node | None = None


class _Script(NamedTuple):
    """A script: how to get to its folder, the shell if one is said, and the texts in order."""

    start: str
    shell: str
    parts: tuple[Part, ...]


class Scripts(NamedTuple):
    """Scripts in order, and why there may be more, if so."""

    documents: tuple[Embedded, ...]
    trouble: Unknown | None = None


def scripts(source: Source, root: Node) -> Scripts:
    """The scripts in a tree that may have to do with a deployment."""
    walk = _Walk(source)
    found = list(walk.scripts(root))
    before = _EARLIER if walk.others or len(found) > 1 else ""
    made: list[Embedded] = []
    seen: set[tuple[object, ...]] = set()
    left = _MOST_CHARACTERS
    for each in found:
        key = (each.start, each.shell, *map(id, each.parts))
        if key in seen:
            continue
        seen.add(key)
        left -= sum(part.end - part.start for part in each.parts if part is not None)
        if left < 0:
            return Scripts(_in_order(made), source.unknown("its scripts are too long", root))
        script = _embedded(source, each, before)
        if script is not None:
            made.append(script)
    trouble = source.unknown("its scripts are in too many places", root) if walk.too_many else None
    return Scripts(_in_order(made), trouble)


def _in_order(made: list[Embedded]) -> tuple[Embedded, ...]:
    return tuple(sorted(made, key=lambda script: script.pieces[0].source_start))


class _Walk:
    """Looks for scripts. ``others`` tells that there are steps besides that may write files,
    ``too_many`` that not all of the tree was looked at."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.others = False
        self.too_many = False
        self._checkouts = 0

    def scripts(self, root: Node) -> Iterator[_Script]:
        waiting: list[tuple[Node, _Around]] = [(root, _Around())]
        seen: set[tuple[int, _Around]] = set()
        while waiting:
            node, around = waiting.pop()
            if (id(node), around) in seen:
                continue
            seen.add((id(node), around))
            if len(seen) > _MOST_NODES:
                self.too_many = True
                return
            if isinstance(node, Sequence):
                waiting += ((each, around) for each in node.items)
            elif isinstance(node, Mapping):
                fields = self._fields(node)
                inner = self._around(fields, around)
                yield from self._of_mapping(fields, inner)
                waiting += ((value, inner) for value in self._below(node, fields))

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
                shell = shell or _word(command.get("shell")) or around.shell
            elif key == "script":
                parts = (*self._before(fields, around), *parts)
            else:
                shell = key
            yield from self._known(_Script(start, shell or around.system, parts))
        task = _word(fields.get("task")) or _word(fields.get("uses"))
        given = {**self._fields(fields.get("inputs")), **self._fields(fields.get("with"))}
        for key in _OF_TASKS:
            if key in given and _SHELL_TASK.search(task):
                shell = _word(given.get("scripttype"))
                shell = shell or ("powershell" if "powershell" in task else "")
                script = _Script(self._start(given), shell, self._parts(given[key]))
                yield from self._known(script)
        self._checkouts += "checkout" in fields
        writes = self._checkouts > 1 or (task and not _WRITES_NOTHING.match(task))
        brings = not _BRING_FILES.isdisjoint((*fields, *given))
        self.others = self.others or bool(writes) or brings

    def _known(self, script: _Script) -> Iterator[_Script]:
        """The script, if it is one for a shell."""
        first = next((part for part in script.parts if part is not None), None)
        other = script.shell and not _SHELL.search(script.shell)
        if first is None or other or _OF_OTHER_PROGRAM.match(first.text):
            self.others = True
        else:
            yield script

    def _before(self, fields: dict[str, Node], around: _Around) -> tuple[Part, ...]:
        """What GitLab runs in front of a script, in the same shell."""
        if "before_script" in fields:
            return self._parts(fields["before_script"])
        if "extends" in fields:
            return (None,)
        return self._parts(around.before) if around.before is not None else ()

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
            self._system(fields) or around.system,
            before or around.before,
        )

    def _system(self, fields: dict[str, Node]) -> str:
        """The shell of the computer that a job says for its scripts, if that is Windows."""
        pool = self._fields(fields.get("pool"))
        said = (fields.get("runs-on"), fields.get("pool"), pool.get("vmimage"), pool.get("name"))
        return "powershell" if any("windows" in _word(each) for each in said) else ""

    def _below(self, mapping: Mapping, fields: dict[str, Node]) -> Iterator[Node]:
        """The values of a mapping in which there may be more steps, those under a condition of a
        template too."""
        ends = ("inputs", "with") if "task" in fields or "uses" in fields else ()
        left_out = {id(value) for name, value in fields.items() if name in (*_SCRIPTS, *ends)}
        every = (*fields.values(), *(value for _, value in mapping.pairs))
        return (value for value in every if id(value) not in left_out)

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
            said = _FILLED_IN.sub(_as_variable, line.text)
            end = length + len(line.text)
            pieces.append(Piece(length, end, source.document, line.start, line.end))
            written += (said, line.behind)
            length = end + len(line.behind)
        written.append("\n")
        length += 1
    made = "".join(written)
    if not pieces or not may_deploy(SHELL, made.encode("utf-8", "surrogatepass")):
        return None
    is_powershell = _POWERSHELL.search(script.shell) is not None
    language = Language.POWERSHELL if is_powershell else Language.SHELL
    return Embedded(made, pieces, source=source.document, language=language)


def _as_variable(found: re.Match[str]) -> str:
    """Something that is filled in, as a variable of the same length."""
    return f"${{{'P' * (len(found.group()) - 3)}}}"
