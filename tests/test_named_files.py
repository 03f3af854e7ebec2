"""Whichever file is named, the same is said of it as when the whole project is checked."""

from __future__ import annotations

import os
import posixpath
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from aml_preflight.analysis import Result, analyse
from aml_preflight.config import Configuration
from aml_preflight.discovery import Scan, scan
from aml_preflight.workspace import Workspace
from cases import ALL, Case, git
from checking import TODAY
from deployment_text import IMAGE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
PINNED = "scipy==1.2.3\n"
ENVS = """\
from azureml.core import Environment

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
"""
DEPLOY = """\
from azureml.core.model import InferenceConfig
from envs import env

config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""
CONSTANTS = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
import settings

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": settings.REQUIREMENTS}
config = InferenceConfig(settings.SCRIPT, source_directory=settings.CODE, environment=env)
"""


def _yaml(code: str, *variables: str, environment: str = "azureml:scoring@latest") -> str:
    lines = "".join(f"  AZUREML_EXTRA_{each}\n" for each in variables)
    return (
        f"name: blue\nendpoint_name: scoring\nenvironment: {environment}\n"
        f"code_configuration:\n  code: {code}\n  scoring_script: score.py\n"
        f"environment_variables:\n{lines or '  A: b' + chr(10)}"
    )


REQUIREMENTS = "REQUIREMENTS_TXT: src/requirements.txt"
SERVICE = {"src/score.py": SCORE, "src/requirements.txt": PINNED}
PACKAGES = {
    "src/score.py": SCORE,
    "src/requirements.txt": PINNED,
    "src/packages/six.py": "PY3 = len('six') == 3\n\n\ndef u(text):\n    return text\n",
    "src/packages/six-1.16.0.dist-info/METADATA": "Name: six\n",
    "src/packages/six-1.16.0.dist-info/RECORD": "six.py,,\n",
}
BOTH = ("PYTHON_LIB_PATH: packages", "REQUIREMENTS_TXT: requirements.txt")

