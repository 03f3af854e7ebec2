"""What one file says of a deployment in another: followed where it is certain, and nowhere else."""

from __future__ import annotations

import contextlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import libcst
import pytest
from aml_preflight.analysis import Result
from aml_preflight.facts import DeploymentFacts
from aml_preflight.python import modules as modules_room
from aml_preflight.values import Known, Unknown
from checking import check, mend, short
from deployment_text import IMAGE
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

NEW = "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest"
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
ENVS = f"""\
from azureml.core import Environment

env = Environment("scoring")
env.docker.base_image = "{IMAGE}"
env.environment_variables = {{"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}}
"""
DEPLOY = """\
from azureml.core.model import InferenceConfig
from envs import env

config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""
CONFIG = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {code: src, scoring_script: score.py}
environment: file:./env.yml
environment_variables: {AZUREML_EXTRA_REQUIREMENTS_TXT: requirements.txt}
instance_type: Standard_DS3_v2
instance_count: 1
"""


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _check(folder: Path, *names: str) -> Result:
    return check(folder, [folder / name for name in names])


def _only(result: Result) -> DeploymentFacts:
    (deployment,) = result.deployments
    return deployment.facts


# ---- which deployment a file belongs to --------------------------------------------------------


PROJECT = {
    "envs.py": ENVS,
    "deploy.py": DEPLOY,
    "src/score.py": SCORE,
    "src/requirements.txt": "-r more.txt\n",
    "src/more.txt": "scipy==1.2.3\n",
}


@pytest.mark.parametrize("name", sorted(PROJECT))
def test_a_deployment_is_found_from_each_of_its_files(name: str, tmp_path: Path) -> None:
    _write(tmp_path, PROJECT)
    (deployment,) = _check(tmp_path, name).deployments
    assert Path(deployment.facts.place.origin.document.path).name == "deploy.py"
    assert deployment.outcome.exit_code == 0
    assert deployment.outcome.container_path == "/var/azureml-app/src/requirements.txt"


def test_a_file_that_belongs_to_nothing_shows_nothing(tmp_path: Path) -> None:
    _write(tmp_path, {**PROJECT, "other.txt": "scipy\n", "other/score.py": SCORE})
    assert not _check(tmp_path, "other.txt", "other/score.py").deployments


def test_a_mounted_folder_belongs_to_its_deployment(tmp_path: Path) -> None:
    envs = ENVS.replace("REQUIREMENTS_TXT", "PYTHON_LIB_PATH").replace("requirements.txt", "libs")
    files = {**PROJECT, "envs.py": envs, "src/libs/site-packages/six.py": "", "src/libs/a.txt": ""}
    _write(tmp_path, files)
    assert len(_check(tmp_path, "src/libs/a.txt").deployments) == 1
    assert len(_check(tmp_path, "src/libs/site-packages/six.py").deployments) == 1


def test_an_environment_file_belongs_to_its_deployment(tmp_path: Path) -> None:
    environment = f"name: scoring\nimage: {NEW}\nconda_file: conda.yml\n"
    _write(tmp_path, {**PROJECT, "deploy.py": "", "deployment.yml": CONFIG, "env.yml": environment})
    for name in ("env.yml", "deployment.yml", "src/score.py"):
        facts = _only(_check(tmp_path, name))
        assert isinstance(facts.image, Known)
        assert facts.image.value == NEW
        assert Path(facts.image.place.document.path).name == "env.yml"


# ---- notebooks ---------------------------------------------------------------------------------


def _notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_imports_what_is_beside_it(tmp_path: Path) -> None:
    files = {"a/envs.py": ENVS, "a/deploy.ipynb": _notebook("import os\n", DEPLOY)}
    _write(tmp_path, {**files, "a/src/score.py": SCORE, "a/src/requirements.txt": "a==1\n"})
    (deployment,) = _check(tmp_path, "a/deploy.ipynb").deployments
    assert deployment.outcome.exit_code == 0
    (again,) = _check(tmp_path, "a/envs.py").deployments
    assert again.outcome == deployment.outcome


