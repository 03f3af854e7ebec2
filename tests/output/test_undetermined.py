from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.document import Document, Place
from aml_preflight.output import undetermined
from aml_preflight.output.terminal import Style
from aml_preflight.values import Unknown

from .support import Project, shown, v1

FILES = {"src/score.py": "", "src/requirements.txt": ""}
REQUIREMENTS = '{"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}'
ENVIRON = "read from the environment when the script runs"


@pytest.mark.parametrize(
    ("deploy", "expected"),
    [
        (
            v1('{"AZUREML_EXTRA_REQUIREMENTS_TXT": os.environ["R"]}'),
            f"deploy.py:6:64: the value of AZUREML_EXTRA_REQUIREMENTS_TXT is not known: {ENVIRON}",
        ),
        (
            v1('{**os.environ, "WORKER_COUNT": "1"}'),
            "deploy.py:6:32: whether there are more environment variables is not known: ",
        ),
        (
            v1(REQUIREMENTS).replace('"src"', 'os.environ["CODE"]'),
            f"deploy.py:7:68: the source_directory is not known: {ENVIRON}",
        ),
        (
            v1(REQUIREMENTS).replace('"score.py"', 'os.environ["SCRIPT"]'),
            f"deploy.py:7:39: the entry_script is not known: {ENVIRON}",
        ),
        (
            v1(REQUIREMENTS).replace('base_image = "', 'base_image = os.environ["I"] + "'),
            "deploy.py:5:25: the image is not known: ",
        ),
        (
            v1(REQUIREMENTS).replace('"src"', '"elsewhere"'),
            "deploy.py:7:68: where the score script is in the container is not known: the folder",
        ),
    ],
    ids=["variable", "variables", "folder", "script", "image", "location"],
)
def test_what_is_not_known(deploy: str, expected: str, tmp_path: Path) -> None:
    project = Project(tmp_path, {**FILES, "deploy.py": deploy})
    pairs = [(project.only, unknown) for unknown in project.only.undetermined()]
    lines = undetermined.render(pairs, shown_path=project.shown).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(expected)


def test_sdk_v2_code_configuration(tmp_path: Path) -> None:
    deploy = (
        "from azure.ai.ml.entities import ManagedOnlineDeployment\n"
        "ManagedOnlineDeployment(name='blue', endpoint_name='e', code_configuration=load(),\n"
        f"    environment_variables={REQUIREMENTS})\n"
    )
    project = Project(tmp_path, {"deploy.py": deploy})
    pairs = [(project.only, unknown) for unknown in project.only.undetermined()]
    assert undetermined.render(pairs, shown_path=project.shown).startswith(
        "deploy.py:2:76: the code folder and the score script are not known: "
    )


def test_hostile_text(tmp_path: Path) -> None:
    deployment = Project(tmp_path, {**FILES, "deploy.py": v1(REQUIREMENTS)}).only
    source = Document("/project/\x1b[31m.py", "x")
    unknown = Unknown("it holds \x07 and \u202e", Place(source, (9, 9)))
    assert undetermined.render([(deployment, unknown)], shown_path=shown) == (
        "\\x1b[31m.py:1:2: where the score script is in the container is not known: "
        "it holds \\x07 and \\u202e\n"
    )
    painted = undetermined.render(
        [(deployment, unknown)], shown_path=lambda _: "a.py", style=Style(colour=True)
    )
    assert painted.startswith("\x1b[1ma.py\x1b[0m:1:2: ")


def test_nothing() -> None:
    assert undetermined.render([], shown_path=shown) == ""
