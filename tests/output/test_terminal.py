from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aml_preflight.output.terminal import (
    OutputLost,
    Style,
    Writer,
    one_line,
    safe,
    sentence,
    shortened,
    wants_colour,
    width,
    wrap,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from .support import unprintable

ANY_TEXT = st.text(st.characters(exclude_categories=()))


class TestSafe:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("plain text, ~ and \\", "plain text, ~ and \\"),
            ("日本語 é ü 👍", "日本語 é ü 👍"),
            ("e\u0301 \u2764\ufe0f", "e\u0301 \u2764\ufe0f"),
            ("tab\tstays", "tab\tstays"),
            ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
            ("a\nb\rc\0", "a\\nb\\rc\\x00"),
            ("\x7f\x85\x9b2J", "\\x7f\\x85\\x9b2J"),
            ("\u202egpj.exe\u2066\u2069", "\\u202egpj.exe\\u2066\\u2069"),
            ("a\u2028b\u2029", "a\\u2028b\\u2029"),
            ("a\u200bb\u200d\ufeff\u2060\xad", "a\\u200bb\\u200d\\ufeff\\u2060\\xad"),
            ("\u3164\u115f\u034f\U000e0101\U000e0041",
             "\\u3164\\u115f\\u034f\\U000e0101\\U000e0041"),
            ("\ud800 \udc80", "\\ud800 \\udc80"),
        ],
    )  # fmt: skip
    def test_examples(self, text: str, expected: str) -> None:
        assert safe(text) == expected

    @settings(deadline=None)
    @given(ANY_TEXT)
    def test_nothing_that_acts_is_left(self, text: str) -> None:
        assert unprintable(safe(text)) <= {"\t"}
        assert unprintable(one_line(text)) == set()
        assert safe(safe(text)) == safe(text)

    def test_a_sentence_is_bounded(self) -> None:
        assert len(sentence("x" * 1_000_000)) == 2_000


class TestWidth:
    @pytest.mark.parametrize(
        ("text", "columns"),
        [("", 0), ("abc", 3), ("日本", 4), ("ａ", 2), ("é", 1), ("e\u0301", 1), ("👍", 2),
         ("한", 2), ("\u1112\u1161\u11ab", 2), ("ﾊ", 1), ("a\u20dd", 1), ("│└✓", 3)],
    )  # fmt: skip
    def test_examples(self, text: str, columns: int) -> None:
        assert width(text) == columns


