"""Reads them."""

from __future__ import annotations

from ..document import Document
from ..facts import FileFacts


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    return FileFacts(Document(path, ""))


def read_document(document: Document) -> FileFacts:
    """The facts of a text."""
    return FileFacts(document)
