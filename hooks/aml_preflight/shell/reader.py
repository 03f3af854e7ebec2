"""Reads shell scripts, what people type into consoles, and env files.

What is exported or assigned, or stands in an env file, may be meant for other programs; of that,
only names count that are certainly meant to add packages. What a container is given is all that it
gets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..containers import certainly_installs, in_force
from ..decoding import document_of
from ..document import Embedded, Language, Place, verbatim
from ..facts import DeploymentFacts, EnvironmentFacts, FileFacts, Style, Variables
from ..forms import ENV_FILE, JSON, PYTHON, YAML, form_of, may_deploy
from ..values import Known, Unknown
from .azure import settings
from .containers import container
from .env_file import variables_of
from .script import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..document import Document
    from ..facts import DeploymentOverride, OtherUse, Text

_PYTHON = re.compile(r"(?:.*/)?python[\d.]*\Z")
_WRITTEN = {YAML: Language.YAML, JSON: Language.JSON, PYTHON: Language.PYTHON}
_EVIDENT = re.compile(
    r"online-deployment|environment_variables|-inference\b|_extra_", re.IGNORECASE
)
"""In a script that could not be read, what shows that it has to do with an inference image."""


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    language = Language.ENV_FILE if form_of(path) is ENV_FILE else Language.SHELL
    document, trouble = document_of(path, data, language)
    facts = read_document(document)
    return facts._replace(trouble=(*trouble, *facts.trouble))


def read_document(document: Document) -> FileFacts:
    """The facts of a text in the language that the document says."""
    if document.language is Language.ENV_FILE:
        return _env_file(document)
    reading = Reading(document)
    deployments: list[DeploymentFacts] = []
    environments: list[EnvironmentFacts] = []
    overrides: list[DeploymentOverride] = []
    others: list[OtherUse] = []
    for invocation in reading.invocations:
        started = container(reading, invocation)
        if isinstance(started, DeploymentFacts):
            deployments.append(started)
        elif started is not None:
            environments.append(started)
        made = settings(reading, invocation)
        if made.override is not None:
            overrides.append(made.override)
        if made.environment is not None:
            environments.append(made.environment)
        if made.other is not None:
            others.append(made.other)
    environments += _assigned(reading)
    found = deployments or environments or overrides
    return FileFacts(
        document,
        deployments=tuple(deployments),
        environments=tuple(environments),
        trouble=reading.trouble if found or _EVIDENT.search(document.text) else (),
        others=tuple(others),
        overrides=tuple(overrides),
        embedded=tuple(_here_documents(reading)),
    )


def _here_documents(reading: Reading) -> Iterator[Embedded]:
    """The texts that the script writes to files, or gives to Python, and that may be for us."""
    for each in reading.documents:
        form = form_of(each.file.source.strip("\"'")) if each.file is not None else None
        program = (each.words[0].text or "") if each.words else ""
        if each.file is None and _PYTHON.match(program):
            form = PYTHON
        if form not in _WRITTEN:
            continue
        text, pieces = verbatim(reading.document, each.lines)
        fills_in = form is PYTHON and each.expands and "$" in text
        if not fills_in and may_deploy(form, text.encode("utf-8", "surrogatepass")):
            yield Embedded(text, pieces, source=reading.document, language=_WRITTEN[form])


def _assigned(reading: Reading) -> list[EnvironmentFacts]:
    """The variables that the script assigns and never reads itself: each with the others that it
    certainly assigns too. Of several that have one name, a condition may choose one. Where
    ``envsubst`` runs, a template may read any of them."""
    if any(word.text == "envsubst" for each in reading.invocations for word in each.words[:1]):
        return []
    everything = list(reading.assignments)
    for invocation in reading.invocations:
        everything += invocation.given
    given: dict[int, tuple[Known[str], Text, bool]] = {}
    for each in everything:
        name, word = each.name, each.value
        if name.value in reading.mentioned or not certainly_installs(name.value):
            continue
        value: Text = Unknown("more than one word", name.place)
        if word is not None:
            value = reading.text_of(word, each.command)
        given.setdefault(name.place.start, (name, value, each.command.certain))
    found = []
    for start in sorted(given):
        name, value, _ = given[start]
        beside = [
            (other, text)
            for other, text, certain in given.values()
            if certain and other.value != name.value
        ]
        more = Unknown("it depends on what the script does", name.place)
        variables = in_force([*beside, (name, value)], more)._replace(repeated=())
        found.append(
            EnvironmentFacts(Style.DOCKER, reading.document, name.place, variables, exported=True)
        )
    return found


def _env_file(document: Document) -> FileFacts:
    variables = variables_of(document)
    items = tuple(item for item in variables.items if certainly_installs(item.name.value))
    if not items:
        return FileFacts(document)
    place = Place(document, items[0].name.place.span)
    kept = Variables(
        items=items,
        repeated=tuple(
            pair for pair in variables.repeated if certainly_installs(pair[0].name.value)
        ),
        open=Unknown("it depends on what reads the file", place),
    )
    found = EnvironmentFacts(Style.DOCKER, document, place, kept, exported=True)
    return FileFacts(document, environments=(found,))
