"""Texts inside other texts: every character leads back to where it is written."""

from __future__ import annotations

import json

import pytest
from aml_preflight.document import Document, Embedded, Language, Piece, Place, verbatim
from aml_preflight.findings import Edit
from aml_preflight.fixes import apply
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.sampled_from('ab"\\\n\r\t é🙂'), max_size=12)


def _cell(document: Document, start: int, number: int) -> Embedded:
    """The JSON string that starts at an offset, as a text with its escapes mapped."""
    pieces, text, at = [], "", start + 1
    while document.text[at] != '"':
        length = 1
        if document.text[at] == "\\":
            length = 6 if document.text[at + 1] == "u" else 2
            if document.text[at + 1 : at + 4] == "ud8":
                length = 12
        character = json.loads(f'"{document.text[at : at + length]}"')
        pieces.append(Piece(len(text), len(text) + len(character), document, at, at + length))
        text, at = text + character, at + length
    return Embedded(
        text,
        pieces or [Piece(0, 0, document, at, at)],
        source=document,
        language=Language.PYTHON,
        cell=number,
        spell=lambda new: json.dumps(new)[1:-1],
    )


@given(TEXT, TEXT)
def test_an_edit_of_a_string_in_json_changes_that_string_alone(one: str, two: str) -> None:
    text = json.dumps([one, two])
    document = Document("/nb", text)
    cell = _cell(document, text.index('"'), 1)
    assert cell.text == one
    for start in range(len(one) + 1):
        for end in range(start, len(one) + 1):
            place = Place(cell, (start, end))
            edited = apply(document, Edit(place, 'x"\n').in_file()).decode()
            assert json.loads(edited) == [one[:start] + 'x"\n' + one[end:], two]
            assert edited.endswith(json.dumps(two) + "]")
            origin = place.origin
            assert json.loads(f'"{origin.text}"') == one[start:end]
            assert place.shown.document is cell


def test_lines_of_a_quoted_fence_lead_back_without_what_stands_before_them() -> None:
    document = Document("/page.md", "> one\n> two\n> three\n")
    text, pieces = verbatim(document, [(2, 6), (8, 12), (14, 20)])
    fence = Embedded(text, pieces, source=document, language=Language.PYTHON)
    assert fence.text == "one\ntwo\nthree\n"
    two = Place(fence, (4, 7))
    assert two.origin == Place(document, (8, 11))
    assert two.origin.text == two.text == "two"
    assert [each.span for each in fence.stretches(2, 6)] == [(4, 6), (8, 10)]
    assert Place(fence, (2, 6)).origin.text == "e\n> tw"
    edits = tuple(Edit(Place(fence, (2, 6)), "X").in_file())
    assert apply(document, edits) == b"> onX> o\n> three\n"


def test_characters_that_are_written_nowhere_lie_behind_what_is_before_them() -> None:
    document = Document("/nb", "ab|cd")
    first = Embedded("ab", [Piece(0, 2, document, 0, 2)], source=document,
                     language=Language.PYTHON, cell=1)  # fmt: skip
    second = Embedded("cd", [Piece(0, 2, document, 3, 5)], source=document,
                      language=Language.PYTHON, cell=2)  # fmt: skip
    pieces = [Piece(0, 2, first, 0, 2), Piece(3, 5, second, 0, 2)]
    program = Embedded("ab\ncd", pieces, source=document, language=Language.PYTHON)
    assert Place(program, (2, 3)).origin.span == (2, 2)
    assert Place(program, (3, 5)).shown == Place(second, (0, 2))
    assert Place(program, (3, 5)).origin.text == "cd"
    across = Place(program, (1, 5))
    assert across.shown == Place(first, (1, 2))  # what people see is in one cell
    assert across.within(document) == Place(document, (1, 2))


@pytest.mark.parametrize("exact", [True, False])
def test_a_text_is_edited_only_if_what_it_is_written_in_may_be(exact: bool) -> None:
    document = Document("/page.md", "text", exact=exact)
    inside = Embedded("text", [Piece(0, 4, document, 0, 4)], source=document,
                      language=Language.PYTHON)  # fmt: skip
    assert inside.exact is exact
    inside.exact = False
    assert not inside.exact


def test_an_empty_text_has_a_place() -> None:
    document = Document("/page.md", "text")
    empty = Embedded("", [], source=document, language=Language.PYTHON)
    assert Place(empty, (0, 0)).origin == Place(document, (0, 0))


def test_a_written_file_has_its_own_path_and_the_place_of_its_notebook() -> None:
    document = Document("/nb.ipynb", "scipy")
    text, pieces = verbatim(document, [(0, 5)])
    file = Embedded(
        text, pieces, source=document, language=Language.REQUIREMENTS, path="/src/requirements.txt"
    )
    assert file.path == "/src/requirements.txt"
    assert Place(file, (0, 5)).origin.document.path == "/nb.ipynb"


def test_the_file_of_a_place_is_known_without_its_offsets() -> None:
    def never() -> tuple[int, int]:
        raise AssertionError

    notebook = Document("/n.ipynb", "abc", language=Language.NOTEBOOK)
    cell = Embedded("ab", [Piece(0, 2, notebook, 0, 2)], source=notebook, language=Language.PYTHON)
    program = Embedded("b", [Piece(0, 1, cell, 1, 2)], source=cell, language=Language.PYTHON)
    for document in (notebook, cell, program):
        assert Place(document, locate=never).file == "/n.ipynb"


def test_a_text_of_two_files_has_the_file_of_each_place() -> None:
    one, two = Document("/one", "a"), Document("/two", "b")
    pieces = [Piece(0, 1, one, 0, 1), Piece(1, 2, two, 0, 1)]
    both = Embedded("ab", pieces, source=one, language=Language.TEXT)
    assert both.file is None
    assert [Place(both, (start, start + 1)).file for start in (0, 1)] == ["/one", "/two"]
