"""Decoding as pip does, with the place of what it stumbles over."""

from __future__ import annotations

import codecs

import pytest
from aml_preflight.requirements.decoding import Decoded, DecodeProblem, decode


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"a==1\r\n", "utf-8", "a==1\r\n"),
        (codecs.BOM_UTF8 + b"a", "utf-8", "a"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "utf-16-le", "é"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "utf-16-be", "é"),
        (codecs.BOM_UTF32_LE + "é".encode("utf-32-le"), "utf-32-le", "é"),
        (b"# coding: latin-1\n# \xe9", "latin-1", "# coding: latin-1\n# é"),
        (b"\n# vim: set fileencoding=cp1252 :\n\x80", "cp1252", None),
    ],
)
def test_decodes_and_encodes(data: bytes, encoding: str, text: str | None) -> None:
    decoded = decode(data)
    assert isinstance(decoded, Decoded)
    assert decoded.encoding == encoding
    assert text is None or decoded.text == text
    assert decoded.exact
    assert decoded.mark + decoded.text.encode(decoded.encoding) == data


@pytest.mark.parametrize(
    ("data", "offset", "words"),
    [
        (b"# caf\xe9\na", 5, "utf-8"),
        (b"  # coding: latin-1\n\xe9", 20, "utf-8"),
        (b"\n\n# coding: latin-1\n\xe9", 20, "utf-8"),
        (b"a\n# coding: nonsense\n", 12, "unknown encoding"),
        (b"# coding: hex\n", 10, "unknown encoding"),
        (b"# coding: punycode\n", 10, "not supported"),
        (codecs.BOM_UTF8 + b"a\xff", 4, "utf-8"),
    ],
)
def test_problems_have_a_place(data: bytes, offset: int, words: str) -> None:
    problem = decode(data)
    assert isinstance(problem, DecodeProblem)
    assert problem.offset == offset
    assert words in problem.reason


def test_what_cannot_be_written_back_says_so() -> None:
    decoded = decode(b"# coding: utf-7\n+AGE-")
    assert isinstance(decoded, Decoded)
    assert not decoded.exact
