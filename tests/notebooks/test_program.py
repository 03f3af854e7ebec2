"""The program that cells make: magics are taken out, and everything else keeps its place."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from aml_preflight.document import Embedded, Place
from aml_preflight.notebooks.masking import masked, stands_for
from checking import check
from hypothesis import given
from hypothesis import strategies as st

from .making import checked, facts, found, notebook, program, texts

CODE = st.lists(
    st.sampled_from(
        [
            "x = 1", "!ls", "!ls \\", "%cd src", "%time y = 2", "if x:", "    !ls {x}", "    pass",
            "z = !cat a \\", "  b", "a, b = %magic", 'text = """', "%not a magic", '"""', "x?",
            "?x", "f(", "    %y", ")", "# why?", "<prose>",
            "cd src", "é = '🙂'", "!", "x=!", "%%time",
            "  indented = 1", "%run a.py", "print 'x'", "\\", "'", "\t%env A=b", "%", "!!x", "%%",
        ]
    ),
    max_size=8,
).map("\n".join)  # fmt: skip


def _code(text: str) -> str:
    return masked(text, stands_for(text))


@given(CODE, st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_left_is_python(text: str, line_end: str) -> None:
    text = text.replace("\n", line_end)
    ast.parse(_code(text))


@given(st.lists(CODE, max_size=4))
def test_every_character_leads_to_its_own(cells: list[str]) -> None:
    made = facts("from azureml.core.model import InferenceConfig", *cells).embedded[0]
    assert isinstance(made, Embedded)
    ast.parse(made.text)
    for piece in made.pieces:
        text = piece.source.text[piece.source_start : piece.source_end]
        if made.text[piece.start : piece.end] == text:
            for offset in range(piece.start, piece.end):
                place = Place(made, (offset, offset + 1))
                shown = place.shown
                assert shown.text == place.text
                assert shown.document is piece.source


@given(CODE)
def test_python_without_magics_is_left_alone(text: str) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert _code(text) == text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("!ls\nx = 1", "0  \nx = 1"),
        ("if x:\n    !ls\nelse:\n    pass", "if x:\n    0  \nelse:\n    pass"),
        ("!docker run \\\n  -e A=b\nx", "0            \n        \nx"),
        ("x = !cat a-long-file.txt", "x = get_ipython()       "),
        ("x = !ls", "x = -__"),
        ("x=%sql SELECT 1 FROM t", "x=get_ipython()       "),
        ("a, b = !cat a-long-file.txt", "a, b = get_ipython()       "),
        ("x == 1\nx != 2", "x == 1\nx != 2"),
        ("x = (1\n%y)", "x = (1\n%y)"),
        ('x = """\n!ls\n%cd a\n"""', 'x = """\n!ls\n%cd a\n"""'),
        ("x = 1 \\\n%y", "x = 1 \\\n%y"),
        ("env?", "0   "),
        ("?env", "0   "),
        ("env.x??  ", "0        "),
        ("# why?", "# why?"),
        ("x = 'a?'", "x = 'a?'"),
        ("%matplotlib inline", "0" + " " * 17),
        ("%%time\nx = 1", "x = 1"),
        ("\n  %%capture out --no-stderr\nx = 1", "x = 1"),
        ("%%time\n%%capture\nx = 1", "x = 1"),
        ("%time x = f()", "x = f()"),
        ("%timeit x = f()", "0" + " " * 14),
        ("%cd src", 'import os; os.chdir("src")'),
        ("%cd 'a b'", 'import os; os.chdir("a b")'),
        ("%cd $x", "import os; os.chdir(get_ipython())"),
        ("%cd -", "import os; os.chdir(get_ipython())"),
        ("%popd", "import os; os.chdir(get_ipython())"),
        ("cd src", 'import os; os.chdir("src")'),
        ("pip install x", "0" + " " * 12),
        ("%run ./helpers.py", "from helpers import *"),
        ("%run scripts/helpers.py", "from scripts.helpers import *"),
        ("%run ../setup.ipynb", "from another_notebook import *"),
        ("%store -r", "from another_notebook import *"),
        ("%store -r a b", "a = b = get_ipython()"),
        ("%store a", "0" + " " * 7),
        ("  x = 1\n  if x:\n    y = 2", "x = 1\nif x:\n  y = 2"),
        ("%python\nx = 1", "x = 1"),
        ("x = 1\ny = <a value>\nz = 2", "x = 1\ny = get_ipython()\nz = 2"),
        ("env.update(A=<a value>)", "get_ipython(env)"),
        ("This is not code.\nNeither is this.", "get_ipython(code)\nget_ipython(this)"),
        ("if x\n    y = 1", "y = get_ipython()"),
    ],
)
def test_what_stands_for_what(code: str, expected: str) -> None:
    if "get_ipython(code)" in expected:
        expected = "get_ipython()\nget_ipython()"
    assert program(code).split("\n", 1)[1].rstrip("\n") == expected


@pytest.mark.parametrize(
    "code",
    ["%%html\n<b>", "%%sql\nSELECT 1", "%%R\nx <- 1", "%%writefile a.py\nx = 1", "%%bash\nx=1",
     "%%javascript\nlet x = 1;", "%%script node\nlet x", "%%python\nx = 1", "%sh\nls"],
)  # fmt: skip
def test_other_languages_are_no_part_of_it(code: str) -> None:
    assert program(code, "y = 2") == "from azureml.core.model import InferenceConfig\ny = 2\n"


def test_what_a_magic_that_is_not_known_binds_is_unknown() -> None:
    assert program("%%mystery\nx = 1\ny = 2").split("\n")[1] == "x = y = get_ipython()"


@pytest.mark.parametrize("way", ["%%mystery", "%%mystery -n 3"])
def test_what_a_magic_that_is_not_known_deploys_is_counted(folder: Path, way: str) -> None:
    config = DEPLOY.splitlines()[1]
    result = checked(folder, [SETUP, f"{way}\n{config}"])
    assert found(result) == []
    assert len(result.deployments) == 1
    assert len(result.undetermined) == 1
    assert checked(folder, [SETUP, f"%%script false\n{config}"]).deployments == ()


SETUP = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
path = "requirements.txt"
"""
DEPLOY = """\
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": path}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text("def init(): ...\ndef run(x): ...\n")
    return tmp_path


@pytest.mark.parametrize(
    "between",
    ["path = !cat name.txt", "path = %env REQUIREMENTS", "%run setup.py", "%%mystery\npath = 'x'",
     "path = <the path>", "%store -r path"],
)  # fmt: skip
def test_a_name_has_its_old_value_no_more(folder: Path, between: str) -> None:
    assert found(checked(folder, [SETUP, DEPLOY])) == [("AML202", 1, 4, '"requirements.txt"')]
    left = [row for row in found(checked(folder, [SETUP, between, DEPLOY])) if row[0] != "AML901"]
    assert left == []


@pytest.mark.parametrize("between", ["!ls", "%time x = 1", "?env", "%%html\n<b>", "cd .", "%cd ."])
def test_other_magics_do_not_matter(folder: Path, between: str) -> None:
    expected = [("AML202", 1, 4, '"requirements.txt"')]
    assert found(checked(folder, [SETUP, between, DEPLOY])) == expected


@pytest.mark.parametrize("between", ["%cd $x", "%cd src", "import os\nos.chdir(folder())"])
def test_paths_after_another_folder_are_not_believed(folder: Path, between: str) -> None:
    assert found(checked(folder, [SETUP, between, DEPLOY])) == []


def test_a_broken_cell_costs_nothing_else(folder: Path) -> None:
    broken = 'config.environment_variables = {"A": <a>}\n'
    result = checked(folder, [SETUP, "x = 1\n" + broken, DEPLOY])
    assert ("AML901", 2, 2, broken.strip()) in found(result)
    assert ("AML202", 1, 4, '"requirements.txt"') in found(result)
    assert all(finding.fix is None for finding in result.findings)


@pytest.mark.parametrize("noise", ["Some words of prose", "print 'x'", "SELECT * FROM t", "x ("])
def test_noise_is_passed_over(folder: Path, noise: str) -> None:
    expected = [("AML202", 1, 4, '"requirements.txt"')]
    assert found(checked(folder, [SETUP, noise, DEPLOY])) == expected


def test_a_broken_cell_that_binds_what_matters_is_said(folder: Path) -> None:
    result = checked(folder, [SETUP, "path = <the path>", DEPLOY])
    assert found(result) == [("AML901", 2, 1, "path = <the path>")]
    assert "line 1 of cell 2 is not valid Python" in result.findings[0].message


def test_cells_are_counted_with_those_of_text(folder: Path) -> None:
    cells: list[str | tuple[str, str]] = [
        ("markdown", "# A"),
        ("raw", "x"),
        SETUP,
        ("markdown", "B"),
        DEPLOY,
    ]
    assert found(checked(folder, cells)) == [("AML202", 3, 4, '"requirements.txt"')]


def test_python_that_runs_apart_is_read_apart() -> None:
    code = "%%python\nfrom azureml.core.model import InferenceConfig\nInferenceConfig('a.py')\n"
    assert texts(facts("from azureml.core.model import InferenceConfig", code)) == [
        ("Python", code.split("\n", 1)[1])
    ]


@pytest.mark.parametrize("way", ["comment in the cell above", "same line", "line above", "file"])
def test_comments_silence_findings_in_cells(folder: Path, way: str) -> None:
    comment = "# aml-preflight: ignore[AML202] -- comes later"
    setup = SETUP.rstrip("\n")
    lines = {
        "same line": [f"{setup}  {comment}", DEPLOY],
        "line above": [setup.replace("path =", f"{comment}\npath ="), DEPLOY],
        "file": [comment.replace("ignore", "ignore-file"), setup, DEPLOY],
        "comment in the cell above": [comment, setup, DEPLOY],
    }[way]
    result = checked(folder, lines)
    if way.startswith("comment"):  # it stands above another line
        assert [row[0] for row in found(result)] == ["AML202", "AML903"]
    else:
        assert (found(result), result.suppressed) == ([], 1)


@pytest.mark.parametrize(("tags", "codes"), [(["parameters"], []), (["other"], ["AML208"])])
def test_what_runs_a_notebook_may_give_its_parameters(
    tmp_path: Path, tags: list[str], codes: list[str]
) -> None:
    code = "from azureml.core.model import InferenceConfig\n"
    code += "InferenceConfig(entry_script='score.py', source_directory=folder)"
    content = json.loads(notebook(["folder: str = 'src'\nother = folder", code]))
    content["cells"][0]["metadata"]["tags"] = tags
    path = tmp_path / "deploy.ipynb"
    path.write_text(json.dumps(content))
    assert [row[0] for row in found(check(tmp_path, [path]))] == codes
