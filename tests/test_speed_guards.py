"""What keeps the command fast, counted and not timed: modules, opened files, parsed files."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import libcst
import pytest
from aml_preflight import contents, discovery, forms
from cases import ALL, Case, git
from checking import check, short

SOURCE_ROOT = Path(__file__).parent.parent / "hooks"
NOTHING = "import json\n\nprint(json.dumps({'a': 1}))\n"
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
DEPLOY = """\
import logging
from azureml.core import Environment, Workspace
from azureml.core.model import InferenceConfig, Model

log = logging.getLogger("deploy")


def tell(service):
    log.info("%s is %s", service.name, service.state)


workspace = Workspace.from_config()
environment = Environment("service")
environment.docker.base_image = (
    "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest"
)
environment.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(
    source_directory="src", entry_script="score.py", environment=environment
)
service = Model.deploy(workspace, "service", [], config)
tell(service)
"""
REQUIREMENTS = "joblib==1.4.2\nnumpy==1.24.4\n"

# A run in an interpreter of its own. What it loaded and opened stands in the last line of stderr.
RUN = """\
import sys
opened = []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(arguments[0])
sys.addaudithook(hook)
sys.path.insert(0, {source_root!r})
sys.argv = ["aml-preflight", *{arguments!r}]
from aml_preflight.__main__ import main
try:
    status = main()
except SystemExit as error:
    status = error.code
modules = sorted(sys.modules)
import json
opened = [path if isinstance(path, str) else path.decode() for path in opened]
sys.stderr.write("\\n" + json.dumps([status, modules, opened]))
"""

ENTRY = {
    *("__future__", "errno"),
    *("aml_preflight", "aml_preflight.__main__", "aml_preflight.discovery", "aml_preflight.forms"),
    "aml_preflight.contents",
    "aml_preflight.parts",
}
LOOKING_AROUND = {*ENTRY, "aml_preflight.git", "aml_preflight.walking"}
EXPENSIVE = {
    *("argparse", "ast", "dataclasses", "enum", "json", "pathlib", "re", "subprocess", "typing"),
    *("libcst", "packaging", "tomli", "yaml"),
}


class Run:
    """One run of the command: its status, the modules it loaded, how often it opened what."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        code = RUN.format(source_root=str(SOURCE_ROOT), arguments=list(arguments))
        done = _python(folder, code)
        assert done.returncode == 0, done.stderr
        status, modules, opened = json.loads(done.stderr.splitlines()[-1])
        self.output = done.stdout + done.stderr
        self.status: int = status
        self.modules: set[str] = set(modules)
        self.loaded = self.modules - _bare_modules(folder)
        self.opened = Counter(_relative(path, folder) for path in opened)