def test_a_notebook_imports_what_it_writes(tmp_path: Path) -> None:
    notebook = _notebook("%%writefile envs.py\n" + ENVS, DEPLOY)
    old = ENVS.replace("requirements.txt", "old.txt")
    _write(tmp_path, {"envs.py": old, "deploy.ipynb": notebook, "src/score.py": SCORE})
    (found,) = _check(tmp_path, "deploy.ipynb").findings
    assert found.code == "AML202"
    assert found.place.shown.text == '"requirements.txt"'
    assert found.path == str(tmp_path / "deploy.ipynb")


# ---- images and variables from files -----------------------------------------------------------


def test_a_loaded_environment_gives_image_and_variables(tmp_path: Path) -> None:
    text = (
        '{"name": "e", "docker": {"baseImage": "%s"}, "environmentVariables": {"A": "1", "B": ""}}'
    )
    _write(
        tmp_path,
        {
            "saved/azureml_environment.json": text % IMAGE,
            "deploy.py": """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment.load_from_directory("saved")
env.environment_variables["B"] = "2"
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
""",
        },
    )
    facts = _only(_check(tmp_path, "deploy.py"))
    assert isinstance(facts.image, Known)
    assert facts.image.value == IMAGE
    assert facts.variables.open is None
    values = {
        each.name.value: each.value.value
        for each in facts.variables.items
        if isinstance(each.value, Known)
    }
    assert values == {"A": "1", "B": "2"}


def test_an_environment_that_cannot_be_read_stays_unknown(tmp_path: Path) -> None:
    for text in ("", "{", "name: [", "- a\n", "image: {{IMAGE}}\n"):
        _write(tmp_path, {"deployment.yml": CONFIG, "env.yml": text, "src/score.py": SCORE})
        facts = _only(_check(tmp_path, "deployment.yml"))
        assert facts.image is None or isinstance(facts.image, Unknown), text


def test_a_script_that_deploys_a_file_as_it_is_shows_its_deployment(tmp_path: Path) -> None:
    script = """\
from azure.ai.ml import load_online_deployment
deployment = load_online_deployment(source="deployment.yml")
client.begin_create_or_update(deployment, local=True)  # ManagedOnlineDeployment
"""
    _write(tmp_path, {"deployment.yml": CONFIG, "deploy.py": script, "src/score.py": SCORE})
    (deployment,) = _check(tmp_path, "deploy.py").deployments
    assert Path(deployment.facts.place.document.path).name == "deployment.yml"
    assert len(_check(tmp_path, "deploy.py", "deployment.yml").deployments) == 1


# ---- what is read, and how often ---------------------------------------------------------------


