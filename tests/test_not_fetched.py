"""What git has and did not put on the disk is no mistake of the deployment."""

from __future__ import annotations

from pathlib import Path

import cases
from checking import check
from deployment_text import cli_v2_with

DEPLOYMENT = cli_v2_with("requirements.txt").replace("src", "model")


def codes(folder: Path) -> list[str]:
    return [each.code for each in check(folder, [folder]).findings]


def project(folder: Path) -> Path:
    (folder / "online.yml").write_text(DEPLOYMENT, encoding="utf-8")
    cases.git(folder, "init", "--quiet")
    return folder


def test_a_folder_that_is_nowhere_is_a_mistake(tmp_path: Path) -> None:
    (project(tmp_path) / "modell").mkdir()
    assert codes(tmp_path) == ["AML208"]


def test_a_script_that_is_somewhere_else_is_a_mistake(tmp_path: Path) -> None:
    (project(tmp_path) / "src").mkdir()
    (tmp_path / "src/score.py").write_text("def init():\n    pass\n")
    assert codes(tmp_path) == ["AML208"]


def test_a_repository_of_settings_alone_is_laid_beside_the_code(tmp_path: Path) -> None:
    assert codes(project(tmp_path)) == []


def test_the_empty_folder_of_a_submodule(tmp_path: Path) -> None:
    (project(tmp_path) / "model").mkdir()
    assert codes(tmp_path) == []


def test_a_link_to_what_this_computer_does_not_have(tmp_path: Path) -> None:
    (project(tmp_path) / "model").symlink_to(tmp_path.parent / "elsewhere")
    assert codes(tmp_path) == []


def test_what_a_sparse_checkout_leaves_out(tmp_path: Path) -> None:
    model = project(tmp_path) / "model"
    model.mkdir()
    (model / "score.py").write_text("")
    (model / "requirements.txt").write_text("scipy==1.2.3\n")
    cases.git(tmp_path, "add", "--all")
    (model / "requirements.txt").unlink()
    assert codes(tmp_path) == ["AML202"]
    (tmp_path / ".git" / "info" / "sparse-checkout").write_text("/*\n")
    assert codes(tmp_path) == []
    (model / "score.py").unlink()
    model.rmdir()
    assert codes(tmp_path) == []
