"""What a page says to be wrong, or to have been so once, is nothing to copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check

WRONG = "AZUREML_EXTRA_REQUIRMENTS_TXT"
RIGHT = "AZUREML_EXTRA_REQUIREMENTS_TXT"
PROGRAM = """\
```python
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("scoring")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
config = InferenceConfig(entry_script="score.py", source_directory="src", environment=env)
```
"""
FRAGMENT = f"```dockerfile\nENV {WRONG}=requirements.txt\n```\n"


def codes(folder: Path, page: str, name: str = "README.md") -> list[str]:
    """What is found in a page beside a score script and its requirements."""
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "score.py").write_text("def init(): ...\n", "utf-8")
    (folder / "src" / "requirements.txt").write_text("scipy==1.2.3\n", "utf-8")
    path = folder / name
    path.write_text(page, "utf-8")
    return [each.code for each in check(folder, [path]).findings]


# ---- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        f"**Q: I set `{WRONG}` and nothing happens. Why?**\n\nA: The variable is called `{RIGHT}`.",
        f"The docs of 2021 have\n`{WRONG}`, but the image reads\n`{RIGHT}`.",
        f"Is `{WRONG}` supported? No.",
        f"- [ ] TODO: fix `{WRONG}`",
        f"It warns of names such as `{WRONG}`.",
        f"<del>{WRONG}</del> {RIGHT}",
        f"~~{WRONG}~~ {RIGHT}",
        f"~~`{WRONG}`~~",
        f"Die Variable heißt `{RIGHT}` und hat nur\neinen Namen: `{WRONG}` gibt es dort keine.",
        f"`{WRONG}`（❓） `{RIGHT}`",
        f"Nom attendu : `{RIGHT}`.\nLe nom `{WRONG}`, lui, reste lettre morte.",
        f"{WRONG} はだめで、{RIGHT.replace('_', chr(92) + '_')} を使う。",
        f"| falsch | richtig |\n| --- | --- |\n| `{WRONG}` | `{RIGHT}` |",
        f"Set `{WRONG}` to the path of the file. It is relative.\nSee `{RIGHT}` below.",
        f"| name | effect |\n| --- | --- |\n| `{WRONG}` | none, nobody reads it |",
        f"`{WRONG}` has no effect.",
        f"`{WRONG}` will be ignored.",
        f"`{WRONG}`は無視されます。",
        f"## Changelog\n\n### 1.1\n\nThe page had `{WRONG}`.",
        f"# Tool\n\n## [1.1.0] - 2021-07-26\n\n- {WRONG} in the README",
        f"### Fixed\n\n- {WRONG} in the README",
    ],
)
def test_a_name_that_the_text_calls_wrong(text: str, end: str, tmp_path: Path) -> None:
    assert codes(tmp_path, text.replace("\n", end) + end) == []


@pytest.mark.parametrize(
    "text",
    [
        f"If `{WRONG}` is not set, nothing is installed.",
        f"Use {WRONG}, not `AZUREML_EXTRA_PYTHON_LIB_PATH`.",
        f"Set `{WRONG}`:\n```ini\n{RIGHT}=requirements.txt\n```",
        f"Set `{WRONG}`. <!-- {RIGHT} -->",
        f"Set `{WRONG}`, not `{RIGHT}_FILE`.",
        f"Set `{WRONG}`.\n\nThe image reads it, but `{RIGHT}` must be a path.",
        f"`{WRONG}`は必須です。",
        f"## 1.2 Change the environment\n\nSet {WRONG}.",
        f"## Changes in your code\n\nSet {WRONG}.",
    ],
)
def test_a_name_that_the_text_recommends(text: str, tmp_path: Path) -> None:
    assert codes(tmp_path, text) == ["AML101"]


def test_the_names_of_pages(tmp_path: Path) -> None:
    text = f"Set {WRONG}.\n\n{PROGRAM}"
    for name in ("CHANGELOG.md", "changes.md", "release-notes-1.2.md", "HISTORY.markdown"):
        assert codes(tmp_path, text, name) == []
    for name in ("change-environment.md", "release-a-model.md"):
        assert codes(tmp_path, text, name) == ["AML101", "AML201"]


# ---- fences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "**Wrong:**", "❌ Don't:", "Do not do this:", "A common typo:", "## Misspelt names",
        "Before July 2021:", "This fails with exit code 99:", "Bad example:", "Instead of",
        "Set it in the code. The following does not work:", "> Never write",
        "# Changelog\n\nThere was:", ":x: like this",
        "The container exits with 99 if you write:", "This deployment crashes with exit code 99:",
        "This used to work before July 2021, and now ends with exit code 99:", "Before (broken):",
        "Reproduce the bug with this file:", "To reproduce the error, write:", "Avoid this:",
        "Example of a failing deployment:", "Avoid repeating the folder name:", "This fails.",
        "What is wrong with this deployment?", "Why does this fail?", "Fails with exit code 99:",
        "Wrong (mended below):", "Do not repeat the folder:", "A deployment that crashes:",
        "Nicht so:", "Mauvais exemple :", "Ejemplo incorrecto:", "Неправильно:", "错误示例：",
        "悪い例：", "Esempio sbagliato:", "**Falsch** (der Container endet):",
    ],
)  # fmt: skip
def test_a_fence_that_shows_how_it_is_not_done(text: str, tmp_path: Path) -> None:
    assert codes(tmp_path, f"# Azure\n\n{text}\n\n{PROGRAM}") == []
    assert codes(tmp_path, f"# Azure\n\n{text}\n\n{FRAGMENT}") == []


@pytest.mark.parametrize(
    "comment",
    ["# WRONG", "# ❌ exit code 99", "# not like this!", "# bad:", "# nicht so", "# 错误示例："],
)
def test_a_comment_that_says_so(comment: str, tmp_path: Path) -> None:
    first = PROGRAM.replace("```python\n", f"```python\n{comment}\n")
    behind = PROGRAM.replace('.txt"}', f'.txt"}}  {comment}')
    assert codes(tmp_path, first) == codes(tmp_path, behind) == []


@pytest.mark.parametrize(
    "text",
    [
        "If this fails, do the following:", "Set the variable:", "This needs no rebuild:",
        "Don't forget the variable:", "Instead of building an image, set the variable:",
        "Avoid typos and copy this:", "Do not build an image, but set", "Fix wrong paths:",
        "It is a common mistake to leave it out. Set it so:", "Before deploying:",
        "Wrong is a name without underscores. These are right:",
        "Set it so that it does not fail:", "Avoid exit code 99 by writing:", "Fixed:",
        "Avoid exit code 99:", "Avoid repeating the folder by writing:", "After (fixed):",
        "The container exits with 99 if you do not write:", "Avoid rebuilding the image:",
        "If the container exits with code 99, write:", "Set this or it exits with code 99:",
        "It no longer exits with code 99:", "The old path fails, so write:", "It fails no more:",
        "The container exits with code 99 unless you write:", "How to fix exit code 99?",
        "The old path exits with code 99, use:", "This works, the other one fails:",
        "What to do when the container exits with code 99?", "For reproducible deployments:",
        "What is wrong, and how to fix it:", "Reproduce the environment:", "It waits and fails.",
        "Nicht falsch:", "Richtig:", "Правильно:", "修复错误：", "正确示例：", "Pas de problème :",
    ],
)  # fmt: skip
def test_a_fence_that_shows_how_it_is_done(text: str, tmp_path: Path) -> None:
    assert codes(tmp_path, f"# Azure\n\n{text}\n\n{PROGRAM}") == ["AML201"]


def test_imports_of_a_wrong_example_are_imports(tmp_path: Path) -> None:
    lines = PROGRAM.splitlines(keepends=True)
    right = "".join([lines[0], *lines[3:]]).replace("Environment(", "E(")
    wrong = PROGRAM.replace("import Environment", "import Environment as E")
    assert codes(tmp_path, f"Wrong:\n\n{wrong}\nRight:\n\n{right}") == ["AML201"]
