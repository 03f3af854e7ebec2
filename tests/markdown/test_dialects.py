"""Fences as the dialects of Markdown have them, and code that is none by its marks alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.findings import Severity
from checking import check, mend
from deployment_text import IMAGE

CODE = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
"""
FENCE = f"```python\n{CODE}```"


def _in(indent: str, text: str = FENCE) -> str:
    return "\n".join((indent + line).rstrip() for line in text.split("\n"))


PAGES = {
    "a tab of MkDocs": f'=== "SDK v1"\n\n{_in("    ")}',
    "without an empty line": f'Text\n=== "SDK v1"\n{_in("    ")}',
    "a tab in a tab": f'=== "A"\n\n    === "B"\n\n{_in("        ")}',
    "a tab in a list": f'1. One\n\n    === "A"\n\n{_in("        ")}',
    "a note of MkDocs": f'!!! note "Title"\n{_in("    ")}',
    "one that opens": f'???+ example "Title"\n\n    Text.\n\n{_in("    ")}',
    "a note of GitHub": f"> [!NOTE]\n{_in('> ')}",
    "a tab of Microsoft": f"# [Python SDK](#tab/python)\n\n{FENCE}\n\n---",
    "a zone": f':::zone pivot="a"\n\n{FENCE}\n\n:::zone-end',
    "JSX": f'<Tabs>\n    <TabItem value="a">\n\n{_in("    ")}\n\n    </TabItem>\n</Tabs>',
    "details": f"<details>\n<summary>Code</summary>\n\n{FENCE}\n\n</details>",
    "a table": f"<table><tr><td>\n\n{FENCE}\n\n</td></tr></table>",
    "MyST": f"::::{{tab-set}}\n:::{{tab-item}} A\n{FENCE}\n:::\n::::",
    "MyST with backticks": f"`````{{tab-set}}\n````{{tab-item}} A\n{FENCE}\n````\n`````",
    "options": "```{code-block} python\n:linenos:\n:emphasize-lines: 2,3\n\n" + CODE + "```",
    "options in YAML": "```{code-block} python\n---\nlineno-start: 10\n---\n" + CODE + "```",
    "a cell": "```{code-cell} ipython3\n:tags: [remove-output]\n" + CODE + "```",
    "no language": f"```\n{CODE}```",
    "indentation": _in("    ", CODE),
    "a tab character": "*\ta\n\n" + _in("\t"),
    "old tabs": _in("\t", CODE),
}


def _project(folder: Path, page: str) -> Path:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "score.py").write_text("def init(): ...\n", "utf-8")
    (folder / "src" / "requirements.txt").write_text("scipy==1.2.3\n", "utf-8")
    path = folder / "README.md"
    path.write_bytes(page.encode("utf-8"))
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", PAGES)
def test_code_is_found_and_mended(name: str, end: str, tmp_path: Path) -> None:
    page = f"# Azure\n\nText:\n\n{PAGES[name]}\n\nEnd.\n".replace("\n", end)
    path = _project(tmp_path, page)
    (finding,) = check(tmp_path, [path]).findings
    assert (finding.code, finding.place.origin.text) == ("AML201", '"src/requirements.txt"')
    fixed = mend(tmp_path, [path]).contents[str(path)].decode("utf-8")
    assert fixed == page.replace('"src/requirements.txt"', '"requirements.txt"')


SCHEMA = "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json"
WITHOUT_LANGUAGE = [
    f"FROM {IMAGE}\nENV AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt",
    f"# base\nARG A\nFROM {IMAGE}\nENV AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt",
    f"$schema: {SCHEMA}\nenvironment_variables:\n  AZUREML_EXTRA_REQUIRMENTS_TXT: a.txt",
    '{"docker": {}, "environmentVariables": {"AZUREML_EXTRA_REQUIRMENTS_TXT": "a.txt"}}',
    f"$ docker run -e AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt {IMAGE}\nDone",
    f"docker run -e AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt {IMAGE}",
    """\
>>> from azureml.core import Environment
>>> env = Environment('x')
>>> env.environment_variables['AZUREML_EXTRA_REQUIRMENTS_TXT'] = 'a.txt'""",
]


@pytest.mark.parametrize("code", WITHOUT_LANGUAGE)
def test_what_code_without_a_language_is(code: str, tmp_path: Path) -> None:
    path = _project(tmp_path, f"# Azure\n\n```\n{code}\n```\n")
    (finding,) = check(tmp_path, [path]).findings
    assert (finding.code, finding.severity) == ("AML101", Severity.ERROR)


@pytest.mark.parametrize(
    "page",
    [
        "    scipy==1.2.3\n\n    export AZUREML_EXTRA_REQUIRMENTS_TXT=a.txt",
        "    AZUREML_EXTRA_REQUIRMENTS_TXT = a.txt",
    ],
)
def test_other_indented_text_is_text(page: str, tmp_path: Path) -> None:
    path = _project(tmp_path, f"# Azure\n\n{page}\n")
    (finding,) = check(tmp_path, [path]).findings
    assert (finding.code, finding.severity) == ("AML101", Severity.WARNING)
