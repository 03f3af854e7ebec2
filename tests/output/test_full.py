from __future__ import annotations

import pytest
from aml_preflight.document import Document, Place
from aml_preflight.findings import Finding, Fix, Severity
from aml_preflight.output import full
from aml_preflight.output.terminal import Style, safe, width
from hypothesis import given, settings
from hypothesis import strategies as st

from .support import document, finding, place, repeated_directory, shown, unprintable


def render(*findings: Finding, columns: int = 80) -> str:
    return full.render(findings, shown_path=shown, style=Style(columns=columns))


def frame(*findings: Finding, columns: int = 80) -> str:
    """What stands below the header: two lines where the message is short."""
    return render(*findings, columns=columns).split("\n", 2)[2]


def test_the_whole_block() -> None:
    assert (
        render(repeated_directory())
        == """\
error[AML201] path-repeats-source-directory
  this path repeats the source directory: the container would look for
  /var/azureml-app/src/src/requirements.txt and exit with code 99
  --> deploy.py:7:39
   |
 7 |     "AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt",
   |                                       ^^^^^^^^^^^^^^^^^^^^^^
...
12 |     source_directory="src",
   |                      ----- uploaded to /var/azureml-app/src
   |
   = help: write "requirements.txt": the path starts at the folder of the score
           script
   = fix: write "requirements.txt" (safe: --fix applies it)

"""
    )


def test_an_unsafe_fix_and_nothing_else() -> None:
    source = document("x = 1\n")
    found = finding(place(source, "1"), fix=Fix("write 2", (), safe=False))
    assert (
        render(found)
        == """\
error[AML999] some-rule
  this is wrong
 --> deploy.py:1:5
  |
1 | x = 1
  |     ^
  |
  = fix: write 2 (unsafe: needs --fix --unsafe-fixes)

"""
    )


def test_help_of_several_lines() -> None:
    found = finding(place(document("x"), "x"), help="write\n\n  y: 1", severity=Severity.INFO)
    assert (
        render(found)
        == """\
info[AML999] some-rule
  this is wrong
 --> deploy.py:1:1
  |
1 | x
  | ^
  |
  = help: write

            y: 1

"""
    )


def test_colours() -> None:
    text = full.render(
        [repeated_directory()], shown_path=shown, style=Style(colour=True, columns=200)
    )
    assert "\x1b[1;31merror[AML201]\x1b[0m path-repeats-source-directory\n" in text
    assert "\x1b[1;31m^^^^^^^^^^^^^^^^^^^^^^\x1b[0m\n" in text
    assert "\x1b[1;94m-----\x1b[0m \x1b[1;94muploaded to /var/azureml-app/src\x1b[0m\n" in text


def test_several_files() -> None:
    one, two = document("x = 1\n"), document("\n\ny = 2\n", "other.py")
    found = finding(place(one, "1"), (place(two, "2"), "and here"), (place(one, "x"), "this"))
    assert (
        frame(found)
        == """\
 --> deploy.py:1:5
  |
1 | x = 1
  | -   ^
  | |
  | this
 ::: other.py:3:5
  |
3 | y = 2
  |     - and here

"""
    )


def test_several_places_on_one_line() -> None:
    source = document('f(folder="src", script="score.py", path="src/requirements.txt")\n')
    found = finding(
        place(source, '"src/'),
        (place(source, '"src"'), "the folder"),
        (place(source, '"score.py"'), "the script"),
        (place(source, "f("), "made here"),
        (place(source, "requirements.txt"), "the file"),
    )
    assert (
        frame(found)
        == """\
 --> deploy.py:1:41
  |
1 | f(folder="src", script="score.py", path="src/requirements.txt")
  | --       -----         ----------       ^^^^^---------------- the file
  | |        |             |
  | |        |             the script
  | |        the folder
  | made here

"""
    )


def test_the_same_place_twice() -> None:
    source = document("value = 1\n")
    found = finding(place(source, "1"), (place(source, "1"), "once"), (place(source, "1"), "twice"))
    assert (
        frame(found)
        == """\
 --> deploy.py:1:9
  |
1 | value = 1
  |         ^ twice
  |         |
  |         once

"""
    )


