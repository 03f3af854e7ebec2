"""Statements that are left out can never matter: with and without them the facts are the same."""

from __future__ import annotations

import ast
import marshal
from pathlib import Path

import pytest
from aml_preflight.facts import FileFacts
from aml_preflight.python import outline
from aml_preflight.python.reader import read
from aml_preflight.python.relevance import Statement, relevant
from aml_preflight.values import Known, Unknown
from cases import ALL
from sdk_oracle.generate import program

PROGRAMS = sorted((Path(__file__).parent.parent / "sdk_oracle" / "programs").glob("*.md"))


V2 = "from azure.ai.ml.entities import ManagedOnlineDeployment\n"
DEPLOYED = 'd = ManagedOnlineDeployment(name="b", endpoint_name="e", environment_variables=V)\n'
COUNTER_EXAMPLES = [
    V2 + "V = {}\nraise ValueError('n\u00e3o')\n" + DEPLOYED,
    V2 + "V = {'A': 'x'}\n\uff36['A'] = 'y'\n" + DEPLOYED,
    V2 + "import sys\nV = {}\nDEPLOY = False\nif not DEPLOY:\n    sys.exit('off')\n" + DEPLOYED,
    V2 + "V = {}\nif True:\n    raise SystemExit\n" + DEPLOYED,
    V2 + "V = {}\nif q:\n    raise KeyError\nelse:\n    raise ValueError\n" + DEPLOYED,
    V2 + "import sys\nV = {}\nwith open('x'):\n    sys.exit()\n" + DEPLOYED,
    V2 + "import sys\nV = {}\nfor x in [1, 2]:\n    sys.exit()\n" + DEPLOYED,
    V2 + "V = {}\nwhile False:\n    pass\nelse:\n    raise KeyError\n" + DEPLOYED,
    V2 + "import sys\nV = {}\ntry:\n    x()\nfinally:\n    sys.exit()\n" + DEPLOYED,
    V2 + "V = {}\ntry:\n    raise KeyError\nexcept OSError:\n    raise\n" + DEPLOYED,
    V2 + "from sys import exit as bye\nV = {}\nbye()\n" + DEPLOYED,
    V2 + "V = {'A': 'x'}\n" + DEPLOYED[:-1] + "; \\\nprint('done')\n",
    V2 + "V = {'A': 'x'};\\\nb = 2\n" + DEPLOYED,
    V2 + "V = {'A': 'x'}\nmatch q:\n    case {**V}:\n        pass\n" + DEPLOYED,
    V2 + "from helpers import mk\ndef mk():\n    return {}\nV = mk()\nV['A'] = 'x'\n" + DEPLOYED,
    V2 + "from builtins import dict\nV = dict()\nV['A'] = 'x'\n" + DEPLOYED,
    V2 + "import json\nx = json.dumps(V := {'B': '1'})\nV['A'] = 'x'\n" + DEPLOYED,
    V2 + "x = f\"{(V := {'B': '1'})}\"\nV['A'] = 'x'\n" + DEPLOYED,
    V2 + "V = {}\nz = 1\n@(\n  staticmethod\n)\ndef f(v): v['q'] = 'z'\nf(V)\n" + DEPLOYED,
    (
        "def deploy():\n    from azure.ai.ml.entities import ManagedOnlineDeployment as MOD\n"
        "    return MOD(name='b', endpoint_name='e', environment_variables={'A': 'x'})\n"
    ),
    (
        "try:\n    from azure.ai.ml.entities import ManagedOnlineDeployment as MOD\n"
        "except ImportError:\n    raise\nd = MOD(name='b', endpoint_name='e')\n"
    ),
]
"""Programs of which a slice once said something else than the whole."""


BROKEN = V2 + "V = {}\n" + DEPLOYED + "def f(:\n"
TOO_DEEP = V2 + "V = {}\n" + DEPLOYED + f"V['A'] = {'(' * 180}1{')' * 180}\n"


def _plain(facts: FileFacts) -> object:
    def value(each: object) -> object:
        if isinstance(each, Known):
            return each.value, each.place.span
        return (each.reason, each.place.span) if isinstance(each, Unknown) else each

    return [
        (
            each.place.span,
            [value(part) for part in (each.image, each.source_directory, each.entry_script)],
            [(item.name.value, value(item.value)) for item in each.variables.items],
            value(each.variables.open),
        )
        for each in facts.deployments
    ], [each.place.span for each in facts.environments]


def _texts() -> list[str]:
    texts = [text for case in ALL for name, text in case.files.items() if name.endswith(".py")]
    for path in PROGRAMS:
        blocks = path.read_text("utf-8").split("```python")[1:]
        texts += [block.split("```")[0].partition("\n")[2] for block in blocks]
    texts += COUNTER_EXAMPLES
    for made in map(program, range(60)):
        texts.append(made.files[made.deploy])
    return texts


def test_the_facts_are_those_of_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _texts()
    assert len(texts) > 500
    short = [_plain(read("/project/deploy.py", text.encode())) for text in texts]
    monkeypatch.setattr(outline, "relevant", lambda body: body)
    whole = [_plain(read("/project/deploy.py", text.encode())) for text in texts]
    assert short == whole


def test_an_outline_that_was_made_before_changes_nothing() -> None:
    path = "/project/deploy.py"
    for text in [*_texts(), BROKEN, TOO_DEEP]:
        data = text.encode()
        made = marshal.loads(marshal.dumps(outline.outline_of_file(path, data)))
        before, now = read(path, data, outline=made), read(path, data)
        assert _plain(before) == _plain(now)
        assert [each.reason for each in before.trouble] == [each.reason for each in now.trouble]


def _kept(text: str) -> list[str]:
    statements = [Statement(each, ast.unparse(each)) for each in ast.parse(text).body]
    body = relevant(statements)
    return [each.node.name for each in body if isinstance(each.node, ast.FunctionDef)]


def test_what_works_with_its_own_things_is_left_out() -> None:
    text = "import os\nfrom azureml.core import Model\n"
    text += "def tidy(x):\n    return os.path.join(x, str(1))\ndef more(y):\n    return tidy(y)\n"
    assert _kept(text) == []
    assert _kept(text + "print(more(1))\n") == []
    assert _kept(text + "InferenceConfig(more(1))\n") == ["tidy", "more"]


def test_what_makes_a_deployment_is_kept_with_all_that_name_it() -> None:
    text = "from azureml.core.model import InferenceConfig as IC\ndef a():\n    IC()\n"
    text += "def b():\n    a()\ndef c():\n    pass\n"
    assert _kept(text) == ["a", "b"]


def test_what_may_change_an_object_is_kept() -> None:
    text = "from azureml.core import Environment\nenv = Environment('x')\n"
    text += "def change():\n    env.name = 'y'\ndef other():\n    pass\n"
    assert _kept(text) == ["change"]


@pytest.mark.parametrize("line", ["from azureml.core import *", "from helpers import *"])
def test_a_star_may_bring_anything(line: str) -> None:
    assert _kept(f"{line}\ndef a(x):\n    return x\n") == ["a"]
