from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aml_preflight.document import Document, Place
from aml_preflight.findings import Edit, Fix
from aml_preflight.output import json_format
from aml_preflight.output.summary import Summary
from deployment_text import IMAGE

from .support import (
    MESSAGE,
    Project,
    document,
    finding,
    place,
    repeated_directory,
    shown,
    v1,
)

PROJECT = {"src/score.py": "", "src/requirements.txt": "flask==2.0.1\n"}
URL = "https://github.com/aml-preflight/aml-preflight/blob/main/docs/rules/AML201.md"


def check(*found: Any, summary: Summary | None = None) -> Any:
    return json.loads(json_format.check(found, summary or Summary(), shown_path=shown))


class TestCheck:
    def test_the_whole_document(self) -> None:
        summary = Summary(3, 1, 1, 0, 0, suppressed=2, undetermined=4, fixed=9, fixable_safe=1)
        assert check(repeated_directory(), summary=summary) == {
            "version": 1,
            "findings": [
                {
                    "code": "AML201",
                    "name": "path-repeats-source-directory",
                    "severity": "error",
                    "message": MESSAGE,
                    "path": "deploy.py",
                    "line": 7,
                    "column": 39,
                    "end_line": 7,
                    "end_column": 61,
                    "cell": None,
                    "related": [
                        {
                            "path": "deploy.py",
                            "line": 12,
                            "column": 22,
                            "end_line": 12,
                            "end_column": 27,
                            "message": "uploaded to /var/azureml-app/src",
                        }
                    ],
                    "fix": {
                        "title": 'write "requirements.txt"',
                        "safety": "safe",
                        "edits": [
                            {
                                "path": "deploy.py",
                                "line": 7,
                                "column": 39,
                                "end_line": 7,
                                "end_column": 61,
                                "text": '"requirements.txt"',
                            }
                        ],
                    },
                    "url": URL,
                }
            ],
            "summary": {
                "files": 3,
                "deployments": 1,
                "errors": 1,
                "warnings": 0,
                "infos": 0,
                "suppressed": 2,
                "undetermined": 4,
            },
        }

    def test_the_order_of_the_keys(self) -> None:
        document_ = check(repeated_directory())
        assert list(document_) == ["version", "findings", "summary"]
        (found,) = document_["findings"]
        assert list(found) == [
            "code", "name", "severity", "message", "path", "line", "column", "end_line",
            "end_column", "cell", "related", "fix", "url",
        ]  # fmt: skip
        assert list(found["related"][0])[-1] == "message"
        assert list(found["fix"]["edits"][0])[-1] == "text"

    def test_no_findings(self) -> None:
        assert check()["findings"] == []

    def test_no_fix_and_an_unsafe_one(self) -> None:
        source = document("x")
        plain = finding(place(source, "x"))
        fixed = finding(place(source, "x"), fix=Fix("y", (Edit(place(source, "x"), "y"),), False))
        one, two = check(plain, fixed)["findings"]
        assert one["fix"] is None
        assert one["related"] == []
        assert two["fix"]["safety"] == "unsafe"

    @pytest.mark.parametrize(
        ("text", "span", "expected"),
        [
            ("👍日x", (2, 3), (1, 3, 1, 4)),
            ("a\r\nb", (0, 4), (1, 1, 2, 2)),
            ("a\nb\n", (0, 2), (1, 1, 2, 1)),
            ("", (0, 0), (1, 1, 1, 1)),
            ("ab", (7, 9), (1, 3, 1, 3)),
            ("a\x0cb\u2028c", (4, 5), (1, 5, 1, 6)),
        ],
    )
    def test_positions(
        self, text: str, span: tuple[int, int], expected: tuple[int, int, int, int]
    ) -> None:
        (found,) = check(finding(Place(document(text), span)))["findings"]
        keys = ("line", "column", "end_line", "end_column")
        assert tuple(found[key] for key in keys) == expected

    def test_a_name_that_is_not_unicode(self) -> None:
        source = Document("/project/a\udcff\n.py", "x")
        text = json_format.check([finding(Place(source, (0, 1)))], Summary(), shown_path=shown)
        assert text.isascii()
        assert '"a\\udcff\\n.py"' in text
        assert json.loads(text)["findings"][0]["path"] == "a\udcff\n.py"
        assert text.endswith("}\n")

    def test_slashes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = finding(Place(Document("ops\\deploy.py", "x"), (0, 1)))
        assert check(found)["findings"][0]["path"] == "ops\\deploy.py"
        monkeypatch.setattr("os.sep", "\\")
        assert check(found)["findings"][0]["path"] == "ops/deploy.py"


