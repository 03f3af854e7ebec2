"""The reader against the real azure-ai-ml, over generated deployment files.

``AML_PREFLIGHT_FULL=1`` compares 5000 files instead of 300. What the SDK refuses, the reader may
read in any way; what the SDK takes, the reader must not read otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aml_preflight.configs.environments import IN_OTHER_FILE, image_of
from aml_preflight.configs.reader import read, source_of
from aml_preflight.document import Document, Language
from aml_preflight.facts import DeploymentFacts
from aml_preflight.values import Known
from asking import Asked
from sdk_oracle.environment import UnavailableError, interpreter

from .generate import deployment

pytestmark = pytest.mark.oracle

ENVIRONMENT = "name: env\nimage: registry/of-the-file:1\n"
CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
TEXTS = [path.read_bytes().decode("utf-8") for path in CASES]
COUNT = 5000 if os.environ.get("AML_PREFLIGHT_FULL") else 300
BATCH = 50


class Sdk(Asked):
    """A process that loads files."""

    def __init__(self) -> None:
        command = (str(interpreter()), "-m", "configs.oracle.observe")
        super().__init__(command, {"PYTHONPATH": str(Path(__file__).resolve().parents[2])})
        self.answer()

    def load(self, path: Path) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask(str(path))
        return answer


@pytest.fixture(scope="module")
def sdk() -> Iterator[Sdk]:
    try:
        made = Sdk()
    except UnavailableError as reason:
        pytest.skip(str(reason))
    yield made
    made.close()


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_reads_generated_files_as_the_sdk_does(sdk: Sdk, first: int, tmp_path: Path) -> None:
    (tmp_path / "env.yml").write_text(ENVIRONMENT)
    taken = 0
    for seed in range(first, first + BATCH):
        taken += agrees(sdk, tmp_path, deployment(seed), f"seed {seed}")
    assert taken > BATCH // 5


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in CASES])
def test_reads_kept_cases_as_the_sdk_does(sdk: Sdk, text: str, tmp_path: Path) -> None:
    (tmp_path / "env.yml").write_text(ENVIRONMENT)
    agrees(sdk, tmp_path, text, "kept")


@pytest.mark.parametrize(
    "text",
    [
        ENVIRONMENT,
        "name: x\nbuild: {path: .}\n",
        "name: x\nimage: a\nversion: 1\nconda_file: c.yml\n",
    ],
)
def test_reads_environments_as_the_sdk_does(sdk: Sdk, text: str, tmp_path: Path) -> None:
    (tmp_path / "env.yml").write_text(text)
    (tmp_path / "c.yml").write_text("dependencies: [pip]\n")
    answer = sdk.load(tmp_path / "env.yml")
    source = source_of(Document("/env.yml", text, language=Language.YAML))
    image = image_of(source, source.fields(source.roots[0]))
    assert "refused" not in answer
    assert (image.value if isinstance(image, Known) else None) == answer["image"]


def agrees(sdk: Sdk, folder: Path, text: str, name: str) -> bool:
    """Whether the SDK takes a file; fails where the reader reads it otherwise."""
    path = folder / "deployment.yml"
    path.write_bytes(text.encode())
    answer = sdk.load(path)
    facts = read(str(path), text.encode())
    if "refused" in answer:
        return False  # whether the reader noticed is of no matter: the author will
    shown = f"{name}\n{text}\n{answer}"
    assert not facts.trouble, shown
    assert not facts.ignored, shown
    assert len(facts.deployments) == 1, shown
    [found] = facts.deployments
    wrong = list(differences(found, answer))
    assert not wrong, "\n".join([*wrong, shown])
    return True


def differences(found: DeploymentFacts, answer: dict[str, Any]) -> Iterator[str]:
    for what, value in (("code", found.source_directory), ("script", found.entry_script)):
        real = answer[what]
        if isinstance(value, Known) or value is None:
            if (value.value if value else None) != real:
                yield f"{what}: {value} is {real}"
        elif not any(mark in str(real) for mark in (":", "$(", "{{")):
            yield f"{what}: unknown ({value.reason}), is {real}"
    if isinstance(found.image, Known) and found.image.value != answer["image"]:
        yield f"image: {found.image} is {answer['image']}"
    if found.image is None and (answer["image"] or answer["registered"]):
        yield f"image: none is {answer['image']}"
    if found.environment_file is not None:
        assert not isinstance(found.image, Known)
        assert found.image is not None
        assert found.image.reason == IN_OTHER_FILE
        if answer["image"] != "registry/of-the-file:1":
            yield "the environment is not in another file"
    yield from _variables(found, answer)


def _variables(found: DeploymentFacts, answer: dict[str, Any]) -> Iterator[str]:
    real = {str(name): value for name, value in answer["variables"]}
    told = {item.name.value: item.value for item in found.variables.items}
    if found.variables.open is not None:
        yield f"variables are open: {found.variables.open.reason}"
    for name in real.keys() ^ told.keys():
        yield f"variable {name}: only one has it"
    for name in real.keys() & told.keys():
        value = told[name]
        if isinstance(value, Known):
            if value.value != real[name] or type(value.value) is not type(real[name]):
                yield f"variable {name}: {value} is {real[name]!r}"
        elif isinstance(real[name], str) and not any(m in real[name] for m in ("{{", "$(")):
            yield f"variable {name}: unknown ({value.reason}), is {real[name]!r}"
