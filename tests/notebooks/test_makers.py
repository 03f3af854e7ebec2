"""Which cells may make what is missing: by its name, by names for it, or in its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aml_preflight.analysis import Result
from checking import check

from .making import checked, found, notebook

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig, Model
folder = "src"
env = Environment("scoring")
env.environment_variables = {{"{variable}": "{path}"}}
"""
CONFIG = 'InferenceConfig(entry_script="score.py", source_directory=folder, environment=env)'
REQUIREMENTS = DEPLOY.format(variable="AZUREML_EXTRA_REQUIREMENTS_TXT", path="requirements.txt")
LIBRARY = DEPLOY.format(variable="AZUREML_EXTRA_PYTHON_LIB_PATH", path="lib")


def reasons(result: Result) -> list[str]:
    return [unknown.reason for _, unknown in result.undetermined]


def with_script(folder: Path) -> Path:
    (folder / "src").mkdir()
    (folder / "src" / "score.py").write_text("def init(): ...\ndef run(x): ...\n")
    return folder


@pytest.mark.parametrize(
    "cell",
    [
        "%pip install -t src/lib scipy==1.2.3",
        "!pip install -t src/lib scipy==1.2.3",
        "!pip install --target src/lib scipy==1.2.3",
        "!pip install --target=$folder/lib scipy==1.2.3",
        "!pip install scipy -tsrc/lib",
        "!{sys.executable} -m pip install --prefix=src/lib scipy==1.2.3",
        "%conda create -p src/lib",
        "!conda create --yes --prefix {folder}/lib scipy",
        "pip install -t src/lib scipy==1.2.3",
        "%%time\n%pip install -t src/lib scipy==1.2.3",
        "%%capture\n!pip install -t src/lib scipy==1.2.3",
        "%%bash\npip install -t src/lib scipy==1.2.3",
        "%%bash -s $folder\npip install -t $1/lib scipy==1.2.3",
        "!docker run -v $PWD/src:/src python:3.8 pip install -t /src/lib scipy",
        "!docker cp built:/packages src/lib",
        "import os\nos.makedirs(os.path.join(folder, 'lib'), exist_ok=True)",
        "lib = f'{folder}/lib'\n!pip install -t $lib scipy",
        "from build import vendor\nvendor(f'{folder}/lib')",
    ],
)
def test_cells_that_make_the_folder_of_packages(tmp_path: Path, cell: str) -> None:
    result = checked(with_script(tmp_path), [LIBRARY, cell, CONFIG])
    assert (found(result), reasons(result)) == ([], ["it is missing, and cell 2 may make it"])


@pytest.mark.parametrize(
    "cell",
    [
        "!pip install -r src/lib/requirements.txt",
        "!pip list --path src/lib",
        "!ls src/lib; rm -rf src/lib",
        "!find src/lib -name '*.py' > files.log",
        "!cat src/lib/a 2> /dev/null",
        "%%bash\nls src/lib",
        "%%time\nprint(os.listdir(folder + '/lib'))",
        "sys.path.insert(0, f'{folder}/lib')",
        "!docker run -v $PWD/src/lib:/x mcr.microsoft.com/azureml/a-inference",
        "assert os.path.isdir(os.path.join(folder, 'lib'))",
        "# vendor(f'{folder}/lib')",
        "x = 1  # vendor(f'{folder}/lib')",
    ],
)
def test_cells_that_make_no_folder_of_packages(tmp_path: Path, cell: str) -> None:
    result = checked(with_script(tmp_path), [LIBRARY, cell, CONFIG])
    assert [row[0] for row in found(result)] == ["AML203"]


@pytest.mark.parametrize(
    "cell",
    [
        "import os\nos.makedirs(folder, exist_ok=True)",
        "!mkdir -p $folder",
        "Path(folder).mkdir()",
        "!cp score.py requirements.txt $folder",
        "!wget -O $folder/score.py https://example.com/score.py",
        '%%bash -s "$folder"\ncp score.py requirements.txt $1/',
        "copy_code(folder)",
        "utils.copy_code(\n    'code',  # from here\n    folder,\n)",
        "target = Path('.') / folder\ncopy_code(target)",
        "for each in [folder, 'other']:\n    prepare(each)",
        "def stage(where):\n    copy_code(where)\n\nstage(folder)",
        "%env CODE=src\n!cp score.py $CODE",
        "os.environ['CODE'] = folder\n!cp score.py $CODE",
    ],
)
def test_cells_that_make_the_source_directory(tmp_path: Path, cell: str) -> None:
    result = checked(tmp_path, [REQUIREMENTS, cell, CONFIG])
    assert (found(result), reasons(result)) == ([], ["it is missing, and cell 2 may make it"])


@pytest.mark.parametrize(
    "cell",
    [
        "print(folder)",
        "Model.register(ws, model_path=f'{folder}/model.pkl', model_name='m')",
        "def stage(where):\n    print(where)\n\nstage(folder)",
        "from utils import copy_code",
        "!ls $folder",
        "log.info('%s', folder)",
    ],
)
def test_cells_that_make_no_source_directory(tmp_path: Path, cell: str) -> None:
    result = checked(tmp_path, [REQUIREMENTS, cell, CONFIG])
    assert [row[0] for row in found(result)] == ["AML208"]


