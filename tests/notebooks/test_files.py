"""What the cells of a notebook write, run and set beside their program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aml_preflight.facts import FileFacts, PathsFrom
from checking import check, mend

from .making import WAYS, Cells, checked, facts, found, notebook, sources, texts

IMPORT = "from azureml.core.model import InferenceConfig"


def _written(found: FileFacts) -> list[tuple[str, str, bool]]:
    return [(file.path, file.document.text, file.append) for file in found.written]


@pytest.mark.parametrize(
    ("first", "path", "append"),
    [
        ("%%writefile score.py", "score.py", False),
        ("\n  %%writefile  src/score.py  ", "src/score.py", False),
        ("%%writefile -a score.py", "score.py", True),
        ("%%writefile --append score.py", "score.py", True),
        ("%%file score.py", "score.py", False),
        ('%%writefile "a b/score.py"', "a b/score.py", False),
        ("%%writefile 'score.py'", "score.py", False),
        ("%%writefile $folder/score.py", "src/score.py", False),
        ("%%writefile {folder}/score.py", "src/score.py", False),
        ("%%writefile {os.path.join(folder, name)}", "src/score.py", False),
        ("%%writefile {folder + '/score.py'}", "src/score.py", False),
        ("%%writefile $path", "./src/score.py", False),
    ],
)
def test_files_that_cells_write(first: str, path: str, append: bool) -> None:
    names = "import os\nfolder = 'src'\nname = f'score.py'\n"
    names += "path = os.path.join(os.getcwd(), folder, name)"
    made = facts(IMPORT, names, f"{first}\nx = 1\ny = 2")
    assert _written(made) == [(path, "x = 1\ny = 2\n", append)]


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ("", "%%writefile $folder/score.py"),
        ("folder = f()", "%%writefile $folder/score.py"),
        ("folder = 'a'\nfolder = 'b'", "%%writefile $folder/score.py"),
        ("folder = 'a'\nfor folder in x: pass", "%%writefile {folder}/score.py"),
        ("if x:\n    folder = 'a'", "%%writefile {folder}/score.py"),
        ("folder = 'a'\nfrom b import *", "%%writefile {folder}/score.py"),
        ("folder = 'a'\n%run b.py", "%%writefile {folder}/score.py"),
        ("folder = 'a'\n%cd {folder}", "%%writefile score.py"),
        ("import os\nos.chdir('a')", "%%writefile score.py"),
        ("", "%%writefile ~/score.py"),
        ("", "%%writefile"),
        ("", "%%writefile a b"),
    ],
)
def test_files_that_are_written_somewhere(names: str, first: str) -> None:
    assert _written(facts(IMPORT, names, f"{first}\nx = 1")) == []


@pytest.mark.parametrize("brings", ["%run b.py", "from b import *"])
def test_a_name_that_is_bound_behind_what_brings_any_name(brings: str) -> None:
    made = facts(IMPORT, brings, "folder = 'a'", "%%writefile {folder}/score.py\nx = 1")
    assert _written(made) == [("a/score.py", "x = 1\n", False)]


def test_a_name_that_is_bound_later_is_not_known_yet() -> None:
    assert _written(facts(IMPORT, "%%writefile $a/b.py\nx", "a = 'c'")) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("!docker run -e AML_EXTRA_X=1 i", ("shell", "docker run -e AML_EXTRA_X=1 i")),
        ("if x:\n    !!export ML_EXTRA_=b", ("shell", "export ML_EXTRA_=b")),
        ("x = !export ML_EXTRA_=b", ("shell", "export ML_EXTRA_=b")),
        (
            "!docker run \\\n -e ML_EXTRA_=b \\\n image\ny = 1",
            ("shell", "docker run \\\n -e ML_EXTRA_=b \\\n image"),
        ),
        ("!export ML_EXTRA_={name}", ("shell", "export ML_EXTRA_=requirements.txt")),
        ("!export ML_EXTRA_=$name", ("shell", "export ML_EXTRA_=requirements.txt")),
        ("!export ML_EXTRA_={other}", ("shell", "export ML_EXTRA_=$______")),
        ("!export ML_EXTRA_=$HOME/${x}", ("shell", "export ML_EXTRA_=$HOME/${x}")),
        ("!export ML_EXTRA_={odd}", ("shell", "export ML_EXTRA_=$____")),
        ("%%bash\nexport ML_EXTRA_=b\n", ("shell", "export ML_EXTRA_=b\n")),
        ("%%script --bg bash\nexport ML_EXTRA_=b", None),
        ("%%script bash\nexport ML_EXTRA_=b", ("shell", "export ML_EXTRA_=b")),
        ("%sh\nexport ML_EXTRA_=b", ("shell", "export ML_EXTRA_=b")),
        ("%env ML_EXTRA_X=a b", ("env file", "ML_EXTRA_X=a b")),
        ("%env ML_EXTRA_X  'a' ", ("env file", "ML_EXTRA_X='a'")),
        ("%set_env ML_EXTRA_X = a=b", ("env file", "ML_EXTRA_X=a=b")),
        ("%env ML_EXTRA_X={name}", None),
        ("%env ML_EXTRA_X", None),
        ("x = 1 # !export ML_EXTRA_=b", None),
        ("'''\n!export ML_EXTRA_=b\n'''", None),
    ],
)
def test_commands_and_variables(code: str, expected: tuple[str, str] | None) -> None:
    names = "name = 'requirements.txt'\nodd = 'a b'"
    assert texts(facts(IMPORT, names, code)) == ([expected] if expected else [])


def test_pages_of_a_notebook() -> None:
    page = "# A\n\n```python\nInferenceConfig(environment_variables=1)  # azure\n```\n"
    assert texts(facts(IMPORT, ("markdown", page), ("markdown", "# B"))) == [("Markdown", page)]


@pytest.mark.parametrize("way", WAYS)
def test_names_in_the_text_of_a_notebook(tmp_path: Path, way: str) -> None:
    page = '# "é" 🙂\n\n`AZUREML_EXTRA_PYTHON_LIBS_PATH`, AZUREML\\_EXTRA\\_REQUIRMENTS\\_TXT.'
    silent = "Set AZUREML_EXTRA_REQUIRMENTS_TXT. <!-- aml-preflight: ignore[AML101] -->"
    magic = "%%markdown\nSet `AZUREML_EXTRA_REQUIRMENTS_TXT`"
    cells: Cells = ["x = 1", ("markdown", page), ("markdown", silent), magic]
    result = checked(tmp_path, cells, way=way)
    assert found(result) == [
        ("AML101", 2, 3, "AZUREML\\_EXTRA\\_REQUIRMENTS\\_TXT"),
        ("AML101", 2, 3, "AZUREML_EXTRA_PYTHON_LIBS_PATH"),
        ("AML101", 4, 2, "AZUREML_EXTRA_REQUIRMENTS_TXT"),
    ]
    path = tmp_path / "deploy.ipynb"
    fixed = mend(tmp_path, [path]).contents[str(path)].decode()
    right = page.replace("REQUIRMENTS", "REQUIREMENTS").replace("LIBS_PATH", "LIB_PATH")
    expected = ["x = 1", right, silent, magic.replace("REQUIRMENTS", "REQUIREMENTS")]
    assert [each.replace("\r\n", "\n") for each in sources(fixed)] == expected


def test_a_link_in_another_cell_leads_to_the_heading(tmp_path: Path) -> None:
    heading = ("markdown", "# AZUREML_EXTRA_REQUIRMENTS_TXT")
    link = ("markdown", "[above](#azureml_extra_requirments_txt)")
    (finding,) = checked(tmp_path, [heading, link]).findings
    assert finding.fix is not None
    assert not finding.fix.safe


DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""
SCORE = "%%writefile src/score.py\ndef init(): ...\ndef run(x): ..."


def test_written_files_are_laid_over_the_disk(tmp_path: Path) -> None:
    cells = ["!mkdir -p src", SCORE, "%%writefile src/requirements.txt\nscipy==1.2.3", DEPLOY]
    assert found(checked(tmp_path, cells)) == []


def test_a_file_that_is_written_beside_the_folder_is_missing_in_it(tmp_path: Path) -> None:
    cells = [SCORE, "%%writefile requirements.txt\nscipy==1.2.3", DEPLOY]
    assert [row[:3] for row in found(checked(tmp_path, cells))] == [("AML202", 3, 4)]


@pytest.mark.parametrize(
    "other",
    [
        "%%writefile $unknown/requirements.txt\nscipy==1.2.3",
        "!cp ../requirements.txt src",
        "!pip freeze > src/requirements.txt",
        "%cp requirements.txt src",
        "with open('src/requirements.txt', 'w') as file:\n    file.write(x)",
        "import shutil\nshutil.copy('requirements.txt', 'src')",
        "%%bash\ncp requirements.txt src",
        "from helpers import prepare_folder\nprepare_file('requirements.txt')",
        "import shutil\nshutil.copytree('template', 'src', dirs_exist_ok=True)",
        "import shutil\nfor name in files:\n    shutil.copy(name, 'src')",
        "for name in files:\n    with open(f'src/{name}', 'w') as file:\n        file.write('')",
        "(folder / name).write_text('')",
        "!git clone https://github.com/a/b .",
        "!cd .. && git pull",
        "!wget -q https://example.com/all.zip\n!unzip -q all.zip",
        "files = !unzip all.zip",
        "!cp -r ../template/. .",
        "!python prepare.py",
        "!make",
        "!az storage blob download-batch -d . -s scripts",
        "%run prepare.py",
        "%sx tar xf all.tar",
        "%%sh\ntar xf all.tar",
        "if first:\n    !./prepare.sh",
        "archive.extractall()",
        "shutil.unpack_archive('all.zip')",
        "import subprocess\nsubprocess.run(['bash', 'prepare.sh'])",
        "get_ipython().system('make')",
        "run.download_files(prefix='outputs')",
        "dbutils.fs.cp('dbfs:/a', 'file:/b', recurse=True)",
        "mssparkutils.fs.cp('abfss://a', 'file:/b', True)",
        "!git pull",
        "%cp -r ../template/. .",
        "cp -r ../template/. .",
        "%%time\n%%bash\ntar xf all.tar",
    ],
)
def test_what_the_notebook_may_make_is_not_missing(tmp_path: Path, other: str) -> None:
    assert found(checked(tmp_path, [SCORE, other, DEPLOY])) == []


@pytest.mark.parametrize(
    "other",
    [
        "!pip install -r requirements.txt",
        "!cat requirements.txt",
        "!{sys.executable} -m pip install --upgrade azure-ai-ml && echo done",
        "!sudo apt-get install -y graphviz",
        "!az ml online-endpoint create -f endpoint.yml \\\n    --resource-group a",
        "!curl -s http://localhost:5001 | jq .",
        "# !git clone https://github.com/a/b",
        "text = '''\n!unzip all.zip\n'''",
        "!cp ../score.py src",
        "%pip install scipy",
        "%%bash\n# first\npip list",
        "import subprocess\nsubprocess.check_call([python, '-m', 'pip', 'install', 'a'])",
    ],
)
def test_commands_that_make_nothing_do_not_count(tmp_path: Path, other: str) -> None:
    assert [row[0] for row in found(checked(tmp_path, [SCORE, other, DEPLOY]))] == ["AML202"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Create `requirements.txt` beside the score script.", []),
        ("The container installs `requirements.txt`.", ["AML202"]),
    ],
)
def test_what_the_text_tells_to_make_is_not_missing(
    tmp_path: Path, text: str, codes: list[str]
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").touch()
    fence = ("markdown", f"```python\n{DEPLOY}```\n")
    for code in (DEPLOY, fence):
        result = checked(tmp_path, [code, ("markdown", text)])
        assert [row[0] for row in found(result)] == codes


def test_paths_start_in_the_folder_of_the_notebook_only(tmp_path: Path) -> None:
    for folder in ("", "notebooks"):
        (tmp_path / folder / "src").mkdir(parents=True)
    (tmp_path / "src" / "score.py").write_text("")
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    (tmp_path / "notebooks" / "src" / "score.py").write_text("")
    path = tmp_path / "notebooks" / "deploy.ipynb"
    path.write_text(notebook([DEPLOY]))
    assert [row[0] for row in found(check(tmp_path, [path]))] == ["AML202"]


def project(folder: Path, cells: list[str], *names: str) -> Path:
    """A project with a notebook in a folder, and other files; ``folder`` is its root."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("scipy==1.2.3\n" if name.endswith(".txt") else "")
    (folder / "notebooks").mkdir(exist_ok=True)
    path = folder / "notebooks" / "deploy.ipynb"
    path.write_text(notebook(cells))
    return path


