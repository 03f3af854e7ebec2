"""A rule that fails costs its own findings; the others report, and the result tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aml_preflight import path_problems, readers, rules
from aml_preflight.deployments import Deployment
from aml_preflight.facts import FileFacts
from aml_preflight.findings import Report
from aml_preflight.line_problems import Survey
from checking import check

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig, Model

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "%s", "WORKER_COUNT": 2}
config = InferenceConfig("score.py", source_directory="src", environment=env)
Model.deploy(ws, "scoring", [model], config, aci)
"""


def _project(root: Path, path: str) -> list[Path]:
    (root / "src").mkdir()
    (root / "src" / "score.py").touch()
    (root / "src" / "requirements.txt").write_text("scipy\n./wheels\n")
    (root / "deploy.py").write_text(DEPLOY % path)
    return [root / "deploy.py"]


def _codes(root: Path, paths: list[Path]) -> list[tuple[str, str]]:
    result = check(root, paths)
    assert result.crashed
    return [(each.code, each.message.partition(";")[0]) for each in result.findings]


def test_a_reader_that_fails_costs_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _project(tmp_path, "missing.txt")
    (tmp_path / "other.py").write_text(DEPLOY % "missing.txt")
    usual = readers.read

    def failing(path: str, *arguments: Any) -> FileFacts:
        if path.endswith("other.py"):
            raise ValueError("no such node")
        return usual(path, *arguments)

    monkeypatch.setattr("aml_preflight.analysis.read", failing)
    found = _codes(tmp_path, [*paths, tmp_path / "other.py"])
    [(_, message)] = [each for each in found if each[0] == "AML906"]
    assert message.startswith("this file was not checked: reading it failed (ValueError: no such")
    assert "AML202" in {code for code, _ in found}


def test_what_was_said_before_the_failure_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _project(tmp_path, "requirements.txt")
    module = rules.BY_CODE["AML302"].module
    usual = module.check_survey

    def failing(survey: Survey) -> Iterator[Report]:
        yield from usual(survey)
        raise KeyError("name")

    monkeypatch.setattr(module, "check_survey", failing)
    found = dict(_codes(tmp_path, paths))
    assert set(found) == {"AML107", "AML301", "AML302", "AML906"}
    assert found["AML906"] == "the rule AML302 failed here (KeyError: 'name')"


def test_a_search_for_paths_that_fails_is_told_and_costs_the_rules_on_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _project(tmp_path, "src/requirements.txt")
    assert [each.code for each in check(tmp_path, paths).findings] == ["AML201", "AML107"]

    def failing(_: Deployment) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(path_problems, "problems", failing)
    found = _codes(tmp_path, paths)
    assert ("AML906", "the search for its paths failed here (RecursionError: too deep)") in found
    assert {code for code, _ in found} == {"AML107", "AML906"}


def test_the_install_fails_where_an_error_says_so(tmp_path: Path) -> None:
    paths = _project(tmp_path, "requirements.txt")
    (deployment,) = check(tmp_path, paths).deployments
    assert deployment.outcome.exit_code == 95
    assert deployment.installed == (str(tmp_path / "src" / "requirements.txt"),)
    (deployment,) = check(tmp_path, paths, select=["AML301"]).deployments
    assert deployment.outcome.exit_code == 0
