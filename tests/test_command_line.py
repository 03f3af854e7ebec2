"""The command line as people and hooks call it: streams, exit status, standard input, settings."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import running
from deployment_text import IMAGE
from running import HOOKS, Run

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
config = InferenceConfig("score.py", source_directory="src", environment=env)
"""
MENDED = DEPLOY.replace("src/requirements.txt", "requirements.txt")
APP_DOCKERFILE = f"""\
FROM {IMAGE}
COPY src/ /app/
ENV AML_APP_ROOT=/app AZUREML_ENTRY_SCRIPT=score.py
ENV AZUREML_EXTRA_REQUIREMENTS_TXT=requirements.txt
"""
APP_COMMAND = f"""\
docker run -v ./src:/app -e AML_APP_ROOT=/app -e AZUREML_ENTRY_SCRIPT=score.py \\
    -e AZUREML_EXTRA_REQUIREMENTS_TXT=requirements.txt {IMAGE}
"""


Command = Callable[..., Run]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A v1 deployment with a path as it was written before 2021-07-26."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text("")
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    (tmp_path / "deploy.py").write_text(DEPLOY)
    return tmp_path


@pytest.fixture
def run(project: Path) -> Command:
    def command(*arguments: str, stdin: bytes = b"", **environment: str) -> Run:
        return running.run(project, *arguments, stdin=stdin, variables=environment)

    return command


def test_findings_go_to_standard_output_and_the_summary_to_standard_error(run: Command) -> None:
    done = run("check", "deploy.py")
    assert done.status == 1
    assert "AML201" in done.stdout
    assert "Found 1 error" in done.stderr
    assert "Found" not in done.stdout


def test_a_sound_project_passes_in_silence(run: Command, project: Path) -> None:
    (project / "deploy.py").write_text(MENDED)
    done = run("check")
    assert done == Run(0, b"", "No problems in 1 deployment (2 files).\n")


def test_fail_on_decides_the_status_not_the_findings(run: Command, project: Path) -> None:
    (project / "deploy.py").write_text(MENDED)
    (project / "src" / "requirements.txt").write_text("scipy\n")
    assert run("check").status == 1
    done = run("check", "--fail-on", "error")
    assert done.status == 0
    assert "AML301" in done.stdout


def test_json_is_one_document_and_as_documented(run: Command) -> None:
    done = run("check", "--output-format", "json", "deploy.py")
    found = json.loads(done.stdout)
    assert found["version"] == 1
    assert found["summary"] == {
        "files": 1,
        "deployments": 1,
        "errors": 1,
        "warnings": 0,
        "infos": 0,
        "suppressed": 0,
        "undetermined": 0,
    }
    [finding] = found["findings"]
    where = {name: finding[name] for name in ("path", "line", "column", "end_line", "end_column")}
    assert where == {"path": "deploy.py", "line": 5, "column": 64, "end_line": 5, "end_column": 86}
    assert finding["code"] == "AML201"
    assert finding["name"] == "path-repeats-source-directory"
    assert finding["fix"]["safety"] == "safe"
    assert finding["fix"]["edits"] == [{**where, "text": '"requirements.txt"'}]


def test_json_of_nothing_is_still_json(run: Command, project: Path) -> None:
    (project / "nothing.py").write_text("pass\n")
    done = run("check", "--output-format", "json", "nothing.py")
    assert json.loads(done.stdout)["findings"] == []


def test_boot_json_is_as_documented(run: Command) -> None:
    [deployment] = json.loads(run("boot", "--output-format", "json", "deploy.py").stdout)[
        "deployments"
    ]
    assert deployment == {
        "path": "deploy.py",
        "line": 6,
        "column": 10,
        "style": "sdk-v1",
        "name": None,
        "image": None,
        "feature": "unknown",
        "entry_script": "/var/azureml-app/src/score.py",
        "branch": "requirements",
        "exit_code": 99,
        "container_path": "/var/azureml-app/src/src/requirements.txt",
        "local_path": "src/src/requirements.txt",
        "ignored": [],
        "reason": None,
    }


def test_a_refused_line_is_exit_code_95(run: Command, project: Path) -> None:
    (project / "deploy.py").write_text(MENDED)
    (project / "src" / "requirements.txt").write_text("scipy=1.2.3\n")
    [deployment] = json.loads(run("boot", "--output-format", "json").stdout)["deployments"]
    assert deployment["exit_code"] == 95


