"""The lines of scalars: put together, they are the text that PyYAML makes of them."""

from __future__ import annotations

import pytest
from aml_preflight.trees.nodes import Mapping, Scalar
from aml_preflight.trees.yaml_lines import lines_of
from aml_preflight.trees.yaml_text import parse_all
from hypothesis import example, given
from hypothesis import strategies as st

WORDS = st.lists(
    st.sampled_from(
        ["az", "--set", "a=b", "#x", "$(v)", "\\", "\u00e9", "x:y", "don't", "{a}", '"']
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
LINES = st.lists(
    st.one_of(
        st.just(""), WORDS, WORDS.map("   {}".format), WORDS.map("{} ".format), st.just("  ")
    ),
    min_size=1,
    max_size=6,
)


def _value(text: str) -> Scalar | None:
    """The value of ``run``, if there is one and it is a text."""
    parsed = parse_all(text)
    root = parsed.roots[0] if parsed.stopped is None and parsed.roots else None
    if not isinstance(root, Mapping):
        return None
    [*_, (_, step)] = root.pairs
    if not isinstance(step, Mapping):
        return None
    key, value = step.pairs[0]
    is_run = isinstance(key, Scalar) and key.text == "run"
    return value if is_run and isinstance(value, Scalar) else None


def _joined(text: str, value: Scalar) -> str | None:
    lines = lines_of(text, value.start, value.end)
    if lines is None:
        return None
    for line in lines:
        is_escape = len(line.text) != line.end - line.start
        assert is_escape or line.text == text[line.start : line.end]
    return "".join(line.text + line.behind for line in lines)


@given(LINES, st.sampled_from("|>"), st.sampled_from(["", "-", "+", "-  # why"]), st.booleans())
def test_blocks(lines: list[str], style: str, header: str, crlf: bool) -> None:
    body = "\n".join(f"    {line}" if line.strip() else line for line in lines)
    text = f"step:\n  run: {style}{header}\n{body}\n  more: 1\n"
    text = text.replace("\n", "\r\n") if crlf else text
    value = _value(text)
    if value is not None:
        made = _joined(text, value)
        assert made is not None
        assert made.rstrip("\n ") == value.text.rstrip("\n ")


@given(LINES, st.sampled_from(["", "'", '"']))
@example(["a", "", "", "b"], "'")
@example([" a ", "  b "], '"')
def test_flow_scalars(lines: list[str], quote: str) -> None:
    text = "step:\n  run: " + quote + "\n    ".join(lines) + quote + "\n  more: 1\n"
    value = _value(text)
    if value is not None and (made := _joined(text, value)) is not None:
        assert made.rstrip("\n ") == value.text.rstrip("\n ")


@pytest.mark.parametrize(
    "written",
    [
        r'"a\tb\"c\\d\n/"',
        "'it''s'",
        "''''",
        "'a''\n\n     ''b'",
        "|2\n      a",
        ">1-\n    a\n     b",
    ],
)
def test_escapes_and_given_indentations(written: str) -> None:
    text = f"step:\n  run: {written}\n"
    value = _value(text)
    assert value is not None
    made = _joined(text, value)
    assert made is not None
    assert [line.strip() for line in made.split("\n")] == [
        line.strip() for line in value.text.rstrip("\n").split("\n")
    ]


@pytest.mark.parametrize("written", [r'"a\x41"', r'"a\ b"', '"a\\\n    b"'])
def test_rare_escapes_are_left_alone(written: str) -> None:
    text = f"step:\n  run: {written}\n"
    value = _value(text)
    assert value is not None
    assert _joined(text, value) is None


@pytest.mark.parametrize("written", ["", "''", '""', "|", ">-", "~"])
def test_nothing(written: str) -> None:
    text = f"step:\n  run: {written}\n"
    value = _value(text)
    assert value is not None
    assert (_joined(text, value) or "") in ("", "~")
