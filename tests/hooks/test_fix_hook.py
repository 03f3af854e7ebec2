"""The hook ``aml-preflight-fix``: what it mends, what it leaves alone, when a commit goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .project import SCORE, deployment

if TYPE_CHECKING:
    from .conftest import NewProject

FIX = "aml-preflight-fix"
OLD = deployment("my_folder/requirements.txt", folder="my_folder")
NEW = deployment("requirements.txt", folder="my_folder")
FOLDER = {"my_folder/score.py": SCORE, "my_folder/requirements.txt": "scipy==1.2.3\n"}


def test_mends_once_and_then_leaves_the_file_alone(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": OLD, **FOLDER})
    project.add()
    before = project.head()
    outcome = project.commit()
    assert outcome.status == 1
    assert "files were modified by this hook" in outcome.output(FIX)
    assert "deploy.py" in outcome.output(FIX)
    assert project.head() == before
    assert project.content("deploy.py") == NEW.encode()

    project.add()
    written = (project.root / "deploy.py").stat()
    assert project.commit().status == 0
    assert project.content("deploy.py") == NEW.encode()
    assert (project.root / "deploy.py").stat().st_mtime_ns == written.st_mtime_ns
    assert (project.root / "deploy.py").stat().st_ino == written.st_ino


def test_mends_what_it_can_and_lists_the_rest(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": OLD, **FOLDER, "my_folder/requirements.txt": "scipy\n"})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert "exit code: 1" in outcome.output(FIX)
    assert project.content("deploy.py") == NEW.encode()
    assert outcome.codes(FIX) == {"AML301"}
    project.add()
    assert project.commit().codes(FIX) == {"AML301"}


def test_lists_what_it_cannot_mend_and_changes_nothing(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": deployment("missing.txt"), "service/score.py": SCORE})
    project.add()
    outcome = project.commit()
    assert outcome.status == 1
    assert "exit code: 1" in outcome.output(FIX)
    assert "files were modified" not in outcome.output(FIX)
    assert outcome.codes(FIX) == {"AML202"}
    assert project.git("status", "--porcelain").splitlines() == [
        "A  deploy.py",
        "A  service/score.py",
    ]


def test_leaves_nothing_beside_the_file(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": OLD, **FOLDER})
    (project.root / "deploy.py").chmod(0o755)
    project.add()
    assert project.commit().status == 1
    assert project.git("status", "--porcelain").splitlines() == [
        "AM deploy.py",
        "A  my_folder/requirements.txt",
        "A  my_folder/score.py",
    ]
    assert (project.root / "deploy.py").stat().st_mode & 0o777 == 0o755


def test_keeps_the_line_ends_of_windows(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": OLD.replace("\n", "\r\n"), **FOLDER})
    project.add()
    assert project.commit().status == 1
    assert project.content("deploy.py") == NEW.replace("\n", "\r\n").encode()
    project.add()
    assert project.commit().status == 0


def test_keeps_a_byte_order_mark(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.write({"deploy.py": OLD.encode("utf-8-sig"), **FOLDER})
    project.add()
    assert project.commit().status == 1
    assert project.content("deploy.py") == NEW.encode("utf-8-sig")


def test_an_edit_elsewhere_in_the_file_survives(new_project: NewProject) -> None:
    project = new_project(FIX)
    far = "\n" * 20
    project.start_with({"deploy.py": "print()\n", **FOLDER})
    project.write({"deploy.py": OLD + far})
    project.add()
    project.write({"deploy.py": OLD + far + "# not staged\n"})
    assert project.commit().status == 1
    assert project.content("deploy.py") == (NEW + far + "# not staged\n").encode()
    assert project.git("show", ":deploy.py") == OLD + far


def test_an_edit_of_the_same_line_wins_over_the_fix(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.start_with({"deploy.py": "print()\n", **FOLDER})
    project.write({"deploy.py": OLD})
    project.add()
    edited = OLD.replace("my_folder/requirements.txt", "my_folder/more.txt")
    project.write({"deploy.py": edited})
    outcome = project.commit()
    assert outcome.status == 1
    assert "conflicted with hook auto-fixes" in outcome.text
    assert project.content("deploy.py") == edited.encode()
    assert project.git("show", ":deploy.py") == OLD


def test_mends_only_what_the_commit_holds(new_project: NewProject) -> None:
    project = new_project(FIX)
    project.start_with({"old.py": OLD, **FOLDER})
    project.write({"deploy.py": OLD})
    project.add()
    assert project.commit().status == 1
    assert project.content("deploy.py") == NEW.encode()
    assert project.content("old.py") == OLD.encode()


def test_several_processes_at_once_mend_everything(new_project: NewProject) -> None:
    project = new_project({"id": FIX, "require_serial": False})
    project.write({f"deploy-{index:02}.py": OLD for index in range(45)})
    project.write(FOLDER)
    project.add()
    assert project.commit().status == 1
    for index in range(45):
        assert project.content(f"deploy-{index:02}.py") == NEW.encode()
    project.add()
    assert project.commit().status == 0


def test_a_link_out_of_the_repository_is_not_written_through(new_project: NewProject) -> None:
    project = new_project(FIX)
    outside = project.root.parent / "outside.py"
    outside.write_bytes(OLD.encode())
    (project.root / "deploy.py").symlink_to(outside)
    project.start_with({**FOLDER, "notes.txt": ""})
    project.write({"my_folder/requirements.txt": "scipy==1.2.4\n", "own.py": OLD})
    project.add()
    outcome = project.commit()
    assert outside.read_bytes() == OLD.encode()
    assert (project.root / "deploy.py").is_symlink()
    assert project.content("own.py") == NEW.encode()
    assert outcome.status == 1
