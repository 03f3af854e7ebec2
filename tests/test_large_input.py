"""Files that a machine wrote, or nobody should have: each is looked at once, and takes no more than
a few times its size."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from test_bad_input import GOOD, check

HEAD = "name: a\nendpoint_name: b\ncode_configuration: {code: src, scoring_script: score.py}\n"
RUN = "docker run -e AZUREML_ENTRY_SCRIPT=nope.py mcr.microsoft.com/azureml/x-inference:1\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").touch()
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    return tmp_path


def megabytes(project: Path, *paths: str) -> float:
    """The memory that ``check`` takes at most."""
    script = (
        "import resource, sys\nfrom aml_preflight.__main__ import run\nrun(sys.argv[1:])\n"
        "sys.stdout = sys.stderr\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", *paths],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "hooks")},
        capture_output=True,
        check=True,
        timeout=300,
        preexec_fn=_limited,
    )
    return int(done.stderr.split()[-1]) / 1000


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))


def test_thousands_of_comments_that_silence_as_many_findings(project: Path) -> None:
    lines = "".join(f"  A{i}: 1 # aml-preflight: ignore[AML107]\n" for i in range(4_000))
    (project / "deployment.yml").write_text(f"{HEAD}environment_variables:\n{lines}  B: 1\n")
    status, text = check(project, "deployment.yml")
    assert status == 1
    assert text.count("AML107") == 1


def test_thousands_of_comments_for_the_whole_file(project: Path) -> None:
    lines = "# aml-preflight: ignore-file[AML301]\n" * 4_000
    lines += "".join(f"a{i}\n" for i in range(4_000))
    (project / "requirements.txt").write_text(lines)
    status, text = check(project, "requirements.txt")
    assert (status, "AML301" in text) == (0, False)


def test_thousands_of_comments_in_a_cell(project: Path) -> None:
    cell = GOOD + "# aml-preflight: ignore[AML201]\n!ls \\\n -l\n" * 2_000
    (project / "page.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": %s}]}'
        % ('"' + cell.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"')
    )
    _, text = check(project, "page.ipynb")
    assert text.count("AML903") == 2_000


def test_a_comment_with_thousands_of_unknown_names(project: Path) -> None:
    names = ", ".join(f"AML{i}0" for i in range(30_000))
    (project / "good.py").write_text(f"{GOOD}# aml-preflight: ignore[AML999, AML999, {names}]\n")
    _, text = check(project, "good.py")
    assert text.count("there is no rule 'AML999'") == 1
    assert text.count("AML902") == 20


def test_thousands_of_comments_and_fences_on_a_page(project: Path) -> None:
    part = "<!-- aml-preflight: ignore[AML201] -->\n```text\na\n```\n"
    (project / "page.md").write_text(f"{part * 6_000}```python\n{GOOD}```\n")
    status, text = check(project, "page.md")
    assert status == 1
    assert "AML201" in text


@pytest.mark.parametrize("line", ["a=b\n", "a=b ", "source x\necho $c\n"])
def test_thousands_of_assignments(project: Path, line: str) -> None:
    (project / "run.sh").write_text(f"c=d\n{line * 20_000}\n{RUN}")
    _, text = check(project, "run.sh")
    assert "Checked 1 deployment" in text or "1 deployment" in text


def test_texts_that_are_put_together_many_times(project: Path) -> None:
    (project / "Dockerfile").write_text(
        "FROM mcr.microsoft.com/azureml/x-inference:1\n"
        f"ENV X={'a' * 9_000}\nENV Y={'$X' * 60_000}\nENV AZUREML_ENTRY_SCRIPT=$Y\n"
    )
    (project / "run.sh").write_text(f"a={'a' * 9_000}\nb={'$a' * 60_000}\n{RUN}")
    assert megabytes(project, "Dockerfile") < 500
    assert megabytes(project, "run.sh") < 500


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dockerfile", f"# a=b{' ' * 200_000}x\nFROM a\nENV AZUREML_EXTRA_CONDA_YAML=a.yml\n"),
        ("a.env", f"AZUREML_EXTRA_{' ' * 200_000}x\nAZUREML_EXTRA_CONDA_YAML=a.yml\n"),
        ("a.env", f"AZUREML_EXTRA_CONDA_YAML=a.yml\n{'A ' * 100_000}\n"),
    ],
)
def test_blanks_without_end(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)
    assert check(project, name)[0] in (0, 1)


def test_files_that_include_each_other_thousands_of_times(project: Path) -> None:
    (project / "src" / "requirements.txt").write_text("-r c.txt\n" * 8_000)
    (project / "src" / "c.txt").write_text("-r m.txt\n" * 8_000)
    (project / "good.py").write_text(GOOD.replace("src/req", "req"))
    _, text = check(project, "--show-undetermined", "good.py")
    assert text.count("AML312") == 1
    assert "more files are included than are followed" in text


def test_a_notebook_with_hundreds_of_commands(project: Path) -> None:
    """The commands and the text around them are in different cells."""
    command = json.dumps({"cell_type": "code", "source": f"!{RUN}"})
    rest = json.dumps({"cell_type": "markdown", "source": "\n", "outputs": ["a" * 20_000_000]})
    cells = ", ".join([command] * 200)
    (project / "page.ipynb").write_text(f'{{"cells": [{cells}, {rest}]}}')
    _, text = check(project, "page.ipynb")
    assert "deployment" in text


def test_a_notebook_of_millions_of_values(project: Path) -> None:
    """The cells that stand before them are checked."""
    cell = json.dumps({"cell_type": "code", "source": GOOD})
    values = "[], " * 1_000_000
    page = f'{{"cells": [{cell}], "metadata": {{"x": [{values}[]]}}}}'
    (project / "page.ipynb").write_text(page)
    status, text = check(project, "page.ipynb")
    assert status == 1
    assert "AML201" in text
    assert "the notebook is not read to its end: it has more than 300,000 values" in text


def test_long_values_are_cut(project: Path) -> None:
    head = f"{HEAD}environment_variables:\n"
    (project / "deployment.yml").write_text(f"{head}  A: {'1' * 200}\n")
    _, text = check(project, "deployment.yml")
    assert "AML107 YAML reads the number 111" in text
    assert "1" * 100 not in text
    (project / "aml-preflight.toml").write_text(f"{'a' * 900_000} = 1\n")
    status, text = check(project, "deployment.yml")
    assert status == 2
    assert len(text) < 3_000
