"""Pages: where their characters are, what counts as a fence, and what is never said of them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from aml_preflight.document import Document, Embedded, Language, Piece
from aml_preflight.facts import FileFacts
from aml_preflight.markdown.blocks import blocks
from aml_preflight.markdown.info import Kind, kind_of, title_of
from aml_preflight.markdown.masking import Change, Mapped
from aml_preflight.markdown.placeholders import is_placeholder
from aml_preflight.markdown.reader import read, read_document
from checking import check
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]


def _read(text: str) -> FileFacts:
    return read("/project/page.md", text.encode("utf-8"))


# ---- info strings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ("python", Kind.PYTHON),
        ("Python", Kind.PYTHON),
        ("py3", Kind.PYTHON),
        ("ipython", Kind.PYTHON),
        ('python title="deploy.py"', Kind.PYTHON),
        ("python{1,3}", Kind.PYTHON),
        ("python,linenos", Kind.PYTHON),
        ("{.python .numberLines}", Kind.PYTHON),
        ("{python}", Kind.PYTHON),
        ("{code-block} python", Kind.PYTHON),
        ("python:deploy.py", Kind.PYTHON),
        ("language-python", Kind.PYTHON),
        ("pycon", Kind.PYTHON),
        ("yml", Kind.YAML),
        ("jsonc", Kind.JSON),
        ("azurecli-interactive", Kind.SHELL),
        ("powershell", Kind.SHELL),
        ("console", Kind.CONSOLE),
        ("docker", Kind.DOCKERFILE),
        ("dotenv", Kind.ENV_FILE),
        ("", Kind.TEXT),
        ("requirements.txt", Kind.TEXT),
        ("{note}", None),
        ("csharp", None),
        ("pythonic", None),
        ("output", None),
    ],
)
def test_what_a_fence_holds(info: str, kind: Kind | None) -> None:
    assert kind_of(info) is kind


@pytest.mark.parametrize(
    ("info", "title"),
    [
        ('text title="src/requirements.txt"', "src/requirements.txt"),
        ("{.text filename='a.txt'}", "a.txt"),
        ("text:requirements.txt", "requirements.txt"),
        ("python", None),
        ("{.python}", None),
    ],
)
def test_the_name_of_a_shown_file(info: str, title: str | None) -> None:
    assert title_of(info) == title


# ---- placeholders ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "<path>", "{{ path }}", "your-requirements.txt", "YOUR_FILE", "yourFile.txt", "path/to/lib",
        "name of your pip requirements file goes here", "...", "reqs/…", "the file with packages",
        "PATH_TO_FILE", "put your file here", "mcr.microsoft.com/azureml/<image>:latest", "xxx",
    ],
)  # fmt: skip
def test_words_about_a_value_are_none(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "requirements.txt", "src/requirements.txt", "my_folder/requirements.txt", "../x/y.txt",
        "venv/lib/python3.8/site-packages", "two words", "", ".", "conda.yml", "a b.txt",
        "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest", "todo/yours.txt",
    ],
)  # fmt: skip
def test_paths_are_values(value: str) -> None:
    assert not is_placeholder(value)


# ---- positions ---------------------------------------------------------------------------------

_LINES = st.sampled_from(
    [
        "```python", "```", "~~~~ yaml", "~~~~", "    ```sh", "- ", "1. a", "> ", ">", ">> - ",
        "\t", "", "- ```py", "  x = 1", "\tx = '\t'", " \tz", "text", "# heading", "<!--", "-->",
        "`````", "   ```", ">   ```", "*   ", "=== \"a\"", "---", "日本 🙂", "<div>", "    y",
    ]
)  # fmt: skip
_PAGES = st.lists(st.lists(_LINES, min_size=1, max_size=3).map("".join), max_size=25)


@given(_PAGES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_characters_of_fences_are_where_they_are_said_to_be(lines: list[str], end: str) -> None:
    page = Document("/page.md", end.join(lines), language=Language.MARKDOWN)
    for fence in blocks(page).fences:
        text, pieces = fence.content(page)
        assert 0 <= fence.first <= fence.last < len(page.line_starts)
        mapped: set[int] = set()
        for piece in pieces:
            assert text[piece.start : piece.end] == page.text[piece.source_start : piece.source_end]
            mapped.update(range(piece.start, piece.end))
        # Only the blanks of a divided tab are written nowhere.
        assert set("".join(text[at] for at in range(len(text)) if at not in mapped)) <= {" "}


@given(_PAGES)
def test_fences_hold_what_the_whole_parser_says(lines: list[str]) -> None:
    """The rules for tables, references, emphasis and so on change no fence."""
    from markdown_it import MarkdownIt

    lines = [line for line in lines if not line.startswith(("---", "==="))]
    page = Document("/page.md", "\n".join(lines), language=Language.MARKDOWN)
    whole = MarkdownIt("commonmark", {"maxNesting": 20}).disable("reference").parse(page.text)
    expected = [token.content.split() for token in whole if token.type == "fence"]
    assert [fence.content(page)[0].split() for fence in blocks(page).fences] == expected


@given(
    st.text("ab\n", max_size=30),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 4), st.text("xy", max_size=3)), max_size=5
    ),
)
def test_changes_keep_the_map(text: str, wanted: list[tuple[int, int, str]]) -> None:
    source = Document("/page.md", text)
    start = Mapped(text, tuple(Piece(at, at + 1, source, at, at + 1) for at in range(len(text))))
    changes, free = [], 0
    for at, length, new in sorted(wanted):
        if at >= free and at + length <= len(text) and length:
            changes.append(Change(at, at + length, new))
            free = at + length
    after = start.changed(changes)
    plain = text
    for change in reversed(changes):
        plain = plain[: change.start] + change.text + plain[change.end :]
    assert after.text == plain
    for piece in after.pieces:
        there = text[piece.source_start : piece.source_end]
        replaced = (piece.source_start, piece.source_end) in {each[:2] for each in changes}
        assert replaced or after.text[piece.start : piece.end] == there


# ---- what is read ------------------------------------------------------------------------------


def test_every_language_becomes_a_text_of_its_own() -> None:
    facts = _read(
        "```python\nimport azureml\nx = 1\nx.environment_variables = {}\n```\n\n"
        "```yaml\nenvironment_variables:\n  AZUREML_EXTRA_X: a\n```\n"
        '```json\n{"entryScript": "AZUREML_EXTRA_X"}\n```\n'
        "```Dockerfile\nENV AZUREML_EXTRA_X=a\n```\n```env\nAZUREML_EXTRA_X=a\n```\n"
        "```console\n$ export AZUREML_EXTRA_X=a \\\n> b\nAZUREML_EXTRA_X=no\n```\n"
        "```csharp\nAZUREML_EXTRA_X\n```\n"
    )
    assert [(each.language, each.text) for each in facts.embedded] == [
        (Language.PYTHON, "import azureml\nx = 1\nx.environment_variables = {}\n"),
        (Language.YAML, "environment_variables:\n  AZUREML_EXTRA_X: a\n"),
        (Language.JSON, '{"entryScript": "AZUREML_EXTRA_X"}\n'),
        (Language.DOCKERFILE, "ENV AZUREML_EXTRA_X=a\n"),
        (Language.ENV_FILE, "AZUREML_EXTRA_X=a\n"),
        (Language.SHELL, "export AZUREML_EXTRA_X=a \\\nb\n"),
    ]


def test_commands_of_a_shell_inside_python() -> None:
    facts = _read("```python\nx = 1\n!docker run -e AZUREML_EXTRA_X=a i\n%pip install x\n```\n")
    (shell,) = facts.embedded
    assert (shell.language, shell.text) == (Language.SHELL, "docker run -e AZUREML_EXTRA_X=a i\n")


def test_the_document_of_a_cell_is_read_too() -> None:
    text = "# Title\n\nSet `AZUREML_EXTRA_REQUIRMENTS_TXT`.\n\n```env\nAZUREML_EXTRA_X=a\n```\n"
    notebook = Document("/n.ipynb", f"    {text}", language=Language.NOTEBOOK)
    pieces = [Piece(0, len(text), notebook, 4, 4 + len(text))]
    cell = Embedded(text, pieces, source=notebook, language=Language.MARKDOWN, cell=3)
    facts = read_document(cell)
    (mention,) = facts.mentions
    assert mention.place.origin.document is notebook
    assert mention.place.origin.text == mention.value == "AZUREML_EXTRA_REQUIRMENTS_TXT"
    assert facts.embedded[0].text == "AZUREML_EXTRA_X=a\n"


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)  # fmt: skip
def test_bytes_come_back_as_they_were(bom: bytes, encoding: str) -> None:
    data = bom + "ä AZUREML_EXTRA_REQUIRMENTS_TXT\r\nrest".encode(encoding)
    facts = read("/page.md", data)
    assert facts.document.encode(facts.document.text) == data
    assert [each.place.start for each in facts.mentions] == [2]


def test_a_page_in_an_old_encoding_is_read_byte_by_byte() -> None:
    latin = b"\xe4 AZUREML_EXTRA_REQUIRMENTS_TXT"
    facts = read("/page.md", latin)
    assert facts.document.encode(facts.document.text) == latin
    assert [each.place.start for each in facts.mentions] == [2]


# ---- bad input ---------------------------------------------------------------------------------

_HEAD = "AZUREML_EXTRA_REQUIRMENTS_TXT azureml environment_variables\n"
_SIZE = 100_000


@pytest.mark.parametrize(
    "part",
    ["> ", "- ", "-\n", ">\n", "- a\n", "> - ", "a\n", "```\n", "<!--\n", "A_", "](", "<a ",
     "[x]:\n", "```python\nx=1\n```\n", "$ a\n", "\"\\", "'\\",
     "# AZUREML_EXTRA_REQUIRMENTS_TXT\n", "    ```\n", "\x00", "(",
     "AZUREML_EXTRA_REQUIRMENTS_TXT ", "requirements", "\t- ", "`", "\\_", "=== \"a\"\n\n    "],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "```python\n", "```console\n", "```yaml\nscoring_script: "])
def test_what_nobody_writes_is_survived(before: str, part: str) -> None:
    read("/page.md", (_HEAD + before + part * (_SIZE // len(part))).encode("utf-8"))


def test_a_page_of_list_marks_is_refused() -> None:
    facts = _read(_HEAD + "-\n" * 400_000)
    assert [each.reason for each in facts.trouble] == ["it has more blocks than are followed"]
    assert not facts.mentions


def test_a_page_that_is_too_large_is_refused() -> None:
    facts = _read(_HEAD + "a" * 1_000_001)
    assert [each.reason for each in facts.trouble] == ["it is larger than 1 MB"]


@given(
    st.text(st.characters(codec="utf-8"), max_size=200), st.sampled_from(["python", "yaml", "sh"])
)
def test_no_fence_ends_the_program(text: str, info: str) -> None:
    _read(f"azureml environment_variables\n\n`````{info}\n{text}\n`````\nAZUREML_EXTRA_X\n")


# ---- this project's own pages ------------------------------------------------------------------


def test_the_pages_of_this_project_are_sound(tmp_path: Path) -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
    assert len(pages) > 30
    for number, page in enumerate(pages):  # away from the projects that they speak of
        folder = tmp_path / str(number)
        folder.mkdir()
        copy = folder / page.name
        copy.write_bytes(page.read_bytes())
        found = {finding.code for finding in check(folder, [copy]).findings}
        assert found <= {page.stem}, page  # the page of a rule shows what the rule is about
