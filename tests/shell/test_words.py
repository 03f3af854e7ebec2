"""The words of commands, compared with bash itself."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from aml_preflight.document import Document, Language
from aml_preflight.shell.commands import Script, commands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BASH = shutil.which("bash")

needs_bash = pytest.mark.skipif(BASH is None, reason="there is no bash")

# What means itself everywhere: no globs, no history, no braces that expand.
_PLAIN = st.text("ab.=/:-_+,%é", min_size=1, max_size=4)
_IN_SINGLE = st.text('ab \\"$`#;|&()<>\n', max_size=5).map(lambda text: f"'{text}'")
_IN_DOUBLE = st.lists(
    st.sampled_from(
        ["a", " ", "'", "#", ";", "|", "\\\\", '\\"', "\\$", "\\`", "\\a", "\\\n", "<"]
    ),
    max_size=5,
).map(lambda parts: '"' + "".join(parts) + '"')
_ESCAPED = st.sampled_from(["\\ ", "\\'", '\\"', "\\\\", "\\$", "\\#", "\\a", "\\;", "\\\n", "\\<"])
_WORD = st.lists(st.one_of(_PLAIN, _IN_SINGLE, _IN_DOUBLE, _ESCAPED), min_size=1, max_size=5).map(
    "".join
)
_BETWEEN = st.sampled_from([" ", "  ", "\t", " \\\n ", " \\\n"])


def script(text: str, path: str = "/p/run.sh") -> Script:
    return commands(Document(path, text, language=Language.SHELL))


def only(text: str) -> list[str | None]:
    """The words of a text that is one command."""
    (command,) = script(text).commands
    return [word.text for word in command.words]


@needs_bash
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.tuples(_BETWEEN, _WORD), max_size=5), min_size=1, max_size=12))
def test_words_are_those_that_bash_passes_on(listed: list[list[tuple[str, str]]]) -> None:
    lines = ["printf '%s\\0' x" + "".join(a + b for a, b in words) for words in listed]
    for line in lines:
        shown = subprocess.run(["bash", "-c", line], capture_output=True, check=True).stdout
        expected = shown.decode("utf-8").split("\0")[:-1]
        assert only(line)[2:] == expected
        for word in script(line).commands[0].words:
            for part in word.parts:
                text = line[part.start : part.end]
                assert part.is_escape or text == part.text  # type: ignore[union-attr]


@needs_bash
@settings(max_examples=100, deadline=None)
@given(st.lists(_WORD, min_size=1, max_size=4), st.sampled_from([";", "&&", "||", "|", "&", "\n"]))
def test_commands_end_where_bash_ends_them(words: list[str], operator: str) -> None:
    text = f"printf '%s\\0' {operator} ".join(f"true {word}" for word in words)
    assert subprocess.run(["bash", "-n", "-c", text], capture_output=True).returncode == 0
    assert len(script(text).commands) == len(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a $B", ["a", None]),
        ("a ${B:-'}'}x c", ["a", None, "c"]),
        ("a `b c`", ["a", None]),
        ("a $(b 'c)' d) e", ["a", None, "e"]),
        ("a $((1 << 2)) e", ["a", None, "e"]),
        ("a 'b' # c", ["a", "b"]),
        ("a b#c", ["a", "b#c"]),
        ("a >f 2>&1 b", ["a", "b"]),
        ("a <x-y> b", ["a", None, "b"]),
        ("a ~/b x=~/c b~c", ["a", None, None, "b~c"]),
        ("a ^\n b", ["a", "b"]),
        ("a \\\r\n b\r\n", ["a", "b"]),
        ("A=(b c) d", [None, "d"]),
    ],
)
def test_what_is_known_of_words(text: str, words: list[str | None]) -> None:
    command = script(text).commands[-1]
    assert [word.text for word in command.words] == words


@pytest.mark.parametrize(
    "text", ["cat <<A <<'B'\nit's\nA\n$(\nB\nlast", "cat <<-A\n\tit's\n\tA\nlast", "cat <<A\nx"]
)
def test_here_documents_are_no_commands(text: str) -> None:
    assert {word.text for each in script(text).commands for word in each.words} <= {"cat", "last"}
    assert ("last" in text) is (script(text).commands[-1].words[0].text == "last")


def test_only_what_certainly_runs_is_certain() -> None:
    text = (
        "a; if b; then c; fi; d && e || f; (g); h $(i) | j\nfor k in l; do m; done; n() { o; }; p"
    )
    certain = {each.words[0].text for each in script(text).commands if each.words and each.certain}
    assert certain == {"a", "d", "n", "p"}


@pytest.mark.parametrize("path", ["/p/run.sh", "/p/run.ps1"])
@pytest.mark.parametrize(
    "text",
    [
        "\\" * 50_000,
        "$(" * 60_000,
        "((" * 60_000,
        "$((" * 60_000,
        "${" * 60_000,
        '"' * 199_999,
        "'" * 199_999,
        "`" * 199_999,
        "<<E\n" * 50_000,
        "a'\n" * 50_001,
        "$" * 100_000,
        "a=" * 60_000,
        "x <" * 50_000,
        "if " * 50_000,
        "\r" * 100_000,
        "&>" * 60_000,
    ],
    ids=lambda text: ascii(text[:4]),
)
def test_hostile_text_takes_time_in_proportion(text: str, path: str) -> None:
    import time

    start = time.process_time()
    script(text, path)
    assert time.process_time() - start < 4
