"""Deployment files as people write them, and with small mistakes; the same for the same seed."""

from __future__ import annotations

import random

VALUES = [
    "requirements.txt", "'src/requirements.txt'", '"a b"', '"a\\tb"', "'it''s'", "2", "012", "0o12",
    "1_000", "1.5", "1e3", "1.e+3", "yes", "No", "on", "true", "y", "~", "null", "", "12:30:45",
    "2021-01-01", "2021-01-01 10:00:00", ".inf", "0x1F", "0b11", "!!str 12", "!!int '12'",
    "!!float 3", "*text", "&here there", "a:b", "a#b", "a  # comment", "./x", "C:\\x", "é🙂", "08",
    "'{{X}}'", "$(x)", "[1, 2]", "{a: b}", "-", "?x", "=", "!!binary aGk=",
]  # fmt: skip
NAMES = [
    "AZUREML_EXTRA_REQUIREMENTS_TXT", "AZUREML_EXTRA_PYTHON_LIB_PATH", "WORKER_COUNT", "A", "'B'",
    '"C"', "é", "yes", "'1'", "? K", "a b",
]  # fmt: skip
ENVIRONMENTS = [
    "environment: azureml:env:1\n",
    "environment: azureml:env@latest\n",
    "environment: azureml://registries/azureml/environments/x/versions/1\n",
    "environment: file:./env.yml\n",
    "environment:\n  image: registry/image:1\n",
    "environment: {image: 'registry/image:1', name: x, version: 2}\n",
    "environment:\n  name: x\n  image: >-\n    registry/image:1\n",
    "environment:\n  name: x\n  build:\n    path: .\n",
    "",
    "environment: my-env:1\n",
    "environment: ./env.yml\n",
    "environment: &env\n  image: a\n  image: b\n",
    "environment:\n  image: a\n  environment_variables: {A: b}\n",
    "environment:\n",
]
CODES = [
    "code_configuration:\n  code: src\n  scoring_script: score.py\n",
    "code_configuration: {code: ./src/, scoring_script: 'online/score.py'}\n",
    'code_configuration:\n  "code": "../x"\n  scoring_script: !!str score.py\n',
    "code_configuration:\n  <<: {code: a, scoring_script: b.py}\n  code: c\n",
    "code_configuration:\n  scoring_script: score.py\n",
    "code_configuration:\n  code: src\n",
    "code_configuration:\n  code: azureml:code:1\n  scoring_script: score.py\n",
    "code_configuration:\n  code: {local_path: src}\n  scoring_script: score.py\n",
    "code_configuration:\n  code: 1\n  scoring_script: yes\n",
    "code_configuration:\n",
    "",
]
EXTRAS = [
    "", "", "type: kubernetes\n", "app_insights_enabled: true\n", "properties: {a: b}\n",
    "environment_variables: {LATER: won}\n", "env_variables: {A: b}\n", "env: {A: b}\n",
    "description: x\n", "request_settings:\n  request_timeout_ms: 3000\n",
    "environment_variable: {A: b}\n", "code_path: src\n", "---\nname: x\n",
    "x-common: &z {A: b}\n",
]  # fmt: skip
WHOLE = [
    "", "environment_variables:\n", "environment_variables: []\n", "environment_variables: {}\n",
    "environment_variables: *common\n",
]  # fmt: skip
DAMAGE = ["", ":", "'", '"', " ", "\n", "{", "]", "#", "&x ", "*text", "- ", "<<: *common\n", "\t"]


def deployment(seed: int) -> str:
    """The text of a file."""
    chance = random.Random(seed)
    parts = [
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\n"
        if chance.random() < 0.5
        else "",
        "name: blue\n",
        "endpoint_name: scoring\n",
        _mostly(chance, CODES, 4),
        _mostly(chance, ENVIRONMENTS, 8),
        _variables(chance),
        "instance_type: Standard_DS3_v2\n",
        "instance_count: 1\n",
        _mostly(chance, EXTRAS, 6),
    ]
    if chance.random() < 0.3:
        chance.shuffle(parts)
    text = "description: &text src/x.txt\ntags: &common\n  A: merged\n  M: 1\n" + "".join(parts)
    if "description: x\n" in parts:
        text = text.replace("description: &text", "model_mount_path: &text", 1)
    for _ in range(chance.choice([0, 0, 0, 0, 1, 2])):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(DAMAGE) + text[at + chance.choice([0, 1]) :]
    return text.replace("\n", "\r\n") if chance.random() < 0.1 else text


def _mostly(chance: random.Random, choices: list[str], sound: int) -> str:
    """One of the first ``sound`` choices, which the SDK takes, or now and then of all."""
    return chance.choice(choices[:sound] if chance.random() < 0.85 else choices)


def _variables(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(WHOLE)
    count = chance.randint(1, 4)
    pairs = [f"{chance.choice(NAMES)}: {_mostly(chance, VALUES, 34)}" for _ in range(count)]
    if chance.random() < 0.3:
        merge = chance.choice(["<<: *common", "<<: [*common, {M: 2, N: 3}]", "<<: {A: 2}"])
        pairs.insert(chance.randint(0, len(pairs)), merge)
    if kind < 0.3:
        return (
            "environment_variables: {" + ", ".join(each.split("  #")[0] for each in pairs) + "}\n"
        )
    return "environment_variables:\n" + "".join(f"  {each}\n" for each in pairs)
