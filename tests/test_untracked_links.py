"""AML212 where links lead to what a deployment needs: a clone lacks each one that git lacks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from cases import git
from checking import check
from deployment_text import cli_v2_with

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")

AT_99 = "deployed from a clone, the container would exit with code 99"
NOTHING = "from a clone, there would be nothing to deploy"


def project(folder: Path, links: dict[str, str], *, untracked: tuple[str, ...] = ()) -> list[str]:
    """What is said of a sound deployment in a repository, with links by the paths that they lead
    to; git has all but some."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet")
    files = {
        "deployment.yml": cli_v2_with("requirements.txt"),
        "src/score.py": "",
        "src/requirements.txt": "scipy==1.2.3\n",
    }
    for link, target in links.items():
        (folder / link).parent.mkdir(parents=True, exist_ok=True)
        (folder / link).symlink_to(target)
    for name, text in files.items():
        path = Path(os.path.realpath(folder / name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    if untracked:
        git(folder, "rm", "--quiet", "-r", "--cached", *untracked)
    return [each.message for each in check(folder, [folder]).findings]


@pytest.mark.parametrize(
    ("links", "untracked", "said"),
    [
        ({"src/requirements.txt": "../requirements.txt"}, "src/requirements.txt", AT_99),
        ({"src/requirements.txt": "../requirements.txt"}, "requirements.txt", AT_99),
        ({"src": "service"}, "src", NOTHING),
        ({"src": "deep/er/service"}, "deep", NOTHING),
        ({"src": "two", "two": "three"}, "two", NOTHING),
    ],
)
def test_a_link_that_is_not_in_git(
    links: dict[str, str], untracked: str, said: str, tmp_path: Path
) -> None:
    lacking = "deep/er/service" if untracked == "deep" else untracked
    found = project(tmp_path, links, untracked=(untracked,))
    assert found == [f"{lacking} is not in git: {said}"]


@pytest.mark.parametrize(
    "links",
    [
        {"src/requirements.txt": "../requirements.txt"},
        {"src": "service"},
        {"src": "two", "two": "three"},
        {"src/score.py": "../shared/score.py", "shared": "common"},
    ],
)
def test_links_that_are_in_git(links: dict[str, str], tmp_path: Path) -> None:
    assert project(tmp_path, links) == []


def test_a_link_that_git_ignores(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("/src/*.txt\n")
    found = project(tmp_path, {"src/requirements.txt": "../requirements.txt"})
    assert found == [f"src/requirements.txt is not in git: {AT_99}"]


def test_a_code_folder_that_is_a_link_that_git_ignores_on_purpose(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("/src\n")
    assert project(tmp_path, {"src": "service"}) == []


def test_a_link_that_leads_out_of_the_repository_is_not_judged(tmp_path: Path) -> None:
    assert project(tmp_path / "clone", {"src": "../elsewhere"}) == []


@pytest.mark.parametrize(
    ("untracked", "said"),
    [((), []), (("requirements.txt",), [f"requirements.txt is not in git: {AT_99}"])],
)
def test_a_repository_that_is_reached_through_a_link(
    untracked: tuple[str, ...], said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to("real")
    links = {"src/requirements.txt": str(tmp_path / "real/requirements.txt")}
    assert project(tmp_path / "linked", links, untracked=untracked) == said


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    project(tmp_path, {"src/requirements.txt": "../requirements.txt"})
    for one, other in (("requirements.txt", "b.txt"), ("b.txt", "requirements.txt")):
        (tmp_path / one).unlink(missing_ok=True)
        (tmp_path / one).symlink_to(other)
    assert check(tmp_path, [tmp_path]).findings
