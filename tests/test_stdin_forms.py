"""Standard input in every form: what an editor shows counts, whatever is on the disk."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from deployment_text import IMAGE
from running import Run, run

ROOT = Path(__file__).resolve().parent.parent
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
WRONG, RIGHT = "service/requirements.txt", "requirements.txt"
PYTHON = f"""\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment("scoring")
env.environment_variables = {{"AZUREML_EXTRA_REQUIREMENTS_TXT": "{WRONG}"}}
config = InferenceConfig("score.py", source_directory="service", environment=env)
"""
YAML = f"""\
name: blue
endpoint_name: scoring
code_configuration:
  code: service
  scoring_script: score.py
environment:
  image: {IMAGE}
environment_variables:
  AZUREML_EXTRA_REQUIREMENTS_TXT: {WRONG}  # what it needs
"""
JSON = f"""\
{{
    "entryScript": "score.py",
    "sourceDirectory": "service",
    "environment": {{
        "docker": {{"baseImage": "{IMAGE}"}},
        "environmentVariables": {{"AZUREML_EXTRA_REQUIREMENTS_TXT": "{WRONG}"}}
    }}
}}
"""


def _notebook(source: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True)}
    notebook = {"nbformat_minor": 5, "nbformat": 4, "metadata": {"x": "ü"}, "cells": [cell]}
    return json.dumps(notebook, indent=2, ensure_ascii=False)


# By the file's name: the text, the rule that finds something, and the line in the file.
FORMS: dict[str, tuple[str, str, int]] = {
    "deploy.py": (PYTHON, "AML201", 5),
    "blue.yml": (YAML, "AML201", 9),
    "blue.YAML": (YAML.replace("\n", "\r\n"), "AML201", 9),
    "inferenceconfig.json": (JSON, "AML201", 6),
    "deploy.ipynb": (_notebook(PYTHON), "AML201", 16),
    "README.md": (f"# Service\n\n```yaml\n{YAML}```\n", "AML201", 12),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What is on the disk: other deployments, or none."""
    (tmp_path / "service").mkdir()
    (tmp_path / "service/score.py").write_text(SCORE)
    (tmp_path / "service/requirements.txt").write_text("scipy==1.2.3\n")
    return tmp_path


def _run(project: Path, name: str, text: str, *options: str) -> Run:
    given = ("--stdin-filename", name, "-")
    return run(project, "check", *options, *given, stdin=text.encode())


@pytest.mark.parametrize("name", FORMS)
def test_findings_have_their_line_in_the_file(name: str, project: Path) -> None:
    text, code, line = FORMS[name]
    done = _run(project, name, text, "--output-format", "json")
    assert done.status == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert (finding["path"], finding["code"], finding["line"]) == (name, code, line)
    assert not (project / name).exists()


@pytest.mark.parametrize("name", FORMS)
def test_fix_prints_the_whole_text_with_nothing_else_changed(name: str, project: Path) -> None:
    text, _, _ = FORMS[name]
    done = _run(project, name, text, "--fix")
    assert done.status == 0
    assert done.stdout == text.replace(WRONG, RIGHT)
    again = _run(project, name, done.stdout, "--fix")
    assert again.stdout == done.stdout
    assert not (project / name).exists()


@pytest.mark.parametrize("name", FORMS)
def test_diff_can_be_applied(name: str, project: Path) -> None:
    text, _, _ = FORMS[name]
    done = _run(project, name, text, "--diff")
    assert done.status == 1
    (project / name).write_bytes(text.encode())
    command = ["git", "apply", "--unidiff-zero", "-"]
    subprocess.run(command, cwd=project, input=done.out, check=True)
    assert (project / name).read_bytes() == text.replace(WRONG, RIGHT).encode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_on_the_disk_under_that_name_does_not_count(name: str, project: Path) -> None:
    text, _, _ = FORMS[name]
    (project / name).write_bytes(text.encode())
    sound = text.replace(WRONG, RIGHT)
    done = _run(project, name, sound)
    assert (done.status, done.out) == (0, b"")
    (project / name).write_bytes(sound.encode())
    assert _run(project, name, text).status == 1


@pytest.mark.parametrize("name", FORMS)
def test_a_text_with_nothing_for_us_comes_back_as_it_is(name: str, project: Path) -> None:
    for text in ("", "{}", "x: 1\n", "print(1)"):
        done = _run(project, name, text, "--fix")
        assert (done.status, done.stdout) == (0, text)


@pytest.mark.parametrize(
    ("name", "text"), [("a.md", "Set `AZUREML_EXTRA_REQUIRMENTS_TXT`.\n")], ids=["prose"]
)
def test_misspelt_names(name: str, text: str, project: Path) -> None:
    done = _run(project, name, text, "--fix")
    assert done.stdout == text.replace("REQUIRMENTS", "REQUIREMENTS")


def test_a_part_of_a_deployment_is_checked_through_the_deployment(project: Path) -> None:
    (project / "blue.yml").write_text(YAML.replace(WRONG, RIGHT))
    done = _run(project, "service/requirements.txt", "scipy\n", "--output-format", "json")
    assert done.status == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert (finding["path"], finding["code"]) == ("service/requirements.txt", "AML301")
    assert [each["path"] for each in finding["related"]] == ["blue.yml"]


@pytest.mark.parametrize(
    "name", ["a.ipynb", "a.yml", "a.json", "a.md", "Dockerfile", "a.sh", ".env"]
)
@pytest.mark.parametrize("text", ["{", "\0", "[" * 5000])
def test_bad_input_does_no_harm(name: str, text: str, project: Path) -> None:
    data = text.encode("utf-8", "surrogatepass").decode("latin-1")
    done = _run(project, name, f"{data}\nAZUREML_EXTRA_REQUIREMENTS_TXT")
    assert done.status in (0, 1)
