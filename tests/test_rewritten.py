"""A requirements file that what deploys writes over may say something else by then: nothing is
claimed of what is in it now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checking import check

V1 = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""


def project(folder: Path, files: dict[str, str]) -> list[str]:
    """The codes of what is said of a project in which `-e .` and an unpinned package are listed."""
    standing = {"src/score.py": "def init():\n    pass\n", "src/requirements.txt": "numpy\n-e .\n"}
    for name, text in {**standing, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    result = check(folder, [folder])
    return sorted(each.code for each in result.findings)


def notebook(*cells: str) -> str:
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": each,
        }
        for each in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


BAD = ["AML301", "AML302"]
LINES = [
    ("!pip freeze > src/requirements.txt", []),
    ("!pip freeze > src/requirements.txt 2>/dev/null", []),
    ("!sed -i '/^-e/d' src/requirements.txt", []),
    ("!cp requirements/prod.txt src/requirements.txt", []),
    ("!mv src/requirements.txt src/reqs.txt", []),
    ("!poetry export --output src/requirements.txt", []),
    ("!pip-compile -o $folder/requirements.txt pyproject.toml", []),
    ("open('src/requirements.txt', 'w').writelines(lines)", []),
    ("with open(folder + '/requirements.txt', mode='w') as f:\n    f.write('numpy==1.21.6')", []),
    ("Path('src/requirements.txt').write_text('numpy==1.21.6')", []),
    ("!cat src/requirements.txt", BAD),
    ("!pip install -r src/requirements.txt", BAD),
    ("!pip freeze > requirements.txt", BAD),
    ("!pip freeze > other/requirements.txt", BAD),
    ("!cp src/requirements.txt backup/", BAD),
    ("!pip freeze > src/requirements.txt.lock", BAD),
    ("print(open('src/requirements.txt').read())", BAD),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_cell_may_write_over_it(line: str, expected: list[str], tmp_path: Path) -> None:
    assert project(tmp_path, {"deploy.ipynb": notebook(line, V1)}) == expected


def test_a_cell_may_write_over_what_another_one_wrote(tmp_path: Path) -> None:
    cells = ("%%writefile src/requirements.txt\nnumpy\n", V1)
    assert project(tmp_path, {"deploy.ipynb": notebook(*cells)}) == ["AML301"]
    made = notebook(cells[0], "!pip freeze > src/requirements.txt", V1)
    assert project(tmp_path, {"deploy.ipynb": made}) == []


def test_a_script_may_write_over_it(tmp_path: Path) -> None:
    text = "shutil.copy('a.txt', 'b.txt')\nPath('src/requirements.txt').write_text('')\n"
    assert project(tmp_path, {"deploy.py": V1}) == BAD
    assert project(tmp_path, {"deploy.py": text + V1}) == []


def test_the_command_that_deploys_a_file_may_write_over_it(tmp_path: Path) -> None:
    files = {
        "deployment.yml": "name: blue\nendpoint_name: scoring\nenvironment_variables: {A: b}\n"
        "code_configuration: {code: src, scoring_script: score.py}\n"
        "environment:\n  image: mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference\n",
        "deploy.sh": "pip freeze > src/requirements.txt\n"
        "az ml online-deployment create -f deployment.yml "
        "--set environment_variables.AZUREML_EXTRA_REQUIREMENTS_TXT=requirements.txt\n",
    }
    assert project(tmp_path, files) == []
    files["deploy.sh"] = files["deploy.sh"].replace("> src", "> other")
    assert project(tmp_path, files) == BAD
