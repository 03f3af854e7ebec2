"""What the tests of the output share: documents with places in them, and projects on disk."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

from aml_preflight.deployments import Deployment
from aml_preflight.document import Document, Place
from aml_preflight.findings import Edit, Finding, Fix, Related, Severity
from aml_preflight.python.reader import read
from aml_preflight.workspace import Workspace
from deployment_text import IMAGE

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig

env = Environment(name="scoring")
env.environment_variables = {
    "WORKER_COUNT": "2",
    "AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt",
}

config = InferenceConfig(
    entry_script="score.py",
    source_directory="src",
    environment=env,
)
"""

MESSAGE = (
    "this path repeats the source directory: the container would look for "
    "/var/azureml-app/src/src/requirements.txt and exit with code 99"
)


def document(text: str, name: str = "deploy.py") -> Document:
    return Document(f"/project/{name}", text)


def shown(path: str) -> str:
    """The path below the project's folder, as the command shows it."""
    return path.removeprefix("/project/")


def place(source: Document, quoted: str, number: int = 0) -> Place:
    """Where the text stands in a document for the ``number``-th time, from 0."""
    start = -1
    for _ in range(number + 1):
        start = source.text.index(quoted, start + 1)
    return Place(source, (start, start + len(quoted)))


def finding(
    where: Place,
    *related: tuple[Place, str],
    message: str = "this is wrong",
    help: str | None = None,  # noqa: A002 (a finding calls it so)
    fix: Fix | None = None,
    severity: Severity = Severity.ERROR,
) -> Finding:
    others = tuple(Related(*each) for each in related)
    return Finding("AML999", "some-rule", severity, where, message, help, others, fix)


def repeated_directory() -> Finding:
    """The finding that this tool was made for."""
    source = document(DEPLOY)
    value = place(source, '"src/requirements.txt"')
    return Finding(
        "AML201",
        "path-repeats-source-directory",
        Severity.ERROR,
        value,
        MESSAGE,
        'write "requirements.txt": the path starts at the folder of the score script',
        (Related(place(source, '"src"'), "uploaded to /var/azureml-app/src"),),
        Fix('write "requirements.txt"', (Edit(value, '"requirements.txt"'),), safe=True),
    )


def unprintable(text: str) -> set[str]:
    """The characters that must not reach a terminal; line ends are ours."""
    dangerous = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {each for each in text if each != "\n" and unicodedata.category(each) in dangerous}


# ---- deployments -------------------------------------------------------------------------------


class Project:
    """Files in a folder, and the deployments that one of them makes."""

    def __init__(self, root: Path, files: dict[str, str], deploy: str = "deploy.py") -> None:
        self.root = root
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", "surrogatepass")
        path = root / deploy
        facts = read(str(path), path.read_bytes())
        workspace = Workspace(str(root))
        self.deployments = [Deployment(each, workspace) for each in facts.deployments]

    @property
    def only(self) -> Deployment:
        (deployment,) = self.deployments
        return deployment

    @property
    def shown(self) -> Callable[[str], str]:
        return lambda path: path.removeprefix(f"{self.root}/")


def v1(variables: str, *, folder: str | None = "src", image: str | None = IMAGE) -> str:
    """A deployment as SDK v1 writes it; ``variables`` is the text of an expression."""
    lines = [
        "import os",
        "from azureml.core import Environment",
        "from azureml.core.model import InferenceConfig",
        'env = Environment(name="scoring")',
    ]
    if image is not None:
        lines.append(f'env.docker.base_image = "{image}"')
    lines.append(f"env.environment_variables = {variables}")
    given = "" if folder is None else f', source_directory="{folder}"'
    script = "score.py" if folder is not None else "src/score.py"
    lines.append(f'config = InferenceConfig(entry_script="{script}"{given}, environment=env)')
    return "\n".join(lines) + "\n"
