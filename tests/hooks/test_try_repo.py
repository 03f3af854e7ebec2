"""The hooks as somebody meets them first: ``pre-commit try-repo``, before anything is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .project import SCORE, deployment, notebook, yaml_deployment

if TYPE_CHECKING:
    from .conftest import NewProject


def test_all_three_hooks_run_from_a_clone(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with(
        {
            "deploy.py": deployment("service/requirements.txt"),
            "service/score.py": SCORE,
            "service/requirements.txt": "scipy\n",
        }
    )
    outcome = project.try_repository("--all-files")
    assert outcome.status == 1
    assert outcome.codes("aml-preflight") == {"AML201"}
    # The hooks run one after the other: what the second has mended the third does not find.
    assert outcome.codes("aml-preflight-fix") == {"AML301"}
    assert outcome.codes("aml-preflight-project") == {"AML301"}
    assert project.content("deploy.py") == deployment("requirements.txt").encode()


def test_notebooks_and_yaml_are_checked_and_mended(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    sound = {
        "deploy.ipynb": notebook(deployment("requirements.txt")),
        "blue.yml": yaml_deployment("requirements.txt"),
    }
    wrong = {
        "deploy.ipynb": notebook(deployment("service/requirements.txt")),
        "blue.yml": yaml_deployment("service/requirements.txt"),
    }
    project.start_with(
        {**wrong, "service/score.py": SCORE, "service/requirements.txt": "scipy==1.2.3\n"}
    )
    outcome = project.try_repository("aml-preflight", "--all-files")
    assert outcome.status == 1
    assert outcome.codes() == {"AML201"}
    assert "blue.yml:9:" in outcome.output()
    assert "deploy.ipynb:cell 1:7:" in outcome.output()
    outcome = project.try_repository("aml-preflight-fix", "--all-files")
    assert outcome.status == 1
    for name, text in sound.items():
        assert project.content(name) == text.encode()
    assert project.try_repository("--all-files").status == 0