# Projects with the files that each of their findings has to be told of.
PROJECTS: dict[str, tuple[dict[str, str], dict[str, tuple[str, ...]]]] = {
    "a package passes an environment on": (
        {
            "ml/__init__.py": "",
            "ml/common/envs.py": ENVS,
            "ml/common/__init__.py": "from .envs import env\n",
            "ml/deploy.py": DEPLOY.replace("from envs", "from .common"),
            **SERVICE,
        },
        {
            "AML201": ("ml/common/envs.py", "ml/common/__init__.py", "ml/deploy.py", "src/score.py",
                       "src/requirements.txt"),
        },
    ),
    "a module passes an environment on": (
        {
            "envs.py": ENVS,
            "facade.py": "from envs import env\n",
            "deploy.py": DEPLOY.replace("from envs", "from facade"),
            **SERVICE,
        },
        {"AML201": ("envs.py", "facade.py", "deploy.py", "src/requirements.txt")},
    ),
    "a module of constants": (
        {
            "settings.py": 'REQUIREMENTS = "src/requirements.txt"\nCODE = "src"\n'
            "SCRIPT='score.py'\n",
            "deploy.py": CONSTANTS,
            **SERVICE,
        },
        {"AML201": ("settings.py", "src/score.py", "src/requirements.txt")},
    ),
    "constants that a class and a function give": (
        {
            "conf/values.py": "def script():\n    return 'score.py'\n\n\n"
            "class Code:\n    CODE = 'src'\n",
            "conf/settings.py": "from conf.values import *\nCODE = Code.CODE\nSCRIPT = script()\n"
            "REQUIREMENTS = f'{CODE}/requirements.txt'\n",
            "deploy.py": CONSTANTS.replace("import settings", "from conf import settings"),
            **SERVICE,
        },
        {"AML201": ("conf/values.py", "conf/settings.py", "src/score.py", "src/requirements.txt")},
    ),
    "the code lies above": (
        {"service/deploy/d.yml": _yaml("..", "REQUIREMENTS_TXT: service/requirements.txt"),
         "service/score.py": SCORE, "service/requirements.txt": PINNED},
        {"AML201": ("service/score.py", "service/requirements.txt", "service/deploy/d.yml")},
    ),
    "the code is found by the place of a module": (
        {
            "app/ops/settings.py": "from pathlib import Path\n"
            "CODE = Path(__file__).parent.parent\nSCRIPT = 'score.py'\n"
            "REQUIREMENTS = 'app/requirements.txt'\n",
            "app/ops/deploy.py": CONSTANTS,
            "app/score.py": SCORE,
            "app/requirements.txt": PINNED,
        },
        {"AML201": ("app/score.py", "app/ops/settings.py", "app/requirements.txt")},
    ),
    "a score script that others define": (
        {"d.yml": _yaml("src", REQUIREMENTS), "src/serving.py": SCORE,
         "src/score.py": "from serving import init, run\n", "src/requirements.txt": PINNED},
        {"AML201": ("src/score.py", "src/requirements.txt")},
    ),
    "a command over a file": (
        {
            "deploy.sh": "az ml online-deployment create -f d.yml"
            " --set environment_variables.AZUREML_EXTRA_PYTHON_LIB_PATH=lib\n",
            "d.yml": _yaml("src", "REQUIREMENTS_TXT: requirements.txt"),
            **SERVICE,
        },
        {"AML102": ("deploy.sh", "d.yml", "src/score.py"), "AML203": ("src/score.py", "d.yml")},
    ),
    "a folder of packages": (
        {"d.yml": _yaml("src", *BOTH), **PACKAGES},
        {"AML102": ("src/packages", *PACKAGES)},
    ),
    "a folder of packages with an old path": (
        {"d.yml": _yaml("src", "PYTHON_LIB_PATH: src/packages"), **PACKAGES},
        {"AML201": ("src/packages", "src/packages/six.py", "src/score.py")},
    ),
    "the packages of a virtual environment": (
        {
            "d.yml": _yaml(".", "PYTHON_LIB_PATH: venv/lib/python3.8/site-packages",
                           "REQUIREMENTS_TXT: requirements.txt"),
            "score.py": SCORE,
            "venv/lib/python3.8/site-packages/six.py": "PY3 = 3\n",
        },
        {"AML102": ("venv/lib/python3.8/site-packages", "venv/lib/python3.8/site-packages/six.py",
                    "score.py")},
    ),
    "environments in files of their own": (
        {
            "d.yml": _yaml("src", REQUIREMENTS, environment="file:./envs/env.yml"),
            "envs/env.yml": "name: scoring\nbuild:\n  path: docker\n",
            "e.yml": _yaml("src", REQUIREMENTS, environment="file:envs/other.yml"),
            "envs/other.yml": f"name: other\nimage: {IMAGE}\nconda_file: ../conda.yml\n",
            "conda.yml": "dependencies: [python=3.8]\n",
            **SERVICE,
        },
        {"AML201": ("envs/env.yml", "envs/other.yml", "conda.yml", "src/score.py")},
    ),
    "an environment with a conda file": (
        {
            "d.yml": _yaml("src", REQUIREMENTS,
                           environment=f"{{image: {IMAGE}, conda_file: conda.yml}}"),
            "conda.yml": "dependencies: [python=3.8]\n",
            **SERVICE,
        },
        {"AML201": ("conda.yml", "src/score.py")},
    ),
    "requirements with a name of their own": (
        {"d.yml": _yaml("src", "REQUIREMENTS_TXT: src/more.txt"), "src/score.py": SCORE,
         "src/more.txt": "-r deps/base.txt\n", "src/deps/base.txt": PINNED},
        {"AML201": ("src/more.txt",)},
    ),
    "the file that was meant": (
        {"d.yml": _yaml("src", "REQUIREMENTS_TXT: requirements.txt"), "src/score.py": SCORE,
         "src/deps/requirements.txt": PINNED},
        {"AML202": ("src/deps/requirements.txt", "src/score.py")},
    ),
    "what stays behind": (
        {
            "deploy.py": "from envs import env\n" + DEPLOY.replace('"score.py"', '"src/score.py"')
            .replace(' source_directory="src",', ""),
            "envs.py": ENVS.replace("src/requirements", "requirements"),
            **SERVICE,
        },
        {"AML207": ("src/requirements.txt", "envs.py", "src/score.py")},
    ),
}  # fmt: skip


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