@pytest.mark.parametrize(
    ("path", "names", "expected"),
    [
        ("requirements.txt", ["src/score.py", "src/requirements.txt"], []),
        ("src/requirements.txt", ["src/score.py", "src/requirements.txt"], ["AML201"]),
        ("requirements.txt", ["src/score.py"], ["AML202"]),
        ("requirements.txt", ["src/requirements.txt"], ["AML208"]),
        ("requirements.txt", ["src/score.py", "notebooks/src/score.py"], ["AML202"]),
    ],
)
def test_a_notebook_may_be_run_from_above_where_its_script_is(
    tmp_path: Path, path: str, names: list[str], expected: list[str]
) -> None:
    deploy = DEPLOY.replace('"requirements.txt"', f'"{path}"')
    result = check(tmp_path, [project(tmp_path, [deploy], *names)])
    assert [row[0] for row in found(result)] == expected


def test_the_folder_above_is_told_of(tmp_path: Path) -> None:
    (result,) = check(tmp_path, [project(tmp_path, [DEPLOY], "src/other.py")]).findings
    assert result.help is not None
    assert result.help.endswith(": the project has src, but not in it")


def test_a_script_that_is_written_wherever_the_notebook_is_run(tmp_path: Path) -> None:
    path = project(tmp_path, [SCORE, DEPLOY], "src/requirements.txt")
    result = check(tmp_path, [path])
    reasons = [unknown.reason for _, unknown in result.undetermined]
    assert found(result) == []
    assert reasons == ["it depends on the folder that the notebook is run from"]


