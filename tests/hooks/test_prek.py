"""The same hooks through prek, which reads the manifest and runs hooks in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .project import SCORE, Project, deployment, notebook, yaml_deployment

if TYPE_CHECKING:
    from pathlib import Path

    from .project import Runner

pytestmark = pytest.mark.oracle

SERVICE = {
    "deploy.py": deployment("requirements.txt"),
    "service/score.py": SCORE,
    "service/requirements.txt": "scipy==1.2.3\n",
}


def test_a_requirements_file_is_checked_through_its_deployment(
    prek: Runner, tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", prek).create("aml-preflight")
    project.start_with(SERVICE)
    project.write({"service/requirements.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML301"}
    assert "service/requirements.txt:1:1" in outcome.output()


def test_deleted_and_unstaged_files(prek: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", prek).create("aml-preflight", "aml-preflight-project")
    project.write(SERVICE)
    project.add("deploy.py", "service/score.py")
    outcome = project.commit()
    assert outcome.codes("aml-preflight") == {"AML212"}
    assert outcome.codes("aml-preflight-project") == {"AML212"}
    project.add()
    assert project.commit().status == 0
    project.git("rm", "--quiet", "service/requirements.txt")
    outcome = project.commit()
    assert outcome.state("aml-preflight") == "Skipped"
    assert outcome.codes("aml-preflight-project") == {"AML202"}
    assert outcome.status == 1


def test_mends_and_then_goes_through(prek: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", prek).create("aml-preflight-fix")
    project.write({**SERVICE, "deploy.py": deployment("service/requirements.txt")})
    project.add()
    assert project.commit().status == 1
    assert project.content("deploy.py") == deployment("requirements.txt").encode()
    project.add()
    assert project.commit().status == 0


def test_notebooks_and_yaml(prek: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", prek).create("aml-preflight")
    project.start_with({**SERVICE, "service/.amlignore": "*.csv\n"})
    project.write(
        {
            "deploy.ipynb": notebook(deployment("service/requirements.txt")),
            "ops/blue.YML": yaml_deployment("requirements.txt", folder="../service"),
            "README.md": f"```yaml\n{yaml_deployment('service/requirements.txt')}```\n",
        }
    )
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML201"}
    assert "deploy.ipynb:cell 1:7:" in outcome.output()
    assert "README.md:10:" in outcome.output()
    assert "blue.YML" not in outcome.output()
