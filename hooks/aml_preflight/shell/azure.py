"""``az ml ... --set environment_variables.NAME=value``: settings over those of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..containers import in_force
from ..document import Place
from ..facts import (
    DeploymentOverride,
    EnvironmentFacts,
    OtherUse,
    PathsFrom,
    Style,
)
from ..shell_words import Hole
from ..values import Known, Unknown
from .script import bare

if TYPE_CHECKING:
    from ..facts import Text
    from ..shell_words import Word
    from .script import Reading
    from .steps import Invocation

_VARIABLE = "environment_variables."
_VERBS = frozenset({"create", "update"})
_KINDS = {
    "batch-deployment": "a batch deployment",
    "job": "a job",
    "component": "a component",
}
_OPTIONS = {
    "-f": "file", "--file": "file", "-n": "name", "--name": "name", "--set": "set", "--add": "set",
}  # fmt: skip
_FILLED_IN = re.compile(r"\$?\{\{[^{}]*\}\}|[^\w./ -]+")
_LEADS_UP = re.compile(r"^(?:.*(?<![^/])\.{1,2}/)?/?")
_STRUCTURE = re.compile(r"\s*[\[{]")


class Settings(NamedTuple):
    """What such a command says: one of the three, or nothing."""

    override: DeploymentOverride | None = None
    environment: EnvironmentFacts | None = None
    other: OtherUse | None = None


class _Given:
    """The options of a command, and the paths that it sets. ``place`` is the command itself."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.file: Word | None = None
        self.name: Text | None = None
        self.variables: list[tuple[Known[str], Text]] = []
        self.paths: dict[str, Text] = {}
        self.open: Unknown | None = None

    @property
    def image(self) -> Text | None:
        return self.paths.get("environment.image")

    @property
    def code(self) -> Text | None:
        return self.paths.get("code_configuration.code")

    @property
    def script(self) -> Text | None:
        return self.paths.get("code_configuration.scoring_script")


def settings(reading: Reading, invocation: Invocation) -> Settings:
    """The settings that a command of ``az ml`` makes over a file, if they matter here."""
    texts = [word.text for word in invocation.words[:4]]
    if len(texts) < 4 or texts[0] not in ("az", "az.cmd") or texts[1] != "ml":
        return Settings()
    kind, verb = texts[2] or "", texts[3]
    if verb not in _VERBS:
        return Settings()
    if kind == "online-deployment":
        return _of_deployment(reading, invocation, _given(reading, invocation))
    if kind in _KINDS:
        return _of_other(reading, _KINDS[kind], _given(reading, invocation))
    return Settings()


def _of_other(reading: Reading, what: str, given: _Given) -> Settings:
    """The variables of what is no online deployment."""
    if not given.variables:
        return Settings()
    variables = in_force(given.variables, given.open)
    return Settings(other=OtherUse(Style.CLI_V2, reading.document, given.place, what, variables))


def _of_deployment(reading: Reading, invocation: Invocation, given: _Given) -> Settings:
    variables = in_force(given.variables, given.open)
    if given.file is None:
        if not given.variables:
            return Settings()
        why = Unknown("the deployment that it changes is not here", given.place)
        more = variables._replace(open=variables.open or why)
        return Settings(
            environment=EnvironmentFacts(Style.CLI_V2, reading.document, given.place, more)
        )
    file = reading.folders.path(given.file, invocation.command)
    changes = given.variables or given.open or given.code or given.script or given.image
    if isinstance(file, Unknown) and not changes:
        return Settings()
    path, own = (file, False) if isinstance(file, Unknown) else file
    return Settings(
        override=DeploymentOverride(
            style=Style.CLI_V2,
            document=reading.document,
            place=given.place,
            file=path,
            file_like=_like(given.file),
            variables=variables,
            name=given.paths.get("name") or given.name,
            image=given.image,
            source_directory=given.code,
            entry_script=given.script,
            paths_from=PathsFrom.OWN_FOLDER if own else PathsFrom.PROJECT,
        )
    )


def _like(word: Word) -> str:
    """The path that a word is, with ``*`` for what is filled in, and without what leads up."""
    parts = ("*" if isinstance(part, Hole) else part.text for part in word.parts)
    path = _FILLED_IN.sub("*", "".join(parts).replace("\\", "/"))
    return _LEADS_UP.sub("", path)


def _given(reading: Reading, invocation: Invocation) -> _Given:
    first, last = invocation.words[0], invocation.words[3]
    found = _Given(Place(reading.document, (first.start, last.end)))
    option: str | None = None
    for word in invocation.words[4:]:
        if word.leading.startswith("-"):
            cut = word.partition("=")
            option = _OPTIONS.get((cut[0].text if cut else word.text) or "")
            attached = _OPTIONS.get(word.leading[:2]) if option is None else None
            if attached is not None:
                _take(reading, invocation, found, attached, word.without(2))
            elif cut is not None and option is not None:
                _take(reading, invocation, found, option, cut[1])
                option = None
        elif bare(word) and option not in ("file", "name"):
            value = reading.text_of(_quoted(word), invocation.command)
            if option == "set" and (isinstance(value, Unknown) or "=" in value.value):
                found.open = found.open or Unknown(f"{word.source} may set more", word.place)
        elif option is not None:
            _take(reading, invocation, found, option, word)
            if option != "set":
                option = None
    return found


def _quoted(word: Word) -> Word:
    """The word with its expansions as they would be in quotes: one word each."""
    parts = [part._replace(quoted=True) if isinstance(part, Hole) else part for part in word.parts]
    return type(word)(word.document, word.start, word.end, parts, word.quotes)


def _take(reading: Reading, invocation: Invocation, found: _Given, option: str, word: Word) -> None:
    if option == "file":
        found.file = word
    elif option == "name":
        found.name = reading.text_of(word, invocation.command)
    elif option == "set":
        _set(reading, invocation, found, word)


def _set(reading: Reading, invocation: Invocation, found: _Given, word: Word) -> None:
    cut = word.partition("=")
    if cut is None:
        return
    path = cut[0].text
    value = reading.text_of(cut[1], invocation.command)
    if path is None:
        if cut[0].leading.startswith("environment_variables"):
            found.open = found.open or Unknown("a name put together at run time", word.place)
        return
    if path.startswith(_VARIABLE):
        name = cut[0].without(len(_VARIABLE))
        if isinstance(value, Known) and _STRUCTURE.match(value.value):
            value = Unknown("a value in JSON", value.place)
        found.variables.append((Known(name.text or "", name.characters), value))
    elif path == "environment_variables":
        found.open = found.open or Unknown("all variables are set at once", word.place)
    else:
        found.paths[path] = value
