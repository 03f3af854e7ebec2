"""What may have bound names anew leaves no more unknown than it must, and nothing vanishes."""

from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.analysis import Result
from checking import check

IMPORTS = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
"""
ENVIRONMENT = """\
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
"""
CONFIG = (
    'config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)\n'
)
OPTIONAL = """\
try:
    from azureml.core import Environment
    from azureml.core.model import InferenceConfig
except ImportError:
    InferenceConfig = None
"""
V2 = """\
import azure
d = ManagedOnlineDeployment(
    name="blue",
    endpoint_name="scoring",
    code_configuration=CodeConfiguration(code="src", scoring_script="score.py"),
    environment_variables={"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"},
)
"""


def checked(folder: Path, text: str, **others: str) -> Result:
    files = {"deploy.py": text, "src/score.py": "", "src/requirements.txt": "scipy==1.2.3\n"}
    files.update({f"{name}.py": other for name, other in others.items()})
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    return check(folder, [folder / "deploy.py"])


def told(result: Result) -> tuple[list[str], list[str]]:
    """The codes of the findings, and the reasons of what is not known."""
    return [each.code for each in result.findings], [why.reason for _, why in result.undetermined]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from helpers import *", "`from helpers import *` may set it"),
        ("from os.path import *", "`from os.path import *` may set it"),
        ("exec(open('helpers.txt').read())", "`exec()` may set it"),
        (
            "get_ipython().run_line_magic('run', 'helpers.py')",
            "`get_ipython().run_line_magic()` may set it",
        ),
    ],
)
def test_names_are_doubted_and_what_is_made_of_them_counts(
    tmp_path: Path, line: str, said: str
) -> None:
    result = checked(tmp_path, f"{IMPORTS}{ENVIRONMENT}{line}\n{CONFIG}")
    assert told(result) == ([], [said])
    assert len(result.deployments) == 1


@pytest.mark.parametrize("line", ["from helpers import *", "exec(open('helpers.txt').read())"])
def test_what_is_set_behind_it_is_known(tmp_path: Path, line: str) -> None:
    result = checked(tmp_path, f"{IMPORTS}{line}\n{ENVIRONMENT}{CONFIG}")
    assert told(result) == (["AML201"], [])


def test_what_is_changed_under_a_doubted_name_is_not_known(tmp_path: Path) -> None:
    text = f"{IMPORTS}{ENVIRONMENT}{CONFIG}from helpers import *\nenv.environment_variables = x\n"
    codes, reasons = told(checked(tmp_path, text))
    assert codes == []
    assert reasons == ["it may be changed through another name: `from helpers import *` may set it"]


@pytest.mark.parametrize(
    "line",
    [
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().magic('load_ext autoreload')",
        "get_ipython().system('pip list')",
    ],
)
def test_magics_that_bind_no_names(tmp_path: Path, line: str) -> None:
    result = checked(tmp_path, f"{IMPORTS}{ENVIRONMENT}{line}\n{CONFIG}")
    assert told(result) == (["AML201"], [])


@pytest.mark.parametrize(
    ("imports", "reason"),
    [
        ("import azureml\nfrom helpers import *\n", "`InferenceConfig` is not set in this file"),
        (
            "import azureml\nfrom helpers import Environment, InferenceConfig\n",
            "`helpers.InferenceConfig` is set in another file",
        ),
        ("import azureml\nimport helpers as h\n", "`helpers.InferenceConfig` is set in"),
        (OPTIONAL, "it depends on a condition"),
    ],
)
def test_a_configuration_of_a_class_in_doubt_is_counted(
    tmp_path: Path, imports: str, reason: str
) -> None:
    text = imports + ENVIRONMENT + CONFIG
    if " as h" in imports:
        text = text.replace("InferenceConfig(", "h.InferenceConfig(")
    result = checked(tmp_path, text)
    assert len(result.deployments) == 1
    codes, reasons = told(result)
    assert codes == []
    assert len(reasons) == 1
    assert reasons[0].startswith(reason)


def test_a_deployment_of_sdk_v2_whose_class_is_in_doubt_is_counted(tmp_path: Path) -> None:
    result = checked(tmp_path, f"from helpers import *\n{V2}")
    assert told(result) == ([], ["`ManagedOnlineDeployment` is not set in this file"])


def test_a_module_that_is_here_tells_what_the_class_is(tmp_path: Path) -> None:
    text = f"import azureml\nfrom helpers import *\n{ENVIRONMENT}{CONFIG}"
    assert told(checked(tmp_path, text, helpers=IMPORTS)) == (["AML201"], [])


@pytest.mark.parametrize(
    "text",
    [
        "import azureml\nclass InferenceConfig:\n    pass\nInferenceConfig(entry_script='a')\n",
        "import azure\nfrom detector import InferenceConfig\nInferenceConfig(threshold=1)\n",
    ],
)
def test_another_class_of_the_name_is_no_deployment(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, text).deployments == ()


@pytest.mark.parametrize(
    "line",
    [
        "display(env)",
        "print(env)",
        "help(env)",
        "dir(env), hash(env), callable(env), format(env), issubclass(env, str)",
        "from pprint import pprint\npprint(env)",
        "from IPython.display import display\ndisplay(env)",
        "from IPython.core.display import display\ndisplay(env)",
        "import rich\nrich.print(env)",
        "import inspect\ninspect.getmembers(env)",
    ],
)
def test_what_only_looks_changes_nothing(tmp_path: Path, line: str) -> None:
    result = checked(tmp_path, f"{IMPORTS}{ENVIRONMENT}{line}\n{CONFIG}")
    assert told(result) == (["AML201"], [])


@pytest.mark.parametrize("line", ["vars(env)", "list(map(change, [env]))", "show(env)"])
def test_what_may_change_it_leaves_it_unknown(tmp_path: Path, line: str) -> None:
    codes, reasons = told(checked(tmp_path, f"{IMPORTS}{ENVIRONMENT}{line}\n{CONFIG}"))
    assert codes == []
    assert len(reasons) == 1
