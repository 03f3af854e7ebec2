"""Repositories that are more than a folder with files: links, submodules, worktrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .project import SCORE, Project, deployment

if TYPE_CHECKING:
    from .conftest import NewProject
    from .project import Runner

BOTH = ("aml-preflight", "aml-preflight-project")
SERVICE = {
    "service/score.py": SCORE,
    "service/requirements.txt": "scipy==1.2.3\n",
}


def test_links_that_lead_nowhere_do_no_harm(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write({"deploy.py": deployment("requirements.txt"), **SERVICE})
    for name in ("gone.py", "gone.txt", "service/gone"):
        (project.root / name).symlink_to("nowhere")
    (project.root / "round.py").symlink_to("round.py")
    (project.root / "service/up").symlink_to("..")
    project.add()
    assert project.commit().status == 0


def test_links_out_of_the_repository_do_no_harm(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    outside = project.root.parent / "outside"
    outside.mkdir()
    (outside / "module.py").write_text("print()\n")
    (outside / "requirements.txt").write_text("scipy\n")
    project.write({"deploy.py": deployment("requirements.txt"), **SERVICE})
    (project.root / "folder").symlink_to(outside)
    (project.root / "module.py").symlink_to(outside / "module.py")
    (project.root / "requirements.txt").symlink_to(outside / "requirements.txt")
    project.add()
    assert project.commit().status == 0


def test_a_broken_link_for_a_requirements_file_is_found(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write({"deploy.py": deployment("requirements.txt"), "service/score.py": SCORE})
    (project.root / "service/requirements.txt").symlink_to("../nowhere.txt")
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert outcome.codes(hook) == {"AML202"}


def test_a_submodule_does_no_harm(new_project: NewProject) -> None:
    library = new_project("aml-preflight", name="library")
    library.start_with({"deploy.py": deployment("missing.txt"), "service/score.py": SCORE})
    project = new_project(*BOTH)
    project.write({"deploy.py": deployment("requirements.txt"), **SERVICE})
    project.git("submodule", "--quiet", "add", str(library.root), "vendor.py")
    project.add()
    assert project.commit().status == 0


@pytest.mark.parametrize("only", [(), ("--", "deploy.py")], ids=["commit", "partial commit"])
def test_a_service_in_a_submodule_is_asked_for_its_own_index(
    new_project: NewProject, only: tuple[str, ...]
) -> None:
    library = new_project("aml-preflight", name="library")
    library.start_with({"score.py": SCORE, "requirements.txt": "scipy==1.2.3\n"})
    project = new_project("aml-preflight")
    project.start_with({"deploy.py": "print()\n"})
    project.git("submodule", "--quiet", "add", str(library.root), "vendor/service")
    project.commit_unchecked()
    # While git commits, GIT_INDEX_FILE names the index of the outer repository.
    project.write({"deploy.py": deployment("requirements.txt", folder="vendor/service")})
    project.add("deploy.py")
    assert project.commit(*only).status == 0
    project.write(
        {
            "deploy.py": deployment("more.txt", folder="vendor/service"),
            "vendor/service/more.txt": "scipy==1.2.3\n",
        }
    )
    project.add("deploy.py")
    outcome = project.commit(*only)
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}


def test_a_worktree_is_asked_for_its_own_index(new_project: NewProject, pre_commit: Runner) -> None:
    project = new_project("aml-preflight")
    project.start_with({**SERVICE, "deploy.py": "print()\n"})
    project.git("worktree", "add", "--quiet", "-b", "topic", "../worktree")
    worktree = Project(project.root.parent / "worktree", pre_commit)
    worktree.write({"deploy.py": deployment("more.txt"), "service/more.txt": "scipy==1.2.3\n"})
    # The main worktree has the file, the one that commits does not.
    project.write({"service/more.txt": "scipy==1.2.3\n"})
    project.add("service/more.txt")
    outcome = worktree.commit("--all")
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}
    worktree.add("service/more.txt")
    assert worktree.commit("--all").status == 0


def test_a_commit_from_a_folder_below_the_root(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with({**SERVICE, "ops/deploy.py": "print()\n"})
    below = Project(project.root / "ops", project.runner)
    below.write({"deploy.py": deployment("service/requirements.txt")})
    below.add()
    outcome = below.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML201"}
    assert "ops/deploy.py:7:" in outcome.output()


def test_a_merge_is_checked(new_project: NewProject) -> None:
    project = new_project("aml-preflight-project")
    project.start_with({"deploy.py": deployment("requirements.txt"), **SERVICE})
    project.git("checkout", "--quiet", "-b", "topic")
    project.write({"deploy.py": deployment("more.txt"), "service/more.txt": "scipy==1.2.3\n"})
    project.add()
    assert project.commit().status == 0
    project.git("checkout", "--quiet", "main")
    project.write({"service/requirements.txt": "scipy==1.2.4\n"})
    project.add()
    assert project.commit().status == 0
    project.git("merge", "--quiet", "--no-commit", "topic")
    project.git("rm", "--quiet", "--force", "service/more.txt")
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes("aml-preflight-project") == {"AML202"}


def test_the_name_of_the_folder_above_does_not_matter(new_project: NewProject) -> None:
    project = new_project("aml-preflight-project", name=".hidden/node_modules")
    project.write({"deploy.py": deployment("missing.txt"), "service/score.py": SCORE})
    project.add()
    assert project.commit().codes("aml-preflight-project") == {"AML202"}