class _Project:
    """A project on the disk; everything is said with its folder as the current one."""

    def __init__(self, folder: Path, *, changed: bool) -> None:
        self.folder = folder
        self.changed = changed

    def files(self) -> list[str]:
        found = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        return [str(path) for path in found if ".git" not in path.parts]

    def folders(self) -> list[str]:
        found = [path for path in sorted(self.folder.rglob("*")) if path.is_dir()]
        return [str(path) for path in found if ".git" not in path.parts]

    def told(self, names: Iterable[str]) -> set[object]:
        """What is said where some files are named."""
        return _told(self._analyse(self._scan(list(names))))

    def touching(self, name: str) -> set[object]:
        """What is said of a file where everything is checked: only the filter knows what is named,
        so everything else is read, too."""
        found = self._scan([str(self.folder)])
        found.named = [name]
        found.requirements = self._scan([name]).requirements
        return _told(self._analyse(found))

    def _scan(self, names: list[str]) -> Scan:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            return scan(names, changed=self.changed)
        finally:
            os.chdir(before)

    def _analyse(self, found: Scan) -> Result:
        workspace = Workspace(str(self.folder))
        return analyse(
            found, workspace, Configuration(workspace), today=TODAY, changed=self.changed
        )


def _told(result: Result) -> set[object]:
    findings: set[object] = {
        (each.path, each.place.origin.span, each.code, each.message) for each in result.findings
    }
    deployments: set[object] = {
        (each.facts.place.origin.document.path, each.facts.place.origin.span, str(each.outcome))
        for each in result.deployments
    }
    return findings | deployments


def _id(case: Case) -> str:
    return f"{case.source}: {case.title}"


