"""Instructions and values of Dockerfiles, compared with BuildKit's own parser."""

from __future__ import annotations

import pytest
from aml_preflight.docker.instructions import instructions
from aml_preflight.docker.reader import read_document
from aml_preflight.document import Document, Language
from aml_preflight.values import Known
from hypothesis import given, settings
from hypothesis import strategies as st

dockerfile = pytest.importorskip("dockerfile")

_LINES = st.sampled_from(
    [
        "FROM python:3.8 AS x",
        "ENV A=b C='d e' \\",
        "ENV A b c",
        '  E="f\\"g"  \\  ',
        "  H=i",
        "# a comment",
        "  # another \\",
        "",
        "   ",
        "run echo a && \\",
        "    echo b",
        "RUN echo \\\\",
        "COPY a b /c/",
        "RUN <<EOF",
        "EOF",
        "RUN cat <<-'END' && echo",
        "\tEND",
        "LABEL x=`",
        "ONBUILD ENV A=b",
        'CMD ["a", "b"]',
        "RUN echo `",
    ]
)


def document(text: str) -> Document:
    return Document("/p/Dockerfile", text, language=Language.DOCKERFILE)


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(_LINES, max_size=9),
    st.sampled_from(
        ["", "# escape=`\n", "# syntax=x\n# escape=`\n", "#escape=\\\n", "\n#escape=`\n"]
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_instructions_are_those_of_buildkit(lines: list[str], head: str, end: str) -> None:
    text = (head + "\n".join(lines) + "\n").replace("\n", end)
    try:
        parsed = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, ValueError):
        return
    found = instructions(document(text))
    assert not found.trouble
    theirs = [(each.cmd.upper(), each.start_line) for each in parsed]
    assert [(each.keyword, each.first) for each in found.instructions] == theirs


_VALUE = st.lists(
    st.sampled_from(
        ["a", "b/c", "'x y'", '"x y"', '"a\\"b"', "\\ ", "\\\n", "''", "=", ":", "'\"'"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(st.lists(_VALUE, min_size=1, max_size=4))
def test_words_of_env_are_those_of_buildkit(values: list[str]) -> None:
    names = [f"N{number}" for number in range(len(values))]
    given_ = " ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
    text = f"FROM x\nENV AZUREML_EXTRA_REQUIREMENTS_TXT=x {given_} Z=z\n"
    try:
        parsed = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, ValueError):
        return
    raw = dict(zip(parsed[1].value[0::2], parsed[1].value[1::2], strict=True))
    (deployment,) = read_document(document(text)).deployments
    ours = {item.name.value: item.value for item in deployment.variables.items}
    assert set(ours) == set(raw)
    for name, written in raw.items():
        value = ours[name]
        assert isinstance(value, Known)
        assert value.value == _unquoted(written)


def _unquoted(value: str) -> str:
    """What a value of the ones above means: no expansions, so a shell's rules give the same."""
    import shlex

    return "".join(shlex.split(value))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ENV A=x\nENV B=$A/${A}/\\$A/'$A'", {"A": "x", "B": "x/x/$A/$A"}),
        ("ENV A=x\nENV A=y B=$A", {"A": "y", "B": "x"}),
        ('ENV A it is  "b c"  \\\n d  ', {"A": "it is  b c   d"}),
        ("ARG A=1\nENV B=$A", {"B": None}),
        ("ENV A=1\nARG A\nENV B=$A", {"A": "1", "B": "1"}),
        ("ENV B=${A:-x} C=$D", {"B": None, "C": None}),
    ],
)
def test_values_of_variables(text: str, values: dict[str, str | None]) -> None:
    text = f"FROM x\nENV AZUREML_EXTRA_REQUIREMENTS_TXT=r\n{text}\n"
    (deployment,) = read_document(document(text)).deployments
    found = {
        item.name.value: item.value.value if isinstance(item.value, Known) else None
        for item in deployment.variables.items[1:]
    }
    assert found == values


@pytest.mark.parametrize(
    "text",
    [
        "ENV A \\\n" * 20_000,
        "\\" * 200_000,
        "RUN " + "<<E " * 20_000,
        "RUN <<E\n" * 20_000,
        "FROM x\nENV A=" + '"' * 100_001,
        "FROM x\nENV A=" + "${" * 60_000,
        "FROM x\n" * 20_000,
        "FROM a AS a\n" * 10_000,
        "FROM mcr.microsoft.com/azureml/x\nENV A=$A$A\n" + "ENV A=${A}${A}x\n" * 4_000,
        "FROM x\nCOPY [" + "[" * 80_000,
        "FROM x\nWORKDIR a\n" + "WORKDIR b\n" * 10_000,
        "\n" * 20_000,
        "#" * 200_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    import time

    start = time.process_time()
    read_document(document(text))
    assert time.process_time() - start < 4