def boot(project: Project) -> Any:
    return json.loads(json_format.boot(project.deployments, shown_path=project.shown))


class TestBoot:
    def test_the_whole_document(self, tmp_path: Path) -> None:
        deploy = v1('{"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}')
        seen = boot(Project(tmp_path, {**PROJECT, "deploy.py": deploy}))
        assert seen == {
            "version": 1,
            "deployments": [
                {
                    "path": "deploy.py",
                    "line": 7,
                    "column": 10,
                    "style": "sdk-v1",
                    "name": None,
                    "image": IMAGE,
                    "feature": "available",
                    "entry_script": "/var/azureml-app/src/score.py",
                    "branch": "requirements",
                    "exit_code": 99,
                    "container_path": "/var/azureml-app/src/src/requirements.txt",
                    "local_path": "src/src/requirements.txt",
                    "ignored": [],
                    "reason": None,
                }
            ],
        }
        assert list(seen["deployments"][0]) == [
            "path", "line", "column", "style", "name", "image", "feature", "entry_script",
            "branch", "exit_code", "container_path", "local_path", "ignored", "reason",
        ]  # fmt: skip

    def test_what_is_ignored(self, tmp_path: Path) -> None:
        variables = (
            '{"AZUREML_EXTRA_REQUIREMENT_TXT": "x", "WORKER_COUNT": "1", "AML_ENTRY_SCRIPT": "y",'
            ' "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",'
            ' "AZUREML_EXTRA_CONDA_YAML": "c.yml", "AZUREML_EXTRA_PYTHON_LIB_PATH": "packages"}'
        )
        files = {**PROJECT, "src/packages/x.py": "", "deploy.py": v1(variables)}
        (seen,) = boot(Project(tmp_path, files))["deployments"]
        assert seen["ignored"] == [
            "AZUREML_EXTRA_CONDA_YAML",
            "AZUREML_EXTRA_REQUIREMENTS_TXT",
            "AZUREML_EXTRA_REQUIREMENT_TXT",
            "AML_ENTRY_SCRIPT",
        ]
        assert (seen["branch"], seen["exit_code"]) == ("library-path", 0)

    def test_what_is_not_known(self, tmp_path: Path) -> None:
        deploy = v1('{"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}', image=None)
        deploy = deploy.replace('source_directory="src"', 'source_directory=os.environ["CODE"]')
        (seen,) = boot(Project(tmp_path, {**PROJECT, "deploy.py": deploy}))["deployments"]
        for key in ("image", "entry_script", "exit_code", "container_path", "local_path"):
            assert seen[key] is None, key
        assert seen["feature"] == "unknown"
        assert seen["branch"] == "requirements"
        assert seen["reason"] == "read from the environment when the script runs"

    def test_the_script_alone_is_not_known(self, tmp_path: Path) -> None:
        deploy = v1("{}").replace('entry_script="score.py"', 'entry_script=os.environ["SCRIPT"]')
        (seen,) = boot(Project(tmp_path, {**PROJECT, "deploy.py": deploy}))["deployments"]
        assert (seen["branch"], seen["exit_code"]) == ("disabled", 0)
        assert seen["entry_script"] is None
        assert seen["reason"] == "read from the environment when the script runs"

    def test_an_image_with_its_own_app_root(self, tmp_path: Path) -> None:
        image = "mcr.microsoft.com/azureml/mlflow-ubuntu20.04-py38-cpu-inference"
        deploy = v1('{"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}', image=image)
        (seen,) = boot(Project(tmp_path, {**PROJECT, "deploy.py": deploy}))["deployments"]
        assert (seen["entry_script"], seen["container_path"], seen["exit_code"]) == (None,) * 3
        assert seen["reason"]

    def test_no_deployments(self) -> None:
        seen = json.loads(json_format.boot([], shown_path=shown))
        assert seen == {"version": 1, "deployments": []}
