"""Requirements whose hash is in a constraints file: what is said of them, and what real pips do."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from aml_preflight.findings import Severity
from checking import check

from . import pips

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
env.docker.base_image = "mcr.microsoft.com/azureml/minimal-{image}-inference:latest"
env.python.user_managed_dependencies = True
env.environment_variables = {{"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}}
config = InferenceConfig(entry_script="score.py", source_directory=".", environment=env)
"""
WHEEL = "tinyx-1.0-py3-none-any.whl"
OLD, NEW = ("22.3.1", "25.3"), "26.3"


def write(folder: Path, requirements: str, constraints: str) -> None:
    """A wheel, and the two files; ``{hash}`` there is its digest, ``{url}`` its URL."""
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        about = "Metadata-Version: 2.1\nName: tinyx\nVersion: 1.0\n"
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr("tinyx-1.0.dist-info/METADATA", about)
        wheel.writestr("tinyx-1.0.dist-info/WHEEL", tags)
        wheel.writestr("tinyx-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()
    for name, text in (("requirements.txt", requirements), ("constraints.txt", constraints)):
        text = text.format(hash=digest, url=(folder / WHEEL).as_uri())
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("image", "severity", "words"),
    [
        ("py312", Severity.WARNING, "pip before 26.1 refuses tinyx: its hash is in a constraints"),
        ("ubuntu20.04-py38-cpu", Severity.ERROR, "every pip for Python 3.8 is before 26.1 and"),
    ],
)
def test_the_pips_are_named(image: str, severity: Severity, words: str, tmp_path: Path) -> None:
    write(tmp_path, "-c constraints.txt\ntinyx==1.0\n", "tinyx==1.0 --hash=sha256:{hash}\n")
    (tmp_path / "score.py").write_text("def init(): ...\n", "utf-8")
    (tmp_path / "deploy.py").write_text(DEPLOY.format(image=image), "utf-8")
    (found,) = check(tmp_path, [tmp_path / "deploy.py"]).findings
    assert (found.code, found.severity) == ("AML310", severity)
    assert found.message.startswith(words)


def test_what_fails_for_all_pips_is_named_alone(tmp_path: Path) -> None:
    text = "-c constraints.txt\ntinyx==1.0\nscipy==1.10.1\n"
    write(tmp_path, text, "tinyx==1.0 --hash=sha256:{hash}\n")
    (found,) = check(tmp_path, [tmp_path / "requirements.txt"]).findings
    assert found.severity is Severity.ERROR
    assert "scipy has none: the container would exit" in found.message


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("requirement", "constraint", "refused"),
    [
        ("tinyx==1.0", "tinyx==1.0 --hash=sha256:{hash}", OLD),
        ("tinyx", "tinyx --hash=sha256:{hash}", OLD),
        ("tinyx==1.0", "tinyx @ {url} --hash=sha256:{hash}", (*OLD, NEW)),
        ("tinyx==1.0", "tinyx @ {url}#sha256={hash}", ()),
    ],
)
def test_real_pips(
    requirement: str, constraint: str, refused: tuple[str, ...], tmp_path: Path
) -> None:
    write(tmp_path, f"--require-hashes\n-c constraints.txt\n{requirement}\n", f"{constraint}\n")
    said = [each.severity for each in check(tmp_path, [tmp_path / "requirements.txt"]).findings]
    wanted = {0: [], len(OLD): [Severity.WARNING]}.get(len(refused), [Severity.ERROR])
    assert said == wanted
    options = ["--dry-run", "--isolated", "--no-index", "--find-links", ".", "--ignore-installed"]
    for version in (*OLD, NEW):
        code = f"import sys; sys.path.insert(0, {str(pips.folder(version))!r}); import runpy; "
        code += "sys.argv[0] = 'pip'; runpy.run_module('pip', run_name='__main__')"
        command = [sys.executable, "-W", "ignore", "-c", code, "install", *options]
        done = subprocess.run(
            [*command, "-r", "requirements.txt"], cwd=tmp_path, capture_output=True, check=False
        )
        assert (done.returncode != 0) == (version in refused), done.stderr
