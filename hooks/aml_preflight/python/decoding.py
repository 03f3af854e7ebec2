"""The text of a Python file: byte order mark, coding line (PEP 263), else UTF-8."""

from __future__ import annotations

import codecs
import io
import tokenize

from ..document import Document, Language

MOST_BYTES = 1_000_000
"""libcst takes some 20 seconds and 450 MB for a file of this size (measured)."""


class Unreadable(Exception):
    """The file, or a part of it, cannot be read. ``offset`` is where, in code points from 0."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def decode(path: str, data: bytes) -> Document:
    """The document of a Python file: byte order mark, coding line (PEP 263), else UTF-8.

    Raises ``Unreadable`` with the reason in the user's words.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    if b"\0" in data:
        raise Unreadable("it contains NUL bytes; is it UTF-16, or not text at all?")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise Unreadable(f"its encoding is not known ({error.msg})") from None
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    name = "utf-8" if bom else encoding
    try:
        text = data[len(bom) :].decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + len(bom)) + 1
        raise Unreadable(f"line {line} is not valid {name}") from None
    except (LookupError, ValueError):  # Python has codecs that are not for text
        raise Unreadable(f"its encoding, {name}, cannot be read") from None
    if "\0" in text:
        raise Unreadable(f"it contains NUL characters when it is read as {name}")
    return Document(path, text, name, bom, language=Language.PYTHON)
