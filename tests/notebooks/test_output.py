"""How findings in notebooks are shown: the cell, the line in it, and the real line of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aml_preflight.__main__ import run

from .making import notebook

CELLS = [
    "from azureml.core import Environment",
    """\
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIRMENTS_TXT": "é"}
""",
]
NAME = '"AZUREML_EXTRA_REQUIRMENTS_TXT"'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "deploy.ipynb"
    path.write_text(notebook([("markdown", "# A"), *CELLS]), "utf-8")
    return path


def test_as_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", path.name, "--output-format", "json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["cell"], finding["cell_line"], finding["cell_column"]) == (3, 2, 30)
    line = path.read_text("utf-8").split("\n")[finding["line"] - 1]
    assert json.loads(f'"{line[finding["column"] - 1 : finding["end_column"] - 1]}"') == NAME
    (edit,) = finding["fix"]["edits"]
    assert edit["line"] == finding["line"]
    assert edit["text"] == r"\"AZUREML_EXTRA_REQUIREMENTS_TXT\""


def test_for_people(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", path.name, "--output-format", "full"])
    shown = capsys.readouterr().out
    assert "--> deploy.ipynb:cell 3:2:30\n" in shown
    assert f"2 | env.environment_variables = {{{NAME}: " in shown


def test_on_one_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", path.name, "--output-format", "concise"])
    shown = capsys.readouterr().out
    text = path.read_text("utf-8")
    line = text[: text.index("REQUIRMENTS")].count("\n") + 1
    assert shown.startswith(f"deploy.ipynb:{line}:")
    assert "(cell 3, line 2)" in shown
