"""What a commit is checked for, and which commits go through."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .project import SCORE, deployment, notebook, yaml_deployment

if TYPE_CHECKING:
    from .conftest import NewProject

SERVICE = {
    "deploy.py": deployment("requirements.txt"),
    "service/score.py": SCORE,
    "service/requirements.txt": "scipy==1.2.3\n",
}
BOTH = ("aml-preflight", "aml-preflight-project")


def test_a_commit_without_anything_for_us_goes_through(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write({"tool.py": "print()\n", "notes.txt": "scipy\n", "logo.png": b"\x89PNG"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 0
    assert outcome.states == {"aml-preflight": "Passed", "aml-preflight (project)": "Passed"}


def test_a_sound_deployment_goes_through(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write(SERVICE)
    project.add()
    assert project.commit().status == 0


# ---- one file of several is changed ------------------------------------------------------------


def test_a_requirements_file_is_checked_through_the_deployment_that_installs_it(
    new_project: NewProject,
) -> None:
    project = new_project("aml-preflight")
    project.start_with(SERVICE)
    before = project.head()
    project.write({"service/requirements.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML301"}
    assert "service/requirements.txt:1:1" in outcome.output()
    assert "deploy.py:7:" in outcome.output()
    assert project.head() == before


def test_a_requirements_file_that_no_deployment_installs_goes_through(
    new_project: NewProject,
) -> None:
    project = new_project(*BOTH)
    project.start_with(SERVICE)
    project.write({"requirements-dev.txt": "scipy\n", "service/notes.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 0
    assert outcome.state() == "Passed"


def test_a_deployment_is_not_reported_again_when_its_neighbour_changes(
    new_project: NewProject,
) -> None:
    project = new_project("aml-preflight")
    project.start_with(
        {**SERVICE, "old/deploy.py": deployment("missing.txt"), "other/requirements.txt": "a==1\n"}
    )
    project.write({"service/requirements.txt": "scipy==1.2.4\n"})
    project.add()
    assert project.commit().status == 0


def test_an_included_requirements_file_is_checked_too(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with(
        {
            **SERVICE,
            "service/requirements.txt": "-r base.in\n",
            "service/base.in": "scipy==1.2.3\n",
        }
    )
    project.write({"service/base.in": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.codes() == {"AML301"}
    assert "service/base.in:1:1" in outcome.output()


# ---- files that go -----------------------------------------------------------------------------


def test_a_deleted_requirements_file_is_seen_by_the_project_hook(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.start_with(SERVICE)
    project.git("rm", "--quiet", "service/requirements.txt")
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.state("aml-preflight") == "Skipped"
    assert outcome.codes("aml-preflight-project") == {"AML202"}
    assert "deploy.py:7:" in outcome.output("aml-preflight-project")


def test_a_renamed_script_folder_is_seen_by_the_project_hook(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.start_with(
        {
            "deploy.py": deployment("requirements.txt", script="api/score.py"),
            "service/api/score.py": SCORE,
            "service/api/requirements.txt": "scipy==1.2.3\n",
        }
    )
    project.git("mv", "service/api", "service/web")
    outcome = project.commit()
    assert outcome.status == 1
    # The deployment did not change, and what did change it no longer reaches.
    assert outcome.state("aml-preflight") == "Passed"
    assert "AML208" in outcome.codes("aml-preflight-project")


def test_a_script_folder_that_is_renamed_everywhere_goes_through(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.start_with(SERVICE)
    project.git("mv", "service", "scoring")
    project.write({"deploy.py": deployment("requirements.txt", folder="scoring")})
    project.add()
    assert project.commit().status == 0


def test_a_script_that_moves_away_from_its_requirements_is_found(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with(SERVICE)
    (project.root / "service/api").mkdir()
    project.git("mv", "service/score.py", "service/api/score.py")
    project.write({"deploy.py": deployment("requirements.txt", script="api/score.py")})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML202"}


# ---- files that git does not have --------------------------------------------------------------


def test_a_requirements_file_that_was_never_added_fails(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write(SERVICE)
    project.add("deploy.py", "service/score.py")
    outcome = project.commit()
    assert outcome.status == 1
    assert (project.root / "service/requirements.txt").is_file()
    assert outcome.codes("aml-preflight") == {"AML212"}
    assert outcome.codes("aml-preflight-project") == {"AML212"}
    assert "service/requirements.txt" in outcome.output("aml-preflight")
    project.add("service/requirements.txt")
    assert project.commit().status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_was_never_added_fails(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write({**SERVICE, "requirements.txt": SERVICE["service/requirements.txt"]})
    (project.root / "service/requirements.txt").unlink()
    (project.root / "service/requirements.txt").symlink_to("../requirements.txt")
    project.add("deploy.py", "service/score.py", "requirements.txt")
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert outcome.codes(hook) == {"AML212"}
    project.add("service/requirements.txt")
    assert project.commit().status == 0


def test_a_requirements_file_that_will_only_be_added_fails(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.write(SERVICE)
    project.add("deploy.py", "service/score.py")
    project.git("add", "--intent-to-add", "service/requirements.txt")
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}


def test_a_requirements_file_that_git_ignores_fails(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.write({**SERVICE, ".gitignore": "requirements.txt\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}
    project.git("add", "--force", "service/requirements.txt")
    assert project.commit().status == 0


def test_a_mounted_library_folder_that_git_ignores_goes_through(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    packages = "myenv/lib/python3.8/site-packages"
    project.write(
        {
            "deploy.py": deployment(packages, variable="AZUREML_EXTRA_PYTHON_LIB_PATH"),
            "service/score.py": SCORE,
            f"service/{packages}/package/__init__.py": "",
            ".gitignore": "myenv/\n",
        }
    )
    project.add()
    assert project.commit().status == 0


# ---- the index counts, not the disk ------------------------------------------------------------


def test_what_is_staged_is_checked_and_not_what_is_edited_since(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with(SERVICE)
    project.write({"service/requirements.txt": "scipy\n"})
    project.add()
    project.write({"service/requirements.txt": "scipy==1.2.4\n"})
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML301"}
    assert project.content("service/requirements.txt") == b"scipy==1.2.4\n"


def test_an_edit_that_is_not_staged_does_not_hold_up_a_commit(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.start_with(SERVICE)
    project.write({"service/requirements.txt": "scipy==1.2.4\n"})
    project.add()
    project.write(
        {"service/requirements.txt": "scipy\n", "deploy.py": deployment("service/missing.txt")}
    )
    assert project.commit().status == 0
    assert project.content("service/requirements.txt") == b"scipy\n"
    assert project.content("deploy.py") == deployment("service/missing.txt").encode()


def test_a_partial_commit_is_checked_against_its_own_index(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with({**SERVICE, "deploy.py": "print()\n"})
    project.write({"deploy.py": deployment("more.txt"), "service/more.txt": "scipy==1.2.3\n"})
    project.add("service/more.txt")
    # The file is in the usual index, but not in the one that git makes for this commit.
    outcome = project.commit("--", "deploy.py")
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}
    assert project.commit("--", "deploy.py", "service/more.txt").status == 0


def test_commit_all_is_checked_against_what_it_will_commit(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with({**SERVICE, "deploy.py": "print()\n"})
    project.write({"deploy.py": deployment("more.txt"), "service/more.txt": "scipy==1.2.3\n"})
    outcome = project.commit("--all")
    assert outcome.status == 1
    assert outcome.codes() == {"AML212"}
    project.add("service/more.txt")
    assert project.commit("--all").status == 0


# ---- what the user asks for --------------------------------------------------------------------


@pytest.mark.parametrize("hook", BOTH)
def test_the_user_selects_rules(new_project: NewProject, hook: str) -> None:
    project = new_project({"id": hook, "args": ["--select", "AML2"]})
    project.write(
        {
            **SERVICE,
            "service/requirements.txt": "scipy\n",
            "other.py": deployment("missing.txt"),
        }
    )
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes(hook) == {"AML202"}


@pytest.mark.parametrize("hook", BOTH)
def test_the_user_lets_warnings_pass(new_project: NewProject, hook: str) -> None:
    project = new_project({"id": hook, "args": ["--fail-on", "error"]})
    project.write({**SERVICE, "service/requirements.txt": "scipy\n"})
    project.add()
    assert project.commit().status == 0
    project.write({"deploy.py": deployment("missing.txt")})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes(hook) == {"AML202"}


def test_a_wrong_argument_of_the_user_fails_and_says_so(new_project: NewProject) -> None:
    project = new_project({"id": "aml-preflight", "args": ["--select", "AML999"]})
    project.write(SERVICE)
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert "exit code: 2" in outcome.output()
    assert "AML999" in outcome.output()


# ---- many files, odd names ---------------------------------------------------------------------


def _many(number: int) -> dict[str, str | bytes]:
    """Deployments of which every one is wrong, and their services."""
    files: dict[str, str | bytes] = {}
    for index in range(number):
        service = f"service-{index:02}"
        files[f"deploy-{index:02}.py"] = deployment("missing.txt", folder=service)
        files[f"{service}/score.py"] = SCORE
    return files


def test_several_processes_at_once_find_what_one_finds(new_project: NewProject) -> None:
    project = new_project({"id": "aml-preflight", "require_serial": False})
    project.write(_many(45))
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML202"}
    assert sum(outcome.files()) == 90
    for index in range(45):
        # Twice, where one process is handed the deployment and another its score script.
        assert 1 <= outcome.output().count(f"--> deploy-{index:02}.py:7:") <= 2


def test_a_command_line_that_is_too_long_is_split(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    folder = "a-folder-with-a-rather-long-name/" * 6
    nothing = {f"{folder}module-{index:04}.py": "" for index in range(800)}
    project.write({**_many(45), **nothing})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert len(outcome.files()) > 1
    for index in range(45):
        assert outcome.output().count(f"--> deploy-{index:02}.py:7:") == 1


def test_a_requirements_file_and_its_deployment_in_different_processes(
    new_project: NewProject,
) -> None:
    project = new_project({"id": "aml-preflight", "require_serial": False})
    files = {
        name.replace("score.py", "requirements.txt"): content for name, content in _many(45).items()
    }
    for name in files:
        if name.endswith(".txt"):
            files[name] = "scipy\n"
    files["deploy-all.py"] = "\n".join(
        deployment("requirements.txt", folder=f"service-{index:02}") for index in range(45)
    )
    files.update({f"service-{index:02}/score.py": SCORE for index in range(45)})
    project.write(files)
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for index in range(45):
        assert f"service-{index:02}/requirements.txt:1:1" in outcome.output()


ODD_NAMES = [
    ("my project/deploy model.py", "my service", "my requirements.txt"),
    ("Übung/größe.py", "Dienst für Äpfel", "Anforderungen-ß.txt"),
    ("配置/部署.py", "服务", "依赖.txt"),
    ("two\nlines.py", "two\nlines", "re\nquirements.txt"),
    ("a'b\"c$d`e;f&g.py", "a*b?c[d]e", "#r !.txt"),
]


def test_odd_names_are_nothing_special(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    for deploy, folder, name in ODD_NAMES:
        project.write(
            {
                deploy: deployment(name, folder=folder),
                f"{folder}/score.py": SCORE,
                f"{folder}/{name}": "scipy==1.2.3\n",
            }
        )
    project.add()
    assert project.commit().status == 0
    for _, folder, name in ODD_NAMES:
        project.write({f"{folder}/{name}": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert outcome.codes(hook) == {"AML301"}
        for deploy, folder, name in ODD_NAMES:
            shown = f"{folder}/{name}".replace("\n", "\\n")
            assert f"{shown}:1:1" in outcome.output(hook)
            assert deploy.replace("\n", "\\n") in outcome.output(hook)


def test_upper_case_suffixes_are_nothing_special(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write(
        {
            "DEPLOY.PY": deployment("REQUIREMENTS.TXT"),
            "service/score.py": SCORE,
            "service/REQUIREMENTS.TXT": "scipy\n",
        }
    )
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert outcome.codes(hook) == {"AML301"}


def test_a_name_with_a_leading_dash_is_no_option(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    names = ["-deploy.py", "--deploy.py", "--select=AML1.py", "deploy.py"]
    for index, name in enumerate(names):
        project.write({name: deployment(f"missing-{index}.txt")})
    project.write({"service/score.py": SCORE})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert "exit code: 1" in outcome.output(hook)
        for name in names:
            assert f"{name}:7:" in outcome.output(hook)


def test_a_requirements_file_with_a_leading_dash_is_no_option(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.start_with(
        {
            "-deploy.py": deployment("-r.txt", folder="."),
            "score.py": SCORE,
            "-r.txt": "scipy==1.2.3\n",
        }
    )
    project.write({"-r.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert outcome.codes() == {"AML301"}


# ---- what is shown -----------------------------------------------------------------------------


def test_what_a_hook_shows_reads_well_in_a_log(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.write(
        {
            "ops/deploy.py": deployment("service/requirements.txt"),
            "broken.py": f"{deployment('missing.txt')}\nif (:\n",
            "service/score.py": SCORE,
            "service/requirements.txt": "scipy\n",
        }
    )
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        output = outcome.output(hook)
        assert "ops/deploy.py:7:" in output
        assert str(project.root) not in output
        assert str(project.root.parent) not in output
        assert "Traceback" not in output
        assert "\x1b" not in output
        assert not [line for line in output.splitlines() if line != line.rstrip()]


def test_colours_reach_the_terminal_of_the_user(new_project: NewProject) -> None:
    project = new_project("aml-preflight")
    project.write({"deploy.py": deployment("missing.txt"), "service/score.py": SCORE})
    project.add()
    outcome = project.run("--color=always")
    assert "\x1b[" in outcome.text.partition("exit code: 1")[2]


# ---- other forms -------------------------------------------------------------------------------

FORMS = {
    "deploy.ipynb": notebook(deployment()),
    "ops/blue.yml": yaml_deployment(folder="../service"),
    "README.md": f"# Service\n\n```yaml\n{yaml_deployment()}```\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_deployment_of_any_form_is_checked(new_project: NewProject, name: str) -> None:
    project = new_project(*BOTH)
    project.start_with({**SERVICE, name: "{}\n"})
    project.write({name: FORMS[name].replace("requirements.txt", "gone.txt")})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    for hook in BOTH:
        assert outcome.codes(hook) == {"AML202"}
        assert name in outcome.output(hook)
    project.write({name: FORMS[name]})
    project.add()
    assert project.commit().status == 0


@pytest.mark.parametrize("name", ["deploy.ipynb", "ops/blue.yml"])
def test_a_requirements_file_is_checked_through_a_deployment_of_any_form(
    new_project: NewProject, name: str
) -> None:
    project = new_project("aml-preflight")
    project.start_with({**SERVICE, "deploy.py": "print()\n", name: FORMS[name]})
    project.write({"service/requirements.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.codes() == {"AML301"}
    assert name in outcome.output()


def test_other_files_of_these_forms_go_through(new_project: NewProject) -> None:
    project = new_project(*BOTH)
    project.start_with(SERVICE)
    project.write(
        {
            "compose.yml": "services: {}\n",
            "broken.yml": "a: [\n",
            "package.json": "{",
            "README.md": "# Words\n",
            "plot.ipynb": notebook("print(1)\n"),
            "broken.ipynb": "{",
            "Dockerfile": "FROM scratch\n",
            "run.sh": "echo\n",
            ".env": "A=b\n",
            ".gitignore": "*.csv\n",
        }
    )
    project.add()
    outcome = project.commit()
    assert outcome.status == 0
    assert outcome.states == {"aml-preflight": "Passed", "aml-preflight (project)": "Passed"}