@pytest.mark.parametrize(
    ("name", "text"), [("Dockerfile", APP_DOCKERFILE), ("run.sh", APP_COMMAND)]
)
def test_boot_shows_the_score_script_below_the_app_root(
    name: str, text: str, run: Command, project: Path
) -> None:
    (project / name).write_text(text)
    [deployment] = json.loads(run("boot", "--output-format", "json", name).stdout)["deployments"]
    assert deployment["entry_script"] == "/app/score.py"
    assert deployment["container_path"] == "/app/requirements.txt"
    assert "score script  /app/score.py (src/score.py)\n" in run("boot", name).stdout


@pytest.mark.parametrize("how", ["--fix", "--diff"])
def test_a_fix_that_is_not_applied_is_told(how: str, run: Command, project: Path) -> None:
    other = 'other = InferenceConfig("score.py", source_directory=".", environment=env)\n'
    (project / "deploy.py").write_text(DEPLOY + other)
    (project / "score.py").write_text("")
    done = run("check", how, "--output-format", "concise")
    assert done.status == 1
    assert (
        "aml-preflight: deploy.py:5:64 AML201 was not fixed: "
        "a container that finds its packages today would exit with code 99\n" in done.stderr
    )
    assert "--fix" not in done.text
    assert (project / "deploy.py").read_text() == DEPLOY + other


def test_fix_mends_and_keeps_the_mode(run: Command, project: Path) -> None:
    os.chmod(project / "deploy.py", 0o750)
    done = run("check", "--fix")
    assert done.status == 0
    assert (project / "deploy.py").read_text() == MENDED
    assert stat.S_IMODE((project / "deploy.py").stat().st_mode) == 0o750
    assert "Fixed deploy.py" in done.stderr
    again = run("check", "--fix")
    assert again.status == 0
    assert "Fixed" not in again.stderr
    assert [path.name for path in project.iterdir() if "aml-preflight" in path.name] == []


def test_diff_of_a_file_of_which_nothing_stays(run: Command, tmp_path: Path) -> None:
    comment = "# aml-preflight: ignore[AML301]\n"
    (tmp_path / "more-requirements.txt").write_text(comment)
    done = run("check", "--diff", "more-requirements.txt")
    names = "--- a/more-requirements.txt\n+++ b/more-requirements.txt\n"
    assert done.stdout == f"{names}@@ -1 +0,0 @@\n-{comment}"


def test_diff_writes_nothing(run: Command, project: Path) -> None:
    done = run("check", "--diff")
    assert done.status == 1
    assert '+env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requ' in done.stdout
    assert (project / "deploy.py").read_text() == DEPLOY


def test_a_link_out_of_the_project_is_not_written(run: Command, project: Path) -> None:
    outside = project.parent / f"{project.name}-outside.py"
    outside.write_text(DEPLOY)
    (project / "deploy.py").unlink()
    (project / "deploy.py").symlink_to(outside)
    done = run("check", "--fix", "deploy.py")
    assert done.status == 2
    assert "leads out of the project" in done.stderr
    assert outside.read_text() == DEPLOY


def test_standard_input_stands_for_a_file(run: Command, project: Path) -> None:
    (project / "deploy.py").unlink()
    done = run("check", "--stdin-filename", "deploy.py", "-", stdin=DEPLOY.encode())
    assert done.status == 1
    assert "deploy.py:5:64" in done.stdout
    mended = run("check", "--fix", "--stdin-filename", "deploy.py", "-", stdin=DEPLOY.encode())
    assert mended.stdout == MENDED
    assert not (project / "deploy.py").exists()