def test_a_label_without_room_beside_its_place() -> None:
    source = document("first_argument, second_argument\n")
    label = "a label that is too long to stand beside the place that it speaks of"
    found = finding(place(source, "first"), (place(source, "second_argument"), label))
    assert (
        frame(found, columns=44)
        == """\
 --> deploy.py:1:1
  |
1 | first_argument, second_argument
  | ^^^^^           ---------------
  |                 |
  |                 a label that is too long
  |                 to stand beside the
  |                 place that it speaks of

"""
    )
    found = finding(place(source, "first"), (place(source, "argument", 1), "a label of 24 letters"))
    assert (
        frame(found, columns=44)
        == """\
 --> deploy.py:1:1
  |
1 | first_argument, second_argument
  | ^^^^^                  --------
  |                        |
  |                    a label of 24 letters

"""
    )


def test_several_lines() -> None:
    source = document("call(\n    a,\n    b,\n    c,\n)\n")
    assert (
        frame(finding(Place(source, (0, len(source.text) - 1))))
        == """\
 --> deploy.py:1:1
  |
1 | call(
  | ^^^^^
...
5 | )
  | ^

"""
    )
    related = (Place(source, (0, source.text.index("b") + 1)), "up to here")
    assert (
        frame(finding(place(source, "c", 1), related))
        == """\
 --> deploy.py:4:5
  |
1 | call(
  | -----
2 |     a,
3 |     b,
  |     - up to here
4 |     c,
  |     ^

"""
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_place_that_ends_with_its_line(ends: str) -> None:
    source = document(f"a = 1{ends}b = 2{ends}")
    assert (
        frame(finding(Place(source, (0, 5 + len(ends)))))
        == """\
 --> deploy.py:1:1
  |
1 | a = 1
  | ^^^^^

"""
    )


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("", (0, 0), "1 |\n  | ^\n"),
        ("a\n", (2, 2), "2 |\n  | ^\n"),
        ("a\n\nb", (2, 2), "2 |\n  | ^\n"),
        ("a\n\nb", (2, 3), "2 |\n  | ^\n"),
        ("ab", (2, 2), "1 | ab\n  |   ^\n"),
        ("ab\n", (2, 2), "1 | ab\n  |   ^\n"),
        ("ab", (1, 99), "1 | ab\n  |  ^\n"),
        ("ab", (50, 99), "1 | ab\n  |   ^\n"),
        ("ab", (1, 0), "1 | ab\n  |  ^\n"),
    ],
)
def test_odd_places(text: str, span: tuple[int, int], expected: str) -> None:
    shown_frame = frame(finding(Place(document(text), span)))
    assert shown_frame.split("\n", 2)[2] == expected + "\n"


def test_a_place_in_another_reading_of_the_file() -> None:
    longer, shorter = document("a = 1\n\n\n\nb = 2\n"), document("a = 1\n")
    assert "1 | a = 1\n" in render(finding(place(shorter, "1"), (place(longer, "2"), "gone")))


class TestAlignment:
    def test_tabs_wide_and_combining_characters(self) -> None:
        source = document('\tname\t= "日本語", "e\u0301e\u0301", "👍", x\n')
        found = finding(place(source, "x"), (place(source, "👍"), "thumb"))
        assert (
            frame(found)
            == """\
 --> deploy.py:1:29
  |
1 |     name    = "日本語", "e\u0301e\u0301", "👍", x
  |                                --   ^
  |                                |
  |                                thumb

"""
        )

    def test_what_is_escaped_is_underlined_as_it_is_shown(self) -> None:
        source = document("a\x1b[2Jb = '\u202e' \x0c\u2028\ud800c\n")
        assert (
            frame(finding(place(source, "\u202e"), (place(source, "c"), "c")))
            == """\
 --> deploy.py:1:11
  |
1 | a\\x1b[2Jb = '\\u202e' \\x0c\\u2028\\ud800c
  |              ^^^^^^                  - c

"""
        )

    @settings(deadline=None)
    @given(
        st.text(st.sampled_from("ab \t日👍e\u0301\x1b\u202e\ud800"), max_size=25),
        st.text(st.sampled_from("xy\t日\u200b"), min_size=1, max_size=5),
    )
    def test_the_underline_is_below_its_place(self, before: str, text: str) -> None:
        source = document(f"{before}{text};\n")
        start = len(before)
        found = finding(Place(source, (start, start + len(text))))
        _, _, line, carets, *_ = frame(found, columns=200).split("\n")
        line, carets = line[4:], carets[4:]
        left, right = carets.index("^"), len(carets)
        assert _columns(line, 0, left).rstrip() == _expanded(before).rstrip()
        assert right - left == max(width(_expanded(before + text)) - width(_expanded(before)), 1)


def _expanded(text: str) -> str:
    shown_text = ""
    for each in text:
        shown_text += " " * (4 - width(shown_text) % 4) if each == "\t" else safe(each)
    return shown_text