@pytest.mark.parametrize("way", WAYS)
def test_findings_in_written_files_are_mended_in_the_cell(tmp_path: Path, way: str) -> None:
    requirements = '%%writefile src/requirements.txt\n# é "quoted" 🙂\n- scipy==1.2.3\nnumpy==1.0'
    path = tmp_path / "deploy.ipynb"
    cells = [SCORE, requirements, DEPLOY + "print('é', \"x\")\n"]
    path.write_bytes(notebook(cells, way=way).encode())
    assert ("AML304", 2, 3, "- ") in found(check(tmp_path, [path]))
    before = path.read_bytes()
    fixed = mend(tmp_path, [path], unsafe=True).contents[str(path)]
    expected = before.replace(b"- scipy==1.2.3", b"scipy==1.2.3")
    assert fixed == expected


@pytest.mark.parametrize("way", WAYS)
def test_comments_that_silence_nothing_are_removed(tmp_path: Path, way: str) -> None:
    comment = "# aml-preflight: ignore[AML101] -- no more"
    path = tmp_path / "deploy.ipynb"
    cells = [SCORE, f"x = 'é'\n{comment}\ny = 1  {comment}", DEPLOY]
    path.write_bytes(notebook(cells, way=way).encode())
    fixed = mend(tmp_path, [path]).contents[str(path)].decode()
    before, after = json.loads(path.read_text("utf-8")), json.loads(fixed)
    assert sources(fixed)[1].replace("\r\n", "\n") == "x = 'é'\ny = 1"
    before["cells"][1]["source"] = after["cells"][1]["source"]
    assert before == after
    assert fixed.isascii() == path.read_text("utf-8").isascii()