def _python(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    # -I: neither the folder nor PYTHON* variables decide what is imported.
    command = [sys.executable, "-I", "-B", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _bare_modules(folder: Path) -> set[str]:
    return set(_python(folder, "import sys; print(*sys.modules)").stdout.split())


def _relative(path: str, folder: Path) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _write(folder: Path, files: dict[str, str], *, tracked: bool = False) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    if tracked:
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")


def _project(*, requirements: bool) -> dict[str, str]:
    files = {"deploy.py": DEPLOY, "src/score.py": SCORE, "src/requirements.txt": REQUIREMENTS}
    if not requirements:
        files["deploy.py"] = DEPLOY.replace("AZUREML_EXTRA_REQUIREMENTS_TXT", "MODEL_CACHE")
        del files["src/requirements.txt"]
    return files


# ---- modules -----------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--changed",), ("--changed", "--fix")])
def test_a_file_with_nothing_for_us_loads_the_entry_only(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    _write(tmp_path, {"a.py": NOTHING, "b.py": NOTHING}, tracked=True)
    run = Run(tmp_path, "check", *options, "a.py", "b.py")
    assert run.status == 0
    assert run.loaded <= ENTRY


FORMS_WITH_NOTHING = {
    "compose.yml": "services: {}\n",
    "page.md": "# Words\n",
    "plot.ipynb": '{"cells": []}',
    "package.json": "{}",
    "Dockerfile": "FROM python:3.12\n",
    "run.sh": "pip install --upgrade pip\n",
}


def test_files_of_other_forms_with_nothing_for_us_load_the_entry_only(tmp_path: Path) -> None:
    _write(tmp_path, FORMS_WITH_NOTHING, tracked=True)
    run = Run(tmp_path, "check", "--changed", *FORMS_WITH_NOTHING)
    assert run.status == 0
    assert run.loaded <= ENTRY
    assert {name: run.opened[name] for name in FORMS_WITH_NOTHING} == dict.fromkeys(
        FORMS_WITH_NOTHING, 1
    )


def test_a_score_script_without_a_deployment_loads_no_parser(tmp_path: Path) -> None:
    files = {"score.py": SCORE, "conda.yml": "dependencies: [python]\n", "a.py": NOTHING}
    _write(tmp_path, files, tracked=True)
    run = Run(tmp_path, "check", "--changed", "score.py", "conda.yml")
    assert run.status == 0
    assert run.loaded <= LOOKING_AROUND
    assert {name: run.opened[name] for name in files} == dict.fromkeys(files, 1)


def test_a_module_that_no_deployment_brings_in_loads_no_parser(tmp_path: Path) -> None:
    files = {**_project(requirements=True), "config.py": 'MODEL = "iris"\n', "a.py": NOTHING}
    _write(tmp_path, files, tracked=True)
    run = Run(tmp_path, "check", "--changed", "config.py", "a.py")
    assert run.status == 0
    assert not run.loaded & {"ast", "libcst", "yaml", "aml_preflight.analysis"}
    assert run.opened["deploy.py"] == 1


def test_a_folder_with_nothing_for_us_loads_the_entry_only(tmp_path: Path) -> None:
    _write(tmp_path, {"a.py": NOTHING, "below/b.py": NOTHING})
    run = Run(tmp_path, "check", ".")
    assert run.status == 0
    assert run.loaded <= LOOKING_AROUND


def test_a_repository_with_nothing_for_us_loads_no_parser(tmp_path: Path) -> None:
    _write(tmp_path, {"a.py": NOTHING, "notes.txt": "words\n"}, tracked=True)
    for arguments in (("check", "."), ("check", "--changed", "a.py", "notes.txt")):
        run = Run(tmp_path, *arguments)
        assert run.status == 0
        assert run.loaded <= LOOKING_AROUND  # git is started without `subprocess`


def test_a_clean_deployment_loads_neither_matchers_nor_yaml(tmp_path: Path) -> None:
    _write(tmp_path, _project(requirements=True))
    run = Run(tmp_path, "check", "deploy.py")
    assert run.status == 0, run.output
    assert "libcst" in run.loaded
    assert not run.loaded & {"libcst.matchers", "libcst.codemod", "yaml", "difflib"}


def test_a_clean_deployment_without_requirements_loads_no_packaging(tmp_path: Path) -> None:
    _write(tmp_path, _project(requirements=False))
    run = Run(tmp_path, "check", "deploy.py")
    assert run.status == 0, run.output
    assert "packaging" not in run.loaded


# ---- opened files ------------------------------------------------------------------------------


def test_every_file_is_opened_once(tmp_path: Path) -> None:
    files = {
        **_project(requirements=True),
        "other.py": NOTHING,
        "below/other.py": NOTHING,
        "below/azure.py": "import azure\n",
        "below/data.csv": "azure,InferenceConfig\n",
    }
    _write(tmp_path, files)
    run = Run(tmp_path, "check", ".")
    assert run.status == 0, run.output
    expected = dict.fromkeys(files, 1)
    del expected["below/data.csv"]
    assert {path: run.opened[path] for path in files if run.opened[path]} == expected


def test_a_named_file_is_opened_once_however_often_it_is_named(tmp_path: Path) -> None:
    _write(tmp_path, {"deploy.py": DEPLOY, "src/score.py": SCORE})
    run = Run(tmp_path, "check", "deploy.py", "deploy.py", ".")
    assert run.opened["deploy.py"] == 1


# ---- parsed files ------------------------------------------------------------------------------


def test_what_is_parsed_is_what_holds_a_needle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = 3
    needles = []
    files = {f"part_{number}.py": f"{NOTHING}number = {number}\n" for number in range(40)}
    files["azure.py"] = "import azure\n"
    files["word.py"] = "environment_variables = {}\n"
    for number in range(projects):
        text = f"{DEPLOY}print({number})\n".replace('"src"', f'"p{number}/src"')
        files[f"p{number}/deploy.py"] = text
        files[f"p{number}/src/score.py"] = SCORE
        needles.append(text)
    _write(tmp_path, files)
    by_standard, by_libcst = _count_parsers(monkeypatch)
    check(tmp_path, [tmp_path])
    texts = [text for text in by_standard if len(text) > 200]
    assert sorted(texts) == sorted(needles)
    holders = [[each for each in needles if part in each] for part in by_libcst]
    assert all(holders)
    assert all(any(each in found for found in holders) for each in needles)


def test_nothing_is_parsed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, _project(requirements=True))
    by_standard, by_libcst = _count_parsers(monkeypatch)
    check(tmp_path, [tmp_path / "deploy.py"])
    assert Counter(by_standard)[DEPLOY] == 1
    assert sum(map(len, by_libcst)) <= len(DEPLOY)


def test_places_are_not_asked_for_where_nothing_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aml_preflight.python.source import Segment

    job = (
        "from azure.ai.ml import command\n"
        'job = command(command="a", environment_variables={"EPOCHS": "3"})\n'
    )
    files = {
        **_project(requirements=True),
        "train.py": job,
        "both.py": DEPLOY + job,
        "names.py": 'FOLDER = "src"\n',
        "with_module.py": DEPLOY.replace("import logging", "import logging, names").replace(
            '"src"', "names.FOLDER"
        ),
    }
    _write(tmp_path, files, tracked=True)
    asked: list[str] = []
    resolve = Segment._resolve

    def noted(self: Segment) -> Any:
        asked.append(self.document.path)
        return resolve(self)

    monkeypatch.setattr(Segment, "_resolve", noted)
    found = check(tmp_path, [tmp_path])
    assert len(found.deployments) == 3
    assert (found.findings, asked) == ((), [])


def _count_parsers(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Lists that fill with what the standard parser and libcst are given."""
    by_standard: list[str] = []
    by_libcst: list[str] = []
    standard, module = ast.parse, libcst.parse_module

    def parse(source: Any, *arguments: Any, **options: Any) -> Any:
        by_standard.append(_text(source))
        return standard(source, *arguments, **options)

    def parse_module(source: Any, *arguments: Any, **options: Any) -> Any:
        by_libcst.append(_text(source))
        return module(source, *arguments, **options)

    monkeypatch.setattr(ast, "parse", parse)
    monkeypatch.setattr(libcst, "parse_module", parse_module)
    return by_standard, by_libcst


def _text(source: str | bytes) -> str:
    return source.decode("utf-8") if isinstance(source, bytes) else source


# ---- the search for a few words ----------------------------------------------------------------


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_the_search_for_words_changes_no_finding(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = case.write(tmp_path)
    found = short(tmp_path, check(tmp_path, paths))
    for room in (contents, discovery):
        monkeypatch.setattr(room, "may_deploy", lambda *_: True)
    monkeypatch.setattr(contents, "is_ruled_out", lambda *_: False)
    assert short(tmp_path, check(tmp_path, paths)) == found


@pytest.mark.parametrize("size", [100, forms.MOST_BYTES - 10, forms.MOST_BYTES + 10])
@pytest.mark.parametrize("gap", [0, 1_000_000, 2_500_000])
def test_words_are_found_wherever_they_are(size: int, gap: int, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    start = b"#" * size + b"\nimport azure\n"
    rest = b"#" * gap + b"\nInferenceConfig()\n"
    for data, expected in ((start + rest, True), (rest + start, True), (start, False)):
        path.write_bytes(data)
        for keep in (True, False):
            _, hit = contents.Reader().read(str(path), forms.PYTHON, keep=keep)
            assert hit is expected