class TestWrap:
    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("", [""]),
            ("one two", ["one two"]),
            ("one two three four", ["one two", "three four"]),
            ("see /var/azureml-app/src", ["see", "/var/", "azureml-ap", "p/src"]),
            ("abcdefghijklmnopq", ["abcdefghij", "klmnopq"]),
            ("日本語日本語 x", ["日本語日本", "語 x"]),
            ("two  blanks", ["two ", "blanks"]),
        ],
    )
    def test_examples(self, text: str, lines: list[str]) -> None:
        assert wrap(text, 10) == [line.rstrip() for line in lines]

    @settings(deadline=None)
    @given(ANY_TEXT.map(one_line), st.integers(2, 50))
    def test_no_line_is_too_wide_and_nothing_is_lost(self, text: str, columns: int) -> None:
        lines = wrap(text, columns)
        assert all(width(line) <= columns for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")

    def test_a_very_long_word_takes_little_time(self) -> None:
        assert len(wrap("日" * 200_000, 80)) == 5_000

    def test_shortened(self) -> None:
        assert shortened("abcdefghij", 10) == "abcdefghij"
        assert shortened("abcdefghijk", 10) == "abcd...ijk"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestStyle:
    @pytest.mark.parametrize(
        ("terminal", "environ", "windows", "expected"),
        [
            (True, {}, False, True),
            (False, {}, False, False),
            (True, {"TERM": "dumb"}, False, False),
            (True, {"TERM": "xterm"}, False, True),
            (True, {"NO_COLOR": "1"}, False, False),
            (True, {"NO_COLOR": ""}, False, True),
            (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
            (False, {"FORCE_COLOR": "1"}, False, True),
            (False, {"FORCE_COLOR": "3", "TERM": "dumb"}, False, True),
            (True, {"FORCE_COLOR": "0"}, False, False),
            (True, {"FORCE_COLOR": "false"}, False, False),
            (False, {"FORCE_COLOR": ""}, False, False),
            (True, {}, True, False),
            (True, {"WT_SESSION": "x"}, True, True),
            (True, {"TERM_PROGRAM": "vscode"}, True, True),
            (False, {"FORCE_COLOR": "1"}, True, True),
        ],
    )
    def test_colour(
        self, terminal: bool, environ: dict[str, str], windows: bool, expected: bool
    ) -> None:
        assert wants_colour(terminal=terminal, environ=environ, windows=windows) is expected

    def test_streams_that_cannot_be_asked(self) -> None:
        closed = io.StringIO()
        closed.close()
        assert Style.of(closed, {}).colour is False
        assert Style.of(None, {}).colour is False

    @pytest.mark.parametrize(
        ("encoding", "ascii_only"),
        [("utf-8", False), ("ascii", True), ("latin-1", True), ("cp437", True), ("utf-16", False)],
    )
    def test_ascii(self, encoding: str, ascii_only: bool) -> None:
        stream = io.TextIOWrapper(io.BytesIO(), encoding)
        assert Style.of(stream, {}).ascii_only is ascii_only

    @pytest.mark.parametrize(
        ("given_columns", "columns"),
        [("120", 120), ("7", 40), ("99999", 200), ("x", 100), ("", 100), ("0", 100), ("²", 100)],
    )
    def test_columns(self, given_columns: str, columns: int) -> None:
        assert Style.of(io.StringIO(), {"COLUMNS": given_columns}).columns == columns

    def test_columns_of_a_terminal_that_does_not_know(self) -> None:
        assert Style.of(Terminal(), {}).columns == 80

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
    def test_columns_of_a_real_terminal(self) -> None:
        import fcntl
        import struct
        import termios

        master, slave = os.openpty()
        try:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 132, 0, 0))
            with os.fdopen(slave, "w", encoding="utf-8") as stream:
                assert Style.of(stream, {"TERM": "xterm"}) == Style(True, False, 132)
        finally:
            os.close(master)

    def test_paint(self) -> None:
        assert Style(colour=True).paint("text", "1") == "\x1b[1mtext\x1b[0m"
        assert Style(colour=True).paint("", "1") == ""
        assert Style().paint("text", "1") == "text"


class Broken(io.StringIO):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, _: str) -> int:
        raise OSError(self.number, os.strerror(self.number))

    def flush(self) -> None:
        if not self.closed:
            raise OSError(self.number, os.strerror(self.number))


class TestWriter:
    def test_writes(self) -> None:
        stream = io.StringIO()
        writer = Writer(stream, {})
        writer.write("é\n")
        writer.write("")
        writer.flush()
        assert stream.getvalue() == "é\n"

    def test_what_the_encoding_lacks_becomes_an_escape(self) -> None:
        raw = io.BytesIO()
        writer = Writer(io.TextIOWrapper(raw, "ascii", newline="\n"), {})
        writer.write("│ é 日 \U0001f44d\n")
        writer.flush()
        assert raw.getvalue() == b"\\u2502 \\xe9 \\u65e5 \\U0001f44d\n"

    def test_nobody_reads(self) -> None:
        for number in (errno.EPIPE, errno.EINVAL):
            for flushes in (False, True):
                writer = Writer(Broken(number), {})
                if flushes:
                    writer.flush()
                else:
                    writer.write("x")
                assert writer.stream is None
                writer.write("more")
                writer.flush()

    def test_a_full_disk_is_told(self) -> None:
        writer = Writer(Broken(errno.ENOSPC), {})
        with pytest.raises(OutputLost, match="space"):
            writer.write("x")
        writer.write("more")

    def test_no_stream_and_a_closed_one(self) -> None:
        Writer(None, {}).write("x")
        Writer(None, {}).flush()
        closed = io.StringIO()
        closed.close()
        Writer(closed, {}).write("x")
        Writer(closed, {}).flush()

    @pytest.mark.skipif(os.name == "nt", reason="uses a shell's pipe")
    def test_a_real_pipe_that_closes(self) -> None:
        program = (
            "import os, sys\n"
            "from aml_preflight.output.terminal import Writer\n"
            "writer = Writer(sys.stdout, os.environ)\n"
            "for _ in range(100_000):\n"
            "    writer.write('a line that fills the pipe\\n')\n"
            "writer.flush()\n"
        )
        hooks = Path(__file__).parents[2] / "hooks"
        with subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(hooks)},
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 0