@pytest.mark.parametrize(
    "cell",
    [
        "copy_code(folder)",
        "copy_code(to='src')",
        "!cp -r ../common $folder",
        "!rsync -a ../common/ src/",
        "!unzip code.zip -d {folder}",
        "shutil.copytree('../common', folder, dirs_exist_ok=True)",
    ],
)
def test_cells_that_may_put_anything_into_the_folder(tmp_path: Path, cell: str) -> None:
    result = checked(with_script(tmp_path), [REQUIREMENTS, cell, CONFIG])
    assert (found(result), reasons(result)) == ([], ["it is missing, and cell 2 may make it"])


@pytest.mark.parametrize(
    "cell",
    [
        "!cp ../score.py $folder",
        "import os, shutil\nos.makedirs(folder, exist_ok=True)\nshutil.copy('../score.py', folder)",
        "!docker build -t image $folder",
        "!ls -R src",
        "print(os.listdir(folder))",
    ],
)
def test_cells_that_put_something_else_into_the_folder(tmp_path: Path, cell: str) -> None:
    result = checked(with_script(tmp_path), [REQUIREMENTS, cell, CONFIG])
    assert [row[0] for row in found(result)] == ["AML202"]


@pytest.mark.parametrize(
    "cell",
    [
        "import joblib\njoblib.dump(model, 'src/model.pkl')",
        "joblib.dump(model, f'{folder}/model.pkl')",
        "joblib.dump(model, os.path.join(folder, 'model.pkl'))",
        "joblib.dump(model, folder + '/model.pkl')",
        "!git status\n!git log --oneline\n!git add src",
    ],
)
def test_cells_that_make_another_file_in_the_folder(tmp_path: Path, cell: str) -> None:
    result = checked(with_script(tmp_path), [REQUIREMENTS, cell, CONFIG])
    assert [row[0] for row in found(result)] == ["AML202"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("!cp -r code/. $folder", []),
        ("shutil.copytree('code', folder)", []),
        ("name = 'requirements.txt'\nshutil.copy(name, folder)", []),
        ("print(folder)", ["AML202"]),
        ("folder = 'other'\n!ls $folder", ["AML202"]),
    ],
)
@pytest.mark.parametrize("name", ["01.ipynb", "prepare.py"])
def test_another_program_fills_the_folder_by_a_name_of_its_own(
    tmp_path: Path, cell: str, expected: list[str], name: str
) -> None:
    cells = ["folder = 'src'", cell]
    text = notebook(cells) if name.endswith(".ipynb") else "\n".join(cells)
    (with_script(tmp_path) / name).write_text(text)
    result = checked(tmp_path, [REQUIREMENTS, CONFIG])
    assert [row[0] for row in found(result)] == expected
    if not expected:
        assert reasons(result) == [f"it is missing, and `{name}` may make it"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# MAGIC %sh\n# MAGIC cp ../requirements.txt src/", []),
        ("# MAGIC %pip install -r requirements.txt", ["AML202"]),
        ("# !cp ../requirements.txt src", []),
        ("# %cp ../requirements.txt src", []),
        ("# cp ../requirements.txt src", ["AML202"]),
    ],
)
def test_commands_in_comments_of_a_notebook_that_is_a_python_file(
    tmp_path: Path, line: str, expected: list[str]
) -> None:
    path = with_script(tmp_path) / "deploy.py"
    path.write_text(f"{REQUIREMENTS}\n{line}\n{CONFIG}\n")
    assert [row[0] for row in found(check(tmp_path, [path]))] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("%%writefile $folder/score.py", []),
        ("%%writefile {folder}/score.py", []),
        ('%%writefile {os.path.join(folder, "score.py")}', []),
        ("%%writefile -a $folder/score.py", []),
        ("%%writefile src/score.py", []),
        ("%%writefile ./src/score.py", []),
        ("%%writefile $path", []),
        ("%%writefile other/score.py", ["AML208"]),
        ("%%writefile $folder/train.py", ["AML208"]),
        ("%%writefile score.py", ["AML208"]),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_another_notebook_writes_the_script(
    tmp_path: Path, written: str, expected: list[str], indent: int | None
) -> None:
    first = json.loads(notebook(["folder = 'src'", f"{written}\ndef init(): ...\n"]))
    (tmp_path / "01.ipynb").write_text(json.dumps(first, indent=indent))
    result = checked(tmp_path, [REQUIREMENTS, CONFIG])
    assert [row[0] for row in found(result)] == expected
    if not expected:
        assert reasons(result) == ["it is missing, and `01.ipynb` may make it"]


def test_a_python_file_hands_its_folder_to_a_function(tmp_path: Path) -> None:
    path = with_script(tmp_path) / "deploy.py"
    path.write_text(f"{REQUIREMENTS}\nfrom helpers import copy_code\ncopy_code(folder)\n{CONFIG}\n")
    result = check(tmp_path, [path])
    assert (found(result), reasons(result)) == (
        [],
        ["it is missing, and `deploy.py` may make it"],
    )
