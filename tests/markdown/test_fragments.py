"""What pages show is rarely whole: fragments, code without its imports, text of other languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check

WRONG = "AZUREML_EXTRA_REQUIRMENTS_TXT"
V1 = """\
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""
V2 = """\
deployment = ManagedOnlineDeployment(
    name="blue",
    code_configuration=CodeConfiguration(code="src", scoring_script="score.py"),
    environment_variables={"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"},
)
ml_client.online_deployments.begin_create_or_update(deployment)
"""


def codes(folder: Path, page: str) -> list[str]:
    """What is found in a page beside a score script and its requirements."""
    for name, text in (("score.py", "def init(): ...\n"), ("requirements.txt", "scipy==1.2.3\n")):
        (folder / "src").mkdir(exist_ok=True)
        (folder / "src" / name).write_text(text, "utf-8")
    path = folder / "README.md"
    path.write_text(f"# Azure ML\n\n{page}\n", "utf-8")
    return [each.code for each in check(folder, [path]).findings]


# ---- names in fences of which nothing comes ----------------------------------------------------


@pytest.mark.parametrize(
    "fence",
    [
        f"```dockerfile\nENV {WRONG}=requirements.txt\n```",
        f"```Dockerfile\n...\nENV A=b \\\n    {WRONG}=requirements.txt\n```",
        f"```yaml\n    environment_variables:\n      {WRONG}: a.txt\n    other: x\n```",
        f"```yaml\nenvironment_variables:\n  {WRONG}: a.txt\n  x: [\n```",
        f'```json\n{{"environment_variables": {{"{WRONG}": "a.txt"}}, ...}}\n```',
        f"```bash\n-e {WRONG}=a.txt\n```",
        f'```bash\necho "{WRONG}=a.txt" >> .env\n```',
        f'```python\nimport azureml, os\nos.environ["{WRONG}"] = "a.txt"\n```',
        f"```cmd\nset {WRONG}=a.txt\n```",
        f"```ini\n{WRONG} = a.txt\n```",
        f"```text\n{WRONG}=a.txt\n```",
        f"```\n{WRONG}: a.txt\n```",
        f"<pre><code>{WRONG}</code></pre>",
        f"<table><tr><td>{WRONG}<br>the file</td></tr></table>",
    ],
)
def test_a_name_in_a_fragment_counts_as_text(fence: str, tmp_path: Path) -> None:
    result = codes(tmp_path, fence)
    assert result == ["AML101"]


@pytest.mark.parametrize(
    "fence",
    [
        f'```hcl\nname = "{WRONG}"\n```',
        f"```text\nbash: {WRONG}: unbound variable\n```",
        f"```\nWARNING unknown variable {WRONG}\n```",
        f"```diff\n-ENV {WRONG}=a.txt\n```",
        f"```bash\ngrep -r {WRONG} .\n```",
        f"```dockerfile\n# aml-preflight: ignore[AML101]\nENV {WRONG}=a.txt\n```",
        f"```{WRONG}\n```",
        f"```dockerfile\nENV {WRONG}=a.txt\n```\n\nThis is a typo, nothing is installed.",
    ],
)
def test_what_nobody_copies_does_not(fence: str, tmp_path: Path) -> None:
    assert codes(tmp_path, fence) == []


def test_a_name_is_said_once(tmp_path: Path) -> None:
    fence = f"```dockerfile\nFROM mcr.microsoft.com/azureml/x:1\nENV {WRONG}=a.txt\n```"
    assert codes(tmp_path, fence) == ["AML101"]
    assert codes(tmp_path, f"```env\n{WRONG}=a.txt\n```") == ["AML101"]


# ---- code without its imports ------------------------------------------------------------------

IMPORTS = "from azureml.core import Environment\nfrom azureml.core.model import InferenceConfig\n"


def _fences(*codes: str) -> str:
    return "\n\nand then\n\n".join(f"```python\n{code}```" for code in codes)


@pytest.mark.parametrize(
    "page",
    [
        _fences(V1),
        _fences(V2),
        _fences(IMPORTS, V1),
        _fences(V1, IMPORTS),
        _fences(IMPORTS + V1 + "service = Model.deploy(ws, 'x', [], config)\n"),
        _fences(V1 + "service = Model.deploy(ws, 'x', [model], config)\n"),
        _fences("from azureml.core import Workspace\n" + V1),
        _fences(V1, V2).replace("```python\ndepl", "```csharp\ndepl"),
    ],
)
def test_names_of_the_sdk_need_no_import(page: str, tmp_path: Path) -> None:
    assert codes(tmp_path, page) == ["AML201"]


@pytest.mark.parametrize(
    "page",
    [
        _fences("from ours import InferenceConfig\n", V1),
        _fences(V1, "class InferenceConfig:\n    pass\n"),
        _fences(V1, "from ours import Environment\n"),
        _fences("from ours import *\n" + V1),
        _fences("from azure.ai.ml.entities import CodeConfiguration\n" + V1),
        _fences("def make(InferenceConfig):\n" + "".join(f"    {x}\n" for x in V1.splitlines())),
        _fences(V1 + "publish(config)\n"),
        _fences("".join(V1.splitlines(keepends=True)[:2])),
    ],
)
def test_names_that_may_be_others_are_not_those_of_the_sdk(page: str, tmp_path: Path) -> None:
    assert codes(tmp_path, page) == []


def test_both_sdks_on_a_page(tmp_path: Path) -> None:
    assert codes(tmp_path, _fences(V1, V2)) == ["AML201", "AML201"]


# ---- several ways in one fence -----------------------------------------------------------------

FIRST = IMPORTS + V1.splitlines(keepends=True)[0]
BOTH = """\
env.environment_variables = {{
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt",{}
    "AZUREML_EXTRA_PYTHON_LIB_PATH": "packages",{}
}}
"""


@pytest.mark.parametrize(
    "fence",
    [
        _fences(FIRST + BOTH.format("  # either", "  # or")),
        _fences(FIRST + BOTH.format("\n    # or", "")),
        _fences(V1.replace("config", "# Option 2:\nenv.environment_variables = {}\nconfig", 1)
                + "print('AZUREML_EXTRA_PYTHON_LIB_PATH')\n"),
        "```env\nAZUREML_EXTRA_REQUIREMENTS_TXT=a\n# or\nAZUREML_EXTRA_REQUIREMENTS_TXT=b\n```",
        "```env\nAZUREML_EXTRA_REQUIREMENTS_TXT=a\n# or use\nAZUREML_EXTRA_PYTHON_LIB_PATH=b\n```",
    ],
)  # fmt: skip
def test_of_several_ways_the_reader_chooses_one(fence: str, tmp_path: Path) -> None:
    assert codes(tmp_path, fence) == []
    wrong = fence.replace("REQUIREMENTS_TXT", "REQUIRMENTS_TXT", 1)
    assert codes(tmp_path, wrong) == ["AML101"]


def test_without_a_word_both_are_set(tmp_path: Path) -> None:
    both = _fences(FIRST + BOTH.format("  # installed", "  # mounted or so"))
    assert codes(tmp_path, both) == ["AML102"]
