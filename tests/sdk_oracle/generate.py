"""Random programs, the same for the same seed, composed of the forms that ``programs`` shows.

A program is valid by construction: every name is bound before it is used, every file that the SDKs
ask for exists. Most forms are such as a reader can follow; a few, each with its own small chance,
are such as it has to give up on, and it must then say so.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from .cases import Program

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    "AZUREML_EXTRA_REQUIREMENTS_TXT",
    "AZUREML_EXTRA_PYTHON_LIB_PATH",
    "AZUREML_EXTRA_CONDA_YAML",
    "WORKER_COUNT",
    "LOG_LEVEL",
    "MODE",
)
TEXTS = (
    "requirements.txt",
    "lib/python3.9/site-packages",
    "../requirements.txt",
    "conf/conda.yml",
    "4",
    "",
    "with space",
)
IMAGES = (
    "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest",
    "registry.example/team/image:1",
)
SOURCES = (
    ("src", "score.py"),
    ("./src", "sub/score.py"),
    ("src/", "./score.py"),
    (".", "src/score.py"),
    ("src/sub/..", "score.py"),
    (None, "src/score.py"),
    (None, "score.py"),
)


class Spelling(NamedTuple):
    """The names under which a program knows the SDKs."""

    imports: tuple[str, ...]
    environment: str
    config: str
    model: str
    prefix_v2: str


SPELLINGS = (
    Spelling(
        (
            "from azureml.core import Environment, Model, Workspace",
            "from azureml.core.model import InferenceConfig",
            "import azure.ai.ml.entities as e",
        ),
        "Environment",
        "InferenceConfig",
        "Model",
        "e.",
    ),
    Spelling(
        (
            "import azureml.core as aml",
            "from azureml.core import Workspace",
            "from azureml.core.model import InferenceConfig as IC, Model as M",
            "from azure.ai.ml import entities",
        ),
        "aml.Environment",
        "IC",
        "M",
        "entities.",
    ),
    Spelling(
        (
            "import azureml.core",
            "import azureml.core.model",
            "from azureml.core import Environment as Env, Workspace",
            "from azure.ai.ml.entities import (",
            "    CodeConfiguration,",
            "    Environment,",
            "    KubernetesOnlineDeployment,",
            "    ManagedOnlineDeployment,",
            ")",
        ),
        "Env",
        "azureml.core.model.InferenceConfig",
        "azureml.core.model.Model",
        "",
    ),
)


def program(seed: int) -> Program:
    """The program of one seed."""
    return _Writer(random.Random(seed)).program(f"seed-{seed}")


class _Writer:
    """Writes one program, line by line, in the order in which it runs."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.spelling = rng.choice(SPELLINGS)
        self.folder = rng.choice(("", "", "ops/"))
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.mappings: list[str] = []
        self.environments: list[str] = []
        self.functions: list[str] = []

    # ------------------------------------------------------------------------------ the program

    def program(self, name: str) -> Program:
        self.lines = ["import os", "from pathlib import Path", "", *self.spelling.imports]
        self._add("from azureml.core.webservice import AciWebservice, LocalWebservice")
        self._add("from azure.ai.ml import MLClient, command")
        self._add("from azure.identity import DefaultAzureCredential")
        if self.rng.random() < 0.3:
            self._function()
        self._frame()
        deploy = f"{self.folder}deploy.py"
        return Program(name, deploy, {deploy: "\n".join(self.lines) + "\n"}, {})

    def _frame(self) -> None:
        """The body: at the top level, below the main guard, or in a function."""
        kind = self.rng.choice(("plain", "plain", "guard", "main"))
        if kind == "guard":
            self._add('if __name__ == "__main__":')
        elif kind == "main":
            self._add("", "", "def main():")
        self.indent = 0 if kind == "plain" else 1
        self._body()
        self.indent = 0
        if kind == "main":
            self._add("", "", "main()")

    def _body(self) -> None:
        self._add("ws = Workspace.from_config()")
        self._add('client = MLClient(DefaultAzureCredential(), "s", "g", "w")')
        for _ in range(self.rng.randint(1, 3)):
            self.rng.choice((self._v1, self._v1, self._v2))()
            if self.rng.random() < 0.3:
                self._noise()

    def _function(self) -> None:
        """A function that makes an environment."""
        self._add("", "", 'def make_environment(name, requirements="requirements.txt"):')
        self.indent = 1
        self._add(f"made = {self.spelling.environment}(name)")
        self._add('made.environment_variables["AZUREML_EXTRA_REQUIREMENTS_TXT"] = requirements')
        for _ in range(self.rng.randint(0, 2)):
            self._set_on("made.environment_variables", "made")
        self._add("return made")
        self.indent = 0
        self._add("", "")
        self.mappings, self.environments = [], []
        self.functions.append("make_environment")

    def _noise(self) -> None:
        """What stands beside a deployment and is none of it."""
        self.rng.choice(
            (
                lambda: self._add('print("deploying")'),
                lambda: self._block('if os.environ.get("VERBOSE"):', 'print("talkative")'),
                lambda: self._add(
                    'job = command(code="src", command="python score.py", compute="c",',
                    f'    environment="azureml:e:1", environment_variables={self._literal()})',
                ),
                lambda: self._add(
                    f'batch = {self.spelling.environment}("unused")',
                    f"batch.environment_variables = {self._literal()}",
                ),
            )
        )()

    # ---------------------------------------------------------------------------------- SDK v1

    def _v1(self) -> None:
        env = self._environment()
        for _ in range(self.rng.randint(1, 4)):
            self._change(env)
        config = self._config(env)
        if self.rng.random() < 0.3:
            self._change(env)
        if self.rng.random() < 0.5:
            self._deploy(config)
            if self.rng.random() < 0.5:
                self._change(env)
            if self.rng.random() < 0.15:
                self._deploy(config)

    def _environment(self) -> str:
        name = self._fresh("env")
        maker = self.spelling.environment
        image = self._text(self.rng.choice(IMAGES))
        forms = [
            f'{maker}("scoring")',
            f'{maker}(name="scoring")',
            f'{maker}.from_docker_image("scoring", {image})',
            f'{maker}.from_docker_image(name="scoring", image={image})',
            f'{maker}.from_conda_specification("scoring", "conda.yml")',
            f'{maker}.from_pip_requirements("scoring", "src/requirements.txt")',
        ]
        if self.functions:
            forms += ['make_environment("scoring")', 'make_environment("a", requirements="b.txt")']
        if self.environments:
            other = self.rng.choice(self.environments)
            forms += [other, f'{other}.clone("clone")', f'{other}.clone(new_name="clone")']
        if self.rng.random() < 0.1:
            forms = [
                f'{maker}.get(ws, "AzureML-curated").clone("mine")',
                f'{maker}.get(workspace=ws, name="mine")',
                f'{maker}("scoring", environment_variables={{"DROPPED": "1"}})',
            ]
        self._add(f"{name} = {self.rng.choice(forms)}")
        self.environments.append(name)
        return name

    def _change(self, env: str) -> None:
        """One thing that is done to an environment."""
        roll = self.rng.random()
        if roll < 0.2:
            self._add(f"{env}.docker.base_image = {self._text(self.rng.choice(IMAGES))}")
        elif roll < 0.25:
            alias = self._fresh("alias")
            self._add(f"{alias} = {env}")
            self._set_on(f"{alias}.environment_variables", alias)
        elif roll < 0.3:
            self._hard_change(env)
        else:
            self._set_on(f"{env}.environment_variables", env)

    def _hard_change(self, env: str) -> None:
        key = self._key()
        self.rng.choice(
            (
                lambda: self._block(
                    'if os.environ.get("NOBODY_SETS_THIS"):',
                    f'{env}.environment_variables[{key}] = "not so"',
                ),
                lambda: self._block(
                    'for item in ("first", "second"):',
                    f"{env}.environment_variables[item.upper()] = item",
                ),
                lambda: self._add(f'setattr({env}, "environment_variables", {self._literal()})'),
                lambda: self._add(f"{env}._environment_variables[{key}] = {self._text()}"),
            )
        )()

    def _config(self, env: str) -> str:
        name = self._fresh("config")
        source, script = self.rng.choice(SOURCES)
        spelt = None if source is None else self._source(source)
        arguments = self._arguments(script, spelt, env)
        call = f"{name} = {self.spelling.config}"
        if self.rng.random() < 0.5:
            self._add(f"{call}({', '.join(arguments)})")
        else:
            self._add(f"{call}(", *(f"    {argument}," for argument in arguments), ")")
        if self.rng.random() < 0.1:
            late = self.rng.choice(('"src"', '"src/sub"', '"."'))
            self._add(f"{name}.source_directory = {late}", f'{name}.entry_script = "score.py"')
        return name

    def _arguments(self, script: str, source: str | None, env: str) -> list[str]:
        text = self._text(script)
        if self.rng.random() < 0.1:
            nones = ["None"] * 3
            return [text, *nones, source or "None", *nones, "None", "None", env]
        positional = self.rng.random() < 0.4
        rest = [f"environment={env}"]
        if source is not None or self.rng.random() < 0.2:
            rest.append(f"source_directory={source}")
        if not positional:
            rest.append(f"entry_script={text}")
        self.rng.shuffle(rest)
        return [text, *rest] if positional else rest

    def _deploy(self, config: str) -> None:
        target = self.rng.choice(
            ("AciWebservice.deploy_configuration(1, 1)", "LocalWebservice.deploy_configuration()")
        )
        model = self.spelling.model
        keywords = f"inference_config={config}, deployment_config={target}"
        self._add(
            self.rng.choice(
                (
                    f'{model}.deploy(ws, "service", [], {config}, {target})',
                    f'{model}.deploy(workspace=ws, name="service", models=[], {keywords})',
                    f"package = {model}.package(ws, [], {config})",
                )
            )
        )

    # ---------------------------------------------------------------------------------- SDK v2

    def _v2(self) -> None:
        # A v1 deploy writes into dictionaries that v1 environments hold; v2 must not unpack those.
        self.mappings = []
        name = self._fresh("deployment")
        prefix = self.spelling.prefix_v2
        kind = self.rng.choice(("Managed", "Kubernetes"))
        arguments = ['name="blue"', 'endpoint_name="scoring"', *self._code(), self._image_v2()]
        if self.rng.random() < 0.8:
            arguments.append(f"environment_variables={self._mapping()}")
        self.rng.shuffle(arguments)
        self._add(f"{name} = {prefix}{kind}OnlineDeployment(")
        self._add(*(f"    {argument}," for argument in arguments), ")")
        for _ in range(self.rng.randint(0, 2)):
            self._set_on(f"{name}.environment_variables", name)
        if self.rng.random() < 0.5:
            self._add(self._begin(name))
            if self.rng.random() < 0.5:
                self._set_on(f"{name}.environment_variables", name)

    def _begin(self, name: str) -> str:
        return self.rng.choice(
            (
                f"client.online_deployments.begin_create_or_update({name}).result()",
                f"client.begin_create_or_update({name})",
                f"client.online_deployments.begin_create_or_update(deployment={name}, local=True)",
            )
        )

    def _code(self) -> list[str]:
        source, script = self.rng.choice([pair for pair in SOURCES if pair[0]])
        code, script = self._source(source or "", text_only=True), self._text(script)
        maker = f"{self.spelling.prefix_v2}CodeConfiguration"
        return self.rng.choice(
            (
                [f"code_configuration={maker}({code}, {script})"],
                [f"code_configuration={maker}(code={code}, scoring_script={script})"],
                [f"code_path={code}", f"scoring_script={script}"],
            )
        )

    def _image_v2(self) -> str:
        image = self._text(self.rng.choice(IMAGES))
        made = f"{self.spelling.prefix_v2}Environment(image={image})"
        if self.rng.random() < 0.3:
            name = self._fresh("env_v2")
            self._add(f"{name} = {made}")
            made = name
        return f"environment={made}"

    # ------------------------------------------------------------------ dictionaries of variables

    def _set_on(self, holder: str, owner: str) -> None:
        """One way to change the variables that the attribute ``holder`` of ``owner`` holds."""
        key, text = self._key(), self._text()
        name = self.rng.choice(NAMES)
        forms: list[Callable[[], None]] = [
            lambda: self._add(f"{holder} = {self._mapping()}"),
            lambda: self._add(f"{holder}[{key}] = {text}"),
            lambda: self._add(f"{holder}[{key}] = {text}"),
            lambda: self._add(f"{holder}.update({self._mapping()})"),
            lambda: self._add(f"{holder}.update({name}={text})"),
            lambda: self._add(f"{holder} |= {self._literal()}"),
            lambda: self._add(f"{holder}.setdefault({key}, {text})"),
            lambda: self._add(f"{holder} = {{**{holder}, {key}: {text}}}"),
            lambda: self._add(f"{holder}.pop({key}, None)"),
            lambda: self._add(f"{holder}[{key}] = {text}", f"del {holder}[{key}]"),
            lambda: self._inside(holder, key, text),
        ]
        if owner != "made" and self.rng.random() < 0.1:
            forms = [lambda: self._add(f"{holder}.clear()")]
        self.rng.choice(forms)()

    def _inside(self, holder: str, key: str, text: str) -> None:
        """A name for the dictionary itself, through which it is then changed."""
        name = self._fresh("inside")
        self._add(f"{name} = {holder}", f"{name}[{key}] = {text}")
        self.mappings.append(name)

    def _mapping(self) -> str:
        """An expression for a dictionary. A name that it uses may be changed again later."""
        if self.mappings and self.rng.random() < 0.3:
            return self._derived(self.rng.choice(self.mappings))
        if self.rng.random() < 0.3:
            return self._in_steps()
        return self.rng.choice((self._literal, self._call, self._literal, self._comprehended))()

    def _derived(self, name: str) -> str:
        key, text = self._key(), self._text()
        if self.rng.random() < 0.3:
            self._add(f"{name}[{key}] = {text}")
        return self.rng.choice(
            (
                name,
                f"dict({name})",
                f"{{**{name}, {key}: {text}}}",
                f"{{{key}: {text}, **{name}}}",
                f"{name} | {{{key}: {text}}}",
                f"dict({name}, {self.rng.choice(NAMES)}={text})",
                f"{name}.copy()",
            )
        )

    def _in_steps(self) -> str:
        name = self._fresh("variables")
        self._add(f"{name} = {self.rng.choice(('{}', 'dict()', self._literal()))}")
        for _ in range(self.rng.randint(1, 3)):
            key, text = self._key(), self._text()
            self._add(
                self.rng.choice(
                    (
                        f"{name}[{key}] = {text}",
                        f"{name}.update({self._literal()})",
                        f"{name}.update({self.rng.choice(NAMES)}={text})",
                        f"{name} |= {self._literal()}",
                    )
                )
            )
        self.mappings.append(name)
        return name

    def _literal(self) -> str:
        chosen = self.rng.sample(NAMES, self.rng.randint(0, 3))
        return "{" + ", ".join(f"{self._text(n)}: {self._value()}" for n in chosen) + "}"

    def _call(self) -> str:
        chosen = self.rng.sample(NAMES, self.rng.randint(1, 2))
        return f"dict({', '.join(f'{name}={self._value()}' for name in chosen)})"

    def _comprehended(self) -> str:
        if self.rng.random() < 0.7:
            return self._literal()
        return '{f"X_{name}": name for name in ("a", "b")}'

    def _key(self) -> str:
        return self._text(self.rng.choice(NAMES))

    def _value(self) -> str:
        if self.rng.random() < 0.1:
            return self.rng.choice(("1", "True", "None", "0.5", "-2", "False"))
        return self._text()

    # ----------------------------------------------------------------------------------- texts

    def _text(self, text: str | None = None) -> str:
        """An expression for a text."""
        if text is None:
            text = self.rng.choice(TEXTS)
        if self.rng.random() < 0.5:
            return _quoted(text, self.rng)
        return self.rng.choice(self._spellings(text))()

    def _spellings(self, text: str) -> list[Callable[[], str]]:
        cut = self.rng.randint(0, len(text))
        left, right = text[:cut], text[cut:]
        forms: list[Callable[[], str]] = [
            lambda: f"{left!r} + {right!r}",
            lambda: f"({left!r} {right!r})",
            lambda: f"str({text!r})",
            lambda: f"f{text!r}",
            lambda: self._constant(text),
            lambda: f"f'{{{self._constant(left)}}}{right}'",
        ]
        if "/" in text and text[0] not in "/." and not text.endswith("/"):
            forms += [lambda: self._joined(text), lambda: self._divided(text)]
        if self.rng.random() < 0.1:
            forms = [
                lambda: f"'%s%s' % ({left!r}, {right!r})",
                lambda: f"os.environ.get('NOBODY_SETS_THIS', {text!r})",
            ]
        return forms

    def _joined(self, text: str) -> str:
        return f"os.path.join({', '.join(repr(part) for part in text.split('/'))})"

    def _divided(self, text: str) -> str:
        first, *rest = text.split("/")
        return f"str(Path({first!r}) / {' / '.join(repr(part) for part in rest)})"

    def _constant(self, text: str) -> str:
        name = self._fresh("TEXT")
        self._add(f"{name} = {text!r}")
        return name

    def _source(self, source: str, text_only: bool = False) -> str:
        """An expression for a folder. v2 takes text only."""
        up = "parent.parent" if self.folder else "parent"
        beside = [f"str(Path(__file__).resolve().{up} / {source!r})"]
        here = "os.path.dirname(os.path.abspath(__file__))"
        above = "'..'" if self.folder else "'.'"
        beside.append(f"os.path.join({here}, {above}, {source!r})")
        if not text_only:
            beside += [f"Path(__file__).resolve().{up} / {source!r}", f"Path({source!r})"]
        if self.rng.random() < 0.3:
            return self.rng.choice(beside)
        return self._text(source)

    # ----------------------------------------------------------------------------------- lines

    def _fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def _add(self, *lines: str) -> None:
        self.lines += ["    " * self.indent + line if line else "" for line in lines]

    def _block(self, head: str, *lines: str) -> None:
        self._add(head, *(f"    {line}" for line in lines))


def _quoted(text: str, rng: random.Random) -> str:
    return rng.choice((repr(text), f'"{text}"'))
