"""What the documents say of commands, hooks, options and rules is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aml_preflight import __version__, rules
from aml_preflight.cli import parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
SECTIONS = [
    "What it does",
    "Why it matters",
    "Example",
    "Use instead",
    "Fix safety",
    "Source",
]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    [command] = re.findall(r"^python -m venv .*pytest$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_every_option_of_check_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["check", "--help"])
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert len(options) > 8
    assert [option for option in sorted(options) if option not in README] == []


def test_the_changelog_names_the_version() -> None:
    assert f"## {__version__} " in CHANGELOG


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_every_page_has_its_sections(rule: rules.Rule) -> None:
    assert re.findall(r"^## (.*)$", rule.page, re.MULTILINE) == SECTIONS
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 100


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_every_rule_that_looks_has_cases(rule: rules.Rule) -> None:
    looks = any(name.startswith("check_") for name in vars(rule.module))
    assert looks == (ROOT / "tests" / "cases" / f"{rule.code}.md").exists()