@pytest.mark.parametrize("way", WAYS)
def test_commands_are_mended_in_the_cell(tmp_path: Path, way: str) -> None:
    image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
    command = f"if x:\n    !docker run -e AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt \\\n      {image}"
    path = tmp_path / "deploy.ipynb"
    path.write_bytes(notebook(["x = 1", command], way=way).encode())
    rows = found(check(tmp_path, [path]))
    assert ("AML101", 2, 2, "AZUREML_EXTRA_REQUIRMENTS_TXT") in rows
    fixed = mend(tmp_path, [path]).contents[str(path)]
    assert fixed == path.read_bytes().replace(b"REQUIRMENTS", b"REQUIREMENTS")


def test_a_comment_above_a_command_silences_it(tmp_path: Path) -> None:
    comment = "# aml-preflight: ignore[AML101] -- known"
    image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
    command = f"!docker run -e AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt {image}"
    several = f"!docker run \\\n  -e AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt \\\n  {image}"
    for code in (
        f"{comment}\n{command}",
        f"{command} {comment}",
        f"{comment}\n{several}",
        f"if x:\n    {comment}\n    {several}",
        f"{comment}\nout = {several}",
        f"%%bash\n{comment}\n{several[1:]}",
    ):
        for way in WAYS:
            result = checked(tmp_path, ["x = 1", code], way=way)
            assert (found(result), result.suppressed) == ([], 1)


