"""YAML text as trees: what PyYAML composes, at the places where it is written, in bounded time."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import yaml
from aml_preflight.trees.nodes import Mapping, Node, Scalar, Sequence
from aml_preflight.trees.yaml_text import DEEPEST, MOST_CHARACTERS, is_merge, parse_all
from hypothesis import example, given
from hypothesis import strategies as st

PARTS = [
    "a: ", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "\r\n", "\r\n  ", "{", "}", "[", "]",
    ", ", "&x ", "*x", "<<: ", "<<: *x\n", "'", '"', "'a''b'", '"a\\"b"', "|\n", ">-\n", "| # c\n",
    "!!str ", "!!int ", "!x ", "! ", "# c", " # c\n", "---\n", "...\n", "\n---\n", "yes", "012",
    "1_000", "12:30:45", "2021-01-01", "1e3", "1.5", "0x1F", ".inf", "~", "null", "=", "é", "🙂",
    "\u2028", "\x85", "\t", "x", "x y", "src/requirements.txt", "%A", "@", "`", "\r",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)
LOADERS: list[Any] = [yaml.SafeLoader]
if yaml.__with_libyaml__:
    LOADERS.append(yaml.CSafeLoader)


def composed(text: str, loader: Any) -> list[Any] | None:
    """What PyYAML composes; ``None`` if it refuses the text."""
    try:
        return list(yaml.compose_all(text, loader))
    except (yaml.YAMLError, ValueError, IndexError, UnicodeError):
        return None


def assert_same(node: Node, real: Any, text: str) -> None:
    """The same tree, with aliases where the real one has them."""
    pairs = [(node, real)]
    seen: dict[int, int] = {}
    while pairs:
        mine, other = pairs.pop()
        if id(mine) in seen:
            assert seen[id(mine)] == id(other)
            continue
        seen[id(mine)] = id(other)
        if isinstance(mine, Scalar):
            assert isinstance(other, yaml.ScalarNode)
            assert mine.text == other.value
            assert 0 <= mine.start <= mine.end <= len(text)
            assert mine.end <= other.end_mark.index
            assert mine.start >= other.start_mark.index
            assert mine.quoted == bool(other.style)
            assert_value(mine, other)
        elif isinstance(mine, Sequence):
            assert isinstance(other, yaml.SequenceNode)
            assert mine.start == other.start_mark.index
            assert len(mine.items) == len(other.value)
            pairs += zip(mine.items, other.value, strict=True)
        else:
            assert isinstance(other, yaml.MappingNode)
            assert len(mine.pairs) == len(other.value)
            for one, two in zip(mine.pairs, other.value, strict=True):
                pairs += zip(one, two, strict=True)


def assert_value(mine: Scalar, other: Any) -> None:
    constructor: Any = yaml.constructor.SafeConstructor()
    try:
        value = constructor.construct_object(other)
    except (yaml.YAMLError, ValueError, KeyError, IndexError, OverflowError):
        assert mine.kind == "other"
        return
    if mine.kind == "other":
        is_merge_key = mine.text == "<<"
        assert is_merge_key or isinstance(value, (datetime.date, bytes)) or mine.text == "="
    else:
        assert type(mine.value) is type(value)
        assert mine.value == value or value != value


@pytest.mark.parametrize("loader", LOADERS)
@given(text=TEXTS)
@example(text="a: &x [*x]\n")
@example(text="a: ! 12\n")
@example(text='a: &x !!str "b" # c\n')
def test_makes_the_trees_that_pyyaml_composes(loader: Any, text: str) -> None:
    real = composed(text, loader)
    parsed = parse_all(text, pure=loader is yaml.SafeLoader)
    if real is None:
        if parsed.stopped is None:  # the one thing in which it takes more
            assert "&x" in text
            assert "\n&x" in text or text.count("&x") > 1
        return
    assert parsed.stopped is None
    assert parsed.cut == len(text)
    roots = [
        each for each in parsed.roots if not (isinstance(each, Scalar) and each.start == each.end)
    ]
    real = [each for each in real if each.start_mark.index != each.end_mark.index]
    assert len(roots) == len(real)
    for root, other in zip(roots, real, strict=True):
        assert_same(root, other, text)


@given(TEXTS)
def test_both_parsers_find_the_same_places(text: str) -> None:
    one, two = parse_all(text), parse_all(text, pure=True)
    if one.stopped is None and two.stopped is None:
        assert list(map(spans, one.roots)) == list(map(spans, two.roots))


def spans(node: Node) -> list[tuple[int, int, str]]:
    """The places of all scalars that have some text."""
    return [(each.start, each.end, each.text) for each in scalars(node) if each.end > each.start]


def scalars(node: Node) -> list[Scalar]:
    found: list[Scalar] = []
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Scalar):
            found.append(current)
        elif isinstance(current, Sequence):
            waiting += current.items
        else:
            waiting += (each for pair in current.pairs for each in pair)
    return found


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_place_of_a_scalar_is_its_text_with_quotes(pure: bool, end: str) -> None:
    lines = [
        "# é 🙂 \u2028 \x85",
        "plain: src/requirements.txt  # comment",
        "single: 'it''s'",
        'double: "a\\tb"',
        "tagged: !!str 12",
        "anchored: &a  !!str \"x y\"",
        "'quoted key': [one, \"two\"]",
        "block: >-",
        "  folded",
        "  text",
        "",
        "last: end",
    ]  # fmt: skip
    text = end.join(lines) + end
    parsed = parse_all(text, pure=pure)
    assert parsed.stopped is None
    written = sorted((each.start, text[each.start : each.end]) for each in scalars(parsed.roots[0]))
    assert [each for _, each in written] == [
        "plain", "src/requirements.txt", "single", "'it''s'", "double", '"a\\tb"', "tagged", "12",
        "anchored", '"x y"', "'quoted key'", "one", '"two"', "block",
        f">-{end}  folded{end}  text", "last", "end",
    ]  # fmt: skip


@pytest.mark.parametrize("pure", [False, True])
def test_a_byte_order_mark_moves_nothing(pure: bool) -> None:
    [root] = parse_all("\ufeffa: b\n", pure=pure).roots
    assert spans(root) in ([(4, 5, "b"), (1, 2, "a")], [(1, 2, "a"), (4, 5, "b")])


VALUES = {
    "yes": True, "No": False, "on": True, "012": 10, "0o12": "0o12", "1_000": 1000, "0x1F": 31,
    "12:30:45": 45045, "1e3": "1e3", "1.e+3": 1000.0, "1.0": 1.0, "~": None, "null": None,
    "Null": None, "0b11": 3, "y": "y", "n": "n", "08": "08", "-1": -1, "'12'": "12", '"yes"': "yes",
}  # fmt: skip


@pytest.mark.parametrize("text", VALUES)
def test_values_are_those_of_yaml_1_1(text: str) -> None:
    [root] = parse_all(f"key: {text}\n").roots
    assert isinstance(root, Mapping)
    value = root.pairs[0][1]
    assert isinstance(value, Scalar)
    assert value.value == VALUES[text]
    assert type(value.value) is type(VALUES[text])
    assert yaml.safe_load(text) == VALUES[text]


@pytest.mark.parametrize("text", ["2021-01-01", "!!binary aGk=", "!foo x", "!!int x", "9" * 5000])
def test_what_is_no_plain_value_is_of_another_kind(text: str) -> None:
    [root] = parse_all(f"key: {text}\n").roots
    assert isinstance(root, Mapping)
    value = root.pairs[0][1]
    assert isinstance(value, Scalar)
    assert value.kind == "other"


def test_keys_that_are_written_twice_stay_and_merges_are_pairs() -> None:
    [root] = parse_all("a: 1\na: 2\n<<: {b: 3}\n'<<': 4\n").roots
    assert isinstance(root, Mapping)
    keys = [key for key, _ in root.pairs]
    assert [key.text for key in keys if isinstance(key, Scalar)] == ["a", "a", "<<", "<<"]
    assert [is_merge(key) for key in keys] == [False, False, True, False]


def test_an_alias_is_the_node_of_its_anchor() -> None:
    [root] = parse_all("a: &x [1, *x]\nb: *x\n").roots
    assert isinstance(root, Mapping)
    first, second = root.pairs[0][1], root.pairs[1][1]
    assert first is second
    assert isinstance(first, Sequence)
    assert first.items[1] is first


BROKEN = {
    "open quote": ("a: 1\nb: 'x\nc: 2\n", 8, "b"),
    "open list": ("a: 1\nb: [1,\nc: 2\n", 8, "b"),
    "tab": ("a: 1\nb:\n\t- x\nc: 2\n", 8, "b"),
    "colon": ("a: 1\nb: c: d\n", 9, "b"),
    "alias": ("a: 1\nb: *nowhere\n", 8, "b"),
    "control character": ("a: 1\nb: \x01\n", 8, "b"),
    "two documents": ("a: 1\n---\nb: 1\nc: 'x\n", 17, "c"),
}


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize("name", BROKEN)
def test_what_stands_before_a_mistake_is_read(name: str, pure: bool) -> None:
    text, offset, first_lost = BROKEN[name]
    parsed = parse_all(text, pure=pure)
    assert parsed.stopped is not None
    assert parsed.stopped.offset - offset in (0, 1)
    assert text[parsed.cut] == first_lost
    root = parsed.roots[0]
    assert isinstance(root, Mapping)
    key = root.pairs[0][0]
    assert isinstance(key, Scalar)
    assert key.text == "a"


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "? " * 100_000, "- " * 100_000, "a: " * 100_000]
)
def test_deep_nesting_is_refused(text: str, pure: bool) -> None:
    parsed = parse_all(text, pure=pure)
    assert parsed.stopped is not None
    assert parsed.roots == []


def test_some_nesting_is_read() -> None:
    depth = DEEPEST - 1
    assert parse_all("[" * depth + "]" * depth).stopped is None


def test_a_text_that_is_too_large_is_refused_at_once() -> None:
    parsed = parse_all("a: 1\n" * (MOST_CHARACTERS // 5 + 1))
    assert parsed.stopped is not None
    assert parsed.stopped.reason == "it is larger than 2 MB"
