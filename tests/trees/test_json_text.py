"""JSON text as a tree: what it reads, where, and that it reads what ``json.loads`` reads."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from aml_preflight.document import Document, Embedded, Language, Place
from aml_preflight.trees import json_text
from aml_preflight.trees.nodes import Mapping, Node, NotRead, Scalar, Sequence
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None, exclude_categories=())),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)
ALMOST = st.text(
    st.sampled_from(list('{}[],:" \t\n\\u0dD8eE+-.129truefalsnNaIity/\u2028é')), max_size=30
)


def plain(node: Node) -> Any:
    """What ``json.loads`` would make of the tree."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(each) for each in node.items]
    return {plain(key): plain(value) for key, value in node.pairs}


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


def every(node: Node) -> list[Node]:
    found: list[Node] = [node]
    if isinstance(node, Sequence):
        return found + [inner for each in node.items for inner in every(each)]
    if isinstance(node, Mapping):
        return found + [inner for pair in node.pairs for each in pair for inner in every(each)]
    return found


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 1, "\t"]))
def test_reads_what_json_writes(value: Any, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert same(plain(json_text.parse(text)), json.loads(text))


@given(ALMOST | VALUES.map(json.dumps).flatmap(lambda text: st.just(text[:-1]) | st.just(text)))
def test_refuses_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(NotRead) as caught:
            json_text.parse(text)
        assert 0 <= caught.value.offset <= len(text)
    else:
        assert same(plain(json_text.parse(text)), expected)


@given(VALUES, st.booleans())
def test_every_node_is_where_it_says(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    for node in every(json_text.parse(text)):
        assert same(json.loads(text[node.start : node.end]), plain(node))


@given(VALUES, st.text(max_size=5))
def test_what_is_skipped_has_its_extent(value: Any, key: str) -> None:
    text = json.dumps([{"a": 1, "skip": value, "b": key}, 2])
    tree = json_text.parse(text, {"skip"})
    assert isinstance(tree, Sequence)
    first = tree.items[0]
    assert isinstance(first, Mapping)
    _, skipped = first.pairs[1]
    assert same(json.loads(text[skipped.start : skipped.end]), value)
    assert plain(first.pairs[2][1]) == key
    assert plain(tree.items[1]) == 2


@given(st.text(st.characters(codec=None, exclude_categories=())), st.booleans())
def test_the_pieces_of_a_string_spell_it(value: str, ascii_only: bool) -> None:
    text = json.dumps([value], ensure_ascii=ascii_only)
    document = Document("/n", text, language=Language.JSON)
    tree = json_text.parse(text)
    assert isinstance(tree, Sequence)
    scalar = tree.items[0]
    assert isinstance(scalar, Scalar)
    found, pieces = json_text.string_pieces(document, scalar)
    assert found == json.loads(text)[0]
    inside = Embedded(found, pieces, source=document, language=Language.TEXT)
    for offset, character in enumerate(found):
        origin = Place(inside, (offset, offset + 1)).origin
        assert json.loads(f'"{origin.text}"') == character
    whole = Place(inside, (0, len(found))).origin
    assert whole.span == (scalar.start + 1, scalar.end - 1)


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("", [(0, 0, 1, 1)]),
        ("ab", [(0, 2, 1, 3)]),
        (r"a\nb", [(0, 1, 1, 2), (1, 2, 2, 4), (2, 3, 4, 5)]),
        (r"\ud83d\ude00!", [(0, 1, 1, 13), (1, 2, 13, 14)]),
        (r"\ud83d\ud83d\ude00", [(0, 1, 1, 7), (1, 2, 7, 19)]),
        (r"\ude00\ud83d", [(0, 1, 1, 7), (1, 2, 7, 13)]),
        (r"\\ud83d", [(0, 1, 1, 3), (1, 6, 3, 8)]),
        (r"\/\"", [(0, 1, 1, 3), (1, 2, 3, 5)]),
    ],
)
def test_escapes_are_pieces(written: str, pieces: list[tuple[int, int, int, int]]) -> None:
    text = f'"{written}"'
    document = Document("/n", text)
    scalar = json_text.parse(text)
    assert isinstance(scalar, Scalar)
    _, found = json_text.string_pieces(document, scalar)
    assert [(a, b, c, d) for a, b, _, c, d in found] == pieces


@given(st.text(st.characters(codec=None, exclude_categories=())), st.sampled_from(["é", "e"]))
def test_a_spelt_text_can_stand_in_a_string(value: str, around: str) -> None:
    document = Document("/n", f'["{around}"]')
    written = json_text.speller(document)(value)
    assert json.loads(f'"{written}"') == json.loads(json.dumps(value))
    written.encode("utf-8")
    assert written.isascii() or around == "é"


def test_keys_that_are_written_twice_are_kept() -> None:
    tree = json_text.parse('{"a": 1, "a": 2}')
    assert isinstance(tree, Mapping)
    assert [(plain(key), plain(value)) for key, value in tree.pairs] == [("a", 1), ("a", 2)]


def test_what_stands_before_a_mistake_is_read() -> None:
    text = '{"cells": [{"source": "a"}, {"source": ["b",\n<<<<<<< HEAD\n"c"]}]}'
    part = json_text.parse_part(text)
    assert part.broken is not None
    assert text[part.broken.offset :].startswith("<<<<<<<")
    assert part.tree is not None
    assert plain(part.tree) == {"cells": [{"source": "a"}, {"source": ["b"]}]}
    assert [type(node).__name__ for node in part.open] == [
        "Mapping", "Sequence", "Mapping", "Sequence"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("", "it ends too early", 0),
        ("[1, 2", "a comma or `]` is missing", 5),
        ("[1, ]", "there is a comma behind the last item", 4),
        ('{"a" 1}', "a colon is missing behind the key", 5),
        ("{a: 1}", "a key in double quotes is missing", 1),
        ('["a', "a string has no end", 1),
        ('["a\nb"]', "a line end or another control character is inside a string", 3),
        (r'["\x"]', "a string has an escape that JSON does not know", 2),
        ("[] x", "there is more text behind the end", 3),
        ("[" * 100_000, "it is nested too deeply", json_text.DEEPEST),
        ('{"skip": [[', "it ends too early", 11),
        ('{"skip": ["a]', "a string has no end", 10),
    ],
)
def test_says_what_is_wrong_and_where(text: str, reason: str, offset: int) -> None:
    with pytest.raises(NotRead) as caught:
        json_text.parse(text, {"skip"})
    assert (caught.value.reason, caught.value.offset) == (reason, offset)


def test_a_number_with_too_many_digits_is_only_text() -> None:
    number = json_text.parse("9" * 10_000)
    assert isinstance(number, Scalar)
    assert number.kind == "other"
    assert number.text == "9" * 10_000
