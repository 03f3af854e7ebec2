"""Reading a YAML or JSON file: from its bytes to the deployments that it describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..document import Language, Place
from ..facts import FileFacts, PathsFrom
from ..trees.nodes import NotRead
from ..values import Unknown
from .decoding import decode
from .kinds import Kind, evidently_ours, kind_of
from .scripts import scripts
from .source import Source, is_excerpt
from .templates import mask, without_others

if TYPE_CHECKING:
    from ..document import Document, Embedded
    from ..facts import DeploymentFacts, EnvironmentFacts, OtherUse
    from ..trees.nodes import Node
    from .templates import Masked

_REST = "the rest of the file could not be read"


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    decoded = decode(path, data)
    document = decoded.document
    if not decoded.whole:
        assert decoded.reason is not None
        trouble = _trouble(document, NotRead(decoded.reason))
        return FileFacts(document, trouble=trouble)
    facts = read_document(document)
    if decoded.reason is None or facts.trouble or not _is_ours(facts):
        return facts
    return facts._replace(trouble=(_said(document, decoded.reason, decoded.offset),))


def read_document(document: Document) -> FileFacts:
    """The facts of a text, a file's or one that is written in another file.

    What is not for a deployment has none, and where it cannot be parsed, nothing is said.
    """
    source, stopped = _source(document)
    facts = _facts(source)
    if stopped is None:
        return facts
    document.exact = False  # what was not read may be what makes an edit wrong
    if not _is_ours(facts):
        return facts._replace(trouble=_trouble(document, stopped))
    reason = _reason(document, stopped)
    return facts._replace(trouble=(_said(document, reason, stopped.offset),))


def source_of(document: Document) -> Source:
    """The trees of a text, as far as it can be read."""
    return _source(document)[0]


def _source(document: Document) -> tuple[Source, NotRead | None]:
    masked = mask(document.text, document.language, excerpt=is_excerpt(document))
    roots, stopped, cut = _parse(masked, document.language)
    if stopped is not None and masked.blocks.others:
        fewer = without_others(masked, document.language)
        again = _parse(fewer, document.language)
        if again[1] is None:
            masked, (roots, stopped, cut) = fewer, again
    rest = _said(document, _REST, cut) if stopped is not None else None
    return Source(document, masked, roots, rest), stopped


def _parse(masked: Masked, language: Language) -> tuple[list[Node], NotRead | None, int]:
    if language is Language.JSON:
        from ..trees import json_text

        try:
            return [json_text.parse(masked.text)], None, 0
        except NotRead:
            pass  # the tools read JSON as YAML, which takes more: comments, commas at the end
    from ..trees.yaml_text import parse_all

    return parse_all(masked.text)


def _facts(source: Source) -> FileFacts:
    from . import cli_v1
    from .cli_v2 import CliV2

    own_file = not source.is_excerpt
    v2 = CliV2(source, PathsFrom.OWN_FOLDER if own_file else PathsFrom.PROJECT)
    deployments: list[DeploymentFacts] = []
    environments: list[EnvironmentFacts | None] = []
    others: list[OtherUse | None] = []
    embedded: list[Embedded] = []
    trouble: list[Unknown] = []
    for root in source.roots:
        kind = kind_of(source, source.fields(root))
        if kind is Kind.INFERENCE_CONFIG:
            deployments.append(cli_v1.deployment(source, root))
        elif kind is Kind.V1_ENVIRONMENT:
            environments.append(cli_v1.environment(source, root))
        elif kind is Kind.V1_RUN:
            others.append(cli_v1.run(source, root))
        elif kind is not None:
            v2.take(kind, root)
        if kind in (None, Kind.PIPELINE):  # a workflow of a CI service has jobs, too
            found = scripts(source, root)
            embedded += found.documents
            trouble += [found.trouble] if found.trouble is not None else []
    return FileFacts(
        source.document,
        deployments=(*deployments, *v2.deployments),
        environments=(*(each for each in environments if each), *v2.environments),
        ignored=tuple(v2.ignored),
        others=(*(each for each in others if each), *v2.others),
        embedded=tuple(embedded),
        trouble=tuple(trouble),
    )


def _is_ours(facts: FileFacts) -> bool:
    return bool(facts.deployments or facts.environments or facts.ignored)


def _trouble(document: Document, stopped: NotRead) -> tuple[Unknown, ...]:
    """What to say of a text that could not be read: nothing if it is not for us."""
    if not evidently_ours(document.text):
        return ()
    return (_said(document, _reason(document, stopped), stopped.offset),)


def _reason(document: Document, stopped: NotRead) -> str:
    line, _ = document.position(stopped.offset)
    if stopped.reason == "this is not valid YAML":
        return f"line {line} is not valid YAML"
    return stopped.reason


def _said(document: Document, reason: str, offset: int) -> Unknown:
    line, _ = document.position(min(offset, len(document.text)))
    return Unknown(reason, Place(document, document.line_span(line)))