def _count_modules(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Lists that fill with the modules that are read, and with what libcst parses."""
    read: list[str] = []
    parsed: list[str] = []
    original, parse = modules_room.Modules._read, libcst.parse_module

    def read_module(self: modules_room.Modules, path: str) -> Any:
        read.append(Path(path).name)
        return original(self, path)

    def parse_module(source: Any, *arguments: Any, **options: Any) -> Any:
        parsed.append(source)
        return parse(source, *arguments, **options)

    monkeypatch.setattr(modules_room.Modules, "_read", read_module)
    monkeypatch.setattr(libcst, "parse_module", parse_module)
    return read, parsed


def test_a_deployment_that_is_clear_reads_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = DEPLOY.replace("from envs import env\n", "import envs\n" + ENVS) + "print(envs.env)\n"
    _write(tmp_path, {"envs.py": ENVS, "deploy.py": own, "src/score.py": SCORE})
    read, _ = _count_modules(monkeypatch)
    check(tmp_path, [tmp_path / "deploy.py"])
    assert read == []


def test_a_module_that_cannot_matter_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "import logging\n\n\ndef get_logger():\n    return logging.getLogger()\n"
    deploy = "import words\n" + DEPLOY + "words.get_logger().info('done')\n"
    _write(tmp_path, {**PROJECT, "deploy.py": deploy, "words.py": words})
    _, parsed = _count_modules(monkeypatch)
    assert _only(_check(tmp_path, "deploy.py")).variables.items
    assert words not in parsed
    assert ENVS in parsed


def test_a_module_is_read_and_parsed_once_however_many_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"deploy{number}.py" for number in range(6)]
    constants = 'PATH = "requirements.txt"\n'
    envs = "from constants import PATH\n" + ENVS.replace('"requirements.txt"', "PATH")
    _write(
        tmp_path,
        {
            **dict.fromkeys(names, DEPLOY),
            "envs.py": envs,
            "constants.py": constants,
            "src/score.py": SCORE,
            "src/requirements.txt": "scipy==1.2.3\n",
        },
    )
    read, parsed = _count_modules(monkeypatch)
    result = _check(tmp_path, *names)
    assert [each.outcome.exit_code for each in result.deployments] == [0] * 6
    assert sorted(read) == ["constants.py", "envs.py"]
    assert parsed.count(envs) <= 2  # as a module, and what of it makes an environment
    assert parsed.count(constants) == 1


# ---- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"envs.py": "def (:\n"},
        {"envs.py": "\x00"},
        {"envs.py": "env = " + "(" * 3_000 + ")" * 3_000},
        {"envs.py": "from deploy import config as env\n"},
        {"envs.py": "from other import env\n", "other.py": "from envs import env\n"},
        {"envs.py": "raise SystemExit\n"},
        {"envs.py": "from secrets_of_nobody import *\n"},
        {"envs.py": "def __getattr__(name):\n    return name\n"},
        {"envs.py": "__all__ = names()\nfrom envs import *\n"},
        {"envs.py": "def env():\n    return env()\n"},
        {"envs.py": ENVS + "#" * 200_000},
        {"envs/__init__.py": "from . import *\nfrom .. import envs\n"},
        {"envs/__init__.py": "", "envs/env.py": "from ...... import env\n"},
    ],
)
def test_a_module_that_cannot_be_followed_leaves_the_value_unknown(
    files: dict[str, str], tmp_path: Path
) -> None:
    _write(tmp_path, {"deploy.py": DEPLOY, "src/score.py": SCORE, **files})
    result = _check(tmp_path, "deploy.py")
    assert not result.findings
    assert not result.crashed
    assert _only(result).variables.open is not None


def test_a_long_chain_of_modules_is_not_followed(tmp_path: Path) -> None:
    chain = {f"m{number}.py": f"from m{number + 1} import env\n" for number in range(500)}
    deploy = DEPLOY.replace("from envs", "from m0")
    _write(tmp_path, {"deploy.py": deploy, **chain, "m500.py": ENVS, "src/score.py": SCORE})
    assert _only(_check(tmp_path, "deploy.py")).variables.open is not None
    _write(tmp_path, {"deploy.py": deploy.replace("m0", "m495"), "src/requirements.txt": "a==1\n"})
    assert _only(_check(tmp_path, "deploy.py")).variables.items


def test_many_modules_that_import_each_other_end(tmp_path: Path) -> None:
    every = "\n".join(f"from m{number} import *" for number in range(30))
    files = {f"m{number}.py": f"{every}\nV{number} = 1\n" for number in range(30)}
    deploy = DEPLOY.replace("from envs", "from m7")
    _write(tmp_path, {"deploy.py": deploy, **files, "src/score.py": SCORE})
    assert not _check(tmp_path, "deploy.py").findings


# ---- fixes -------------------------------------------------------------------------------------


def test_a_value_of_another_module_is_mended_there_but_not_as_safe(tmp_path: Path) -> None:
    envs = ENVS.replace('"requirements.txt"', '"src/requirements.txt"')
    _write(tmp_path, {**PROJECT, "envs.py": envs})
    deploy = tmp_path / "deploy.py"
    assert mend(tmp_path, [deploy]).contents == {}  # others may import it, too
    fixed = mend(tmp_path, [deploy], unsafe=True)
    assert fixed.contents == {str(tmp_path / "envs.py"): ENVS.encode()}
    assert not fixed.result.findings


def test_what_is_named_decides_what_is_reported(tmp_path: Path) -> None:
    envs = ENVS.replace('"requirements.txt"', '"src/requirements.txt"')
    _write(tmp_path, {**PROJECT, "envs.py": envs, "else.py": "import azureml  # InferenceConfig\n"})
    expected = [("envs.py", 5, "AML201", '"src/requirements.txt"')]
    for name in ("envs.py", "deploy.py", "src/score.py"):
        assert short(tmp_path, _check(tmp_path, name)) == expected
    assert short(tmp_path, _check(tmp_path, "else.py")) == []


# ---- what Python itself does -------------------------------------------------------------------

NAMES = ["m0", "m1", "m2"]
VALUES = st.sampled_from(["one", "two", "three"])
KEYS = st.sampled_from(["A", "B"])


@st.composite
def _statement(draw: st.DrawFn) -> str:
    other, key, value = draw(st.sampled_from(NAMES)), draw(KEYS), draw(VALUES)
    return draw(
        st.sampled_from(
            [
                f"import {other}",
                f"import {other} as alias",
                f"from {other} import VARS",
                f"from {other} import VARS as MINE",
                f"from {other} import change",
                f"from {other} import *",
                f"VARS = {{'{key}': '{value}'}}",
                f"VARS['{key}'] = '{value}'",
                f"VARS.update({key}='{value}')",
                f"MINE['{key}'] = '{value}'",
                f"alias.VARS['{key}'] = '{value}'",
                f"{other}.VARS = {{'{key}': '{value}'}}",
                f"{other}.VARS['{key}'] = '{value}'",
                f"def change():\n    VARS['{key}'] = '{value}'",
                f"def change():\n    import {other}\n    {other}.VARS['{key}'] = '{value}'",
                "change()",
                f"{other}.change()",
                f"try:\n    from {other} import VARS\nexcept ImportError:\n    VARS = {{}}",
                f"if VARS.get('{key}') == '{value}':\n    VARS['B'] = 'set'",
            ]
        )
    )


_BODY = st.lists(_statement(), max_size=5)
_GIVEN = st.sampled_from(["VARS", "MINE", "alias.VARS", "m0.VARS", "m1.VARS", "dict(m2.VARS)"])


class _Deployed(Exception):
    pass


def _as_python_runs_it(folder: Path, text: str) -> dict[str, str] | None:
    """The variables that the script hands to the SDK; ``None`` if it fails before."""
    entities: Any = types.ModuleType("azure.ai.ml.entities")
    given: list[dict[str, str]] = []

    def deployment(**arguments: Any) -> None:
        given.append(dict(arguments["environment_variables"]))

    entities.ManagedOnlineDeployment = deployment
    stubs = {name: types.ModuleType(name) for name in ("azure", "azure.ai", "azure.ai.ml")}
    stubs["azure.ai.ml.entities"] = entities
    before = {name: sys.modules.get(name) for name in [*stubs, *NAMES]}
    for name in NAMES:
        sys.modules.pop(name, None)
    sys.modules.update(stubs)
    sys.path.insert(0, str(folder))
    writing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path_importer_cache.clear()
    try:
        with contextlib.suppress(Exception):
            exec(compile(text, "deploy.py", "exec"), {"__name__": "__main__"})
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writing
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
    return given[0] if given else None


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies=st.lists(_BODY, min_size=3, max_size=3), own=_BODY, given_as=_GIVEN)
def test_what_is_known_is_what_python_makes_of_it(
    bodies: list[list[str]], own: list[str], given_as: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("project")
    for name, body in zip(NAMES, bodies, strict=True):
        start = "def change():\n    pass\nVARS = {'A': 'first'}\n"
        (folder / f"{name}.py").write_text(start + "\n".join(body) + "\n", "utf-8")
    text = "from azure.ai.ml.entities import ManagedOnlineDeployment\n"
    text += "\n".join(own) + "\n"
    text += f"ManagedOnlineDeployment(environment_variables={given_as})\n"
    (folder / "deploy.py").write_text(text, "utf-8")
    real = _as_python_runs_it(folder, text)
    assume(real is not None)
    assert real is not None
    result = check(folder, [folder / "deploy.py"])
    if not result.deployments:  # a star import may have brought another class of that name
        return
    facts = _only(result)
    known = {
        each.name.value: each.value.value
        for each in facts.variables.items
        if isinstance(each.value, Known)
    }
    assert known.items() <= real.items()
    if facts.variables.open is None:
        assert {each.name.value for each in facts.variables.items} >= set(real)
