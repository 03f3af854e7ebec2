"""The image that a Dockerfile builds: its last stage and the stages that this one comes from."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from ..boot import APP_ROOT
from ..containers import entry_script, installs, ours
from ..facts import (
    DeploymentFacts,
    EnvironmentFacts,
    Mount,
    Style,
    Variable,
    Variables,
)
from ..images import REGISTRY
from ..shell_words import Chunk
from ..values import Known, Unknown
from .words import Unclosed, whole, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..document import Document, Place
    from ..facts import Text
    from ..shell_words import Word
    from .instructions import File, Instruction

_KEYWORD = re.compile(r"\S+")
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S*))?\s+")
_HARMLESS_FLAGS = frozenset({"chown", "chmod", "link"})
_ARCHIVE = re.compile(r"\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$", re.IGNORECASE)
_STARTS_ITSELF = re.compile(r"runsvdir")
_STARTING = "runit"
_BETWEEN_COMMANDS = re.compile(r"&&|\|\||[;|\n]")
_MAKES_NO_FILES = frozenset(
    {"pip", "pip3", "apt-get", "apt", "conda", "mamba", "chmod", "chown", "useradd", "groupadd",
     "adduser", "usermod", "true", "set", "ldconfig"}
)  # fmt: skip
_PIP = re.compile(r"(?:sudo\s+)?python[0-9.]*\s+-m\s+(?=pip\s)")
_SAVES = re.compile(
    r"[<>`]|\$\(|\s(?:-[tpdfo]|--(?:target|prefix|root|dest|file|output)|download|wheel)\b"
)
_CLEANING = re.compile(
    r"rm\s+(?:-\w+\s+)*(?:(?:/var/lib/apt|/var/cache|/tmp|/root)\S*\s*)+|(?:cd|mkdir|echo)\s[^<>]*"
)
_LONGEST = 10_000


class _Stage(NamedTuple):
    name: str | None
    start: Instruction
    image: Text
    body: tuple[Instruction, ...]


def image(
    document: Document, file: File
) -> tuple[list[DeploymentFacts | EnvironmentFacts], list[Unknown]]:
    """The container of the image that the file builds, if it has to do with an inference image;
    and what could not be read."""
    trouble: list[Unknown] = []
    stages = _stages(file, trouble)
    if not stages:
        return [], trouble
    chain = [stages[-1]]
    for stage in reversed(stages[:-1]):
        wanted = chain[-1].image
        if stage.name and isinstance(wanted, Known) and wanted.value.lower() == stage.name.lower():
            chain.append(stage)
    build = _Build(document, file.escape, chain[-1].image, trouble)
    for stage in reversed(chain):
        for instruction in stage.body:
            build.take(instruction)
    facts = build.facts(stages[-1].start.place)
    return ([facts] if facts is not None else []), trouble


def _stages(file: File, trouble: list[Unknown]) -> list[_Stage]:
    found: list[_Stage] = []
    start: Instruction | None = None
    body: list[Instruction] = []

    def finish() -> None:
        if start is None:
            return
        made = _stage(start, file.escape, tuple(body), trouble)
        if made is not None:
            found.append(made)

    for instruction in file.instructions:
        if instruction.keyword == "FROM":
            finish()
            start, body = instruction, []
        else:
            body.append(instruction)
    finish()
    return found


def _stage(
    start: Instruction, escape: str, body: tuple[Instruction, ...], trouble: list[Unknown]
) -> _Stage | None:
    try:
        given = [word for word in words(start, escape) if not word.leading.startswith("--")]
    except Unclosed as error:
        trouble.append(Unknown(str(error), start.place))
        return None
    if not given:
        return None
    text = given[0].text
    image: Text = Unknown("an argument of the build", given[0].place)
    if text is not None:
        image = Known(text, given[0].place, given[0].place)
    named = len(given) == 3 and (given[1].text or "").lower() == "as"
    return _Stage(given[2].text if named else None, start, image, body)


class _Build:
    """What the instructions of a chain of stages make, one after the other."""

    def __init__(
        self, document: Document, escape: str, image: Text, trouble: list[Unknown]
    ) -> None:
        self.document = document
        self.escape = escape
        self.image = image
        self.trouble = trouble
        self.variables: dict[str, Variable] = {}
        self.repeated: list[tuple[Variable, Variable]] = []
        self.starts_changed = False
        self.arguments: set[str] = set()
        self.folder: str | None = None
        self.folders = {APP_ROOT}
        self.mounts: list[Mount] = []
        self.more_files: Unknown | None = None
        self.starts_itself = False

    def take(self, instruction: Instruction) -> None:
        handler: dict[str, Callable[[Instruction], None]] = {
            "ENV": self._env,
            "ARG": self._arg,
            "WORKDIR": self._workdir,
            "COPY": self._copy,
            "ADD": self._copy,
            "RUN": self._run,
            "CMD": self._start,
            "ENTRYPOINT": self._start,
        }
        known = handler.get(instruction.keyword)
        if known is None:
            return
        try:
            known(instruction)
        except Unclosed as error:
            self.trouble.append(Unknown(str(error), instruction.place))

    # ---- values --------------------------------------------------------------------------------

    def _text(self, word: Word) -> Text:
        """The value of a word, with the variables that are set before."""
        literal = word.literal(_escaped)
        if word.text is not None:
            return Known(word.text, literal or word.place, literal)
        texts: list[str] = []
        length = 0
        for part in word.parts:
            if isinstance(part, Chunk):
                text = part.text
            else:
                known = self.variables.get(part.name or "")
                value = known.value if known is not None else None
                if not isinstance(value, Known) or part.name in self.arguments:
                    what = self.document.text[part.start : part.end][:40]
                    return Unknown(f"given when the image is built, as {what}", word.place)
                text = str(value.value)
            texts.append(text)
            length += len(text)
            if length > _LONGEST:
                return Unknown("a very long text", word.place)
        return Known("".join(texts), word.place)

    def _unclear(self, instruction: Instruction, reason: str) -> None:
        self.more_files = self.more_files or Unknown(reason, instruction.place)

    # ---- instructions --------------------------------------------------------------------------

    def _env(self, instruction: Instruction) -> None:
        given = words(instruction, self.escape)
        if not given:
            return
        pairs: list[tuple[Word, Word]] = []
        first = _KEYWORD.match(instruction.text)
        if first is not None and "=" not in first.group() and given[0].partition("=") is None:
            behind = first.end()
            while behind < len(instruction.text) and instruction.text[behind].isspace():
                behind += 1
            if behind < len(instruction.text):
                pairs.append((given[0], whole(instruction, self.escape, behind)))
        else:
            pairs += [cut for word in given if (cut := word.partition("="))]
        made: dict[str, Variable] = {}
        for name, word in pairs:
            text = self._text(name)
            if isinstance(text, Unknown):
                continue
            variable = Variable(Known(text.value, name.characters), self._text(word))
            if text.value in made:
                self.repeated.append((made[text.value], variable))
            made[text.value] = variable
        for key, variable in made.items():
            self.variables.pop(key, None)
            self.variables[key] = variable
            self.arguments.discard(key)

    def _arg(self, instruction: Instruction) -> None:
        for word in words(instruction, self.escape):
            name = word.leading.partition("=")[0]
            if name not in self.variables:  # ENV wins over ARG
                self.arguments.add(name)

    def _workdir(self, instruction: Instruction) -> None:
        folder = self._text(whole(instruction, self.escape, 0))
        if isinstance(folder, Unknown):
            self.folder = None
        else:
            self.folder = self._absolute(folder.value)
        if self.folder is not None:
            self.folders.add(self.folder)

    def _absolute(self, path: str) -> str | None:
        """A path of the container, seen from the working directory."""
        if path.startswith("/"):
            return posixpath.normpath("/" + path.lstrip("/"))
        return None if self.folder is None else posixpath.normpath(f"{self.folder}/{path}")

    def _copy(self, instruction: Instruction) -> None:
        at = 0
        while flag := _FLAG.match(instruction.text, at):
            at = flag.end()
            if flag.group(1) not in _HARMLESS_FLAGS:
                return self._unclear(instruction, "files are copied from elsewhere")
        given = self._copied(instruction, at)
        texts = [each for each in given if isinstance(each, Known)]
        if len(texts) < 2 or len(texts) < len(given) or instruction.documents:
            return self._unclear(instruction, "files are copied that do not show here")
        *sources, target = texts
        path = self._absolute(target.value)
        if path is None:
            return self._unclear(instruction, "it is not known where files are copied to")
        into = target.value.endswith(("/", "/.")) or target.value == "." or path in self.folders
        for source in sources:
            name = source.value
            remote = "://" in name or name.startswith("git@")
            unpacked = instruction.keyword == "ADD" and _ARCHIVE.search(name)
            if remote or unpacked or re.search(r"[*?\[]", name):
                self._unclear(instruction, "files are copied that do not show here")
                continue
            local = posixpath.normpath("./" + name.lstrip("/"))
            if local.startswith(".."):
                continue
            known = Known(local, source.place)
            self.mounts.append(Mount(known, path, copied=True, into=into or len(sources) > 1))
        self.folders.add(path)
        return None

    def _copied(self, instruction: Instruction, at: int) -> list[Text]:
        if instruction.text[at:].lstrip().startswith("["):
            try:
                listed = json.loads(instruction.text[at:])
            except (ValueError, RecursionError):
                listed = None
            if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
                plain = not any("$" in each for each in listed)
                return [Known(each, instruction.place) for each in listed] if plain else []
        return [self._text(word) for word in words(instruction, self.escape, at)]

    def _run(self, instruction: Instruction) -> None:
        if _STARTING in instruction.text:
            self.starts_changed = True
        if instruction.documents or instruction.text.lstrip().startswith(("[", "--")):
            return self._unclear(instruction, "the build may make files")
        for each in _BETWEEN_COMMANDS.split(instruction.text):
            command = _PIP.sub("", each.strip())
            if not command or _CLEANING.fullmatch(command):
                continue
            program = command.split(maxsplit=1)[0]
            if program not in _MAKES_NO_FILES or _SAVES.search(command):
                return self._unclear(instruction, "the build may make files")
        return None

    def _start(self, instruction: Instruction) -> None:
        self.starts_itself = not _STARTS_ITSELF.search(instruction.text)

    # ---- facts ---------------------------------------------------------------------------------

    def facts(self, place: Place) -> DeploymentFacts | EnvironmentFacts | None:
        image = self.image
        certain = isinstance(image, Known) and image.value.startswith(REGISTRY)
        wanted = ours if certain else installs
        if not any(wanted(name) for name in self.variables):
            return None
        variables = Variables(tuple(self.variables.values()), tuple(self.repeated))
        if self.starts_itself or self.starts_changed:
            return EnvironmentFacts(Style.DOCKER, self.document, place, variables)
        return DeploymentFacts(
            style=Style.DOCKER,
            document=self.document,
            place=place,
            name=None,
            image=image,
            source_directory=None,
            entry_script=entry_script(variables),
            variables=variables,
            mounts=tuple(self.mounts),
            more_files=self.more_files,
        )


def _escaped(text: str, quote: str) -> str:
    return re.sub(r'(["\\$])', r"\\\1", text) if quote == '"' else text
