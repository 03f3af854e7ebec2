"""Files that a page shows or tells its readers to make: what is read, and what is not missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check

PROGRAM = """\
```python
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```

"""
MOUNTED = PROGRAM.replace("REQUIREMENTS_TXT", "PYTHON_LIB_PATH").replace(
    '"requirements.txt"', '"myenv/lib/python3.8/site-packages"'
)
FENCE = "```text\nscipy==1.2.3\nnumpy\n```\n"


def found(folder: Path, page: str) -> list[tuple[str, str]]:
    """Code and text of what is found in a page beside a score script."""
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "score.py").write_text("def init(): ...\n", "utf-8")
    path = folder / "README.md"
    path.write_bytes(page.encode("utf-8"))
    return [(each.code, each.place.origin.text) for each in check(folder, [path]).findings]


MISSING = [("AML202", '"requirements.txt"')]


# ---- what a fence shows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        f"Create `requirements.txt`:\n\n{FENCE}",
        f"Then add a file named requirements.txt with\n\n{FENCE}",
        f"Create a file requirements.txt\nbeside your score script with these lines:\n\n{FENCE}",
        f"**src/requirements.txt**\n\n{FENCE}",
        f"### requirements.txt\n\n{FENCE}",
        f"Filename: requirements.txt\n{FENCE}",
        f"<!-- requirements.txt -->\n{FENCE}",
        f"The pinned packages of the service are in `requirements.txt` and look so:\n\n{FENCE}",
        f"<details><summary>requirements.txt</summary>\n\n{FENCE}\n</details>\n",
        f'<TabItem value="r" label="requirements.txt">\n\n{FENCE}\n</TabItem>\n',
        f"> Our `requirements.txt`\n>\n> {FENCE.replace(chr(10), chr(10) + '> ')}",
        '=== "requirements.txt"\n\n    ```\n    scipy==1.2.3\n    numpy\n    ```\n',
        '```text title="requirements.txt"\nscipy==1.2.3\nnumpy\n```\n',
        "```{code-block} text\n:caption: requirements.txt\n\nscipy==1.2.3\nnumpy\n```\n",
        "Packages:\n\n```text\n# requirements.txt\nscipy==1.2.3\nnumpy\n```\n",
        "`requirements.txt`:\n\n```ini\nscipy==1.2.3\nnumpy\n```\n",
    ],
)
def test_a_requirements_file_is_read(page: str, tmp_path: Path) -> None:
    assert found(tmp_path, PROGRAM + page) == [("AML301", "numpy")]


@pytest.mark.parametrize(
    "line",
    [
        "numpy==<version>", "<your packages>", "...", "…", "[...]", "numpy==x.y.z", "numpy==1.2.x",
        "numpy==VERSION", "numpy=={{ version }}", "numpy==$VERSION", "numpy==your_version",
        "your-package", "and all your other packages", "numpy==1.0 \\\n    --hash=sha256:<hash>",
        "numpy==1.0 \\\n    --hash=sha256:...", "git+https://github.com/<user>/<repo>", "# ...",
    ],
)  # fmt: skip
def test_a_line_that_stands_for_others_is_none_of_it(line: str, tmp_path: Path) -> None:
    page = "Create `requirements.txt`:\n\n```text\n{}\n```\n"
    assert found(tmp_path, PROGRAM + page.format(line)) == []
    several = found(tmp_path, PROGRAM + page.format(f"scipy==1.2.3\n{line}\npandas"))
    assert several == [("AML301", "pandas")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("numpy<2,>=1", "AML301"), ("numpy==1.2.*", "AML301"), ("scipy=1.2.3", "AML303"),
        ("numpy==latest", "AML303"), ("- numpy==1.0", "AML304"),
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_is_part_of_it(line: str, code: str, tmp_path: Path) -> None:
    page = f"Create `requirements.txt`:\n\n```text\nscipy==1.2.3\n{line}\n```\n"
    assert [each[0] for each in found(tmp_path, PROGRAM + page)] == [code]


@pytest.mark.parametrize(
    "page",
    [
        "The folder with `requirements.txt`:\n\n```\nsrc\n├── a.py\n└── requirements.txt\n```\n",
        "The layout:\n\n```text\nsrc/\n  score.py\n  requirements.txt  # the packages\n```\n",
        "`requirements.txt`:\n\n```diff\n-scipy\n+scipy==1.2.3\n```\n",
        "```bash\n# requirements.txt\nscipy==1.2.3\n```\n",
        "```python\n# requirements.txt\nscipy==1.2.3\n```\n",
        f"Create `requirements.txt`:\n\n{FENCE}\nor, in `requirements.txt`:\n\n{FENCE}",
    ],
)
def test_it_is_shown_but_not_said_what_it_holds(page: str, tmp_path: Path) -> None:
    assert found(tmp_path, PROGRAM + page) == []


@pytest.mark.parametrize(
    "page",
    [
        "Run `pip install -r requirements.txt`:\n\n```text\nCollecting scipy\n```\n",
        "Install `requirements.txt`:\n\n```bash\npip install -r requirements.txt\n```\n",
        f"Don't do this in `requirements.txt`:\n\n{FENCE}",
        f"`pip list`, without what is in `requirements.txt`, prints:\n\n{FENCE}",
        f"See `requirements.txt` or `other-requirements.txt`:\n\n{FENCE}",
    ],
)
def test_it_is_something_else(page: str, tmp_path: Path) -> None:
    assert found(tmp_path, PROGRAM + page) == MISSING


# ---- what the text says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1. Create a `requirements.txt` file alongside your `score.py` script.",
        "2. Add **all** of your required packages to the `requirements.txt` file.",
        "Write the packages into\nrequirements.txt.",
        "Create these files:\n\n- score.py\n- requirements.txt",
        "You need a requirements.txt beside it.",
        "The build leaves a file called requirements.txt there.",
        "`requirements.txt` is generated by the build.",
        "| file | |\n| --- | --- |\n| `requirements.txt` | created with `pip freeze` |",
        "Legen Sie daneben eine Datei `requirements.txt` an.",
        "Créez un fichier `requirements.txt`.",
        "Cree un archivo `requirements.txt`.",
        "在 src 中创建 requirements.txt 文件。",
        "`requirements.txt` を作成します。",
        "```python\n# first create src/requirements.txt\n```",
    ],
)
def test_a_file_that_readers_make_is_not_missing(text: str, tmp_path: Path) -> None:
    for page in (f"{text}\n\n{PROGRAM}", f"{PROGRAM}{text}\n"):
        assert found(tmp_path, page) == []
        assert found(tmp_path, page.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Create a workspace.\n\nThe container installs `requirements.txt`.",
        "Create a workspace. The packages are in `requirements.txt`.",
        "# Create the environment\nThe packages are in `requirements.txt`.",
        "Create an environment from `requirements.txt`.",
        "Create it and set AZUREML_EXTRA_REQUIREMENTS_TXT to `requirements.txt`.",
        "Do not put them into `requirements.txt`.",
        "Create `other-requirements.txt`.",
        "`requirements.txt` ファイルから環境を作成します。",
        "从 requirements.txt 创建环境。",
        "Erstellen Sie die Umgebung aus `requirements.txt`.",
        "```python\nprint('created', 'requirements.txt')\n```",
    ],
)
def test_a_file_that_is_only_named_is_missing(text: str, tmp_path: Path) -> None:
    for page in (f"{text}\n\n{PROGRAM}", f"{PROGRAM}{text}\n"):
        assert found(tmp_path, page) == MISSING
        assert found(tmp_path, page.replace("\n", "\r\n")) == MISSING


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Create a virtual environment `myenv` in src.", False),
        ("Create a virtual environment.", False),
        ("Put the packages into `src/myenv`.", False),
        ("Add myenv to the list of names.", True),
        ("The packages come from a virtual environment.", True),
        ("Nothing is said of it.", True),
    ],
)
def test_a_folder_that_readers_make_is_not_missing(
    text: str, missing: bool, tmp_path: Path
) -> None:
    codes = [each[0] for each in found(tmp_path, f"{text}\n\n{MOUNTED}")]
    assert codes == (["AML203"] if missing else [])


def test_a_path_that_is_wrong_stays_wrong(tmp_path: Path) -> None:
    page = "Create `requirements.txt` beside score.py.\n\n" + PROGRAM.replace(
        '"requirements.txt"', '"src/requirements.txt"'
    )
    found(tmp_path, page)
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n", "utf-8")
    assert [each[0] for each in found(tmp_path, page)] == ["AML201"]