@pytest.mark.parametrize("case", ALL, ids=_id)
def test_a_file_alone_is_told_what_the_whole_project_shows(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    project = _Project(tmp_path, changed=True)
    for name in project.files():
        assert project.told([name]) == project.touching(name), name


@pytest.mark.parametrize("changed", [True, False], ids=["changed", "named"])
@pytest.mark.parametrize("name", PROJECTS)
def test_a_deployment_over_several_files_is_found_from_each(
    name: str, changed: bool, tmp_path: Path
) -> None:
    files, expected = PROJECTS[name]
    _write(tmp_path, files)
    if changed:  # as in a hook: there is a repository then
        git(tmp_path, "init", "--quiet")
        git(tmp_path, "add", "--all", "--force")
    project = _Project(tmp_path, changed=changed)
    for code, paths in expected.items():
        for path in paths:
            told = project.told([str(tmp_path / path)])
            assert any(code in each for each in told if isinstance(each, tuple)), (code, path)
    for path in (*project.files(), *project.folders()):
        assert project.told([path]) == project.touching(path), path
    whole = project.told(project.files())
    assert set().union(*(project.told([path]) for path in project.files())) == whole
    if changed:
        assert project.told([str(tmp_path)]) == whole


def test_requirements_that_nobody_installs_count_only_where_somebody_names_them(
    tmp_path: Path,
) -> None:
    files = {
        "d.yml": _yaml("src", "REQUIREMENTS_TXT: requirements.txt"),
        **SERVICE,
        "other/requirements.txt": "pandas\n-r base.txt\n",
        "other/base.txt": "numpy\n",
    }
    _write(tmp_path, files)
    other = str(tmp_path / "other")
    own = [os.path.join(other, name) for name in ("base.txt", "requirements.txt")]
    hook, person = _Project(tmp_path, changed=True), _Project(tmp_path, changed=False)
    for folder in (other, str(tmp_path)):
        assert not _places(person.told([folder]), own)
        assert not _places(hook.told([folder]), own)
    for names in ([own[1]], own, [other, own[1]], person.files()):
        assert _places(person.told(names), own) == {(own[0], "AML301"), (own[1], "AML301")}
        assert not _places(hook.told(names), own)
    assert hook.told(hook.files()) == hook.told([str(tmp_path)])


def _places(told: set[object], paths: list[str]) -> set[tuple[str, str]]:
    """Where findings are, in some files, with their codes."""
    found = [each for each in told if isinstance(each, tuple)]
    return {(each[0], each[2]) for each in found if each[0] in paths}


# ---- projects that nobody thought of -----------------------------------------------------------

FOLDERS = st.sampled_from([".", "src", "service/src", "app"])
PATHS = st.sampled_from(
    ["requirements.txt", "src/requirements.txt", "app/requirements.txt", "deps/base.txt", "no.txt"]
)
VARIABLES = st.sampled_from(
    ["AZUREML_EXTRA_REQUIREMENTS_TXT", "AZUREML_EXTRA_REQUIRMENTS_TXT", "WORKER_COUNT"]
)


@st.composite
def _code(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A code folder, and what is in it."""
    folder = draw(FOLDERS)
    script = draw(st.sampled_from([SCORE, "", "from serving import init, run\n"]))
    files = {"score.py": script, "serving.py": SCORE, "requirements.txt": "-r deps/base.txt\n"}
    files["deps/base.txt"] = draw(st.sampled_from([PINNED, "scipy\n"]))
    if draw(st.booleans()):
        files[".amlignore"] = "*.csv\n"
    files.update(
        {
            "packages/six.py": "def u(text):\n    return text\n",
            "packages/six-1.0.dist-info/METADATA": "Name: six\n",
        }
    )
    return folder, {posixpath.normpath(f"{folder}/{name}"): text for name, text in files.items()}


@st.composite
def _python_project(draw: st.DrawFn) -> dict[str, str]:
    """A program whose values come through some modules."""
    code, files = draw(_code())
    values = {"CODE": code, "SCRIPT": "score.py", "PATH": draw(PATHS), "NAME": draw(VARIABLES)}
    before = ""
    for number in range(draw(st.integers(1, 3))):
        module = draw(st.sampled_from(["conf{}", "ml.conf{}", "ml.inner.conf{}"])).format(number)
        path = module.replace(".", "/")
        path += draw(st.sampled_from([".py", "/__init__.py"]))
        own = [name for name in values if draw(st.booleans()) or not before]
        lines = [f"{name} = {values[name]!r}" for name in own]
        if before:
            how = draw(st.sampled_from(["*", ", ".join(values)]))
            lines.insert(0, f"from {before} import {how}")
        files[path] = "\n".join(lines) + "\n"
        before = module
    for package in ("ml", "ml/inner"):
        if draw(st.booleans()) and any(name.startswith(f"{package}/") for name in files):
            files.setdefault(f"{package}/__init__.py", "")
    files[draw(st.sampled_from(["deploy.py", "ops/deploy.py", "ml/deploy.py"]))] = f"""\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
from {before} import CODE, NAME, PATH, SCRIPT

env = Environment("scoring")
env.environment_variables = {{NAME: PATH}}
config = InferenceConfig(entry_script=SCRIPT, source_directory=CODE, environment=env)
"""
    return files


@st.composite
def _yaml_project(draw: st.DrawFn) -> dict[str, str]:
    """Deployment files, an environment, and a script that changes one of them."""
    code, files = draw(_code())
    folder = draw(st.sampled_from(["", "ops", "app/ops"]))
    environment = draw(st.sampled_from(["azureml:scoring@latest", "file:env.yml"]))
    files[posixpath.join(folder, "env.yml")] = f"image: {IMAGE}\nconda_file: conda.yml\n"
    files[posixpath.join(folder, "conda.yml")] = "dependencies: [pip]\n"
    for name in draw(st.lists(st.sampled_from(["blue.yml", "d.yml"]), min_size=1, unique=True)):
        given = draw(st.lists(VARIABLES, unique=True, max_size=2))
        lines = [f"{each.removeprefix('AZUREML_EXTRA_')}: {draw(PATHS)}" for each in given]
        if draw(st.booleans()):
            lines.append("PYTHON_LIB_PATH: " + draw(st.sampled_from(["packages", "src/packages"])))
        relative = posixpath.relpath(code, folder or ".")
        files[posixpath.join(folder, name)] = _yaml(relative, *lines, environment=environment)
    if draw(st.booleans()):
        files["run.sh"] = (
            f"az ml online-deployment create -f {posixpath.join(folder, 'd.yml')} "
            f"--set environment_variables.{draw(VARIABLES)}={draw(PATHS)}\n"
        )
    return files


OTHERS = {
    "train.py": "import numpy\n\n\ndef train():\n    return numpy.zeros(3)\n",
    "other/score.py": SCORE,
    "other/config.py": "CODE = 'src'\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n",
    "package.json": '{"scripts": {"build": "make"}}\n',
    "prod.env": "A=b\n",
}


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_split_of_any_project_loses_anything(data: st.DataObject) -> None:
    files = {**OTHERS, **data.draw(_python_project() | _yaml_project())}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        _write(root, files)
        project = _Project(root, changed=True)
        names = project.files()
        whole = project.told(names)
        for name in names:
            assert project.told([name]) == project.touching(name), name
        parts: dict[int, list[str]] = {}
        for name in names:
            parts.setdefault(data.draw(st.integers(0, 3)), []).append(name)
        assert set().union(*(project.told(part) for part in parts.values())) == whole
