"""What the code cells of a notebook make together: a program, commands and files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..document import Embedded, Language, Piece, Place, verbatim
from ..facts import WrittenFile
from ..values import Unknown
from .commands import Kind
from .exports import SETTING, Exports
from .magics import head
from .masking import UNKNOWN, Stand, all_unknown, is_python, masked, rebound, stands_for, words
from .names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..document import Document
    from .cells import Cell, Notebook
    from .commands import Line

_SHELLS = frozenset({"!", "bash", "sh", "shell", "sx", "system", "zsh"})
_INTERPRETER = re.compile(r"(?:\S*/)?(?:env\s+)?(?:ba|z|da)?sh\b")
_PROGRAMS = frozenset({"local", "pypy", "python", "python2", "python3"})
"""Python that runs apart from the notebook's own."""

_OTHER_LANGUAGES = frozenset(
    {"cmd", "configure", "configure_logging", "cython", "display", "html", "javascript", "js",
     "latex", "perl", "r", "R", "ruby", "scala", "script", "spark", "sparkr", "sql", "svg"}
)  # fmt: skip
_ARGUMENT = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
_NEEDLE = re.compile(
    r"AML_|AZUREML_|environment_variables|InferenceConfig|OnlineDeployment|CodeConfiguration"
    r"|entry_script|scoring_script|source_directory"
)
_MADE = re.compile(r"\b(InferenceConfig|(?:Managed|Kubernetes)OnlineDeployment)\(")
_V2 = f"endpoint_name={UNKNOWN}, code_configuration={UNKNOWN}, environment_variables={UNKNOWN}"
_GIVEN = {
    "InferenceConfig": f"entry_script={UNKNOWN}, source_directory={UNKNOWN}, environment={UNKNOWN}",
    "KubernetesOnlineDeployment": _V2,
    "ManagedOnlineDeployment": _V2,
}
"""What stands for the arguments of a configuration of which nothing else is known."""

_SAFE_VALUE = re.compile(r"[\w./:@%+,=-]*")


class Contents(NamedTuple):
    """``program`` is all code that the notebook's own Python runs. ``others`` are programs and
    commands that run apart from it, ``written`` the files that the cells write."""

    program: Embedded
    others: tuple[Embedded, ...]
    written: tuple[WrittenFile, ...]
    trouble: tuple[Unknown, ...]


def contents(notebook: Notebook) -> Contents:
    """What the code cells of a notebook with a Python kernel hold."""
    made = _Program(notebook)
    for cell in notebook.code:
        made.add(cell)
    return made.contents()


def script(notebook: Notebook) -> Embedded:
    """The code cells of a notebook whose kernel is a shell, one after the other."""
    joined = _Joined(notebook.document)
    for cell in notebook.code:
        joined.put(cell, [])
    return joined.document(Language.SHELL)


class _Joined:
    """Cells with stands in them, joined by line ends that are written nowhere."""

    def __init__(self, root: Document) -> None:
        self.root = root
        self.texts: list[str] = []
        self.pieces: list[Piece] = []
        self.length = 0

    def put(self, cell: Cell, stands: Iterable[Stand]) -> Iterator[tuple[int, Stand]]:
        """Add a cell; gives the stands with their offsets in the whole."""
        places = []
        at = 0
        for stand in stands:
            self._add(cell, at, stand.start, cell.text[at : stand.start])
            places.append((self.length, stand))
            self._add(cell, stand.start, stand.end, stand.text)
            at = stand.end
        self._add(cell, at, len(cell.text), cell.text[at:])
        self.texts.append("\n")
        self.length += 1
        return iter(places)

    def _add(self, cell: Cell, start: int, end: int, text: str) -> None:
        if text:
            behind = self.length + len(text)
            self.pieces.append(Piece(self.length, behind, cell, start, end))
            self.texts.append(text)
            self.length = behind

    def document(self, language: Language) -> Embedded:
        return Embedded("".join(self.texts), self.pieces, source=self.root, language=language)


class _File(NamedTuple):
    """A file that a cell writes: the magic's arguments and the extent of the body."""

    cell: Cell
    arguments: str
    start: int
    program: int


