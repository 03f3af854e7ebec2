"""One rule, written for other tools: an `InferenceConfig` without a source directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FIXIT_CONFIGURATION = """\
[tool.fixit]
root = true
enable = [".fixit_rules"]
disable = ["fixit.rules"]
"""
_FIXIT_RULE = '''\
import libcst as cst
from fixit import Invalid, LintRule, Valid


class MissingSourceDirectory(LintRule):
    """Without a source directory only the entry script is uploaded."""

    VALID = [Valid("InferenceConfig(source_directory='src', entry_script='score.py')")]
    INVALID = [Invalid("InferenceConfig(entry_script='src/score.py')")]

    def visit_Call(self, node: cst.Call) -> None:
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        if not isinstance(name, cst.Name) or name.value != "InferenceConfig":
            return
        given = {each.keyword.value for each in node.args if each.keyword is not None}
        if "source_directory" not in given:
            self.report(node, "InferenceConfig without source_directory")
'''
_SEMGREP_RULE = """\
rules:
  - id: missing-source-directory
    languages: [python]
    severity: ERROR
    message: InferenceConfig without source_directory
    patterns:
      - pattern: InferenceConfig(...)
      - pattern-not: InferenceConfig(..., source_directory=$FOLDER, ...)
"""


def write_fixit_rule(above: Path) -> None:
    """Configure Fixit for all files below a folder: this one rule and no other."""
    rules = above / "fixit_rules"
    rules.mkdir(parents=True, exist_ok=True)
    (rules / "__init__.py").write_text(_FIXIT_RULE, encoding="utf-8")
    (above / "pyproject.toml").write_text(_FIXIT_CONFIGURATION, encoding="utf-8")


def write_semgrep_rule(path: Path) -> None:
    """Write the rule as a file for ``semgrep --config``."""
    path.write_text(_SEMGREP_RULE, encoding="utf-8")
