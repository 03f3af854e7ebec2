"""A value written in the place of a literal is read back by the real parsers of each language."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from aml_preflight.document import Document, Language, Place
from aml_preflight.spelling import spelled_like
from hypothesis import assume, given, settings
from hypothesis import strategies as st

HARD = st.text(
    st.one_of(
        st.sampled_from(" '\"\\#:-,[]{}&*!|>%@`$~=?/.\n\r\t\0\x7f\x85\xa0\u2028\ufeff\U0001f600é"),
        st.sampled_from("abnxuUyYeE0159_"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
WORDS = st.sampled_from(
    [
        "", "true", "no", "Yes", "on", "null", "~", "1", "1e3", "0x1", ".5", ".inf", ".NaN", "...",
        "---", "2024-01-01", "12:30:45", "=", "<<", "- a", "a: b", "a #b", "requirements.txt",
        "./requirements.txt", "../a b/r.txt", "y", "a'b", 'a"b', "a\\b", "/x", "$HOME", "%TEMP%",
        "_a", "a ", " a", "a\nb", ".venv/lib", ".",
    ]
)  # fmt: skip
VALUES = st.one_of(WORDS, HARD)


def _replaced(text: str, literal: str, language: Language, value: str) -> str | None:
    """The text with the value in the place of the literal, which stands in it once."""
    assert text.count(literal) == 1
    start = text.index(literal)
    document = Document("/f", text, language=language)
    new = spelled_like(Place(document, (start, start + len(literal))), value)
    return None if new is None else text[:start] + new + text[start + len(literal) :]


# ---- YAML --------------------------------------------------------------------------------------

YAML_LITERALS = [
    "old", "'old'", '"old"', "src/r.txt", "'it''s'", '"a\\tb"', "17", "1_000", "0o17x", "yes",
    "True", "-.5", "2024-01-01", "12:30:45", "'a\n     b'", '"a\n     b"', "a b c", "x\n     y",
    "./a-b_c.txt", ".5", "café",
]  # fmt: skip
YAML_AROUND = [
    "a: {}\nb: 1\n",
    "a:   {}  # why\nb: 1\n",
    "a: {}",
    "? a\n: {}\n",
    "{{a: {}, b: 1}}\n",
    '{{"a":{}}}\n',
    "a:\r\n  {}\r\nb: 1\r\n",
]
LOADERS: list[Any] = [yaml.SafeLoader, yaml.CSafeLoader]


@settings(max_examples=400, deadline=None)
@given(literal=st.sampled_from(YAML_LITERALS), around=st.sampled_from(YAML_AROUND), value=VALUES)
def test_yaml_value(literal: str, around: str, value: str) -> None:
    assume(not ("\n" in literal and "\r" in around))
    text = _replaced(around.format(literal), literal, Language.YAML, value)
    assert text is not None
    for loader in LOADERS:
        assert yaml.load(text, loader)["a"] == value


@settings(max_examples=150, deadline=None)
@given(literal=st.sampled_from(["old", "'old'", '"old"', "OLD_NAME"]), value=VALUES)
def test_yaml_key(literal: str, value: str) -> None:
    text = _replaced(f"v:\n  {literal}: 1\n  zz: 2\n", literal, Language.YAML, value)
    assert text is not None
    assume(value not in ("zz", "z"))
    assert yaml.safe_load(text)["v"] == {value: 1, "zz": 2}


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a: |\n  old\n", "|\n  old\n"),
        ("a: >-\n  old\n  two\n", ">-\n  old\n  two\n"),
        ("a: !!str 5\n", "5"),
        ("a: !!str 5\n", "!!str 5"),
        ("a: !<tag:yaml.org,2002:str> 5\n", "5"),
        ("a: &x old\nb: *x\n", "old"),
        ("a: &x old\nb: *x\n", "&x old"),
        ("a: &x old\nb: *x\n", "*x"),
        ("a: &x\n  old\n", "old"),
        ("a: [&x old]\n", "old"),
        ("a: [b]\n", "[b]"),
        ("a: {b: c}\n", "{b: c}"),
        ("a:\n- - b\n", "- b"),
    ],
)
def test_yaml_that_is_left_alone(text: str, literal: str) -> None:
    assert _replaced(text, literal, Language.YAML, "new") is None


def test_yaml_that_is_empty() -> None:
    document = Document("/f", "a:\nb: 1\n", language=Language.YAML)
    assert spelled_like(Place(document, (2, 2)), "new") is None


@pytest.mark.parametrize(
    ("literal", "value", "new"),
    [
        ("old.txt", "src/new.txt", "src/new.txt"),
        ("'old.txt'", "it's", "'it''s'"),
        ('"old.txt"', "new.txt", '"new.txt"'),
        ("2", "2", '"2"'),
        ("old.txt", "no", '"no"'),
        ("old.txt", ".venv/lib", ".venv/lib"),
        ("old.txt", ".5", '".5"'),
        ("yes", "yes", '"yes"'),
    ],
)
def test_yaml_keeps_the_style(literal: str, value: str, new: str) -> None:
    assert _replaced(f"a: {literal}\n", literal, Language.YAML, value) == f"a: {new}\n"


# ---- JSON, Python ------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(literal=st.sampled_from(['"old"', "17", "true", "null", "1e3", '"a\\"b"']), value=VALUES)
def test_json_value(literal: str, value: str) -> None:
    for ascii_or_not in ("e", "é"):
        before = f'{{"a": {literal}, "b": "{ascii_or_not}"}}'
        text = _replaced(before, literal, Language.JSON, value)
        assert text is not None
        assert json.loads(text)["a"] == value
        assert ascii_or_not == "é" or text.isascii()


@settings(max_examples=300, deadline=None)
@given(
    literal=st.sampled_from(
        ["'old'", '"old"', 'r"old"', "'''old'''", '"""old\ntwo"""', "u'old'", "17", "-1", "True"]
    ),
    value=VALUES,
)
def test_python_value(literal: str, value: str) -> None:
    text = _replaced(f"a = {{'k': {literal}}}\n", literal, Language.PYTHON, value)
    assert text is not None
    tree: Any = ast.parse(text)
    assert ast.literal_eval(tree.body[0].value) == {"k": value}


@pytest.mark.parametrize("language", list(Language))
def test_half_a_character_is_not_written(language: Language) -> None:
    assert _replaced("a", "a", language, "x\ud800") is None


# ---- words of shells and Dockerfiles -----------------------------------------------------------

SHELL_LITERALS = ["old", "'old'", '"old"', '"a\\"b"', "./old.txt", "a,b", "'a b'", '".\\Old.txt "']
SHELL_AROUND = ["{}", "{} x", "X={}", "--set=a.b={}"]
INSIDE_QUOTES = ['"X={}"', "'X={}'"]


def _first_word(command: str) -> str:
    script = f'set -- {command}\nprintf %s "$1"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


@needs_bash
@settings(max_examples=200, deadline=None)
@given(literal=st.sampled_from(SHELL_LITERALS), around=st.sampled_from(SHELL_AROUND), value=VALUES)
def test_shell_word(literal: str, around: str, value: str) -> None:
    text = _replaced(around.format(literal), literal, Language.SHELL, value)
    if text is None:
        return
    assert _first_word(text) == around.format(value).removesuffix(" x")


@needs_bash
@settings(max_examples=100, deadline=None)
@given(around=st.sampled_from(INSIDE_QUOTES), value=VALUES)
def test_shell_word_inside_quotes(around: str, value: str) -> None:
    text = _replaced(around.format("old.txt"), "old.txt", Language.SHELL, value)
    if text is None:
        return
    assert _first_word(text) == f"X={value}"


@pytest.mark.parametrize("language", [Language.SHELL, Language.DOCKERFILE])
@pytest.mark.parametrize(
    ("literal", "value", "new"),
    [
        ("old.txt", "src/new.txt", "src/new.txt"),
        ('"old.txt"', "new.txt", '"new.txt"'),
        ("'old.txt'", "a b/new.txt", "'a b/new.txt'"),
        ("old.txt", "a b/new.txt", None),
        ('"old.txt"', "$HOME/new.txt", None),
        ('a"b c"', "new.txt", None),
        ('"a"b', "new.txt", None),
        ("\"a\"'b'", "new.txt", None),
        ("a\\ b", "new.txt", None),
        ("a` b", "new.txt", None),
        ("$'a'", "new.txt", None),
        ("$NAME", "new.txt", None),
        ('"a', "new.txt", None),
        ("", "new.txt", None),
    ],
)
def test_words(language: Language, literal: str, value: str, new: str | None) -> None:
    document = Document("/f", f"ENV A={literal}\n", language=language)
    assert spelled_like(Place(document, (6, 6 + len(literal))), value) == new


# ---- text that is taken as it is ---------------------------------------------------------------


@pytest.mark.parametrize("language", [Language.ENV_FILE, Language.MARKDOWN, Language.TEXT])
def test_plain_text(language: Language) -> None:
    assert _replaced("A=old", "old", language, "my new.txt") == "A=my new.txt"
    assert _replaced("A=old", "old", language, "two\nlines") is None
    assert _replaced("A=old", "old", language, "new ") is None
