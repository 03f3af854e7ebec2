"""What holds for every text: places are true, and nothing is raised."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from aml_preflight.requirements.decoding import Decoded, decode
from aml_preflight.requirements.lines import logical_lines, swallowed_lines
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import Hash, Part, Span, Swallowed
from aml_preflight.requirements.words import UnbalancedWordsError, split_words
from hypothesis import given, settings
from hypothesis import strategies as st

from .fragments import files

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = settings(max_examples=300, derandomize=True, deadline=None, database=None)


def within(record: object) -> Iterator[object]:
    """The record and all the records in it."""
    yield record
    if isinstance(record, tuple):
        for item in record:
            yield from within(item)


def is_read_from(text: str, source: str) -> bool:
    """Whether ``text`` is ``source`` with some characters (joins, quotes) left out."""
    rest = iter(source)
    return all(character in rest for character in text)


@EXAMPLES
@given(text=files())
def test_every_span_holds_what_it_claims(text: str) -> None:
    for record in within(read(text).entries):
        if isinstance(record, Span):
            assert 0 <= record.start <= record.end <= len(text)
        elif isinstance(record, Part):
            source = text[slice(*record.span)]
            assert is_read_from(record.text, source)
            if not set("\\\"'") & set(source):
                assert source == record.text
        elif isinstance(record, Hash):
            assert is_read_from(f"{record.algorithm}:{record.digest}", text[slice(*record.span)])


@EXAMPLES
@given(text=files())
def test_every_character_of_a_logical_line_has_its_place(text: str) -> None:
    for line in logical_lines(text):
        places = [line.offset(index) for index in range(len(line.text))]
        assert "".join(text[place] for place in places) == line.text
        assert places == sorted(set(places))
        for _, swallowed in swallowed_lines(line):
            found = [swallowed.offset(index) for index in range(len(swallowed.text))]
            assert "".join(text[place] for place in found) == swallowed.text


@EXAMPLES
@given(text=files())
def test_deleting_the_backslash_frees_what_was_swallowed(text: str) -> None:
    for entry in read(text).entries:
        if isinstance(entry, Swallowed):
            assert set(text[slice(*entry.backslash)]) == {"\\"}
            freed = text[: entry.backslash.start] + text[entry.backslash.end :]
            assert type(entry.inner) in {type(other) for other in read(freed).entries}


@EXAMPLES
@given(text=st.text() | st.text(alphabet="a=1;@#-\\\n\"'[](){}$:/<>!~, \t"))
def test_reading_never_raises(text: str) -> None:
    read(text)


@EXAMPLES
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-16")))
def test_bytes_come_back_exactly(data: bytes) -> None:
    decoded = decode(data)
    if isinstance(decoded, Decoded) and decoded.exact:
        assert decoded.mark + decoded.text.encode(decoded.encoding) == data


@EXAMPLES
@given(text=st.text(alphabet="ab \t\n\r\"'\\#-=\u00a0"))
def test_words_are_those_of_shlex(text: str) -> None:
    try:
        words = shlex.split(text)
    except ValueError:
        with pytest.raises(UnbalancedWordsError):
            split_words(text)
        return
    ours = split_words(text)
    assert [word.text for word in ours] == words
    for word in ours:
        assert "".join(text[index] for index in word.at) == word.text
        assert word.start <= min(word.at, default=word.start)
        assert max(word.at, default=word.start) < word.end
