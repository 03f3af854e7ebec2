"""The text of a YAML or JSON file: its bytes as PyYAML decodes them."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from .. import forms
from ..document import Document, Language

_MOST_SHOWN = 100_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Decoded(NamedTuple):
    """A document, and the reason and offset of what could not be decoded. Where ``whole`` is false
    only the first part is there, too little to be parsed."""

    document: Document
    reason: str | None = None
    offset: int = 0
    whole: bool = True


def decode(path: str, data: bytes) -> Decoded:
    """The document of a file: by its byte order mark, else UTF-8. What is not valid in it is
    replaced, so that the rest can be read."""
    json = forms.form_of(path) is forms.JSON
    language = Language.JSON if json else Language.YAML
    bom, encoding = next((each for each in _BOMS if data.startswith(each[0])), (b"", "utf-8"))
    if len(data) > forms.MOST_BYTES:
        text = data[len(bom) : _MOST_SHOWN].decode(encoding, "replace")
        document = Document(path, text, encoding, bom, exact=False, language=language)
        reason = f"it is larger than {forms.MOST_BYTES // 1_000_000} MB"
        return Decoded(document, reason, whole=False)
    body = data[len(bom) :]
    try:
        return Decoded(Document(path, body.decode(encoding), encoding, bom, language=language))
    except UnicodeDecodeError as error:
        text = body.decode(encoding, "replace")
        document = Document(path, text, encoding, bom, exact=False, language=language)
        offset = len(body[: error.start].decode(encoding, "replace"))
        return Decoded(document, f"this is not valid {encoding.upper()}", offset)
