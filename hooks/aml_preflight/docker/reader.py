"""Reads Dockerfiles: the image that the last stage builds is a deployment of its own if it extends
an inference image and sets its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..decoding import document_of
from ..document import Language
from ..facts import DeploymentFacts, EnvironmentFacts, FileFacts
from .instructions import instructions
from .stages import image

if TYPE_CHECKING:
    from ..document import Document


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    document, trouble = document_of(path, data, Language.DOCKERFILE)
    facts = read_document(document)
    return facts._replace(trouble=(*trouble, *facts.trouble))


def read_document(document: Document) -> FileFacts:
    """The facts of a text."""
    file = instructions(document)
    found, trouble = image(document, file)
    return FileFacts(
        document,
        deployments=tuple(each for each in found if isinstance(each, DeploymentFacts)),
        environments=tuple(each for each in found if isinstance(each, EnvironmentFacts)),
        trouble=(*file.trouble, *trouble),
    )
