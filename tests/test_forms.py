"""Messages speak of a deployment in the words of the form that it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aml_preflight import rules
from aml_preflight.findings import Severity
from checking import check
from deployment_text import IMAGE

if TYPE_CHECKING:
    from pathlib import Path

    from aml_preflight.findings import Finding

V2 = f"name: blue\nendpoint_name: scoring\nenvironment:\n  image: {IMAGE}\n"
CODE = "code_configuration:\n  code: src\n  scoring_script: score.py\n"


def _v1(script: str, folder: str, variables: str) -> str:
    return (
        f'{{"entryScript": "{script}", "sourceDirectory": {folder},\n'
        f' "environment": {{"docker": {{"baseImage": "{IMAGE}"}},\n'
        f' "environmentVariables": {{{variables}}}}}}}\n'
    )


REQUIREMENTS = '"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"'

SLIPS = [
    (
        "|\n    requirements.txt",
        "a line break at the end",
        "requirements.txt\n",
        'write "requirements.txt" on one line, or |- in place of |',
    ),
    (
        ">\n    src/requirements.txt",
        "a line break at the end",
        "src/requirements.txt\n",
        'write "requirements.txt" on one line',
    ),
    (
        '" requirements.txt\\n"',
        "a blank at the start and a line break at the end",
        " requirements.txt\n",
        'write "requirements.txt"',
    ),
    (
        "|\n    missing.txt",
        "a line break at the end",
        "missing.txt\n",
        "correct it; there is nothing at the corrected path",
    ),
]
"""How YAML has a path, what is wrong with it, the path, and the advice."""

TEXTS = [
    *(
        (
            "AML206",
            "deployment.yml",
            V2 + CODE + f"environment_variables:\n  AZUREML_EXTRA_REQUIREMENTS_TXT: {value}\n",
            (
                f"this path has {slip}: the container would look for "
                f'"/var/azureml-app/src/{path}" and exit with code 99'
            ),
            advice,
        )
        for value, slip, path, advice in SLIPS
    ),
    (
        "AML104",
        "deployment.yml",
        CODE + V2 + "  environment_variables:\n    A: b\n",
        "an environment has no environment_variables in CLI v2: azure-ai-ml refuses this file",
        "put them into the deployment, beside its environment",
    ),
    (
        "AML104",
        "deployment.yml",
        CODE + V2 + "env_variables:\n  AZUREML_EXTRA_REQUIREMENTS_TXT: r.txt\n",
        "a deployment has no such field in CLI v2: azure-ai-ml refuses this file",
        "write environment_variables",
    ),
    (
        "AML105",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  AZUREML_EXTRA_REQUIREMENTS_TXT: r.txt\n"
        "environment_variables:\n  A: b\n",
        (
            "this is lost, because environment_variables is given once more: the container "
            "would start without it"
        ),
        "put all variables under one key",
    ),
    (
        "AML107",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  A: yes\n",
        (
            "YAML reads the truth value true here, and environment variables are text: the service "
            "decides what the container gets"
        ),
        'write "yes", or "true" if that is what reads it expects',
    ),
    (
        "AML107",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  A: 010\n",
        (
            "YAML reads the number 8 here, and environment variables are text: the service decides "
            "what the container gets"
        ),
        'write "010"',
    ),
    (
        "AML107",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  A: 2026-11-24\n",
        (
            "YAML reads a date here, and environment variables are text: the service decides "
            "what the container gets"
        ),
        'write "2026-11-24"',
    ),
    (
        "AML107",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  A: ~\n",
        "~ is not text: the container would get an empty variable, or none",
        'write "" for an empty value, or leave the variable out',
    ),
    (
        "AML107",
        "deployment.yml",
        V2 + CODE + "environment_variables:\n  A:\n",
        "an empty value is not text: the container would get an empty variable, or none",
        'write "" for an empty value, or leave the variable out',
    ),
    (
        "AML107",
        "inferenceconfig.json",
        _v1("score.py", '"src"', '"A": null'),
        "null is not text: the container would get an empty variable, or none",
        'write "" for an empty value, or leave the variable out',
    ),
    (
        "AML108",
        "inferenceconfig.json",
        _v1("score.py", '"src"', '"AZUREML_ENTRY_SCRIPT": "x/score.py"'),
        "the deploy overwrites AZUREML_ENTRY_SCRIPT with what the inference configuration says",
        "remove it, and give entryScript to the inference configuration",
    ),
    (
        "AML109",
        "job.yml",
        (
            "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n"
            "command: x\nenvironment_variables:\n  AZUREML_EXTRA_REQUIREMENTS_TXT: r.txt\n"
        ),
        (
            "nothing in a command job reads AZUREML_EXTRA_REQUIREMENTS_TXT: the packages would "
            "not be there"
        ),
        "only the image of an online deployment reads it; give the packages to the environment",
    ),
    (
        "AML207",
        "inferenceconfig.json",
        _v1("src/score.py", "null", REQUIREMENTS),
        (
            "without sourceDirectory only the entry script is uploaded: the container would look "
            "for /var/azureml-app/requirements.txt and exit with code 99"
        ),
        'write "entryScript": "score.py", "sourceDirectory": "src"',
    ),
    (
        "AML208",
        "deployment.yml",
        V2 + CODE.replace("score.py", "scoring.py"),
        "there is no score script at src/scoring.py: az ml cannot open it when it deploys",
        'did you mean "score.py"? The path starts at the code folder',
    ),
    (
        "AML208",
        "inferenceconfig.json",
        _v1("scoring.py", '"src"', REQUIREMENTS),
        "there is no score script at src/scoring.py: the deploy ends with WebserviceException",
        'did you mean "score.py"? The path starts at the sourceDirectory',
    ),
    (
        "AML208",
        "deployment.yml",
        V2 + CODE.replace("src", "scr"),
        "this code folder does not exist: there is no folder scr in the project",
        "give the folder that holds the score script",
    ),
    (
        "AML208",
        "deployment.yml",
        V2 + CODE.replace("src", ".\\scr"),
        "this code folder does not exist: there is no folder scr in the project",
        "give the folder that holds the score script",
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "text", "message", "advice"), TEXTS, ids=lambda value: str(value)[:20]
)
def test_words(code: str, path: str, text: str, message: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text("")
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    (tmp_path / path).write_text(text)
    found: list[Finding] = [
        each for each in check(tmp_path, [tmp_path / path]).findings if each.code == code
    ]
    assert [(each.message, each.help) for each in found] == [(message, advice)]


def test_advice_is_what_has_the_severity_info() -> None:
    advice = {rule.code for rule in rules.RULES if rule.severity is Severity.INFO}
    assert advice == rules.ADVICE
