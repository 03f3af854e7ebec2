"""Environments that stand in a file of their own, for the deployments that name the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import EnvironmentFacts, Style, Variables
from . import cli_v1
from .decoding import decode
from .environments import image_of
from .kinds import ENVIRONMENT_FIELDS, Kind, kind_of
from .reader import source_of
from .variables import variables_in

if TYPE_CHECKING:
    from ..document import Document

_V1_VARIABLES = "environmentVariables"


def read(path: str, data: bytes) -> EnvironmentFacts | None:
    """The environment in a file; ``None`` if there is not exactly one, or it cannot be read."""
    decoded = decode(path, data)
    return read_document(decoded.document) if decoded.reason is None else None


def read_document(document: Document) -> EnvironmentFacts | None:
    """The same for a text, a file's or one that is written in another file."""
    source = source_of(document)
    if len(source.roots) != 1:
        return None
    root = source.roots[0]
    fields = source.fields(root)
    kind = kind_of(source, fields)
    if kind is Kind.ENVIRONMENT or (kind is None and ENVIRONMENT_FIELDS.issuperset(fields.by_name)):
        image = image_of(source, fields) or fields.open
        return EnvironmentFacts(Style.CLI_V2, document, source.place(root), Variables(), image)
    if kind is Kind.V1_ENVIRONMENT or {"docker", "python", _V1_VARIABLES} & fields.by_name.keys():
        variables = variables_in(source, fields, _V1_VARIABLES)
        found = fields.get(_V1_VARIABLES)
        place = source.place(found.key if found else root)
        image = cli_v1.image_of(source, fields) or fields.open
        return EnvironmentFacts(Style.CLI_V1, document, place, variables, image)
    return None
