"""Notebook files of every kind, good and bad."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat as _nbformat
import pytest
from aml_preflight.notebooks.cells import Kernel, read_cells
from aml_preflight.notebooks.reader import read
from hypothesis import given
from hypothesis import strategies as st

from .making import WAYS, notebook

nbformat: Any = _nbformat  # its functions have no types

TEXT = st.text(st.sampled_from("ab\n\r\t\"\\'é🙂\u2028{}<"), max_size=30)
CODE = "from azureml.core.model import InferenceConfig\nInferenceConfig('score.py')\n"


def _texts(data: bytes | str) -> list[str]:
    data = data.encode("utf-8") if isinstance(data, str) else data
    return [cell.text for cell in read_cells("/n.ipynb", data).cells]


@given(st.lists(TEXT, max_size=4), st.sampled_from([*WAYS, "bom"]))
def test_cells_are_those_that_jupyter_reads(sources: list[str], way: str) -> None:
    text = notebook(sources, way=way)
    data = text.encode("utf-8")
    read_by_jupyter = nbformat.reads(text, as_version=4)
    if way == "bom":
        data = b"\xef\xbb\xbf" + data
    assert _texts(data) == [cell.source for cell in read_by_jupyter.cells]


def test_format_3() -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[
                    nbformat.v3.new_text_cell("markdown", source="# A"),
                    nbformat.v3.new_code_cell(input="x = 1\ny = 2"),
                ]
            )
        ]
    )
    found = read_cells("/n.ipynb", nbformat.v3.writes_json(old).encode()).cells
    assert [(cell.cell, cell.is_code, cell.text) for cell in found] == [
        (1, False, "# A"),
        (2, True, "x = 1\ny = 2"),
    ]


@pytest.mark.parametrize(
    ("metadata", "kernel"),
    [
        ({}, Kernel.PYTHON),
        ({"kernelspec": {"name": "python3"}}, Kernel.PYTHON),
        ({"kernelspec": {"language": "Python", "name": "synapse_pyspark"}}, Kernel.PYTHON),
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, Kernel.OTHER),
        ({"kernelspec": {"language": "bash", "name": "bash"}}, Kernel.SHELL),
        ({"kernelspec": {"language": "C#", "name": ".net-csharp"}}, Kernel.OTHER),
        ({"kernelspec": {"language": 3}}, Kernel.PYTHON),
        ({"kernelspec": {"display_name": "my env", "name": "scoring"}}, Kernel.PYTHON),
        ({"kernelspec": {"name": "ir"}}, Kernel.OTHER),
        ({"kernelspec": {"name": "julia-1.6"}}, Kernel.OTHER),
        ({"kernelspec": {"name": ".net-csharp"}}, Kernel.OTHER),
        ({"kernelspec": {"name": "bash"}}, Kernel.SHELL),
    ],
)
def test_kernels(metadata: object, kernel: Kernel) -> None:
    data = json.dumps({"metadata": metadata, "cells": []}).encode()
    assert read_cells("/n.ipynb", data).kernel is kernel


def test_the_code_of_other_languages_is_no_program() -> None:
    assert read("/n.ipynb", notebook([CODE], language="R").encode()).embedded == ()


def test_a_notebook_of_a_shell() -> None:
    cells: list[str | tuple[str, str]] = ["export AZUREML_EXTRA_X=1", ("markdown", "A"), "ls"]
    found = read("/n.ipynb", notebook(cells, language="bash").encode())
    assert [(each.language.value, each.text) for each in found.embedded] == [
        ("shell", "export AZUREML_EXTRA_X=1\nls\n")
    ]


def test_no_cells_at_all() -> None:
    assert read("/n.ipynb", notebook([]).encode()).trouble == ()


def test_of_a_key_that_is_written_twice_the_last_counts() -> None:
    text = '{"cells": [{"cell_type": "code", "source": "x", "source": ["y"]}]}'
    assert _texts(text) == ["y"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the notebook's JSON breaks off: it ends too early"),
        (b"{}", "it is no notebook: it has no list of cells"),
        (b"[1, 2]", "it is no notebook: it has no list of cells"),
        (b"nothing", "the notebook's JSON breaks off: a value is missing"),
        (b'\n{"cells": "\xff"}', "line 2 is not valid UTF-8"),
        (b"[" * 40_000_001, "it is larger than 40 MB"),
        (b"[" * 100_000, "the notebook's JSON breaks off: it is nested too deeply"),
        (b'{"cells": [{"source": ["a', "the notebook's JSON breaks off: a string has no end"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else value,
)
def test_files_that_are_no_notebooks(data: bytes, reason: str) -> None:
    found = read("/n.ipynb", data)
    assert [each.reason for each in found.trouble] == [reason]
    assert found.document.exact is False
    assert found.trouble[0].place.origin.span <= (len(data), len(data))


def test_what_stands_before_a_conflict_is_read() -> None:
    text = notebook([CODE, "x = 1", "y = 2"])
    at = text.index('"x = 1"')
    broken = text[:at] + "<<<<<<< HEAD\n" + text[at:]
    found = read("/n.ipynb", broken.encode())
    assert [each.text for each in found.embedded] == [CODE + "\n"]
    assert "a value is missing" in found.trouble[0].reason
    assert found.trouble[0].place.text == "<<<<<<< HEAD"
    assert not found.embedded[0].exact


@given(st.integers(0, 2000), st.sampled_from([b"", b"<<<<<<<\n", b"\xff", b'"', b"[", b"}"]))
def test_nothing_that_is_broken_ends_the_reading(at: int, inserted: bytes) -> None:
    data = notebook([CODE, "!ls", ("markdown", "é"), "%%writefile a.py\nx"]).encode()
    read("/n.ipynb", data[:at] + inserted + data[at:])
    read("/n.ipynb", data[:at] + inserted)


@pytest.mark.parametrize(
    "cell",
    [
        "null", "3", "[]", '"x"', "{}", '{"cell_type": "code"}', '{"cell_type": 1, "source": "x"}',
        '{"cell_type": "code", "source": [1]}', '{"cell_type": "code", "source": {"a": "x"}}',
    ],
)  # fmt: skip
def test_odd_cells_are_passed_over_and_counted(cell: str) -> None:
    text = f'{{"cells": [{cell}, {{"cell_type": "code", "source": "x"}}]}}'
    found = read_cells("/n.ipynb", text.encode())
    assert [(each.cell, each.text) for each in found.cells] == [(2, "x")]
    assert found.trouble is None


def test_much_code_is_refused_and_said() -> None:
    data = notebook([CODE, "x = [" + "1, " * 400_000 + "]"]).encode()
    assert [each.reason for each in read("/n.ipynb", data).trouble] == [
        "its code is larger than 1 MB"
    ]


@pytest.mark.parametrize(
    "code",
    ["x = " + "(" * 5_000, "x = '''" + "\\" * 50_000, "!ls \\\n" * 5_000, "%cd a\n" * 1_000,
     "x = <a>\n" * 2_000, "{" * 50_000, "\"'" * 20_000, "x?\n" * 5_000, "a = " * 5_000 + "!ls"],
)  # fmt: skip
def test_odd_code_takes_no_long_time(code: str) -> None:
    start = time.perf_counter()
    read("/n.ipynb", notebook([CODE, code]).encode())
    assert time.perf_counter() - start < 5


def _with_pictures(*codes: str) -> bytes:
    content = json.loads(notebook(codes))
    output = {"output_type": "display_data", "data": {"image/png": "iVBOR" * 1_000_000}}
    numbers = {"output_type": "execute_result", "data": {"a/b": list(range(1_000_000))}}
    words = {"output_type": "stream", "text": ['azureml EXTRA_ InferenceConfig \\" \n'] * 50_000}
    content["cells"][0]["outputs"] = [output, numbers, words]
    return json.dumps(content, indent=1).encode()


def test_large_outputs_are_passed_over_quickly() -> None:
    import tracemalloc

    data = _with_pictures(CODE)
    assert len(data) > 15_000_000
    start = time.perf_counter()
    found = read("/n.ipynb", data)
    assert time.perf_counter() - start < 2
    assert len(found.embedded) == 1
    tracemalloc.start()
    read("/n.ipynb", data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1.2 * len(data)


@pytest.mark.parametrize(("code", "loaded"), [("x = 1", False), (CODE, True)])
def test_libcst_is_loaded_for_code_only(tmp_path: Path, code: str, loaded: bool) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(_with_pictures(code))
    program = (
        "import sys; from aml_preflight.__main__ import main\n"
        f"sys.argv = ['aml-preflight', 'check', {str(path)!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('libcst' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "hooks"), "PATH": ""},
    )  # fmt: skip
    assert done.stdout.split()[-1] == str(loaded)
