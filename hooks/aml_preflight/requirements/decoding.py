"""Bytes to text as pip decodes a requirements file.

Source: pip 26.3's ``req_file._decode_req_file``. Older pips do the same for files that start with
a byte order mark or declare their encoding, and use the locale for the rest, which in a container
is UTF-8.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# The order matters: the mark of little-endian UTF-16 begins that of little-endian UTF-32.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
NOT_TRIED = frozenset({"punycode", "idna", "undefined"})
"""Decoders whose time grows faster than their input; no file that anyone wrote uses them."""


class Decoded(NamedTuple):
    """The text of a file, without its byte order mark.

    ``mark`` are the bytes of the byte order mark (``b""``: none), ``encoding`` is the codec's
    name. ``exact`` is True where the text in that encoding, behind the mark, gives the same bytes;
    a file where it is False must not be fixed.
    """

    text: str
    encoding: str
    mark: bytes
    exact: bool


class DecodeProblem(NamedTuple):
    """Why pip cannot decode the file; it then reads no line of it.

    ``offset`` is the offending byte in the file, 0-based; for an unknown encoding it is where the
    name stands. ``encoding`` is the codec that was tried.
    """

    reason: str
    offset: int
    encoding: str


def decode(data: bytes) -> Decoded | DecodeProblem:
    """``data`` as text. Never raises."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding, mark, 0)
    offset = 0
    for line in data.split(b"\n", 2)[:2]:
        match = _CODING.search(line) if line[:1] == b"#" else None
        if match is not None:
            return _decode(data, match.group(1).decode("ascii"), b"", offset + match.start(1))
        offset += len(line) + 1
    return _decode(data, "utf-8", b"", 0)


def _decode(data: bytes, encoding: str, mark: bytes, name_at: int) -> Decoded | DecodeProblem:
    body = data[len(mark) :]
    if encoding.lower().replace("-", "_") in NOT_TRIED:
        return DecodeProblem(f"the encoding {encoding!r} is not supported", name_at, encoding)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"not {encoding}: {error.reason}"
        return DecodeProblem(reason, len(mark) + error.start, encoding)
    except LookupError:
        return DecodeProblem(f"unknown encoding {encoding!r}", name_at, encoding)
    except ValueError as error:
        return DecodeProblem(f"not {encoding}: {error}", name_at, encoding)
    try:
        exact = text.encode(encoding) == body
    except ValueError:
        exact = False
    return Decoded(text, encoding, mark, exact)
