"""Requirements files of deployments that ask for no package: whether that is said, how loudly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aml_preflight.findings import Severity
from checking import check

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
env.docker.base_image = "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
env.python.user_managed_dependencies = True
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""


def severities(folder: Path, text: str, constraints: str = "") -> list[Severity]:
    """Those of what AML304 finds in a file that a deployment installs."""
    (folder / "src").mkdir()
    (folder / "src" / "score.py").write_text("def init(): ...\n", "utf-8")
    (folder / "src" / "requirements.txt").write_bytes(text.encode("utf-8"))
    (folder / "src" / "constraints.txt").write_text(constraints, "utf-8")
    (folder / "deploy.py").write_text(DEPLOY, "utf-8")
    found = check(folder, [folder / "deploy.py"]).findings
    return [each.severity for each in found if each.code == "AML304"]


@pytest.mark.parametrize(
    "text",
    [
        "# no extra packages\n",
        "\n#scipy==1.10.1",
        "# keine\r\n\r\n",
        "--pre  # 没有\n",
        "\ufeff# a\n",
    ],
)
def test_a_comment_says_that_there_is_nothing(text: str, tmp_path: Path) -> None:
    assert severities(tmp_path, text) == []


@pytest.mark.parametrize(
    "text", ["", "\n", "\ufeff", " \r\n\r\n", "####\n#\n", "--pre\n", "-c constraints.txt\n"]
)
def test_an_empty_file_got_what_it_asked_for(text: str, tmp_path: Path) -> None:
    assert severities(tmp_path, text) == [Severity.WARNING]


def test_constraints_alone_install_nothing(tmp_path: Path) -> None:
    found = severities(tmp_path, "-c constraints.txt\n", "# ours\nscipy==1.10.1\n")
    assert found == [Severity.ERROR]


def test_a_comment_for_this_tool_says_nothing(tmp_path: Path) -> None:
    found = severities(tmp_path, "#  aml-preflight: ignore-file[AML301]\n")
    assert found == [Severity.WARNING]
