"""Which files are looked at, which of them are read further, and where else it is looked."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from aml_preflight import forms, git, walking
from aml_preflight.contents import Reader
from aml_preflight.discovery import Scan, scan
from aml_preflight.forms import form_of, may_deploy
from aml_preflight.parts import may_be_part
from deployment_text import IMAGE

NAME = "AZUREML_EXTRA_REQUIREMENTS_TXT"
DEPLOY = f"""\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment("e")
env.environment_variables = {{"{NAME}": "requirements.txt"}}
config = InferenceConfig("score.py", source_directory="service", environment=env)  # see settings
"""
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
YAML = f"""\
name: blue
endpoint_name: e
code_configuration: {{code: service, scoring_script: score.py}}
environment_variables:  # as in settings.py
  {NAME}: requirements.txt
"""
CONDA = "channels: [conda-forge]\ndependencies:\n- python=3.10\n"
REQUIREMENTS = "scipy==1.2.3\n"


# ---- words -------------------------------------------------------------------------------------

OURS: list[tuple[str, str]] = [
    ("a.py", DEPLOY),
    ("a.py", "import azureml\nx.environment_variables['A'] = 'b'\n"),
    ("a.py", "from azure.ai.ml.entities import ManagedOnlineDeployment\n"),
    ("a.py", "z" * 300 + "azure" + "z" * 300 + "InferenceConfig"),
    ("a.yml", YAML),
    ("a.yaml", "code_configuration:\n  code: src\n"),
    ("a.yaml", "$schema: https://x/managedOnlineDeployment.schema.json\nname: blue\n"),
    ("a.yaml", "$schema: https://x/onlineDeployment.schema.json\nname: blue\n"),
    ("a.yaml", "image: i\nenvironment_variables: {azureml_extra_requirements_txt: r.txt}\n"),
    ("a.yaml", "command: python train.py\nenvironment_variables: {A: b}\n"),
    ("a.yaml", "dependencies: [a]  # aml-preflight: ignore[AML504]\n"),
    ("a.yaml", "entryScript: score.py\n"),
    ("a.json", '{"entryScript": "score.py", "sourceDirectory": "src"}'),
    ("a.json", '{"environmentVariables": {"WORKER_COUNT": 1}, "docker": {"baseImage": "i"}}'),
    ("azureml_environment.json", '{"environmentVariables": {}, "python": {}}'),
    ("a.json", '{"environmentVariables": {"azureml_extra_requirements_txt": "r.txt"}}'),
    ("a.yml", "environmentVariables: {AML_EXTRA_X: y}\ninferencingStackVersion: latest\n"),
    ("a.md", '```json\n{"environmentVariables": {"AZUREML-EXTRA-X": "y"}}\n```\n'),
    ("a.json", '{"endpoint_name": "e", "environment_variables": {}}'),
    ("Dockerfile", f"FROM {IMAGE}\nENV WORKER_COUNT=2\n"),
    ("Dockerfile", "FROM private\nENV AML_EXTRA_REQUIREMENTS_TXT=r.txt\n"),
    ("Dockerfile", "FROM private\nENV AZUREML_ENTRY_SCRIPT=score.py\n"),
    ("docker/Dockerfile.gpu", "FROM private\nENV AML_APP_ROOT=/x\n"),
    ("a.sh", "az ml online-deployment create -f d.yml --set environment_variables.A=b\n"),
    ("a.sh", "az ml online-deployment create -f d.yml --set code_configuration.code=src\n"),
    ("a.sh", f"docker run -e WORKER_COUNT=2 {IMAGE}\n"),
    ("a.sh", "docker run -e AZURE_ML_EXTRA_REQUIREMENTS_TXT=r.txt private\n"),
    ("a.ps1", "$env:azureml_extra_requirements_txt = 'r.txt'\n"),
    (".env", "AZUREML_EXTRA_REQUIRMENTS_TXT=r.txt\n"),
    ("prod.env", "AZUREML_REQUIREMENTS_TXT=r.txt\n"),
    ("a.md", "Set `AML_EXTRA_PYTHON_LIB_PATH`.\n"),
    ("a.md", f"```dockerfile\nFROM {IMAGE}\nENV WORKER_COUNT=2\n```\n"),
    ("a.md", "```yaml\ncode_configuration:\n  code: src\n```\n"),
    ("a.md", "<!-- aml-preflight: ignore-file[AML101] -->\n"),
    ("a.ipynb", '"source": ["%env AZUREML_EXTRA_REQUIRMENTS_TXT=r.txt"]'),
    ("a.ipynb", '"source": ["!docker run -e AML_REQUIREMENTS_TXT=r.txt $image"]'),
    ("a.ipynb", '"source": ["!docker run -e WORKER_COUNT=2 mcr.microsoft.com/azureml/x"]'),
    ("a.ipynb", '"source": ["%%writefile Dockerfile\\n", "FROM mcr.microsoft.com/azureml/x"]'),
    ("a.ipynb", '"source": ["%%writefile d.yml\\n", "endpoint_name: e\\n", "!az ml x"]'),
    ("a.ipynb", '"source": ["from azureml.core.model import InferenceConfig"]'),
]
NOT_OURS: list[tuple[str, str]] = [
    ("a.py", "import json\n"),
    ("a.py", "import azure.storage\n"),
    ("a.py", "environment_variables = {}\n"),
    ("a.py", SCORE),
    ("a.yaml", "services:\n  web:\n    environment:\n      A: b\n"),
    ("a.yaml", CONDA),
    ("a.yaml", "repos:\n- repo: r\n  hooks:\n  - id: aml-preflight\n"),
    ("a.yml", "on: push\njobs:\n  test:\n    env: {EXTRA: 1}\n"),
    ("package.json", '{"dependencies": {"left-pad": "1"}}'),
    ("launchSettings.json", '{"profiles": {"environmentVariables": {"A": "b"}}}'),
    ("Dockerfile", "FROM python:3.12\nENV LANG=C\nRUN pip install azureml-core\n"),
    ("Dockerfile", "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04\nENV LANG=C\n"),
    ("a.sh", "pip install --extra-index-url https://x azure-ai-ml\naz ml job create -f j.yml\n"),
    (".env", "DEBUG=1\nAZUREML_MODEL_DIR=/x\n"),
    ("a.md", "# Azure ML\n\nUse the azureml package.\n"),
    ("a.ipynb", '"source": ["import pandas", "environment = 1"]'),
]


@pytest.mark.parametrize(("name", "text"), OURS, ids=repr)
def test_what_can_hold_something_for_us_is_read(name: str, text: str) -> None:
    form = form_of(name)
    assert form is not None
    assert may_deploy(form, text.encode())


@pytest.mark.parametrize(("name", "text"), NOT_OURS, ids=repr)
def test_what_others_write_is_left(name: str, text: str) -> None:
    form = form_of(name)
    assert form is not None
    assert not may_deploy(form, text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.yml", "a.json", "a.ps1", ".env", "a.md"])
def test_other_encodings_hide_no_word(name: str, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    text = f"environment_variables: {{{NAME}: r.txt}}\n"
    form = form_of(name)
    assert form is not None
    assert may_deploy(form, mark + text.encode(encoding))


# ---- looking around ----------------------------------------------------------------------------

PROJECT = {
    "deploy.py": DEPLOY,
    "blue.yml": YAML,
    "service/score.py": SCORE,
    "service/requirements.txt": REQUIREMENTS,
    "service/.amlignore": "*.csv\n",
    "service/helpers.py": "import json\n",
    "service/site-packages/six.py": "PY3 = True\n",
    "conda/environment.yml": CONDA,
    "settings.py": f'VARIABLES = {{"{NAME}": "requirements.txt"}}\n',
    "prod.env": "A=b\n",
    "tool.py": "print()\n",
    "compose.yml": "services: {}\n",
    "README.md": "# Words\n",
    "package.json": "{}\n",
}
DEPLOYING = {"deploy.py", "blue.yml"}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _git(folder: Path, *arguments: str) -> None:
    # Not what a hook, in which the tests may run, tells git.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "-c",
        "protocol.file.allow=always",
    )
    subprocess.run(
        ["git", *settings, *arguments], cwd=folder, env=plain, check=True, capture_output=True
    )


def _repository(folder: Path, files: Mapping[str, str]) -> None:
    _write(folder, files)
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all", "--force")


def _names(folder: Path, paths: Iterable[str]) -> set[str]:
    return {os.path.relpath(path, folder).replace(os.sep, "/") for path in paths}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    root = tmp_path / "project"
    _repository(root, PROJECT)
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "service/score.py", "service/requirements.txt", "service/.amlignore", "settings.py",
        "service/site-packages/six.py", "conda/environment.yml", "prod.env", "service",
    ],
)  # fmt: skip
def test_the_deployment_of_a_part_is_found(name: str, changed: bool, project: Path) -> None:
    found = scan([name], changed=changed)
    assert _names(project, found.context) == DEPLOYING
    assert not found.hits
    assert not found.is_empty


@pytest.mark.parametrize(
    "name", ["service/helpers.py", "tool.py", "compose.yml", "README.md", "package.json"]
)
def test_for_other_files_nobody_looks_around(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "walk", None)
    assert scan([str(project / name)], changed=True).is_empty


def test_every_split_sees_the_same_deployments(project: Path) -> None:
    whole = scan(["."], changed=False)
    assert _names(project, whole.hits) == DEPLOYING
    assert not whole.context
    for names in (["deploy.py", "prod.env"], ["service", "conda"], ["service/score.py", "tool.py"]):
        found = scan(names, changed=True)
        assert _names(project, [*found.hits, *found.context]) == DEPLOYING
        assert _names(project, found.hits) == DEPLOYING & set(names)


# What a file offers to others, and what it does not.
OFFERING = [
    ("a.py", ""),
    ("a.py", "\n\n"),
    ("a.py", SCORE),
    ("a.py", "from serving import init, run\n"),
    ("a.py", "from serving import (\n    init,\n    run,\n)\n\n\ndef other():\n    pass\n"),
    (
        "a.py",
        "try:\n    from fast import *\nexcept ImportError:\n    pass\n\n\nclass A:\n    pass\n",
    ),
    ("a.py", "from .envs import env\n"),
    ("a.py", "import envs\n"),
    ("a.py", "PATH = 'src/x.lock'\n\n\ndef f(): ...\n"),
    ("a.py", "path: str = 'src'\n\n\ndef f(): ...\n"),
    ("a.py", "import os\nNAME='AZUREML_X'\n"),
    ("a.py", "class Settings:\n    CODE = 'src'\n"),
    ("a.py", "VALUES = {\n    'A': 1,\n}\n\n\ndef f(): ...\n"),
    ("a.py", "CODE = Path(__file__).parent\n\n\ndef f(): ...\n"),
    ("a.py", "def f():\n    return 'src/requirements.txt'\n"),
    ("a.yml", "name: e\nbuild:\n  path: docker\n"),
    ("a.yml", "image: i\n"),
    ("a.yml", CONDA),
    ("a.json", '{"docker": {"baseImage": "i"}}'),
    (".env", "A=b\n"),
]
OFFERING_NOTHING = [
    ("a.py", "import json\n\nprint(json.dumps({'a': 1}))\n"),
    ("a.py", "from numpy import zeros\n\n\ndef f():\n    return zeros(3)\n"),
    ("a.py", "from tkinter import *\n"),
    ("a.py", "def f(name='src'):\n    other = 'src'\n    return other == name\n"),
    ("a.py", "LIMIT = 3\nFIELDS = '__fields__'\nTEXT = 'what it says'\n"),
    ("a.py", "if name == 'x':\n    print('=', name)\n"),
    ("a.yml", "services: {}\n"),
    ("a.json", "{}"),
    ("a.sh", "pip install x\n"),
]


@pytest.mark.parametrize(("name", "text"), OFFERING, ids=repr)
def test_what_may_be_a_part_of_something(name: str, text: str) -> None:
    form = form_of(name)
    assert form is not None
    assert may_be_part(form, text.encode())


@pytest.mark.parametrize(("name", "text"), OFFERING_NOTHING, ids=repr)
def test_what_can_be_a_part_of_nothing(name: str, text: str) -> None:
    form = form_of(name)
    assert form is not None
    assert not may_be_part(form, text.encode())


def test_what_pip_installed_is_a_part_whatever_it_is(project: Path) -> None:
    _write(
        project, {"libs/six-1.16.0.dist-info/METADATA": "Name: six\n", "libs/six.py": "print()\n"}
    )
    _write(project, {"libs/deep/inside.py": "print()\n", "other/inside.py": "print()\n"})
    for name in ("six.py", "deep/inside.py", "six-1.16.0.dist-info/METADATA"):
        found = scan([f"libs/{name}"], changed=True)
        assert _names(project, found.context) == DEPLOYING, name
    assert scan(["other/inside.py"], changed=True).is_empty


def test_a_module_is_a_part_of_what_brings_it_in_and_of_nothing_else(project: Path) -> None:
    _write(
        project,
        {
            "places/__init__.py": "from .paths import *\n",
            "places/paths.py": "CODE = 'src'\n",
            "places/models.py": "MODEL = 'iris'\n",
            "facade.py": "from places import CODE\n",
            "user.py": f"from facade import CODE\n{DEPLOY}",
        },
    )
    for name in ("places/paths.py", "places/__init__.py", "facade.py"):
        assert _names(project, scan([name], changed=True).context) == {"user.py"}, name
    assert scan(["places/models.py"], changed=True).is_empty


def test_score_scripts_of_one_name_differ_in_their_folders(project: Path) -> None:
    for name in ("one", "two"):
        _write(project, {f"{name}/upload/score.py": SCORE, f"{name}/upload/sub/score.py": SCORE})
        _write(project, {f"{name}/d.yml": YAML.replace("service", "upload")})
        _write(project, {f"{name}/upload/ops/d.yml": YAML.replace("service", "..")})
    (project / "deploy.py").unlink()
    (project / "blue.yml").unlink()
    found = scan(["one/upload/score.py"], changed=True)
    assert _names(project, found.context) == {"one/d.yml", "two/d.yml", "one/upload/ops/d.yml"}
    assert scan(["one/upload/sub/score.py"], changed=True).is_empty


def test_a_file_that_nobody_mentions_is_no_part(project: Path) -> None:
    _write(project, {"service/other.py": SCORE, "user.py": f"import deploy\n{DEPLOY}"})
    assert scan(["service/other.py"], changed=True).is_empty
    assert _names(project, scan(["deploy.py"], changed=True).context) == {"user.py"}
    assert not scan(["blue.yml"], changed=True).context


def test_a_project_without_deployments_has_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _repository(tmp_path, {name: text for name, text in PROJECT.items() if name not in DEPLOYING})
    monkeypatch.chdir(tmp_path)
    assert scan(["service/score.py", "conda/environment.yml"], changed=True).is_empty
    assert scan(["service/requirements.txt"], changed=True).is_empty
    assert not scan(["service/requirements.txt"], changed=False).is_empty


def test_a_project_is_walked_once_and_each_file_is_read_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked: list[str] = []
    opened: list[str] = []
    walk, opening = walking.walk, os.open

    def noted_walk(folder: str) -> list[str]:
        walked.append(folder)
        return walk(folder)

    def open_(path: str, *arguments: int, **more: int) -> int:
        opened.append(path)
        return opening(path, *arguments, **more)

    monkeypatch.setattr(walking, "walk", noted_walk)
    monkeypatch.setattr(os, "open", open_)
    for names in (
        ["service/score.py", "service/requirements.txt", "conda/environment.yml", "blue.yml"],
        ["service", "conda", "blue.yml", "deploy.py"],
        [".", "service/score.py", "service"],
    ):
        walked.clear()
        opened.clear()
        scan(names, changed=False)
        assert walked.count(str(project)) == 1
        assert len(walked) == len(set(walked))
        files = [path for path in opened if path.startswith(str(project))]
        assert len(files) == len(set(files)), names


def test_outside_a_repository_the_current_folder_is_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, PROJECT)
    monkeypatch.chdir(tmp_path)
    found = scan(["service/score.py"], changed=True)
    assert _names(tmp_path, found.context) == DEPLOYING
    monkeypatch.chdir(tmp_path / "conda")
    assert scan([str(tmp_path / "service/score.py")], changed=True).is_empty


def test_what_stands_for_a_file_is_taken_for_it(project: Path) -> None:
    path = str(project / "deploy.py")
    assert not scan([path], changed=False, overlay={path: b"print()\n"}).hits
    missing = str(project / "score.py")
    found = scan([missing], changed=False, overlay={missing: SCORE.encode()})
    assert _names(project, found.context) == DEPLOYING
    odd = str(project / "service/what-we-need")
    found = scan([odd], changed=True, overlay={odd: REQUIREMENTS.encode()})
    assert found.requirements == [odd]
    assert _names(project, found.context) == DEPLOYING


# ---- what git shows ----------------------------------------------------------------------------


def _hits(folder: Path, found: Scan) -> set[str]:
    return _names(folder, found.hits)


def test_ignored_files_are_left_and_new_ones_are_not(project: Path) -> None:
    _write(project, {".gitignore": "/out/\n*.tmp.py\n", "out/deploy.py": DEPLOY})
    _write(project, {"a.tmp.py": DEPLOY, "new/deploy.py": DEPLOY})
    assert _hits(project, scan(["."], changed=False)) == {*DEPLOYING, "new/deploy.py"}
    assert _hits(project, scan(["a.tmp.py"], changed=False)) == {"a.tmp.py"}


def test_a_file_that_is_gone_from_the_disk_does_no_harm(project: Path) -> None:
    (project / "deploy.py").unlink()
    found = scan(["."], changed=False)
    assert _hits(project, found) == {"blue.yml"}
    assert not found.unreadable


def test_names_of_all_kinds(project: Path) -> None:
    names = ["two\nlines.py", " blank.py", "größe.py", ":(glob)*.py", "-x.py", "a\tb.py", '"q".py']
    _write(project, {f"odd/{name}": DEPLOY for name in names})
    raw = os.fsencode(project) + b"/odd/\xff.py"
    try:
        with open(raw, "wb") as file:
            file.write(DEPLOY.encode())
    except OSError:  # a file system that takes text only
        raw = b""
    wanted = {f"odd/{name}" for name in names} | ({"odd/\udcff.py"} if raw else set())
    assert _hits(project, scan(["odd"], changed=False)) == wanted
    _git(project, "add", "--all")
    assert _hits(project, scan(["odd"], changed=False)) == wanted
    folder = project / ":(top)[a]*"
    _write(folder, {"deploy.py": DEPLOY})
    assert _hits(folder, scan([str(folder)], changed=False)) == {"deploy.py"}


def test_a_submodule_is_a_project_of_its_own(project: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    _repository(library, {"deploy.py": DEPLOY, "score.py": SCORE, ".gitignore": "gone.py\n"})
    _git(library, "commit", "--quiet", "--message", "m")
    _git(project, "submodule", "--quiet", "add", str(library), "vendor.py")
    _write(project, {"vendor.py/gone.py": DEPLOY, "vendor.py/new.py": DEPLOY})
    assert _hits(project, scan(["."], changed=False)) == DEPLOYING
    ours = {"vendor.py/deploy.py", "vendor.py/new.py"}
    assert _hits(project, scan(["vendor.py"], changed=False)) == ours
    found = scan(["vendor.py/score.py"], changed=True)
    assert _names(project, found.context) == ours


def test_a_worktree_is_a_project_of_its_own(project: Path, tmp_path: Path) -> None:
    _git(project, "commit", "--quiet", "--message", "m")
    tree = tmp_path / "tree"
    _git(project, "worktree", "add", "--quiet", "-b", "topic", str(tree))
    _write(tree, {"new.py": DEPLOY})
    assert _hits(tree, scan([str(tree)], changed=False)) == {*DEPLOYING, "new.py"}
    found = scan([str(tree / "service/score.py")], changed=True)
    assert _names(tree, found.context) == {*DEPLOYING, "new.py"}


def test_in_a_hook_the_index_of_the_commit_is_for_its_repository_only(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    _repository(other, {"deploy.py": DEPLOY, ".gitignore": "*.yml\n"})
    _write(other, {"blue.yml": YAML})
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", str(project / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "service/")
    assert _hits(project, scan(["."], changed=False)) == DEPLOYING
    assert _hits(other, scan([str(other)], changed=False)) == {"deploy.py"}


def test_links_to_folders_are_followed_only_where_they_are_named(
    project: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    _repository(outside, {"inner/deploy.py": DEPLOY, ".gitignore": "left.py\n"})
    _write(outside, {"inner/left.py": DEPLOY})
    (project / "link").symlink_to(outside / "inner")
    (project / "round").symlink_to(project)
    assert _hits(project, scan(["."], changed=False)) == DEPLOYING
    assert _hits(project, scan(["link"], changed=False)) == {"link/deploy.py"}
    assert _hits(project, scan(["round/service", "round/deploy.py"], changed=False)) == {
        "round/deploy.py"
    }


def test_a_link_to_a_file_of_the_project_is_that_file(project: Path, tmp_path: Path) -> None:
    (project / "link.yml").symlink_to("blue.yml")
    (project / "service/link.yml").symlink_to("../blue.yml")
    (tmp_path / "outside.yml").write_text(YAML)
    (project / "out.yml").symlink_to(tmp_path / "outside.yml")
    assert _hits(project, scan(["."], changed=False)) == {*DEPLOYING, "out.yml"}
    found = scan(["service/score.py"], changed=True)
    assert _names(project, found.context) == {*DEPLOYING, "out.yml"}
    for names in (["link.yml"], ["link.yml", "blue.yml"], ["blue.yml", "service/link.yml"]):
        found = scan(names, changed=True)
        assert _hits(project, found) == {"blue.yml"}
        assert "blue.yml" in _names(project, found.named)
    alias = tmp_path / "alias"
    alias.symlink_to(project)
    found = scan([str(alias / "link.yml")], changed=True)
    assert _hits(alias, found) == {"blue.yml"}


def test_a_project_behind_a_link_is_the_same_project(project: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to(project)
    assert _hits(alias, scan([str(alias)], changed=False)) == DEPLOYING
    found = scan([str(alias / "service/score.py")], changed=True)
    assert _names(alias, found.context) == DEPLOYING


def test_without_git_the_folders_are_walked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project / "nothing"))
    assert git.run(str(project), "ls-files") is None
    _write(project, {"node_modules/a/deploy.py": DEPLOY, ".hidden/deploy.py": DEPLOY})
    assert _hits(project, scan(["."], changed=False)) == DEPLOYING


def test_a_repository_that_git_refuses_is_walked(project: Path) -> None:
    (project / ".git/HEAD").unlink()
    assert git.run(str(project), "ls-files") is None
    assert _hits(project, scan(["."], changed=False)) == DEPLOYING


def test_what_may_not_be_read_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = os.open

    def refused(path: str, *arguments: int, **more: int) -> int:
        if path.endswith(("deploy.py", "tool.py")):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opening(path, *arguments, **more)

    everything = scan(["."], changed=False)
    monkeypatch.setattr(os, "open", refused)
    for names in (["."], ["deploy.py", "tool.py"]):
        found = scan(names, changed=False)
        assert _names(project, found.unreadable) == {"deploy.py", "tool.py"}
        assert set(found.unreadable.values()) == {"permission denied"}
    assert scan(["."], changed=False).files == everything.files - 2


def test_what_is_gone_is_not_counted(project: Path) -> None:
    before = scan(["."], changed=False).files
    (project / "tool.py").unlink()
    found = scan(["."], changed=False)
    assert (found.files, found.unreadable) == (before - 1, {})


def test_git_writes_as_much_as_it_likes(tmp_path: Path) -> None:
    names = {f"folder_{number:05}/a_rather_long_name_of_a_file.txt": "" for number in range(2_000)}
    _repository(tmp_path, names)
    assert len(git.files(str(tmp_path), str(tmp_path)) or ()) == len(names)


def test_starting_git_leaves_no_open_file(project: Path) -> None:
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    if not os.path.isdir(folder):
        pytest.skip("nothing lists the open files")
    before = len(os.listdir(folder))
    for _ in range(5):
        git.run(str(project), "ls-files")
        git.run(str(project), "no-such-command")
    assert len(os.listdir(folder)) == before


# ---- reading -----------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_read(project: Path) -> None:
    pipe = project / "pipe.py"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(pipe, os.O_WRONLY)
    try:
        os.write(writer, DEPLOY.encode())
        assert _hits(project, scan(["."], changed=False)) == DEPLOYING
        found = scan(["pipe.py"], changed=False)
        assert list(found.unreadable.values()) == ["it is not a regular file"]
        assert os.read(reader, 10_000) == DEPLOY.encode()
    finally:
        os.close(writer)
        os.close(reader)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_files_of_every_length_are_read_whole(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    data = DEPLOY.encode() + b"#" * (size * 1024 - len(DEPLOY)) if size else b""
    for more in (-1, 0, 1):
        body = data + b"#" if more > 0 else data[: len(data) + more] if more else data
        path.write_bytes(body)
        for keep in (True, False):
            data, hit = Reader().read(str(path), forms.PYTHON, keep=keep)
            assert (data, hit) == (body if keep or size else b"", size > 0)


def test_what_is_left_of_a_longer_file_is_not_taken_for_a_shorter_one(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(f"{DEPLOY}# import azure")
    (tmp_path / "short.py").write_text("x = 'z'")
    reader = Reader()
    for keep in (True, False):
        assert reader.read(str(tmp_path / "long.py"), forms.PYTHON, keep=True)[1]
        data, hit = reader.read(str(tmp_path / "short.py"), forms.PYTHON, keep=keep)
        assert (data, hit) == (b"x = 'z'" if keep else b"", False)