class _Program:
    def __init__(self, notebook: Notebook) -> None:
        self.root = notebook.document
        self.joined = _Joined(notebook.document)
        self.stands: list[tuple[int, Cell, Stand]] = []
        self.others: list[Embedded] = []
        self.shells: list[tuple[int, Embedded]] = []
        """What shells run below a magic, each with the offset in the program at which they do."""
        self.files: list[_File] = []

    def add(self, cell: Cell) -> None:
        name, rest, at, start = head(cell.text)
        if name:
            self._other(cell, at, name, rest, start)
        else:
            self._code(cell, at)

    def _code(self, cell: Cell, at: int) -> None:
        """Code that the notebook's Python runs; what stands before ``at`` is left out."""
        stands = stands_for(cell.text, at)
        if cell.has_parameters:
            last = rebound(cell.text, stands, at)
            stands += [last] if last is not None else []
        head = [Stand(0, at, "")] if at else []
        for offset, stand in self.joined.put(cell, [*head, *stands]):
            self.stands.append((offset, cell, stand))

    def _other(self, cell: Cell, at: int, name: str, rest: str, start: int) -> None:
        """A cell whose magic makes it something else; its body begins at ``start``."""
        if name in ("writefile", "file"):
            self.files.append(_File(cell, rest, start, self.joined.length))
        elif name in _SHELLS or (name == "script" and _INTERPRETER.match(rest)):
            self.shells.append((self.joined.length, _body(cell, start, Language.SHELL)))
        elif name in ("markdown", "md"):
            self.others.append(_body(cell, start, Language.MARKDOWN))
        elif name in _PROGRAMS:
            self.others.append(_body(cell, start, Language.PYTHON))
        elif name not in _OTHER_LANGUAGES:
            self._perhaps_code(cell, at, start)

    def _perhaps_code(self, cell: Cell, at: int, start: int) -> None:
        """A magic that nobody here knows may run its cell, or do anything else with it: what is
        deployed there is known by its place only."""
        text = cell.text
        if is_python(masked(text, stands_for(text, start), start)):
            unknown = all_unknown(text, start)
            made = "".join(f"\n{each}({_GIVEN[each]})" for each in _MADE.findall(text, start))
            stand = unknown._replace(start=at, text=unknown.text + made)
            list(self.joined.put(cell, [Stand(0, at, ""), stand]))

    # ---- the whole -----------------------------------------------------------------------------

    def contents(self) -> Contents:
        program = self.joined.document(Language.PYTHON)
        self.names = Names(program.text)
        commands = tuple(self._commands(program))
        trouble = tuple(self._trouble(program))
        if trouble:  # what was not read may be what makes an edit wrong
            program.exact = False
        return Contents(
            program,
            (*self.others, *commands),
            tuple(each for file in self.files if (each := self._written(program, file))),
            trouble,
        )

    def _commands(self, program: Embedded) -> Iterator[Embedded]:
        """What shells run, and what ``%env`` says, in order."""
        exports = Exports(program.text)
        shells = iter(self.shells)
        shell = next(shells, None)
        for offset, cell, stand in self.stands:
            while shell is not None and shell[0] <= offset:
                yield exports.before(shell[1])
                shell = next(shells, None)
            line = stand.line
            if line is not None and len(stand.text) == stand.end - stand.start:
                yield from self._command(program, offset - stand.start, cell, line, exports)
        while shell is not None:
            yield exports.before(shell[1])
            shell = next(shells, None)

    def _command(
        self, program: Embedded, shift: int, cell: Cell, line: Line, exports: Exports
    ) -> Iterator[Embedded]:
        """What a line says, as a text inside the program."""
        said, at = cell.text[line.body : line.end], line.body + shift
        number, _ = program.position(line.sign + shift)
        if line.kind is Kind.SYSTEM:
            yield exports.before(self._filled_in(program, said, at, number))
        elif line.kind is Kind.MAGIC and words(said)[0] in ("env", "set_env"):
            variable = self._variable(program, said, at, number)
            indented = program.position(line.sign + shift)[1] > 1
            exports.note(said, program, at, certain=variable is not None and not indented)
            if variable is not None:
                yield variable

    def _filled_in(self, program: Embedded, said: str, offset: int, line: int) -> Embedded:
        """A shell command; what IPython puts into it and nobody knows looks like a variable."""
        texts: list[str] = []
        pieces: list[Piece] = []
        length = at = 0

        def put(start: int, end: int, text: str) -> None:
            nonlocal length
            if text:
                source = (offset + start, offset + end)
                pieces.append(Piece(length, length + len(text), program, *source))
                texts.append(text)
                length += len(text)

        for start, end, value in self.names.fields(said, line):
            put(at, start, said[at:start])
            if value is None or not _SAFE_VALUE.fullmatch(value):
                is_variable = said[start] == "$"
                value = said[start:end] if is_variable else "$".ljust(end - start, "_")
            put(start, end, value)
            at = end
        put(at, len(said), said[at:])
        return Embedded("".join(texts), pieces, source=program, language=Language.SHELL)

    def _variable(self, program: Embedded, said: str, offset: int, line: int) -> Embedded | None:
        """``%env NAME=value`` or ``%env NAME value`` as a line of an env file."""
        found = SETTING.fullmatch(said)
        if found is None or "\n" in said or not found["value"]:
            return None
        if self.names.fields(found["value"], line) or "$" in found["name"] or "{" in found["name"]:
            return None
        pieces: list[Piece] = []
        for group, text in (("name", found["name"]), ("is", "="), ("value", found["value"])):
            length = pieces[-1].end if pieces else 0
            start, end = found.span(group)
            pieces.append(Piece(length, length + len(text), program, offset + start, offset + end))
        text = f"{found['name']}={found['value']}"
        return Embedded(text, pieces, source=program, language=Language.ENV_FILE)

    def _written(self, program: Embedded, file: _File) -> WrittenFile | None:
        """The file, if it is certain where it is written."""
        if "chdir(" in program.text[: file.program]:
            return None
        line, _ = program.position(file.program)
        arguments = self.names.filled_in(file.arguments, line)
        given = [each.group() for each in _ARGUMENT.finditer(arguments or "")]
        paths = [each for each in given if each not in ("-a", "--append")]
        if len(paths) != 1:
            return None
        path = paths[0]
        if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"":
            path = path[1:-1]
        if not path or path.startswith(("~", "-")) or "\0" in path:
            return None
        file.cell.writes = True
        body = _body(file.cell, file.start, Language.TEXT, line_end=True)
        return WrittenFile(path, body, append=len(given) > 1)

    def _trouble(self, program: Embedded) -> Iterator[Unknown]:
        """Code that could not be read, where it may matter."""
        wrong = [each for each in self.stands if each[2].wrong is not None]
        if not wrong:
            return
        needed = _needed_lines(program)
        for offset, cell, stand in wrong:
            assert stand.wrong is not None
            line, _ = program.position(offset)
            if line in needed or _NEEDLE.search(cell.text, stand.start, stand.end):
                number, _ = cell.position(stand.wrong)
                reason = f"line {number} of cell {cell.cell} is not valid Python"
                yield Unknown(reason, Place(cell, cell.line_span(number)))


def _body(cell: Cell, start: int, language: Language, *, line_end: bool = False) -> Embedded:
    """A cell without its magic; ``line_end`` adds the one that IPython puts behind a cell."""
    text, pieces = verbatim(cell, [(start, len(cell.text))])
    if line_end and text and not text.endswith("\n"):
        text += "\n"
    return Embedded(text, pieces, source=cell, language=language)


def _needed_lines(program: Document) -> set[int]:
    """The lines, from 1, of the statements of a program that can matter."""
    import ast

    from ..python.outline import lines_of
    from ..python.relevance import Statement, relevant

    try:
        body = ast.parse(program.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    statements = [
        Statement(node, program.text[begin:end])
        for begin, end, nodes in lines_of(program, body)
        for node in nodes
    ]
    return {
        line
        for each in relevant([each for each in statements if not each.is_star_import])
        for line in range(each.node.lineno, (each.node.end_lineno or each.node.lineno) + 1)
    }