def test_standard_input_can_be_a_requirements_file(run: Command, project: Path) -> None:
    (project / "deploy.py").write_text(MENDED)
    done = run("check", "--stdin-filename", "src/requirements.txt", "-", stdin=b"scipy\n")
    assert done.status == 1
    assert "AML301" in done.stdout
    assert "deploy.py:5" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "--select", "AML20l"], "did you mean AML20"),
        (["check", "--ignore", "unpined-requirement"], "did you mean AML301"),
        (["check", "-"], "--stdin-filename"),
        (["check", "--stdin-filename", "x.py"], "goes with the path -"),
        (["check", "--unsafe-fixes"], "goes with --fix or --diff"),
        (["boot", "-"], "not standard input"),
        (["rule", "AML999"], "there is no rule"),
    ],
)
def test_wrong_usage_says_what_is_right(run: Command, arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_select_and_ignore_take_codes_beginnings_and_names(run: Command) -> None:
    assert run("check", "--select", "AML2").status == 1
    assert run("check", "--select", "AML1,AML3,").status == 0
    assert run("check", "--ignore", "path-repeats-source-directory").status == 0


def test_the_nearest_settings_count_and_the_command_line_comes_first(
    run: Command, project: Path
) -> None:
    (project / "pyproject.toml").write_text('[tool.aml-preflight]\nignore = ["AML201"]\n')
    assert run("check").status == 0
    assert run("check", "--ignore", "AML3").status == 1
    (project / "aml-preflight.toml").write_text('fail-on = "error"\n')
    assert run("check").status == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[tool.aml-preflight]\nselct = ["AML2"]\n', "did you mean 'select'"),
        ('[tool.aml-preflight]\nselect = ["AML20l"]\n', "did you mean AML20"),
        ('[tool.aml-preflight]\nselect = "AML2"\n', "is a list of rules"),
        ('[tool.aml-preflight]\nfail-on = "never"\n', "fail-on is"),
        ("[tool.aml-preflight\n", "not valid TOML"),
        ('[tool."aml-preflight"]\nselct = ["AML2"]\n', "did you mean 'select'"),
        ('[tool]\naml-preflight = {selct = ["AML2"]}\n', "did you mean 'select'"),
        ("[tool]\naml-preflight = 1\n", "is not a table"),
    ],
)
def test_wrong_settings_end_with_status_2(
    run: Command, project: Path, text: str, says: str
) -> None:
    (project / "pyproject.toml").write_text(text)
    (project / "src" / "requirements.txt").write_text("scipy=\n")
    done = run("check")
    assert done.status == 2
    assert says in done.stderr
    assert "pyproject.toml" in done.stderr
    assert run("boot").status == 0  # it has no settings


@pytest.mark.parametrize("text", ["tool = 1 # aml-preflight\n", '[tool]\nname = "aml-preflight"\n'])
def test_settings_of_others_are_none(run: Command, project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(text)
    assert run("check").status == 1


def test_undetermined_values_are_counted_and_listed(run: Command, project: Path) -> None:
    (project / "deploy.py").write_text(DEPLOY.replace('"src/requirements.txt"', "input()"))
    done = run("check")
    assert done.status == 0
    assert "1 value could not be determined" in done.stderr
    listed = run("check", "--show-undetermined")
    assert "deploy.py:5:64" in listed.stderr


def test_colour_only_where_it_is_wanted(run: Command) -> None:
    assert "\x1b[" not in run("check").stdout
    assert "\x1b[" in run("check", FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("check", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_suppressed_findings_are_counted(run: Command, project: Path) -> None:
    text = DEPLOY.replace('.txt"}', '.txt"}  # aml-preflight: ignore[AML201] -- a test')
    (project / "deploy.py").write_text(text)
    done = run("check")
    assert done.status == 0
    assert "1 finding was suppressed" in done.stderr


def test_rule_prints_its_page(run: Command) -> None:
    done = run("rule", "path-repeats-source-directory")
    assert done.status == 0
    assert done.stdout.startswith("# AML201: path-repeats-source-directory")
    assert "## Use instead" in done.stdout
    assert run("rule", "--all").stdout.count("## Source") == len(run("rule").stdout.splitlines())


def test_no_command_is_wrong_usage(run: Command) -> None:
    done = run()
    assert done.status == 2
    assert "check" in done.stderr


def test_the_readers_end_is_no_error(project: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m aml_preflight check deploy.py | head -1",
        shell=True,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(HOOKS)},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "deploy.py"),
        ("check", "--diff", "."),
        ("check", "--fix", "-", "--stdin-filename", "deploy.py"),
        ("boot", "."),
        ("rule", "--all"),
    ],
)
def test_a_full_disk_behind_the_output_is_told(arguments: tuple[str, ...], project: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = running.run(project, *arguments, stdin=DEPLOY.encode(), stdout=full)
    said = "aml-preflight: the output cannot be written: no space left on device\n"
    assert (done.status, done.stderr) == (2, said)


def test_a_mistake_of_its_own_is_said_without_a_traceback(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom aml_preflight import __main__, discovery\n"
        "def failing(*_, **__): raise KeyError('a\\x1bb')\n"
        "discovery.scan = failing\nsys.argv = ['aml-preflight', 'check', '.']\n"
        "raise SystemExit(__main__.main())"
    )
    environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
    for more, says in (
        ({}, "internal error: KeyError"),
        ({"AML_PREFLIGHT_TRACEBACK": "1"}, "Trace"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert says in done.stderr
        assert ("Traceback" in done.stderr) is bool(more)
        assert more or (done.returncode == 2 and "\x1b" not in done.stderr)
