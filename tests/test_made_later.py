"""What is missing here may be made later: by what the project shows, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import cases
import pytest
from checking import check
from deployment_text import cli_v2_with

YAML = cli_v2_with("src/reqs.txt")
PYTHON = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
{before}
env = Environment("scoring")
env.environment_variables["AZUREML_EXTRA_REQUIREMENTS_TXT"] = "src/reqs.txt"
config = InferenceConfig(environment=env, source_directory={folder}, entry_script="score.py")
"""


def project(folder: Path, files: dict[str, str], *, without: tuple[str, ...] = ()) -> Path:
    for name, text in {"src/score.py": "def init():\n    pass\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    cases.git(folder, "init", "--quiet")
    cases.git(folder, "add", "--all", ".", *(f":(exclude){name}" for name in without))
    return folder


def codes(folder: Path) -> list[str]:
    return [each.code for each in check(folder, [folder]).findings]


@pytest.mark.parametrize(
    "script",
    [
        "pip-compile requirements.in -o src/reqs.txt",
        "cp reqs.txt src",
        "pip freeze > src/reqs.txt",
        "git clone https://example.com/code src",
        "rsync -a ../code/ src/",
        "unzip code.zip -d src",
    ],
)
def test_a_script_that_makes_the_file_or_fills_its_folder(script: str, tmp_path: Path) -> None:
    assert codes(project(tmp_path, {"deployment.yml": YAML, "prepare.sh": script})) == []


@pytest.mark.parametrize(
    "script",
    [
        "ruff check src > lint.log",
        "export PYTHONPATH=src",
        "python -m compileall src && touch done",
        "pip install -r src/reqs.txt",
        "# cp reqs.txt src",
    ],
)
def test_a_script_that_makes_something_else(script: str, tmp_path: Path) -> None:
    assert codes(project(tmp_path, {"deployment.yml": YAML, "Makefile": script})) == ["AML202"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("rsync -a ../code/ src/", []),
        ("cp -r common/* src/", []),
        ("cp -a common src", []),
        ("git clone https://example.com/code src", []),
        ("az storage blob download-batch -d src -s code", []),
        ("cp score.py src/", ["AML202"]),
        ("mkdir -p src", ["AML202"]),
        ("docker build -t image src", ["AML202"]),
        ("pytest src > log", ["AML202"]),
    ],
)
def test_a_script_that_may_put_anything_beside_the_score_script(
    script: str, expected: list[str], tmp_path: Path
) -> None:
    text = YAML.replace("src/reqs.txt", "reqs.txt")
    assert codes(project(tmp_path, {"deployment.yml": text, "prepare.sh": script})) == expected


def test_a_script_is_found_among_many_files(tmp_path: Path) -> None:
    files = {f"data/{number:05}.csv": "" for number in range(5_100)}
    files["scripts/prepare.sh"] = "pip-compile requirements.in -o src/reqs.txt"
    assert codes(project(tmp_path, {"deployment.yml": YAML, **files})) == []


@pytest.mark.parametrize(
    ("name", "script", "expected"),
    [
        ("build.sh", "pip freeze > src/reqs.txt", []),
        ("build.sh", "pip install -r src/reqs.txt", ["AML202"]),
        ("build.py", "shutil.copy('reqs.txt', 'src/reqs.txt')", []),
        ("build.py", "print('src/reqs.txt')", ["AML202"]),
    ],
)
def test_a_script_beside_a_program(
    name: str, script: str, expected: list[str], tmp_path: Path
) -> None:
    text = PYTHON.format(before="", folder='"src"')
    assert codes(project(tmp_path, {"deploy.py": text, name: script})) == expected


def test_the_folder_of_the_deployment_itself_is_no_mention(tmp_path: Path) -> None:
    before = "with open('out.json', 'w') as file:\n    file.write('{}')\n"
    text = PYTHON.format(before=before, folder='"src"')
    assert codes(project(tmp_path, {"deploy.py": text})) == ["AML202"]


def test_the_name_of_a_folder_may_stand_for_it_elsewhere(tmp_path: Path) -> None:
    before = "import shutil\nfolder = 'src'\nshutil.copytree('code', folder)\n"
    text = PYTHON.format(before=before, folder="folder")
    assert codes(project(tmp_path, {"deploy.py": text})) == []


def test_what_makes_the_score_script_does_not_make_the_requirements(tmp_path: Path) -> None:
    text = YAML.replace("src/reqs.txt", "reqs.txt")
    files = {"deployment.yml": text, "src/reqs.txt": "scipy==1.2.3\n", "src/a.py": ""}
    files["run.sh"] = "sed s/a/b/ score.py > score.py.new\n"
    found = check(project(tmp_path, files, without=("src/reqs.txt", "src/score.py")), [tmp_path])
    assert [each.code for each in found.findings] == ["AML212"]
    assert "reqs.txt" in found.findings[0].message


def test_a_sound_deployment_opens_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aml_preflight.workspace import Workspace

    opened: list[str] = []
    beginning = Workspace.beginning

    def noted(self: Workspace, path: str, most: int) -> str:
        opened.append(path)
        return beginning(self, path, most)

    monkeypatch.setattr(Workspace, "beginning", noted)
    files = {"src/reqs.txt": "scipy==1.2.3\n", "prepare.sh": "cp a src/reqs.txt"}
    files["deployment.yml"] = YAML.replace("src/reqs.txt", "reqs.txt")
    assert codes(project(tmp_path, files)) == []
    assert opened == []
    (tmp_path / "src/reqs.txt").unlink()
    assert codes(tmp_path) == []
    assert {Path(path).name for path in opened} == {"prepare.sh"}
