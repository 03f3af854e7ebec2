"""What ``boot`` shows and what ``check`` says of a deployment are one and the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight import path_problems, rules
from aml_preflight.analysis import Result
from aml_preflight.boot import MISSING_CODES
from aml_preflight.deployments import Deployment
from aml_preflight.findings import Severity
from aml_preflight.output import boot_text, json_format
from aml_preflight.rules.subjects import Judged, look, of_deployments
from cases import ALL, Case
from checking import check
from deployment_text import cli_v2_with

ON_PATHS = ("AML201", "AML202", "AML203", "AML204", "AML205", "AML206", "AML207", "AML211")
ON_SCRIPTS = ("AML208", "AML213")


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


def errors(deployment: Deployment, codes: tuple[str, ...]) -> list[str]:
    """The rules that have an error to report of a deployment, suppressed or not."""
    judged = Judged(deployment, path_problems.problems(deployment))
    said = look([rules.BY_CODE[code] for code in codes], of_deployments([], [judged]))
    return [
        each.rule.code
        for each in said
        if (each.report.severity or each.rule.severity) is Severity.ERROR
    ]


def end(deployment: Deployment) -> str:
    """The last line of the view for people."""
    view = boot_text.render([deployment], shown_path=lambda path: path)
    return " ".join(view.split("\n└ ")[1].split())


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_boot_and_check_agree(case: Case, tmp_path: Path) -> None:
    for deployment in check(tmp_path, case.write(tmp_path)).deployments:
        code = deployment.outcome.exit_code
        paths, scripts = errors(deployment, ON_PATHS), errors(deployment, ON_SCRIPTS)
        if code in MISSING_CODES:
            assert paths or scripts
        if paths:
            assert code in MISSING_CODES or deployment.outcome.found.value in ("file", "folder")
        if "server cannot load the score script" in end(deployment):
            assert scripts
        if deployment.script_doubt is not None:
            assert "AML208" not in scripts
        if deployment.path_doubt is not None:
            assert not paths


YAML = cli_v2_with("requirements.txt")
SCORE = "def init(): ...\ndef run(data): ...\n"


def only(folder: Path, files: dict[str, str]) -> tuple[Result, Deployment]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    result = check(folder, [folder])
    (deployment,) = result.deployments
    return result, deployment


def told(result: Result) -> list[str]:
    return [unknown.reason for _, unknown in result.undetermined]


def test_what_may_be_made_is_counted_and_in_boot(tmp_path: Path) -> None:
    files = {
        "d.yml": YAML,
        "src/score.py": SCORE,
        "build.sh": "pip freeze > src/requirements.txt\n",
    }
    result, deployment = only(tmp_path, files)
    reason = "it is missing, and `build.sh` may make it"
    assert (result.findings, told(result)) == ((), [reason])
    assert (deployment.outcome.exit_code, deployment.outcome.reason) == (None, reason)
    assert f'"reason": "{reason}"' in json_format.boot([deployment], shown_path=str)
    assert end(deployment) == f"? cannot be told: {reason}"


def test_a_script_that_may_be_made_is_counted_and_in_boot(tmp_path: Path) -> None:
    files = {
        "d.yml": YAML,
        "src/requirements.txt": "scipy==1.2.3\n",
        "build.sh": "cp score.py src\n",
    }
    result, deployment = only(tmp_path, files)
    reason = "it is missing, and `build.sh` may make it"
    assert (result.findings, told(result)) == ((), [reason])
    assert deployment.outcome.exit_code == 0
    assert f'"reason": "{reason}"' in json_format.boot([deployment], shown_path=str)
    assert end(deployment) == (
        f"? install step passes, whether the score script will be there cannot be told: {reason}"
    )


def test_a_folder_that_may_be_made_is_counted_once(tmp_path: Path) -> None:
    files = {"d.yml": YAML, "model/score.py": SCORE, "build.sh": "cp -r model src\n"}
    result, deployment = only(tmp_path, files)
    reason = "it is missing, and `build.sh` may make it"
    assert (result.findings, told(result)) == ((), [reason])
    assert end(deployment) == f"? cannot be told: {reason}"


def test_without_a_source_directory_it_does_not_matter_where_the_script_is(tmp_path: Path) -> None:
    program = (
        "from azureml.core import Environment\n"
        "from azureml.core.model import InferenceConfig\n"
        'env = Environment("scoring")\n'
        'env.environment_variables["AZUREML_EXTRA_REQUIREMENTS_TXT"] = "requirements.txt"\n'
        'config = InferenceConfig(entry_script="elsewhere/score.py", environment=env)\n'
    )
    result, deployment = only(tmp_path, {"deploy.py": program})
    assert [each.code for each in result.findings] == ["AML207"]
    assert deployment.outcome.exit_code == 99
    assert told(result) == []


AT_99 = "would look for /var/azureml-app/requirements.txt and exit with code 99"
AT_3 = "the container's server would look for /score.py from the root, and end with exit code 3"


@pytest.mark.parametrize(
    ("path", "message", "shown"),
    [
        ("requirements.txt", f"with this slash the container {AT_99}", "exit code 99"),
        ("src/requirements.txt", AT_3, "then the server cannot load the score script"),
    ],
)
def test_a_slash_before_the_script_ends_as_boot_shows(
    path: str, message: str, shown: str, tmp_path: Path
) -> None:
    files = {
        "d.yml": cli_v2_with(path).replace("score.py", "/score.py"),
        "src/score.py": SCORE,
        "src/requirements.txt": "scipy==1.2.3\n",
    }
    result, deployment = only(tmp_path, files)
    assert [(each.code, each.message) for each in result.findings] == [("AML213", message)]
    assert shown in end(deployment)