def _columns(text: str, start: int, end: int) -> str:
    """The characters in some columns; those without width belong to the one before."""
    column, chosen = 0, ""
    for each in text:
        if start <= column < end or (width(each) == 0 and column <= end):
            chosen += each
        column += width(each)
    return chosen


class TestLongLines:
    def test_clipped_around_the_place(self) -> None:
        numbers = ", ".join(map(str, range(1000)))
        source = document(f"x = [{numbers}]\n")
        text = frame(finding(place(source, "500")))
        line, carets = text.split("\n")[2:4]
        assert line.startswith("1 | ...")
        assert line.endswith("...")
        assert width(line) == 80
        assert line[carets.index("^") : carets.rindex("^") + 1] == "500"

    def test_at_the_start_and_the_end(self) -> None:
        source = document("start" + "-" * 200 + "end")
        first = frame(finding(place(source, "start"))).split("\n")
        assert first[2] == "1 | start" + "-" * 68 + "..."
        assert first[3] == "  | ^^^^^"
        last = frame(finding(place(source, "end"))).split("\n")
        assert last[2] == "1 | ..." + "-" * 70 + "end"
        assert last[3] == "  |    " + " " * 70 + "^^^"

    def test_a_place_longer_than_the_room(self) -> None:
        source = document("f(" + "x" * 300 + ")")
        text = frame(finding(place(source, "x" * 300))).split("\n")
        assert text[2] == "1 | ..." + "x" * 70 + "..."
        assert text[3] == "  |    " + "^" * 73

    def test_places_that_are_not_shown_are_at_the_dots(self) -> None:
        source = document("aa" + "-" * 200 + "bb" + "-" * 200 + "cc")
        found = finding(place(source, "bb"), (place(source, "aa"), "a"), (place(source, "cc"), "c"))
        text = frame(found)
        line, marks, strings, *labels = text.split("\n")[2:]
        assert (line[4:7], line[-3:]) == ("...", "...")
        assert (marks[4:7], marks[-3:]) == ("---", "---")
        assert strings == "  | |" + " " * 72 + "|"
        assert labels[:2] == ["  | |" + " " * 72 + "c", "  | a"]

    @pytest.mark.parametrize("filling", ["x", "日", "\t", "e\u0301", "\u0301", "\x1b"])
    def test_a_megabyte(self, filling: str) -> None:
        half = filling * (500_000 // len(filling))
        source = document(f"{half}NEEDLE{half}\n{half}")
        found = finding(place(source, "NEEDLE"), message="m" * 1_000_000)
        text = full.render([found] * 3, shown_path=shown, masked=[Place(source, (0, 3))])
        assert len(text) < 12_000
        assert "NEEDLE" in text
        assert all(width(line) <= 80 for line in text.split("\n"))


class TestMasked:
    def test_stars(self) -> None:
        source = document("--index-url https://me:s3cret@host/simple\nflask\n", "requirements.txt")
        found = finding(place(source, "https://me:s3cret@host/simple"))
        text = full.render(
            [found], shown_path=shown, masked={place(source, "s3cret"), place(source, "flask")}
        )
        assert text.split("\n")[3:6] == [
            "  |",
            "1 | --index-url https://me:******@host/simple",
            "  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        ]

    def test_over_several_lines_and_tabs(self) -> None:
        source = document("a = 'se\tc\nret' # x\n")
        found = finding(place(source, "x"), (place(source, "a"), "here"))
        text = full.render([found], shown_path=shown, masked=[place(source, "se\tc\nret")])
        assert "1 | a = '****\n" in text
        assert "2 | ***' # x\n" in text


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(deadline=None)
@given(
    text=ANY_TEXT | st.text(st.sampled_from("a\n\r\t日 \x1b"), max_size=60),
    spans=st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), min_size=1, max_size=5),
    words=st.tuples(*[ANY_TEXT] * 5),
    columns=st.integers(1, 90),
)
def test_never_fails_and_never_lets_a_control_character_through(
    text: str, spans: list[tuple[int, int]], words: tuple[str, ...], columns: int
) -> None:
    name, message, help_text, label, title = words
    source = Document("/project/" + name, text)
    places = [Place(source, span) for span in spans]
    found = finding(
        places[0],
        *((each, label) for each in places[1:]),
        message=message,
        help=help_text,
        fix=Fix(title, (), safe=True),
    )
    style = Style(columns=columns)
    rendered = full.render([found], shown_path=shown, style=style, masked=places[-1:])
    assert unprintable(rendered) == set()
    assert rendered.endswith("\n\n")