def test_a_comment_covers_one_line_of_python(tmp_path: Path) -> None:
    comment = "# aml-preflight: ignore[AML101] -- known"
    code = DEPLOY.replace("REQUIREMENTS_TXT", "REQUIRMENTS_TXT").replace(' = {"', ' = {\n"')
    result = checked(tmp_path, [SCORE, code.replace("env.env", f"{comment}\nenv.env", 1)])
    assert [row[0] for row in found(result)] == ["AML101", "AML903"]


@pytest.mark.parametrize("move", ["%cd ..", "cd ..", "import os\nos.chdir('..')"])
def test_where_commands_run_is_not_certain_after_a_move(tmp_path: Path, move: str) -> None:
    image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
    command = f"!docker run -e AZUREML_EXTRA_REQUIREMENTS_TXT=a.txt -v ./src:/x {image}"
    certain, moved = (checked(tmp_path, cells) for cells in ([command], [move, command]))
    assert [each.facts.paths_from for each in certain.deployments] == [PathsFrom.NOTEBOOK]
    assert [each.facts.paths_from for each in moved.deployments] == [PathsFrom.PROJECT]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["%env ML_EXTRA_A=b", "!x -e ML_EXTRA_A i"], "export ML_EXTRA_A=b\nx -e ML_EXTRA_A i"),
        (["%set_env B c/d", "!ML_EXTRA_ $B"], "export B=c/d\nML_EXTRA_ $B"),
        (["%env B=c", "%%bash\nML_EXTRA_ ${B}"], "export B=c\nML_EXTRA_ ${B}"),
        (["%env B=c\n%env B=d", "!ML_EXTRA_ $B"], "export B=d\nML_EXTRA_ $B"),
        (["%env B=c", "!ML_EXTRA_"], "ML_EXTRA_"),
        (["%env B=c", "!ML_EXTRA_ -e B=d"], "ML_EXTRA_ -e B=d"),
        (["!ML_EXTRA_ $B", "%env B=c"], "ML_EXTRA_ $B"),
        (["%%sh\nML_EXTRA_ $B", "%env B=c"], "ML_EXTRA_ $B"),
        (["%env B=c d", "!ML_EXTRA_ $B"], "ML_EXTRA_ $B"),
        (["%env B=c", "%env B={other}", "!ML_EXTRA_ $B"], "ML_EXTRA_ $B"),
        (["if x:\n    %env B=c", "!ML_EXTRA_ $B"], "ML_EXTRA_ $B"),
        (["%env B=c", "os.environ['B'] = x", "!ML_EXTRA_ $B"], "ML_EXTRA_ $B"),
    ],
)
def test_commands_see_what_env_has_set(cells: list[str], expected: str) -> None:
    shells = [text for language, text in texts(facts(IMPORT, *cells)) if language == "shell"]
    assert shells == [expected]


@pytest.mark.parametrize("way", WAYS)
def test_a_variable_of_env_that_a_container_gets_is_shown_where_it_is_set(
    tmp_path: Path, way: str
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text("")
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
    command = "!docker run -v $PWD/src:/var/azureml-app/src -e AZUREML_ENTRY_SCRIPT=src/score.py "
    command += f"-e AZUREML_EXTRA_REQUIREMENTS_TXT {image}"
    cells = ["%env AZUREML_EXTRA_REQUIREMENTS_TXT=src/requirements.txt", command]
    result = checked(tmp_path, cells, way=way)
    assert found(result) == [("AML201", 1, 1, "src/requirements.txt")]
    assert len(result.deployments) == 1
    path = tmp_path / "deploy.ipynb"
    fixed = mend(tmp_path, [path], unsafe=True).contents[str(path)]
    assert fixed == path.read_bytes().replace(b"TXT=src/req", b"TXT=req")
