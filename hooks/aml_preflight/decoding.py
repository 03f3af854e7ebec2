"""The text of files that are written in UTF-8."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from .document import Document, Place
from .values import Unknown

if TYPE_CHECKING:
    from .document import Language

_MOST_BYTES = 1_000_000


def document_of(path: str, data: bytes, language: Language) -> tuple[Document, tuple[Unknown, ...]]:
    """The document of a file, and why not all of it could be read, if so.

    Such a document is never edited. It is empty where nothing could be read.
    """
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    reason = None
    if len(data) > _MOST_BYTES:
        reason = f"it is larger than {_MOST_BYTES // 1_000_000} MB"
    elif b"\0" in data:
        reason = "it contains NUL bytes; is it UTF-16, or not text at all?"
    if reason is not None:
        document = Document(path, "", exact=False, language=language)
        return document, (Unknown(reason, Place(document, (0, 0))),)
    try:
        text = data[len(bom) :].decode("utf-8")
    except UnicodeDecodeError as error:
        text = data[len(bom) :].decode("utf-8", "replace")
        document = Document(path, text, "utf-8", bom, exact=False, language=language)
        line = data.count(b"\n", 0, error.start + len(bom)) + 1
        start, end = document.line_span(min(line, len(document.line_starts)))
        return document, (
            Unknown(f"line {line} is not valid UTF-8", Place(document, (start, end))),
        )
    return Document(path, text, "utf-8", bom, language=language), ()
