"""Following ``-r`` and ``-c``."""

from __future__ import annotations

from aml_preflight.requirements import includes
from aml_preflight.requirements.decoding import DecodeProblem
from aml_preflight.requirements.includes import constraint_problem, follow
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import Requirement


def tree(files: dict[str, str]) -> includes.RequirementsTree:
    return follow("src/requirements.txt", lambda path: _bytes(files.get(path)))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def test_targets_are_relative_to_the_including_file() -> None:
    found = tree(
        {
            "src/requirements.txt": "-r deps/base.txt\n-c ../c.txt\nlast",
            "src/deps/base.txt": "-r more.txt\nbase",
            "src/deps/more.txt": "more",
            "c.txt": "-r src/deps/more.txt\nbase==1",
        }
    )
    assert [(file.path, file.constraint) for file in found.files] == [
        ("src/requirements.txt", False),
        ("src/deps/base.txt", False),
        ("src/deps/more.txt", False),
        ("c.txt", True),
        ("src/deps/more.txt", False),
    ]
    assert [step.path for step in found.files[2].chain] == [
        "src/requirements.txt",
        "src/deps/base.txt",
    ]
    entries = [each for file in found.files if file.constraint for each in file.content.entries]
    constraints = [each for each in entries if isinstance(each, Requirement)]
    assert [each.canonical for each in constraints] == ["base"]
    assert not found.problems


def test_what_is_not_followed() -> None:
    text = "-r gone.txt\n-r ./requirements.txt\n-r HTTPS://h/r.txt\n-c file:c.txt\n-r ${X}.txt\n"
    found = tree({"src/requirements.txt": text})
    assert [(problem.kind, problem.target) for problem in found.problems] == [
        (includes.MISSING, "src/gone.txt"),
        (includes.CYCLE, "src/requirements.txt"),
        (includes.REMOTE, "HTTPS://h/r.txt"),
        (includes.REMOTE, "file:c.txt"),
        (includes.UNKNOWN, "${X}.txt"),
    ]
    assert [problem.chain[-1].include.line for problem in found.problems] == [1, 2, 3, 4, 5]


def test_a_longer_circle() -> None:
    found = tree(
        {"src/requirements.txt": "-r a.txt", "src/a.txt": "-c b.txt", "src/b.txt": "-r a.txt"}
    )
    (problem,) = found.problems
    assert (problem.kind, len(problem.chain)) == (includes.CYCLE, 3)


def test_the_file_itself_is_missing() -> None:
    (problem,) = tree({}).problems
    assert (problem.kind, problem.chain) == (includes.MISSING, ())


def test_a_file_that_cannot_be_decoded_has_no_entries() -> None:
    found = follow("r.txt", lambda _: b"\xff")
    assert found.files[0].content.entries == ()
    assert isinstance(found.files[0].decoded, DecodeProblem)


def test_depth_and_number_are_bounded() -> None:
    def endless(path: str) -> bytes:
        number = int(path.removesuffix(".txt"))
        return f"-r {number + 1}.txt\n-r {number + 1}.txt\n".encode()

    found = follow("0.txt", endless)
    assert len(found.files) == includes.MAX_FILES
    assert {problem.kind for problem in found.problems} == {includes.TOO_MANY}
    assert len(found.problems) <= 2 * includes.MAX_FILES


def test_what_a_constraint_file_may_not_hold() -> None:
    lines = ["a[x]==1", "-e ./a", "https://h/a.zip", "a==1", "a @ https://h/a.zip"]
    entries = [each for line in lines for each in read(line).entries]
    problems = [constraint_problem(each) for each in entries if isinstance(each, Requirement)]
    assert [problem is None for problem in problems] == [False, False, False, True, True]
